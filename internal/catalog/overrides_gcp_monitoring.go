package catalog

import "tfdrift/internal/drift"

var googleMonitoringOverrides = [...]Row{
	{Source: "monitoring", Event: "CreateAlertPolicy", Type: "google_monitoring_alert_policy", Effect: drift.Create, ID: "*=new", NewID: "response:name"},
	{Source: "monitoring", Event: "CreateDashboard", Type: "google_monitoring_dashboard", Effect: drift.Create, ID: "*=new", NewID: "response:name or {resource}/dashboards/{dashboard.name}"},
	{Source: "monitoring", Event: "CreateGroup", Type: "google_monitoring_group", Effect: drift.Create, ID: "*=new", NewID: "response:name"},
	{Source: "monitoring", Event: "CreateNotificationChannel", Type: "google_monitoring_notification_channel", Effect: drift.Create, ID: "*=new", NewID: "response:name"},
	{Source: "monitoring", Event: "CreateServiceLevelObjective", Type: "google_monitoring_slo", Effect: drift.Create, ID: "*=new", NewID: "response:name or {resource}/serviceLevelObjectives/{serviceLevelObjectiveId}"},
	{Source: "monitoring", Event: "CreateUptimeCheckConfig", Type: "google_monitoring_uptime_check_config", Effect: drift.Create, ID: "*=new", NewID: "response:name"},
	{Source: "monitoring", Event: "DeleteDashboard", Type: "google_monitoring_dashboard", Effect: drift.Delete, ID: "*=resource"},
	{Source: "monitoring", Event: "SendNotificationChannelVerificationCode", Effect: drift.Silent},
	{Source: "monitoring", Event: "UpdateDashboard", Type: "google_monitoring_dashboard", Effect: drift.Set, ID: "*=resource", Params: "displayName=- gridLayout=- mosaicLayout=- rowLayout=- columnLayout=- dashboardFilters=- labels=-"},
	{Source: "monitoring", Event: "VerifyNotificationChannel", Effect: drift.Silent},
}
