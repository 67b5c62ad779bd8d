package detector

import (
	"context"
	"strconv"
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/identity"
	"tfdrift/internal/tree"
)

// autoscaled reports whether a finding is an autoscaler at work within bounds
// that a watched state holds: a group's own, or those of an
// aws_appautoscaling_target for the resource.
func (d *Detector) autoscaled(ctx context.Context, e *drift.Entry, f *drift.Finding) bool {
	if f.Kind != drift.Modified || len(f.Changes) == 0 || !isAutoscaler(f.Actor) {
		return false
	}
	for _, c := range f.Changes {
		if !d.inBounds(ctx, e, c) {
			return false
		}
	}
	return true
}

func isAutoscaler(a drift.Actor) bool {
	for _, name := range append([]string{a.Name, a.ARN}, a.Names...) {
		if strings.Contains(name, "autoscaling.amazonaws.com") || strings.Contains(name, "AWSServiceRoleForApplicationAutoScaling") || strings.Contains(name, "AWSServiceRoleForAutoScaling") {
			return true
		}
	}
	return false
}

// capacities are the attributes that autoscalers set.
var capacities = map[string]bool{"desired_count": true, "desired_capacity": true, "read_capacity": true, "write_capacity": true, "instance_count": true, "provisioned_concurrent_executions": true}

func (d *Detector) inBounds(ctx context.Context, e *drift.Entry, c drift.Attribute) bool {
	if !capacities[c.Name] {
		return false
	}
	after, ok := numeric(c.After)
	if !ok {
		return false
	}
	if e.Type == "aws_autoscaling_group" {
		return bounded(e, "min_size", "max_size", after)
	}
	id := scalable(e)
	if id == "" {
		return false
	}
	targets, err := d.Index.Find(ctx, identity.Key("autoscaling", id), identity.Key("application-autoscaling", id))
	if err != nil {
		return false
	}
	for _, t := range targets {
		if t.Type == "aws_appautoscaling_target" && tree.GetString(t.Attributes, "resource_id") == id && bounded(t, "min_capacity", "max_capacity", after) {
			return true
		}
	}
	return false
}

// scalable is the resource id that Application Auto Scaling knows an entry by
// (Application Auto Scaling API Reference, RegisterScalableTarget).
func scalable(e *drift.Entry) string {
	switch e.Type {
	case "aws_ecs_service":
		return "service/" + identity.Short(tree.GetString(e.Attributes, "cluster")) + "/" + tree.GetString(e.Attributes, "name")
	case "aws_dynamodb_table":
		return "table/" + tree.GetString(e.Attributes, "name")
	}
	return ""
}

func bounded(e *drift.Entry, low, high string, v float64) bool {
	l, okL := numeric(e.Attributes[low])
	h, okH := numeric(e.Attributes[high])
	return okL && okH && l <= v && v <= h
}

func numeric(v any) (float64, bool) {
	s, ok := tree.Text(v)
	if !ok {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}
