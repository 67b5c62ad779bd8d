package catalog

import "tfdrift/internal/drift"

var googleServiceUsageOverrides = [...]Row{
	{Source: "serviceusage", Event: "ActivateServices", Type: "google_project_service", Effect: drift.Create, ID: "service=serviceIds", Within: "project", Shape: servicesEnabled},
	{Source: "serviceusage", Event: "BatchEnableServices", Type: "google_project_service", Effect: drift.Create, ID: "service=serviceIds", Within: "project", Shape: servicesEnabled},
	{Source: "serviceusage", Event: "DisableService", Type: "google_project_service", Effect: drift.Delete, ID: "service=resource:services|serviceId", NewID: "{account}/{resource:services|serviceId}"},
	{Source: "serviceusage", Event: "EnableService", Type: "google_project_service", Effect: drift.Create, ID: "service=resource:services|serviceIds|serviceNames", NewID: "{account}/{resource:services|serviceIds|serviceNames}", Within: "project"},
}
