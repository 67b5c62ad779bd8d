package catalog

import "tfdrift/internal/drift"

var googleEventarcOverrides = [...]Row{
	{Source: "eventarc", Event: "UpdateTrigger", Type: "google_eventarc_trigger", Effect: drift.Set, ID: "*=resource", Params: "destination.cloudRun=destination.cloud_run_service eventFilters=matching_criteria state=- conditions=- uid=-"},
}
