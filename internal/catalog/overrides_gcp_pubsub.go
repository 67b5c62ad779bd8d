package catalog

import "tfdrift/internal/drift"

var googlePubSubOverrides = [...]Row{
	{Source: "pubsub", Event: "Acknowledge", Effect: drift.Silent},
	{Source: "pubsub", Event: "CreateSnapshot", Effect: drift.Silent},
	{Source: "pubsub", Event: "DeleteSnapshot", Effect: drift.Silent},
	{Source: "pubsub", Event: "ModifyAckDeadline", Effect: drift.Silent},
	{Source: "pubsub", Event: "ModifyPushConfig", Type: "google_pubsub_subscription", Effect: drift.Set, ID: "*=resource|subscription", Shape: rewritten(pubsubPush)},
	{Source: "pubsub", Event: "Publish", Effect: drift.Silent},
	{Source: "pubsub", Event: "Pull", Effect: drift.Silent},
	{Source: "pubsub", Event: "Seek", Effect: drift.Silent},
	{Source: "pubsub", Event: "StreamingPull", Effect: drift.Silent},
	{Source: "pubsub", Event: "UpdateSnapshot", Effect: drift.Silent},
}
