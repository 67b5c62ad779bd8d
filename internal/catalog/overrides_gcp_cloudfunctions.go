package catalog

import "tfdrift/internal/drift"

var googleFunctionsOverrides = [...]Row{
	{Source: "cloudfunctions", Event: "CallFunction", Effect: drift.Silent},
	{Source: "cloudfunctions", Event: "CreateFunction", Type: "google_cloudfunctions2_function", Effect: drift.Create, ID: "*=new", NewID: "{resource}/functions/{functionId|function.name}", When: "method=google.cloud.functions.v2*"},
	{Source: "cloudfunctions", Event: "CreateFunction", Type: "google_cloudfunctions_function", Effect: drift.Create, ID: "*=new", Params: functionParams, NewID: "{resource}/functions/{function.name|functionId}", When: "method!=google.cloud.functions.v2*", Shape: rewritten(functionSource)},
	{Source: "cloudfunctions", Event: "GenerateDownloadUrl", Effect: drift.Silent},
	{Source: "cloudfunctions", Event: "GenerateUploadUrl", Effect: drift.Silent},
	{Source: "cloudfunctions", Event: "UpdateFunction", Type: "google_cloudfunctions2_function", Effect: drift.Set, ID: "*=resource", Params: "buildConfig.build=- buildConfig.sourceProvenance=- serviceConfig.uri=- serviceConfig.revision=- serviceConfig.service=- state=- url=- updateTime=- stateMessages=-"},
	{Source: "cloudfunctions", Event: "UpdateFunction", Type: "google_cloudfunctions_function", Effect: drift.Set, ID: "*=resource", Params: functionParams, Shape: rewritten(functionSource)},
}
