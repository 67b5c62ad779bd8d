package catalog

import "tfdrift/internal/drift"

// ruleID names a rule within its bus ("default" where none is given), says the
// EventBridge API Reference.
const ruleID = "name=name event_bus_name=eventBusName|'default'"

// eventsOverrides: see the EventBridge API Reference, by the operation's name.
var eventsOverrides = [...]Row{
	{Source: "events", Event: "DeauthorizeConnection", Effect: drift.Silent},
	{Source: "events", Event: "DeleteRule", Type: "aws_cloudwatch_event_rule", Effect: drift.Delete, ID: ruleID, Shape: eventsRule},
	{Source: "events", Event: "DisableRule", Type: "aws_cloudwatch_event_rule", Effect: drift.Set, ID: ruleID, Sets: `state="DISABLED" is_enabled=false`},
	{Source: "events", Event: "EnableRule", Type: "aws_cloudwatch_event_rule", Effect: drift.Set, ID: ruleID, Sets: `state="ENABLED" is_enabled=true`},
	{Source: "events", Event: "PutEvents", Effect: drift.Silent},
	{Source: "events", Event: "PutPartnerEvents", Effect: drift.Silent},
	{Source: "events", Event: "PutPermission", Type: "aws_cloudwatch_event_bus_policy", Effect: drift.Set, ID: "event_bus_name=eventBusName|'default'", Params: "action=- principal=- statementId=- condition=-"},
	{Source: "events", Event: "PutPermission", Type: "aws_cloudwatch_event_permission", Effect: drift.Create, ID: "statement_id=statementId event_bus_name=eventBusName|'default'", NewID: "{eventBusName|'default'}/{statementId}", Within: "aws_cloudwatch_event_bus *=eventBusName|'default'", When: "statementId!="},
	{Source: "events", Event: "PutRule", Type: "aws_cloudwatch_event_rule", Effect: drift.Create, ID: ruleID, Shape: eventsRule},
	{Source: "events", Event: "PutTargets", Effect: drift.Create, Shape: eventsTargets, Types: "aws_cloudwatch_event_target:rule"},
	{Source: "events", Event: "RemovePermission", Type: "aws_cloudwatch_event_bus_policy", Effect: drift.Delete, ID: "event_bus_name=eventBusName|'default'", When: "removeAllPermissions=true"},
	{Source: "events", Event: "RemovePermission", Type: "aws_cloudwatch_event_permission", Effect: drift.Delete, ID: "statement_id=statementId event_bus_name=eventBusName|'default'", NewID: "{eventBusName|'default'}/{statementId}", When: "statementId!="},
	{Source: "events", Event: "RemoveTargets", Effect: drift.Delete, Shape: eventsTargets, Types: "aws_cloudwatch_event_target:rule"},
	{Source: "events", Event: "StartReplay", Effect: drift.Silent},
	{Source: "events", Event: "TestEventPattern", Effect: drift.Silent},
}
