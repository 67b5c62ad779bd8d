package catalog

import "tfdrift/internal/drift"

// wafv2Overrides: see the AWS WAFV2 API Reference.
var wafv2Overrides = [...]Row{
	{Source: "wafv2", Event: "AssociateWebACL", Type: "aws_wafv2_web_acl_association", Effect: drift.Create, ID: "resource_arn=resourceArn web_acl_arn=webACLArn", NewID: "{webACLArn},{resourceArn}", Within: "aws_wafv2_web_acl *=webACLArn"},
	{Source: "wafv2", Event: "CreateAPIKey", Type: "aws_wafv2_api_key", Effect: drift.Create, ID: "*=response:aPIKey", NewID: "response:aPIKey"},
	{Source: "wafv2", Event: "DisassociateWebACL", Type: "aws_wafv2_web_acl_association", Effect: drift.Delete, ID: "resource_arn=resourceArn"},
	{Source: "wafv2", Event: "PutLoggingConfiguration", Type: "aws_wafv2_web_acl_logging_configuration", Effect: drift.Create, ID: "resource_arn=loggingConfiguration.resourceArn", Params: "loggingConfiguration.managedByFirewallManager=- loggingConfiguration.logScope=- loggingConfiguration.logType=-", NewID: "loggingConfiguration.resourceArn", Within: "aws_wafv2_web_acl *=loggingConfiguration.resourceArn"},
	{Source: "wafv2", Event: "PutPermissionPolicy", Effect: drift.Silent},
	{Source: "wafv2", Event: "UpdateWebACL", Type: "aws_wafv2_web_acl_rule", Effect: drift.Silent},
	{Source: "wafv2", Event: "UpdateWebACL", Type: "aws_wafv2_web_acl_rule_group_association", Effect: drift.Silent},
}
