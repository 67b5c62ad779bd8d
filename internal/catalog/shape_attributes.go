package catalog

import (
	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// snsAttribute: SetTopicAttributes and SetSubscriptionAttributes name the one
// attribute that they set in a parameter.
func snsAttribute(call Call, row Row) []drift.Choice {
	topic, subscription := text(call.Params, "topicArn"), text(call.Params, "subscriptionArn")
	name, value := text(call.Params, "attributeName"), text(call.Params, "attributeValue")
	if name == "" {
		return nil
	}
	if subscription != "" {
		t := target(row, "aws_sns_topic_subscription", drift.Set, subscription, drift.Match{Attribute: "arn|id", Value: subscription})
		t.Params = map[string]any{name: value}
		return []drift.Choice{{t}}
	}
	dedicated := ""
	if tree.SameName(name, "Policy") {
		dedicated = "aws_sns_topic_policy"
	}
	return []drift.Choice{attribute(row, name, value, topic, "aws_sns_topic", "arn|id", dedicated, "arn")}
}

// sqsAttributes: SetQueueAttributes sets several, of which some may be managed
// by resources of their own.
func sqsAttributes(call Call, row Row) []drift.Choice {
	queue := text(call.Params, "queueUrl")
	attributes, _ := first(tree.Get(call.Params, "attributes")).(map[string]any)
	var choices []drift.Choice
	for _, name := range tree.Keys(attributes) {
		dedicated := ""
		switch {
		case tree.SameName(name, "Policy"):
			dedicated = "aws_sqs_queue_policy"
		case tree.SameName(name, "RedrivePolicy"):
			dedicated = "aws_sqs_queue_redrive_policy"
		case tree.SameName(name, "RedriveAllowPolicy"):
			dedicated = "aws_sqs_queue_redrive_allow_policy"
		}
		choices = append(choices, attribute(row, name, attributes[name], queue, "aws_sqs_queue", "url|id", dedicated, "queue_url"))
	}
	return choices
}

// attribute is the choice of one attribute of an object: the resource that
// manages it alone, where there may be one, else the object. An attribute set to
// nothing is the end of what manages it alone. Attributes at and by are where the
// two hold the object's name.
func attribute(row Row, name string, value any, object, typ, at, dedicated, by string) drift.Choice {
	whole := target(row, typ, drift.Set, object, drift.Match{Attribute: at, Value: object})
	whole.Params = map[string]any{name: value}
	whole.Rename = row.Params
	if dedicated == "" {
		return drift.Choice{whole}
	}
	whole.Parent = true
	effect := drift.Set
	if value == "" {
		effect = drift.Delete
	}
	own := target(row, dedicated, effect, object, drift.Match{Attribute: by, Value: object})
	own.Params = whole.Params
	return drift.Choice{own, whole}
}
