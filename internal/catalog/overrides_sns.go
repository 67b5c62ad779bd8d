package catalog

import "tfdrift/internal/drift"

// snsOverrides: see the SNS API Reference, by the operation's name. A topic
// mirrors the policy that an aws_sns_topic_policy may manage.
var snsOverrides = [...]Row{
	{Source: "sns", Event: "AddPermission", Type: "aws_sns_topic", Effect: drift.Set, ID: "*=topicArn", Parent: true, Params: "label=- aWSAccountId=- aWSAccountIds=- actionName=- actionNames=-", Sets: "policy=?"},
	{Source: "sns", Event: "AddPermission", Type: "aws_sns_topic_policy", Effect: drift.Set, ID: "arn=topicArn", Params: "label=- aWSAccountId=- aWSAccountIds=- actionName=- actionNames=-", Sets: "policy=?"},
	{Source: "sns", Event: "CheckIfPhoneNumberIsOptedOut", Effect: drift.Silent},
	{Source: "sns", Event: "ConfirmSubscription", Effect: drift.Silent},
	{Source: "sns", Event: "CreatePlatformEndpoint", Effect: drift.Silent},
	{Source: "sns", Event: "CreateTopic", Type: "aws_sns_topic", Effect: drift.Create, ID: "*=response:topicArn|name", NewID: "response:topicArn|name"},
	{Source: "sns", Event: "DeleteEndpoint", Effect: drift.Silent},
	{Source: "sns", Event: "Publish", Effect: drift.Silent},
	{Source: "sns", Event: "PutDataProtectionPolicy", Type: "aws_sns_topic_data_protection_policy", Effect: drift.Create, ID: "arn=resourceArn", Params: "dataProtectionPolicy=policy", NewID: "resourceArn", Within: "aws_sns_topic *=resourceArn"},
	{Source: "sns", Event: "RemovePermission", Type: "aws_sns_topic", Effect: drift.Set, ID: "*=topicArn", Parent: true, Params: "label=-", Sets: "policy=?"},
	{Source: "sns", Event: "RemovePermission", Type: "aws_sns_topic_policy", Effect: drift.Set, ID: "arn=topicArn", Params: "label=-", Sets: "policy=?"},
	{Source: "sns", Event: "SetEndpointAttributes", Effect: drift.Silent},
	{Source: "sns", Event: "SetSubscriptionAttributes", Effect: drift.Set, Shape: snsAttribute, Types: "aws_sns_topic_subscription:arn"},
	{Source: "sns", Event: "SetTopicAttributes", Effect: drift.Set, Shape: snsAttribute, Types: "aws_sns_topic:arn aws_sns_topic_policy:arn"},
}
