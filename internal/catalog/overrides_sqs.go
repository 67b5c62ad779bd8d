package catalog

import "tfdrift/internal/drift"

// queueAttributes are the attributes of a queue that Terraform names otherwise
// (SQS API Reference, SetQueueAttributes).
const queueAttributes = "VisibilityTimeout=visibility_timeout_seconds MessageRetentionPeriod=message_retention_seconds MaximumMessageSize=max_message_size " +
	"DelaySeconds=delay_seconds ReceiveMessageWaitTimeSeconds=receive_wait_time_seconds"

// sqsOverrides: see the SQS API Reference, by the operation's name.
var sqsOverrides = [...]Row{
	{Source: "sqs", Event: "AddPermission", Type: "aws_sqs_queue", Effect: drift.Set, ID: "url|id=queueUrl", Parent: true, Params: "label=- aWSAccountIds=- actions=-", Sets: "policy=?"},
	{Source: "sqs", Event: "AddPermission", Type: "aws_sqs_queue_policy", Effect: drift.Set, ID: "queue_url=queueUrl", Params: "label=- aWSAccountIds=- actions=-", Sets: "policy=?"},
	{Source: "sqs", Event: "CancelMessageMoveTask", Effect: drift.Silent},
	{Source: "sqs", Event: "CreateQueue", Type: "aws_sqs_queue", Effect: drift.Create, ID: "*=response:queueUrl|queueName", Params: "queueName=name " + queueAttributes, NewID: "response:queueUrl|queueName"},
	{Source: "sqs", Event: "PurgeQueue", Effect: drift.Silent},
	{Source: "sqs", Event: "RemovePermission", Type: "aws_sqs_queue", Effect: drift.Set, ID: "url|id=queueUrl", Parent: true, Params: "label=-", Sets: "policy=?"},
	{Source: "sqs", Event: "RemovePermission", Type: "aws_sqs_queue_policy", Effect: drift.Set, ID: "queue_url=queueUrl", Params: "label=-", Sets: "policy=?"},
	{Source: "sqs", Event: "SetQueueAttributes", Effect: drift.Set, Params: queueAttributes, Shape: sqsAttributes,
		Types: "aws_sqs_queue:url aws_sqs_queue_policy:queue_url aws_sqs_queue_redrive_allow_policy:queue_url aws_sqs_queue_redrive_policy:queue_url"},
	{Source: "sqs", Event: "StartMessageMoveTask", Effect: drift.Silent},
}
