package catalog

import "tfdrift/internal/drift"

// firehoseOverrides: see the Amazon Data Firehose API Reference.
var firehoseOverrides = [...]Row{
	{Source: "firehose", Event: "DeleteDeliveryStream", Type: "aws_kinesis_firehose_delivery_stream", Effect: drift.Delete, ID: "*=deliveryStreamName", NewID: "arn:aws:firehose:{region}:{account}:deliverystream/{deliveryStreamName}"},
	{Source: "firehose", Event: "StartDeliveryStreamEncryption", Type: "aws_kinesis_firehose_delivery_stream", Effect: drift.Set, ID: "*=deliveryStreamName", Params: "keyType=server_side_encryption.key_type keyARN=server_side_encryption.key_arn", Sets: "server_side_encryption.enabled=true"},
	{Source: "firehose", Event: "StopDeliveryStreamEncryption", Type: "aws_kinesis_firehose_delivery_stream", Effect: drift.Set, ID: "*=deliveryStreamName", Sets: "server_side_encryption.enabled=false"},
	{Source: "firehose", Event: "UpdateDestination", Type: "aws_kinesis_firehose_delivery_stream", Effect: drift.Set, ID: "*=deliveryStreamName", Params: firehoseDestination},
}

const firehoseDestination = "destinationId=- currentDeliveryStreamVersionId=- bufferingHints.sizeInMBs=- bufferingHints.intervalInSeconds=- " +
	"extendedS3DestinationUpdate.bufferingHints.sizeInMBs=extended_s3_configuration.buffering_size " +
	"extendedS3DestinationUpdate.bufferingHints.intervalInSeconds=extended_s3_configuration.buffering_interval " +
	"extendedS3DestinationUpdate.encryptionConfiguration.kMSEncryptionConfig.aWSKMSKeyARN=extended_s3_configuration.kms_key_arn " +
	"extendedS3DestinationUpdate.encryptionConfiguration.noEncryptionConfig=- " +
	"httpEndpointDestinationUpdate.bufferingHints.sizeInMBs=http_endpoint_configuration.buffering_size " +
	"httpEndpointDestinationUpdate.bufferingHints.intervalInSeconds=http_endpoint_configuration.buffering_interval " +
	"httpEndpointDestinationUpdate.endpointConfiguration.url=http_endpoint_configuration.url " +
	"httpEndpointDestinationUpdate.endpointConfiguration.name=http_endpoint_configuration.name"
