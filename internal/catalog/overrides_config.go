package catalog

import "tfdrift/internal/drift"

// configOverrides: see the AWS Config API Reference, by the operation's name.
var configOverrides = [...]Row{
	{Source: "config", Event: "DeleteAggregationAuthorization", Type: "aws_config_aggregate_authorization", Effect: drift.Delete, ID: "account_id=authorizedAccountId region|authorized_aws_region=authorizedAwsRegion", NewID: "{authorizedAccountId}:{authorizedAwsRegion}"},
	{Source: "config", Event: "DeliverConfigSnapshot", Effect: drift.Silent},
	{Source: "config", Event: "PutAggregationAuthorization", Type: "aws_config_aggregate_authorization", Effect: drift.Create, ID: "account_id=authorizedAccountId region|authorized_aws_region=authorizedAwsRegion", NewID: "{authorizedAccountId}:{authorizedAwsRegion}"},
	{Source: "config", Event: "PutConfigRule", Type: "aws_config_config_rule", Effect: drift.Create, ID: "*=configRule.configRuleName|configRule.configRuleArn", Params: "configRuleState=- configRuleId=- configRuleArn=- createdBy=-", NewID: "configRule.configRuleName"},
	{Source: "config", Event: "PutConfigurationRecorder", Type: "aws_config_configuration_recorder", Effect: drift.Create, ID: "name=configurationRecorder.name|'default'", Params: "roleARN=role_arn", NewID: "configurationRecorder.name"},
	{Source: "config", Event: "PutDeliveryChannel", Type: "aws_config_delivery_channel", Effect: drift.Create, ID: "name=deliveryChannel.name|'default'", Params: "configSnapshotDeliveryProperties=snapshot_delivery_properties", NewID: "deliveryChannel.name"},
	{Source: "config", Event: "PutEvaluations", Effect: drift.Silent},
	{Source: "config", Event: "PutExternalEvaluation", Effect: drift.Silent},
	{Source: "config", Event: "PutOrganizationConfigRule", Type: "aws_config_organization_custom_policy_rule", Effect: drift.Create, ID: "name=organizationConfigRuleName", NewID: "organizationConfigRuleName", When: "organizationCustomPolicyRuleMetadata.policyRuntime!="},
	{Source: "config", Event: "PutOrganizationConfigRule", Type: "aws_config_organization_custom_rule", Effect: drift.Create, ID: "name=organizationConfigRuleName", NewID: "organizationConfigRuleName", When: "organizationCustomRuleMetadata.lambdaFunctionArn!="},
	{Source: "config", Event: "PutOrganizationConfigRule", Type: "aws_config_organization_managed_rule", Effect: drift.Create, ID: "name=organizationConfigRuleName", NewID: "organizationConfigRuleName", When: "organizationManagedRuleMetadata.ruleIdentifier!="},
	{Source: "config", Event: "PutRemediationConfigurations", Type: "aws_config_remediation_configuration", Effect: drift.Create, ID: "config_rule_name=remediationConfigurations[].configRuleName", NewID: "remediationConfigurations[].configRuleName", Within: "aws_config_config_rule *=remediationConfigurations[].configRuleName"},
	{Source: "config", Event: "PutResourceConfig", Effect: drift.Silent},
	{Source: "config", Event: "StartConfigRulesEvaluation", Effect: drift.Silent},
	{Source: "config", Event: "StartConfigurationRecorder", Type: "aws_config_configuration_recorder_status", Effect: drift.Set, ID: "name=configurationRecorderName", Sets: "is_enabled=true"},
	{Source: "config", Event: "StartRemediationExecution", Effect: drift.Silent},
	{Source: "config", Event: "StopConfigurationRecorder", Type: "aws_config_configuration_recorder_status", Effect: drift.Set, ID: "name=configurationRecorderName", Sets: "is_enabled=false"},
}
