package catalog

import "tfdrift/internal/drift"

// securityhubOverrides: see the Security Hub API Reference, by the operation's name.
var securityhubOverrides = [...]Row{
	{Source: "securityhub", Event: "BatchImportFindings", Effect: drift.Silent},
	{Source: "securityhub", Event: "BatchUpdateAutomationRules", Type: "aws_securityhub_automation_rule", Effect: drift.Set, ID: "*=updateAutomationRulesRequestItems[].ruleArn"},
	{Source: "securityhub", Event: "BatchUpdateFindings", Effect: drift.Silent},
	{Source: "securityhub", Event: "BatchUpdateStandardsControlAssociations", Type: "aws_securityhub_standards_control_association", Effect: drift.Set, ID: "security_control_id=standardsControlAssociationUpdates[].securityControlId standards_arn=standardsControlAssociationUpdates[].standardsArn"},
	{Source: "securityhub", Event: "CreateMembers", Type: "aws_securityhub_member", Effect: drift.Create, ID: "account_id=accountDetails[].accountId", NewID: "accountDetails[].accountId"},
	{Source: "securityhub", Event: "EnableSecurityHub", Type: "aws_securityhub_account", Effect: drift.Create, ID: Singleton, Params: "tags=- enableDefaultStandards=enable_default_standards", NewID: "account"},
	{Source: "securityhub", Event: "InviteMembers", Type: "aws_securityhub_member", Effect: drift.Set, ID: "account_id=accountIds", Sets: "invite=true"},
	{Source: "securityhub", Event: "StartConfigurationPolicyDisassociation", Type: "aws_securityhub_configuration_policy_association", Effect: drift.Delete, ID: "policy_id=configurationPolicyIdentifier target_id=target.accountId|target.organizationalUnitId|target.rootId"},
	{Source: "securityhub", Event: "UpdateFindings", Effect: drift.Silent},
	{Source: "securityhub", Event: "UpdateStandardsControl", Type: "aws_securityhub_standards_control", Effect: drift.Set, ID: "*=standardsControlArn"},
}
