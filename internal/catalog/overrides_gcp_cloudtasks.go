package catalog

import "tfdrift/internal/drift"

var googleTasksOverrides = [...]Row{
	{Source: "cloudtasks", Event: "CreateTask", Effect: drift.Silent},
	{Source: "cloudtasks", Event: "DeleteTask", Effect: drift.Silent},
	{Source: "cloudtasks", Event: "PauseQueue", Type: "google_cloud_tasks_queue", Effect: drift.Set, ID: "*=resource", Shape: queueState},
	{Source: "cloudtasks", Event: "PurgeQueue", Effect: drift.Silent},
	{Source: "cloudtasks", Event: "ResumeQueue", Type: "google_cloud_tasks_queue", Effect: drift.Set, ID: "*=resource", Shape: queueState},
	{Source: "cloudtasks", Event: "RunTask", Effect: drift.Silent},
}
