package catalog

import "tfdrift/internal/drift"

var googleBuildOverrides = [...]Row{
	{Source: "cloudbuild", Event: "ApproveBuild", Effect: drift.Silent},
	{Source: "cloudbuild", Event: "CancelBuild", Effect: drift.Silent},
	{Source: "cloudbuild", Event: "CreateBuild", Effect: drift.Silent},
	{Source: "cloudbuild", Event: "CreateBuildTrigger", Type: "google_cloudbuild_trigger", Effect: drift.Create, ID: "*=new", NewID: "response:resourceName or projects/{account}/locations/{resource:location|label:location|'global'}/triggers/{response:id|trigger.name}"},
	{Source: "cloudbuild", Event: "DeleteBuildTrigger", Type: "google_cloudbuild_trigger", Effect: drift.Delete, ID: "trigger_id|name=triggerId|resource:triggers", NewID: "projects/{account}/locations/{resource:location|label:location|'global'}/triggers/{triggerId|resource:triggers}"},
	{Source: "cloudbuild", Event: "ReceiveTriggerWebhook", Effect: drift.Silent},
	{Source: "cloudbuild", Event: "RetryBuild", Effect: drift.Silent},
	{Source: "cloudbuild", Event: "RunBuildTrigger", Effect: drift.Silent},
	{Source: "cloudbuild", Event: "UpdateBuildTrigger", Type: "google_cloudbuild_trigger", Effect: drift.Set, ID: "trigger_id|name=triggerId|resource:triggers", Params: "autodetect=- resourceName=-"},
}
