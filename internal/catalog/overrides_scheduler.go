package catalog

import "tfdrift/internal/drift"

// schedulerOverrides: a schedule is named within its group ("default" where none
// is given), says the EventBridge Scheduler API Reference.
var schedulerOverrides = [...]Row{
	{Source: "scheduler", Event: "CreateSchedule", Type: "aws_scheduler_schedule", Effect: drift.Create, ID: "name=name group_name=groupName|'default'", NewID: "{groupName|'default'}/{name}"},
	{Source: "scheduler", Event: "DeleteSchedule", Type: "aws_scheduler_schedule", Effect: drift.Delete, ID: "name=name group_name=groupName|'default'", NewID: "{groupName|'default'}/{name}"},
	{Source: "scheduler", Event: "UpdateSchedule", Type: "aws_scheduler_schedule", Effect: drift.Set, ID: "name=name group_name=groupName|'default'"},
}
