package catalog

import "tfdrift/internal/drift"

var googleBuildOverrides = [...]Row{
	{Source: "cloudbuild", Event: "ApproveBuild", Effect: drift.Silent},
	{Source: "cloudbuild", Event: "CancelBuild", Effect: drift.Silent},
	{Source: "cloudbuild", Event: "CreateBuild", Effect: drift.Silent},
	{Source: "cloudbuild", Event: "ReceiveTriggerWebhook", Effect: drift.Silent},
	{Source: "cloudbuild", Event: "RetryBuild", Effect: drift.Silent},
	{Source: "cloudbuild", Event: "RunBuildTrigger", Effect: drift.Silent},
}
