package catalog

import "tfdrift/internal/drift"

var googleSpannerOverrides = [...]Row{
	{Source: "spanner", Event: "CreateDatabase", Effect: drift.Create, Shape: spannerDatabase, Types: "google_spanner_database:name"},
	{Source: "spanner", Event: "CreateInstance", Type: "google_spanner_instance", Effect: drift.Create, ID: "name=instanceId|resource:instances", NewID: "{account}/{instanceId|resource:instances}"},
	{Source: "spanner", Event: "DeleteInstance", Type: "google_spanner_instance", Effect: drift.Delete, ID: "name=resource:instances", NewID: "{account}/{resource:instances}"},
	{Source: "spanner", Event: "DropDatabase", Type: "google_spanner_database", Effect: drift.Delete, ID: "name=resource:databases instance=resource:instances"},
	{Source: "spanner", Event: "UpdateDatabase", Type: "google_spanner_database", Effect: drift.Set, ID: "name=resource:databases instance=resource:instances", Params: "statements=- operationId=-"},
	{Source: "spanner", Event: "UpdateDatabaseDdl", Type: "google_spanner_database", Effect: drift.Set, ID: "name=resource:databases instance=resource:instances", Params: "statements=- operationId=-"},
	{Source: "spanner", Event: "UpdateInstance", Type: "google_spanner_instance", Effect: drift.Set, ID: "name=resource:instances", Params: "nodeCount=num_nodes"},
}
