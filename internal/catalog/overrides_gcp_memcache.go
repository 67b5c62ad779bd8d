package catalog

import "tfdrift/internal/drift"

var googleMemcacheOverrides = [...]Row{
	{Source: "memcache", Event: "ApplyParameters", Effect: drift.Silent},
	{Source: "memcache", Event: "ApplySoftwareUpdate", Effect: drift.Silent},
	{Source: "memcache", Event: "RescheduleMaintenance", Effect: drift.Silent},
	{Source: "memcache", Event: "UpdateParameters", Type: "google_memcache_instance", Effect: drift.Set, ID: "*=resource", Params: "params=memcache_parameters.params"},
	{Source: "memcache", Event: "UpgradeInstance", Type: "google_memcache_instance", Effect: drift.Set, ID: "*=resource"},
}
