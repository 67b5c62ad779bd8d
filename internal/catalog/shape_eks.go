package catalog

import (
	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// eksClusterConfig: UpdateClusterConfig switches log types on and off; those
// that it does not name stay as they are (EKS API Reference, Logging).
func eksClusterConfig(call Call, row Row) []drift.Choice {
	name := text(call.Params, "name", "clusterName")
	if name == "" {
		return nil
	}
	t := target(row, "aws_eks_cluster", drift.Set, name, drift.Match{Attribute: "name|arn", Value: name})
	t.Params, t.Rename = call.rest(row), row.Params
	for _, member := range [...]string{"name", "clusterName", "logging"} {
		drop(t.Params, member)
	}
	for _, setup := range list(call.Params, "logging.clusterLogging") {
		op := drift.OpAdd
		if text(setup, "enabled") == "false" {
			op = drift.OpRemove
		}
		for _, v := range list(setup, "types") {
			if kind, ok := tree.Text(v); ok {
				t.Facts = append(t.Facts, drift.Fact{Attribute: "enabled_cluster_log_types", Op: op, Value: kind})
			}
		}
	}
	return []drift.Choice{{t}}
}
