package catalog

import "tfdrift/internal/drift"

var googleSchedulerOverrides = [...]Row{
	{Source: "cloudscheduler", Event: "PauseJob", Type: "google_cloud_scheduler_job", Effect: drift.Set, ID: "*=resource", Sets: "paused=true"},
	{Source: "cloudscheduler", Event: "ResumeJob", Type: "google_cloud_scheduler_job", Effect: drift.Set, ID: "*=resource", Sets: "paused=false"},
	{Source: "cloudscheduler", Event: "RunJob", Effect: drift.Silent},
}
