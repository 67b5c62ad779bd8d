package catalog

import "tfdrift/internal/drift"

var googleAlloyDBOverrides = [...]Row{
	{Source: "alloydb", Event: "FailoverInstance", Effect: drift.Silent},
	{Source: "alloydb", Event: "InjectFault", Effect: drift.Silent},
	{Source: "alloydb", Event: "RestartInstance", Effect: drift.Silent},
}
