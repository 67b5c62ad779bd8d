package catalog

import "tfdrift/internal/drift"

// ramOverrides: see the AWS Resource Access Manager API Reference. A share's principals and resources are resources of their own.
var ramOverrides = [...]Row{
	{Source: "ram", Event: "AssociateResourceShare", Type: "aws_ram_principal_association", Effect: drift.Create, ID: "resource_share_arn=resourceShareArn principal=principals", NewID: "{resourceShareArn},{principals}", Within: "aws_ram_resource_share *=resourceShareArn"},
	{Source: "ram", Event: "AssociateResourceShare", Type: "aws_ram_resource_association", Effect: drift.Create, ID: "resource_share_arn=resourceShareArn resource_arn=resourceArns", NewID: "{resourceShareArn},{resourceArns}", Within: "aws_ram_resource_share *=resourceShareArn"},
	{Source: "ram", Event: "AssociateResourceShare", Type: "aws_ram_resource_share_associations_exclusive", Effect: drift.Silent},
	{Source: "ram", Event: "DeletePermissionVersion", Effect: drift.Silent},
	{Source: "ram", Event: "DisassociateResourceShare", Type: "aws_ram_principal_association", Effect: drift.Delete, ID: "resource_share_arn=resourceShareArn principal=principals", NewID: "{resourceShareArn},{principals}"},
	{Source: "ram", Event: "DisassociateResourceShare", Type: "aws_ram_resource_association", Effect: drift.Delete, ID: "resource_share_arn=resourceShareArn resource_arn=resourceArns", NewID: "{resourceShareArn},{resourceArns}"},
	{Source: "ram", Event: "DisassociateResourceShare", Type: "aws_ram_resource_share_accepter", Effect: drift.Silent},
	{Source: "ram", Event: "DisassociateResourceShare", Type: "aws_ram_resource_share_associations_exclusive", Effect: drift.Silent},
}
