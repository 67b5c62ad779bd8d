package catalog

import (
	"tfdrift/internal/drift"
	"tfdrift/internal/identity"
	"tfdrift/internal/tree"
)

// bus is the event bus of a call and what Terraform puts in front of the ids of
// things on it: nothing on the default one.
func bus(call Call, separator string) (name, prefix string) {
	name = identity.Short(text(call.Params, "eventBusName"))
	if name == "" || name == "default" {
		return "default", ""
	}
	return name, name + separator
}

// eventsRule: PutRule and DeleteRule.
func eventsRule(call Call, row Row) []drift.Choice {
	_, prefix := bus(call, "/")
	row.Shape = nil
	row.NewID = prefix + "{name}"
	return call.targets(row)
}

// targetMembers are the settings of a target that Terraform names otherwise.
const targetMembers = "appSyncParameters=appsync_target batchParameters=batch_target ecsParameters=ecs_target httpParameters=http_target kinesisParameters=kinesis_target " +
	"redshiftDataParameters=redshift_target runCommandParameters=run_command_targets sageMakerPipelineParameters=sagemaker_pipeline_target sqsParameters=sqs_target"

// eventsTargets: PutTargets and RemoveTargets name several targets of a rule.
func eventsTargets(call Call, row Row) []drift.Choice {
	name, prefix := bus(call, "-")
	rule := text(call.Params, "rule")
	one := func(id string) drift.Target {
		t := target(row, "aws_cloudwatch_event_target", row.Effect, rule,
			drift.Match{Attribute: "rule", Value: rule}, drift.Match{Attribute: "target_id", Value: id}, drift.Match{Attribute: "event_bus_name", Value: name})
		t.NewID = prefix + rule + "-" + id
		return t
	}
	var choices []drift.Choice
	for _, e := range list(call.Params, "targets") {
		params, _ := e.(map[string]any)
		id := text(params, "id")
		if id == "" {
			continue
		}
		t := one(id)
		t.Params, t.Rename = params, "id=- "+targetMembers
		t.Within = &drift.Within{Type: "aws_cloudwatch_event_rule", Key: identity.Key(row.Source, rule), Match: []drift.Match{{Attribute: "name", Value: rule}, {Attribute: "event_bus_name", Value: name}}}
		choices = append(choices, drift.Choice{t})
	}
	for _, e := range list(call.Params, "ids") {
		if id, ok := tree.Text(e); ok {
			choices = append(choices, drift.Choice{one(id)})
		}
	}
	return choices
}
