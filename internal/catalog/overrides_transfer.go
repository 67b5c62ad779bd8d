package catalog

import "tfdrift/internal/drift"

// transferOverrides: see the AWS Transfer Family API Reference. Files and connections are data.
var transferOverrides = [...]Row{
	{Source: "transfer", Event: "DeleteAccess", Type: "aws_transfer_access", Effect: drift.Delete, ID: "external_id=externalId server_id=serverId", NewID: "{serverId}/{externalId}"},
	{Source: "transfer", Event: "DeleteAgreement", Type: "aws_transfer_agreement", Effect: drift.Delete, ID: "agreement_id=agreementId server_id=serverId", NewID: "{serverId}/{agreementId}"},
	{Source: "transfer", Event: "DeleteSshPublicKey", Type: "aws_transfer_ssh_key", Effect: drift.Delete, ID: "user_name=userName server_id=serverId ssh_key_id|id=sshPublicKeyId", NewID: "{serverId}/{userName}/{sshPublicKeyId}"},
	{Source: "transfer", Event: "DeleteUser", Type: "aws_transfer_server", Effect: drift.Silent},
	{Source: "transfer", Event: "DeleteUser", Type: "aws_transfer_user", Effect: drift.Delete, ID: "user_name=userName server_id=serverId", NewID: "{serverId}/{userName}"},
	{Source: "transfer", Event: "StartServer", Effect: drift.Silent},
	{Source: "transfer", Event: "StopServer", Effect: drift.Silent},
	{Source: "transfer", Event: "UpdateServer", Type: "aws_transfer_server", Effect: drift.Set, ID: "*=serverId", Params: "endpointDetails=endpoint_details"},
}
