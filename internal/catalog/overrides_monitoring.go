package catalog

import "tfdrift/internal/drift"

// monitoringOverrides: see the CloudWatch API Reference, by the operation's name.
var monitoringOverrides = [...]Row{
	{Source: "monitoring", Event: "DisableAlarmActions", Type: "aws_cloudwatch_composite_alarm", Effect: drift.Set, ID: "*=alarmNames", Sets: "actions_enabled=false"},
	{Source: "monitoring", Event: "DisableAlarmActions", Type: "aws_cloudwatch_metric_alarm", Effect: drift.Set, ID: "*=alarmNames", Sets: "actions_enabled=false"},
	{Source: "monitoring", Event: "DisableInsightRules", Type: "aws_cloudwatch_contributor_insight_rule", Effect: drift.Set, ID: "*=ruleNames", Sets: `rule_state="DISABLED"`},
	{Source: "monitoring", Event: "DisableInsightRules", Type: "aws_cloudwatch_contributor_managed_insight_rule", Effect: drift.Set, ID: "*=ruleNames", Sets: `state="DISABLED"`},
	{Source: "monitoring", Event: "EnableAlarmActions", Type: "aws_cloudwatch_composite_alarm", Effect: drift.Set, ID: "*=alarmNames", Sets: "actions_enabled=true"},
	{Source: "monitoring", Event: "EnableAlarmActions", Type: "aws_cloudwatch_metric_alarm", Effect: drift.Set, ID: "*=alarmNames", Sets: "actions_enabled=true"},
	{Source: "monitoring", Event: "EnableInsightRules", Type: "aws_cloudwatch_contributor_insight_rule", Effect: drift.Set, ID: "*=ruleNames", Sets: `rule_state="ENABLED"`},
	{Source: "monitoring", Event: "EnableInsightRules", Type: "aws_cloudwatch_contributor_managed_insight_rule", Effect: drift.Set, ID: "*=ruleNames", Sets: `state="ENABLED"`},
	{Source: "monitoring", Event: "PutInsightRule", Type: "aws_cloudwatch_contributor_insight_rule", Effect: drift.Create, ID: "*=ruleName", NewID: "ruleName"},
	{Source: "monitoring", Event: "PutMetricData", Effect: drift.Silent},
	{Source: "monitoring", Event: "SetAlarmState", Effect: drift.Silent},
	{Source: "monitoring", Event: "StartMetricStreams", Type: "aws_cloudwatch_metric_stream", Effect: drift.Set, ID: "*=names", Sets: `state="running"`},
	{Source: "monitoring", Event: "StopMetricStreams", Type: "aws_cloudwatch_metric_stream", Effect: drift.Set, ID: "*=names", Sets: `state="stopped"`},
}
