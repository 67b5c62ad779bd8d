package catalog

import "tfdrift/internal/drift"

// logsOverrides are CloudWatch Logs' rows ("Logging CloudWatch Logs API and
// console operations in AWS CloudTrail").
var logsOverrides = [...]Row{
	{Source: "logs", Event: "AssociateKmsKey", Type: "aws_cloudwatch_log_group", Effect: drift.Set, ID: "*=logGroupName|resourceIdentifier"},
	{Source: "logs", Event: "CreateExportTask", Effect: drift.Silent},
	{Source: "logs", Event: "CreateLogStream", Effect: drift.Silent}, // every writer makes its own; nobody means to manage them
	{Source: "logs", Event: "DeleteLogStream", Type: "aws_cloudwatch_log_stream", Effect: drift.Delete, ID: "log_group_name=logGroupName name=logStreamName"},
	{Source: "logs", Event: "DeleteMetricFilter", Type: "aws_cloudwatch_log_metric_filter", Effect: drift.Delete, ID: "log_group_name=logGroupName name=filterName", NewID: "{filterName}"},
	{Source: "logs", Event: "DeleteRetentionPolicy", Type: "aws_cloudwatch_log_group", Effect: drift.Set, ID: "*=logGroupName", Sets: "retention_in_days=0"},
	{Source: "logs", Event: "DeleteSubscriptionFilter", Type: "aws_cloudwatch_log_subscription_filter", Effect: drift.Delete, ID: "log_group_name=logGroupName name=filterName", NewID: "{logGroupName}|{filterName}"},
	{Source: "logs", Event: "DisassociateKmsKey", Type: "aws_cloudwatch_log_group", Effect: drift.Set, ID: "*=logGroupName|resourceIdentifier", Sets: `kms_key_id=""`},
	{Source: "logs", Event: "PutAccountPolicy", Type: "aws_cloudwatch_log_account_policy", Effect: drift.Create, ID: "policy_name=policyName policy_type=policyType", NewID: "{policyName}:{policyType}"},
	{Source: "logs", Event: "PutDataProtectionPolicy", Type: "aws_cloudwatch_log_data_protection_policy", Effect: drift.Create, ID: "log_group_name=logGroupIdentifier", NewID: "logGroupIdentifier", Within: "aws_cloudwatch_log_group *=logGroupIdentifier"},
	{Source: "logs", Event: "PutIndexPolicy", Type: "aws_cloudwatch_log_index_policy", Effect: drift.Create, ID: "log_group_name=logGroupIdentifier", NewID: "logGroupIdentifier", Within: "aws_cloudwatch_log_group *=logGroupIdentifier"},
	{Source: "logs", Event: "PutLogEvents", Effect: drift.Silent},
	{Source: "logs", Event: "PutResourcePolicy", Type: "aws_cloudwatch_log_resource_policy", Effect: drift.Create, ID: "policy_name=policyName", NewID: "policyName"},
	{Source: "logs", Event: "PutSubscriptionFilter", Type: "aws_cloudwatch_log_subscription_filter", Effect: drift.Create, ID: "log_group_name=logGroupName name=filterName", NewID: "{logGroupName}|{filterName}", Within: "aws_cloudwatch_log_group *=logGroupName"},
	{Source: "logs", Event: "StartLiveTail", Effect: drift.Silent},
	{Source: "logs", Event: "StartQuery", Effect: drift.Silent},
	{Source: "logs", Event: "StopQuery", Effect: drift.Silent},
	{Source: "logs", Event: "TagLogGroup", Type: "aws_cloudwatch_log_group", Effect: drift.Add, ID: "*=logGroupName"},
	{Source: "logs", Event: "TestMetricFilter", Effect: drift.Silent},
	{Source: "logs", Event: "UntagLogGroup", Type: "aws_cloudwatch_log_group", Effect: drift.Remove, ID: "*=logGroupName"},
}
