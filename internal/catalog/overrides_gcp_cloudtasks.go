package catalog

import "tfdrift/internal/drift"

var googleTasksOverrides = [...]Row{
	{Source: "cloudtasks", Event: "CreateTask", Effect: drift.Silent},
	{Source: "cloudtasks", Event: "DeleteTask", Effect: drift.Silent},
	{Source: "cloudtasks", Event: "PurgeQueue", Effect: drift.Silent},
	{Source: "cloudtasks", Event: "RunTask", Effect: drift.Silent},
}
