package catalog

import "tfdrift/internal/drift"

// transferOverrides: see the AWS Transfer Family API Reference. Files and connections are data.
var transferOverrides = [...]Row{
	{Source: "transfer", Event: "DeleteUser", Type: "aws_transfer_server", Effect: drift.Silent},
	{Source: "transfer", Event: "StartServer", Effect: drift.Silent},
	{Source: "transfer", Event: "StopServer", Effect: drift.Silent},
	{Source: "transfer", Event: "UpdateServer", Type: "aws_transfer_server", Effect: drift.Set, ID: "*=serverId", Params: "endpointDetails=endpoint_details"},
}
