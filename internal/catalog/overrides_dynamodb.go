package catalog

import "tfdrift/internal/drift"

// dynamodbOverrides: see the Amazon DynamoDB API Reference. Items are data: their calls are nobody's configuration.
var dynamodbOverrides = [...]Row{
	{Source: "dynamodb", Event: "CreateTable", Type: "aws_dynamodb_table", Effect: drift.Create, ID: "*=tableName", Params: dynamodbTable, NewID: "tableName"},
	{Source: "dynamodb", Event: "DeleteItem", Effect: drift.Silent},
	{Source: "dynamodb", Event: "DisableKinesisStreamingDestination", Type: "aws_dynamodb_kinesis_streaming_destination", Effect: drift.Delete, ID: "table_name=tableName stream_arn=streamArn", NewID: "{tableName},{streamArn}"},
	{Source: "dynamodb", Event: "EnableKinesisStreamingDestination", Type: "aws_dynamodb_kinesis_streaming_destination", Effect: drift.Create, ID: "table_name=tableName stream_arn=streamArn", NewID: "{tableName},{streamArn}", Within: "aws_dynamodb_table *=tableName"},
	{Source: "dynamodb", Event: "ExportTableToPointInTime", Effect: drift.Silent},
	{Source: "dynamodb", Event: "ImportTable", Type: "aws_dynamodb_table", Effect: drift.Create, ID: "*=tableCreationParameters.tableName", Params: "tableCreationParameters=- inputFormat=- s3BucketSource=- inputCompressionType=- inputFormatOptions=-", NewID: "tableCreationParameters.tableName"},
	{Source: "dynamodb", Event: "PutItem", Effect: drift.Silent},
	{Source: "dynamodb", Event: "PutResourcePolicy", Type: "aws_dynamodb_resource_policy", Effect: drift.Create, ID: "resource_arn=resourceArn", Params: "expectedRevisionId=-", NewID: "resourceArn", Within: "aws_dynamodb_table *=resourceArn"},
	{Source: "dynamodb", Event: "RestoreTableFromBackup", Type: "aws_dynamodb_table", Effect: drift.Create, ID: "*=targetTableName", Params: "backupArn=-", NewID: "targetTableName"},
	{Source: "dynamodb", Event: "RestoreTableToPointInTime", Type: "aws_dynamodb_table", Effect: drift.Create, ID: "*=targetTableName", Params: "sourceTableName=- sourceTableArn=- useLatestRestorableTime=- restoreDateTime=-", NewID: "targetTableName"},
	{Source: "dynamodb", Event: "TagResource", Type: "aws_dynamodb_tag", Effect: drift.Silent},
	{Source: "dynamodb", Event: "UntagResource", Type: "aws_dynamodb_tag", Effect: drift.Silent},
	{Source: "dynamodb", Event: "UpdateContinuousBackups", Type: "aws_dynamodb_table", Effect: drift.Set, ID: "*=tableName", Params: "pointInTimeRecoverySpecification=point_in_time_recovery"},
	{Source: "dynamodb", Event: "UpdateContinuousBackups", Type: "aws_dynamodb_table_replica", Effect: drift.Silent},
	{Source: "dynamodb", Event: "UpdateContributorInsights", Type: "aws_dynamodb_contributor_insights", Effect: drift.Delete, ID: "table_name=tableName", When: "contributorInsightsAction=DISABLE"},
	{Source: "dynamodb", Event: "UpdateContributorInsights", Type: "aws_dynamodb_contributor_insights", Effect: drift.Create, ID: "table_name=tableName", Params: "contributorInsightsAction=- contributorInsightsMode=mode", NewID: "name:{tableName}/index:{indexName|''}/{account}", Within: "aws_dynamodb_table *=tableName", When: "contributorInsightsAction=ENABLE"},
	{Source: "dynamodb", Event: "UpdateItem", Effect: drift.Silent},
	{Source: "dynamodb", Event: "UpdateTable", Type: "aws_dynamodb_global_secondary_index", Effect: drift.Silent},
	{Source: "dynamodb", Event: "UpdateTable", Type: "aws_dynamodb_table", Effect: drift.Set, ID: "*=tableName", Params: dynamodbTable, Types: "aws_dynamodb_table:name", Shape: dynamodbUpdateTable},
	{Source: "dynamodb", Event: "UpdateTable", Type: "aws_dynamodb_table_replica", Effect: drift.Silent},
	{Source: "dynamodb", Event: "UpdateTimeToLive", Type: "aws_dynamodb_table", Effect: drift.Set, ID: "*=tableName", Params: "timeToLiveSpecification=ttl"},
}

// dynamodbTable are the members of the calls that make and change a table, but
// for its indexes and replicas, see dynamodbUpdateTable.
const dynamodbTable = "provisionedThroughput.readCapacityUnits=read_capacity provisionedThroughput.writeCapacityUnits=write_capacity " +
	"sSESpecification.enabled=server_side_encryption.enabled sSESpecification.kMSMasterKeyId=server_side_encryption.kms_key_arn sSESpecification.sSEType=- " +
	"streamSpecification.streamEnabled=stream_enabled streamSpecification.streamViewType=stream_view_type " +
	"attributeDefinitions=- keySchema=- localSecondaryIndexes=- globalSecondaryIndexes=- globalTableWitnessUpdates=- multiRegionConsistency=-"
