package catalog

import "tfdrift/internal/drift"

var googleStorageOverrides = [...]Row{
	{Source: "storage", Event: "buckets.create", Type: "google_storage_bucket", Effect: drift.Create, ID: "name=resource:buckets", NewID: "{resource:buckets|name}"},
	{Source: "storage", Event: "buckets.lockRetentionPolicy", Type: "google_storage_bucket", Effect: drift.Set, ID: "*=resource", Sets: "retention_policy.is_locked=true"},
	{Source: "storage", Event: "buckets.update", Type: "google_storage_bucket", Effect: drift.Set, ID: "*=resource", Shape: bucketUpdate},
	{Source: "storage", Event: "buckets.update", Type: "google_storage_bucket_acl", Effect: drift.Silent},
	{Source: "storage", Event: "buckets.update", Type: "google_storage_default_object_acl", Effect: drift.Silent},
	{Source: "storage", Event: "hmacKeys.create", Type: "google_storage_hmac_key", Effect: drift.Create, ID: "*=new", NewID: "projects/{account}/hmacKeys/{response:metadata.accessId|response:accessId|resource:hmacKeys}"},
	{Source: "storage", Event: "notifications.create", Type: "google_storage_notification", Effect: drift.Create, ID: "*=new", NewID: "{resource:buckets}/notificationConfigs/{response:id|resource:notificationConfigs}", Within: "google_storage_bucket name=resource:buckets"},
	{Source: "storage", Event: "objects.compose", Effect: drift.Silent},
	{Source: "storage", Event: "objects.create", Effect: drift.Silent},
	{Source: "storage", Event: "objects.delete", Effect: drift.Silent},
	{Source: "storage", Event: "objects.patch", Effect: drift.Silent},
	{Source: "storage", Event: "objects.update", Effect: drift.Silent},
}
