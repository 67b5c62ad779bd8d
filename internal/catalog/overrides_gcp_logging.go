package catalog

import "tfdrift/internal/drift"

var googleLoggingOverrides = [...]Row{
	{Source: "logging", Event: "CreateBucket", Type: "google_logging_project_bucket_config", Effect: drift.Create, ID: "*=new", NewID: "{resource}/buckets/{bucketId}"},
	{Source: "logging", Event: "CreateBucketAsync", Type: "google_logging_project_bucket_config", Effect: drift.Create, ID: "*=new", NewID: "{resource}/buckets/{bucketId}"},
	{Source: "logging", Event: "CreateExclusion", Type: "google_logging_billing_account_exclusion", Effect: drift.Create, ID: "*=new", NewID: "{resource}/exclusions/{exclusion.name}", When: "resource:billingAccounts!="},
	{Source: "logging", Event: "CreateExclusion", Type: "google_logging_folder_exclusion", Effect: drift.Create, ID: "*=new", NewID: "{resource}/exclusions/{exclusion.name}", When: "resource:folders!="},
	{Source: "logging", Event: "CreateExclusion", Type: "google_logging_organization_exclusion", Effect: drift.Create, ID: "*=new", NewID: "{resource}/exclusions/{exclusion.name}", When: "resource:organizations!="},
	{Source: "logging", Event: "CreateExclusion", Type: "google_logging_project_exclusion", Effect: drift.Create, ID: "*=new", NewID: "{resource}/exclusions/{exclusion.name}", When: "resource:project!="},
	{Source: "logging", Event: "CreateLogMetric", Type: "google_logging_metric", Effect: drift.Create, ID: "name=metric.name|resource:metrics", NewID: "{metric.name|resource:metrics}"},
	{Source: "logging", Event: "CreateSink", Type: "google_logging_billing_account_sink", Effect: drift.Create, ID: "*=new", NewID: "{resource}/sinks/{sink.name}", When: "resource:billingAccounts!="},
	{Source: "logging", Event: "CreateSink", Type: "google_logging_folder_sink", Effect: drift.Create, ID: "*=new", NewID: "{resource}/sinks/{sink.name}", When: "resource:folders!="},
	{Source: "logging", Event: "CreateSink", Type: "google_logging_organization_sink", Effect: drift.Create, ID: "*=new", NewID: "{resource}/sinks/{sink.name}", When: "resource:organizations!="},
	{Source: "logging", Event: "CreateSink", Type: "google_logging_project_sink", Effect: drift.Create, ID: "*=new", NewID: "{resource}/sinks/{sink.name}", When: "resource:project!="},
	{Source: "logging", Event: "DeleteBucket", Type: "google_logging_project_bucket_config", Effect: drift.Delete, ID: "id=resource"},
	{Source: "logging", Event: "DeleteExclusion", Type: "google_logging_billing_account_exclusion", Effect: drift.Delete, ID: "*=resource"},
	{Source: "logging", Event: "DeleteExclusion", Type: "google_logging_folder_exclusion", Effect: drift.Delete, ID: "*=resource"},
	{Source: "logging", Event: "DeleteExclusion", Type: "google_logging_organization_exclusion", Effect: drift.Delete, ID: "*=resource"},
	{Source: "logging", Event: "DeleteExclusion", Type: "google_logging_project_exclusion", Effect: drift.Delete, ID: "*=resource"},
	{Source: "logging", Event: "UndeleteBucket", Type: "google_logging_project_bucket_config", Effect: drift.Create, ID: "id=resource"},
	{Source: "logging", Event: "UpdateBucket", Type: "google_logging_project_bucket_config", Effect: drift.Set, ID: "id=resource"},
	{Source: "logging", Event: "UpdateBucketAsync", Type: "google_logging_project_bucket_config", Effect: drift.Set, ID: "id=resource"},
	{Source: "logging", Event: "UpdateExclusion", Type: "google_logging_billing_account_exclusion", Effect: drift.Set, ID: "*=resource"},
	{Source: "logging", Event: "UpdateExclusion", Type: "google_logging_folder_exclusion", Effect: drift.Set, ID: "*=resource"},
	{Source: "logging", Event: "UpdateExclusion", Type: "google_logging_organization_exclusion", Effect: drift.Set, ID: "*=resource"},
	{Source: "logging", Event: "UpdateExclusion", Type: "google_logging_project_exclusion", Effect: drift.Set, ID: "*=resource"},
	{Source: "logging", Event: "UpdateLogMetric", Type: "google_logging_log_scope", Effect: drift.Silent},
	{Source: "logging", Event: "UpdateLogMetric", Type: "google_logging_saved_query", Effect: drift.Silent},
}
