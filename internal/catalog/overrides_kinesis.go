package catalog

import "tfdrift/internal/drift"

// kinesisOverrides: see the Kinesis Data Streams API Reference.
var kinesisOverrides = [...]Row{
	{Source: "kinesis", Event: "AddTagsToStream", Type: "aws_kinesis_stream_consumer", Effect: drift.Silent},
	{Source: "kinesis", Event: "CreateStream", Type: "aws_kinesis_stream", Effect: drift.Create, ID: "*=streamName", NewID: "arn:aws:kinesis:{region}:{account}:stream/{streamName}"},
	{Source: "kinesis", Event: "DecreaseStreamRetentionPeriod", Type: "aws_kinesis_stream", Effect: drift.Set, ID: "*=streamARN|streamName", Params: "retentionPeriodHours=retention_period"},
	{Source: "kinesis", Event: "DeleteResourcePolicy", Type: "aws_kinesis_resource_policy", Effect: drift.Delete, ID: "resource_arn=resourceARN"},
	{Source: "kinesis", Event: "DeleteStream", Type: "aws_kinesis_stream", Effect: drift.Delete, ID: "*=streamARN|streamName", NewID: "arn:aws:kinesis:{region}:{account}:stream/{streamName}"},
	{Source: "kinesis", Event: "DisableEnhancedMonitoring", Type: "aws_kinesis_stream", Effect: drift.Set, ID: "*=streamARN|streamName", Params: "shardLevelMetrics=shard_level_metrics-"},
	{Source: "kinesis", Event: "EnableEnhancedMonitoring", Type: "aws_kinesis_stream", Effect: drift.Set, ID: "*=streamARN|streamName", Params: "shardLevelMetrics=shard_level_metrics+"},
	{Source: "kinesis", Event: "IncreaseStreamRetentionPeriod", Type: "aws_kinesis_stream", Effect: drift.Set, ID: "*=streamARN|streamName", Params: "retentionPeriodHours=retention_period"},
	{Source: "kinesis", Event: "PutResourcePolicy", Type: "aws_kinesis_resource_policy", Effect: drift.Create, ID: "resource_arn=resourceARN", NewID: "resourceARN", Within: "aws_kinesis_stream *=resourceARN"},
	{Source: "kinesis", Event: "RemoveTagsFromStream", Type: "aws_kinesis_stream_consumer", Effect: drift.Silent},
	{Source: "kinesis", Event: "StartStreamEncryption", Type: "aws_kinesis_stream", Effect: drift.Set, ID: "*=streamARN|streamName", Params: "keyId=kms_key_id"},
	{Source: "kinesis", Event: "StopStreamEncryption", Type: "aws_kinesis_stream", Effect: drift.Set, ID: "*=streamARN|streamName", Params: "keyId=- encryptionType=-", Sets: "encryption_type=\"NONE\" kms_key_id=\"\""},
	{Source: "kinesis", Event: "TagResource", Type: "aws_kinesis_stream", Effect: drift.Add, ID: "*=resourceARN"},
	{Source: "kinesis", Event: "UntagResource", Type: "aws_kinesis_stream", Effect: drift.Remove, ID: "*=resourceARN", Params: "tagKeys=tags"},
	{Source: "kinesis", Event: "UpdateShardCount", Type: "aws_kinesis_stream", Effect: drift.Set, ID: "*=streamARN|streamName", Params: "targetShardCount=shard_count scalingType=-"},
	{Source: "kinesis", Event: "UpdateStreamMode", Type: "aws_kinesis_stream", Effect: drift.Set, ID: "*=streamARN", Params: "streamModeDetails.streamMode=stream_mode_details.stream_mode warmThroughputMiBps=-"},
}
