package catalog

import "tfdrift/internal/drift"

// cloudtrailOverrides: see the CloudTrail API Reference, by the operation's name.
var cloudtrailOverrides = [...]Row{
	{Source: "cloudtrail", Event: "CreateTrail", Type: "aws_cloudtrail", Effect: drift.Create, ID: "*=response:trailARN|name", Params: "cloudWatchLogsLogGroupArn=cloud_watch_logs_group_arn tagsList=tags", NewID: "response:trailARN|name"},
	{Source: "cloudtrail", Event: "RestoreEventDataStore", Type: "aws_cloudtrail_event_data_store", Effect: drift.Create, ID: "*=eventDataStore", NewID: Restored},
	{Source: "cloudtrail", Event: "StartEventDataStoreIngestion", Type: "aws_cloudtrail_event_data_store", Effect: drift.Set, ID: "*=eventDataStore", Sets: "suspend=false"},
	{Source: "cloudtrail", Event: "StartImport", Effect: drift.Silent},
	{Source: "cloudtrail", Event: "StartLogging", Type: "aws_cloudtrail", Effect: drift.Set, ID: "*=name", Sets: "enable_logging=true"},
	{Source: "cloudtrail", Event: "StartQuery", Effect: drift.Silent},
	{Source: "cloudtrail", Event: "StopEventDataStoreIngestion", Type: "aws_cloudtrail_event_data_store", Effect: drift.Set, ID: "*=eventDataStore", Sets: "suspend=true"},
	{Source: "cloudtrail", Event: "StopLogging", Type: "aws_cloudtrail", Effect: drift.Set, ID: "*=name", Sets: "enable_logging=false"},
}
