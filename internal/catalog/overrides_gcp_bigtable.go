package catalog

import "tfdrift/internal/drift"

var googleBigtableOverrides = [...]Row{
	{Source: "bigtableadmin", Event: "CheckConsistency", Effect: drift.Silent},
	{Source: "bigtableadmin", Event: "CreateCluster", Type: "google_bigtable_instance", Effect: drift.Create, ID: "*=resource", Shape: bigtableCluster},
	{Source: "bigtableadmin", Event: "CreateInstance", Type: "google_bigtable_instance", Effect: drift.Create, ID: "*=new", NewID: "{resource}/instances/{instanceId}"},
	{Source: "bigtableadmin", Event: "CreateTable", Type: "google_bigtable_table", Effect: drift.Create, ID: "*=new", NewID: "{resource}/tables/{tableId}"},
	{Source: "bigtableadmin", Event: "DeleteCluster", Type: "google_bigtable_instance", Effect: drift.Delete, ID: "*=resource", Shape: bigtableCluster},
	{Source: "bigtableadmin", Event: "DeleteInstance", Type: "google_bigtable_instance", Effect: drift.Delete, ID: "*=resource"},
	{Source: "bigtableadmin", Event: "DeleteTable", Type: "google_bigtable_table", Effect: drift.Delete, ID: "*=resource"},
	{Source: "bigtableadmin", Event: "DropRowRange", Effect: drift.Silent},
	{Source: "bigtableadmin", Event: "GenerateConsistencyToken", Effect: drift.Silent},
	{Source: "bigtableadmin", Event: "ModifyColumnFamilies", Effect: drift.Set, Shape: bigtableFamilies, Types: "google_bigtable_table:name google_bigtable_gc_policy:table"},
	{Source: "bigtableadmin", Event: "PartialUpdateCluster", Type: "google_bigtable_instance", Effect: drift.Set, ID: "*=resource", Shape: bigtableCluster},
	{Source: "bigtableadmin", Event: "PartialUpdateInstance", Type: "google_bigtable_instance", Effect: drift.Set, ID: "*=resource"},
	{Source: "bigtableadmin", Event: "UpdateCluster", Type: "google_bigtable_instance", Effect: drift.Set, ID: "*=resource", Shape: bigtableCluster},
	{Source: "bigtableadmin", Event: "UpdateInstance", Type: "google_bigtable_instance", Effect: drift.Set, ID: "*=resource"},
	{Source: "bigtableadmin", Event: "UpdateTable", Type: "google_bigtable_table", Effect: drift.Set, ID: "*=resource", Shape: rewritten(bigtableTable)},
}
