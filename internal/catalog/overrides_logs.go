package catalog

import "tfdrift/internal/drift"

// logsOverrides are CloudWatch Logs' rows ("Logging CloudWatch Logs API and
// console operations in AWS CloudTrail").
var logsOverrides = [...]Row{
	{Source: "logs", Event: "CreateExportTask", Effect: drift.Silent},
	{Source: "logs", Event: "CreateLogStream", Effect: drift.Silent}, // every writer makes its own; nobody means to manage them
	{Source: "logs", Event: "DeleteLogStream", Type: "aws_cloudwatch_log_stream", Effect: drift.Delete, ID: "log_group_name=logGroupName name=logStreamName"},
	{Source: "logs", Event: "DeleteRetentionPolicy", Type: "aws_cloudwatch_log_group", Effect: drift.Set, ID: "*=logGroupName", Params: "logGroupName=-"},
	{Source: "logs", Event: "PutLogEvents", Effect: drift.Silent},
	{Source: "logs", Event: "StartQuery", Effect: drift.Silent},
	{Source: "logs", Event: "StopQuery", Effect: drift.Silent},
}
