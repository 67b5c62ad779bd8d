package catalog

import (
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// groupTags: CreateOrUpdateTags and DeleteTags name a group in each tag.
func groupTags(call Call, row Row) []drift.Choice {
	var choices []drift.Choice
	for _, tag := range list(call.Params, "tags") {
		group, key := text(tag, "resourceId"), text(tag, "key")
		if group == "" || key == "" {
			continue
		}
		element := map[string]any{"key": key, "value": text(tag, "value")}
		if launch := tree.Get(tag, "propagateAtLaunch"); len(launch) > 0 {
			element["propagate_at_launch"] = launch[0]
		}
		own := target(row, "aws_autoscaling_group_tag", row.Effect, group,
			drift.Match{Attribute: "autoscaling_group_name", Value: group}, drift.Match{Attribute: "tag.key", Value: key})
		own.Facts = []drift.Fact{{Attribute: "tag", Op: drift.OpMerge, Value: element}}
		effect := row.Effect
		if effect == drift.Create {
			effect = drift.Set
		}
		whole := target(row, "aws_autoscaling_group", drift.Set, group, drift.Match{Attribute: "name|arn", Value: group})
		whole.Parent, whole.Facts = true, replaced(effect, "tag", map[string]any{"key": key}, element)
		choices = append(choices, drift.Choice{own, whole})
	}
	return choices
}

// groupAttachments: what a group registers its instances with, in the older
// calls for each kind and the newer one for all (Auto Scaling API Reference,
// AttachTrafficSources).
func groupAttachments(call Call, row Row) []drift.Choice {
	group := text(call.Params, "autoScalingGroupName")
	if group == "" {
		return nil
	}
	op := drift.OpAdd
	if row.Effect == drift.Delete {
		op = drift.OpRemove
	}
	var choices []drift.Choice
	attach := func(id, kind string) {
		attribute, by, element := "traffic_source", "", any(map[string]any{"identifier": id, "type": kind})
		switch {
		case kind == "elbv2" || strings.Contains(id, ":targetgroup/"):
			attribute, by, element = "target_group_arns", "lb_target_group_arn|alb_target_group_arn", id
		case kind == "elb":
			attribute, by, element = "load_balancers", "elb", id
		}
		inGroup := drift.Match{Attribute: "autoscaling_group_name", Value: group}
		var choice drift.Choice
		if by != "" {
			choice = append(choice, target(row, "aws_autoscaling_attachment", row.Effect, group, inGroup, drift.Match{Attribute: by, Value: id}))
		}
		choice = append(choice, target(row, "aws_autoscaling_traffic_source_attachment", row.Effect, group, inGroup, drift.Match{Attribute: "traffic_source.identifier", Value: id}))
		whole := target(row, "aws_autoscaling_group", drift.Set, group, drift.Match{Attribute: "name|arn", Value: group})
		whole.Parent, whole.Facts = true, []drift.Fact{{Attribute: attribute, Op: op, Value: element}}
		choices = append(choices, append(choice, whole))
	}
	for _, v := range list(call.Params, "targetGroupARNs") {
		if id, ok := tree.Text(v); ok {
			attach(id, "elbv2")
		}
	}
	for _, v := range list(call.Params, "loadBalancerNames") {
		if id, ok := tree.Text(v); ok {
			attach(id, "elb")
		}
	}
	for _, source := range list(call.Params, "trafficSources") {
		if id := text(source, "identifier"); id != "" {
			attach(id, text(source, "type"))
		}
	}
	return choices
}

// groupProcesses are all that SuspendProcesses and ResumeProcesses may mean: what
// they do where they name none (Auto Scaling API Reference, SuspendProcesses).
var groupProcesses = [...]any{
	"AZRebalance", "AddToLoadBalancer", "AlarmNotification", "HealthCheck", "InstanceRefresh", "Launch", "ReplaceUnhealthy", "ScheduledActions", "Terminate",
}

// groupSwitches: calls that switch some or all processes or metrics of a group.
func groupSwitches(call Call, row Row) []drift.Choice {
	group := text(call.Params, "autoScalingGroupName")
	if group == "" {
		return nil
	}
	member, attribute := "scalingProcesses", "suspended_processes"
	if strings.HasSuffix(row.Event, "MetricsCollection") {
		member, attribute = "metrics", "enabled_metrics"
	}
	t := target(row, "aws_autoscaling_group", drift.Set, group, drift.Match{Attribute: "name|arn", Value: group})
	named := list(call.Params, member)
	for _, v := range named {
		op := drift.OpAdd
		if row.Effect == drift.Remove {
			op = drift.OpRemove
		}
		t.Facts = append(t.Facts, drift.Fact{Attribute: attribute, Op: op, Value: v})
	}
	if len(named) == 0 {
		all := drift.Fact{Attribute: attribute, Op: drift.OpSet, Value: []any{}}
		switch {
		case row.Effect == drift.Remove:
		case attribute == "suspended_processes":
			all.Value = groupProcesses[:]
		default:
			all.Unknown = true // which metrics there are grows with the service
		}
		t.Facts = []drift.Fact{all}
	}
	if granularity := text(call.Params, "granularity"); granularity != "" {
		t.Facts = append(t.Facts, drift.Fact{Attribute: "metrics_granularity", Op: drift.OpSet, Value: granularity})
	}
	return []drift.Choice{{t}}
}
