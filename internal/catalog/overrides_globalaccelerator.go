package catalog

import "tfdrift/internal/drift"

// globalacceleratorOverrides: see the AWS Global Accelerator API Reference.
var globalacceleratorOverrides = [...]Row{
	{Source: "globalaccelerator", Event: "AddEndpoints", Type: "aws_globalaccelerator_endpoint_group", Effect: drift.Set, ID: "*=endpointGroupArn", Params: "endpointConfigurations=endpoint_configuration~"},
	{Source: "globalaccelerator", Event: "RemoveEndpoints", Type: "aws_globalaccelerator_endpoint_group", Effect: drift.Set, ID: "*=endpointGroupArn", Params: "endpointIdentifiers=endpoint_configuration-"},
	{Source: "globalaccelerator", Event: "UpdateAcceleratorAttributes", Type: "aws_globalaccelerator_accelerator", Effect: drift.Set, ID: "*=acceleratorArn", Params: "flowLogsEnabled=attributes.flow_logs_enabled flowLogsS3Bucket=attributes.flow_logs_s3_bucket flowLogsS3Prefix=attributes.flow_logs_s3_prefix"},
	{Source: "globalaccelerator", Event: "UpdateAcceleratorAttributes", Type: "aws_globalaccelerator_custom_routing_accelerator", Effect: drift.Silent},
	{Source: "globalaccelerator", Event: "UpdateCrossAccountAttachment", Type: "aws_globalaccelerator_cross_account_attachment", Effect: drift.Set, ID: "*=attachmentArn", Params: "addPrincipals=principals+ removePrincipals=principals- addResources=resource+ removeResources=resource-"},
}
