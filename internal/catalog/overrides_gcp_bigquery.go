package catalog

import "tfdrift/internal/drift"

var googleBigQueryOverrides = [...]Row{
	{Source: "bigquery", Event: "InsertDataset", Type: "google_bigquery_dataset", Effect: drift.Create, ID: "*=resource", NewID: "resource", Params: "defaultEncryption=default_encryption_configuration", Shape: bigqueryUpdate},
	{Source: "bigquery", Event: "InsertJob", Effect: drift.Silent},
	{Source: "bigquery", Event: "InsertTable", Type: "google_bigquery_table", Effect: drift.Create, ID: "*=resource", NewID: "resource", Within: "google_bigquery_dataset dataset_id=resource:datasets", Params: "encryption=encryption_configuration schemaJsonTruncated=-", Shape: bigqueryUpdate},
	{Source: "bigquery", Event: "PatchDataset", Type: "google_bigquery_dataset", Effect: drift.Set, ID: "*=resource", Params: "defaultEncryption=default_encryption_configuration", Shape: bigqueryUpdate},
	{Source: "bigquery", Event: "PatchDataset", Type: "google_bigquery_dataset_access", Effect: drift.Silent},
	{Source: "bigquery", Event: "PatchTable", Type: "google_bigquery_table", Effect: drift.Set, ID: "*=resource", Params: "encryption=encryption_configuration schemaJsonTruncated=-", Shape: bigqueryUpdate},
	{Source: "bigquery", Event: "UpdateDataset", Type: "google_bigquery_dataset", Effect: drift.Set, ID: "*=resource", Params: "defaultEncryption=default_encryption_configuration", Shape: bigqueryUpdate},
	{Source: "bigquery", Event: "UpdateDataset", Type: "google_bigquery_dataset_access", Effect: drift.Silent},
	{Source: "bigquery", Event: "UpdateTable", Type: "google_bigquery_table", Effect: drift.Set, ID: "*=resource", Params: "encryption=encryption_configuration schemaJsonTruncated=-", Shape: bigqueryUpdate},
}
