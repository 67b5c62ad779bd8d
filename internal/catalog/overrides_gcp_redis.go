package catalog

import "tfdrift/internal/drift"

var googleRedisOverrides = [...]Row{
	{Source: "redis", Event: "ExportInstance", Effect: drift.Silent},
	{Source: "redis", Event: "FailoverInstance", Effect: drift.Silent},
	{Source: "redis", Event: "ImportInstance", Effect: drift.Silent},
	{Source: "redis", Event: "RescheduleMaintenance", Effect: drift.Silent},
	{Source: "redis", Event: "UpgradeInstance", Type: "google_redis_instance", Effect: drift.Set, ID: "*=resource"},
}
