package catalog

import (
	"tfdrift/internal/drift"
)

// bigtableFamilies: column families are the table's in state, the rule by which
// a family's cells expire is a resource of its own.
func bigtableFamilies(call Call, row Row) []drift.Choice {
	name, _ := parseGoogle(call.Resource)
	table := target(row, "google_bigtable_table", drift.Set, name.id(), drift.Match{Attribute: "*", Value: call.Resource})
	var policies []drift.Choice
	for _, m := range list(call.Params, "modifications") {
		modification, _ := m.(map[string]any)
		family := text(modification, "id")
		switch {
		case modification["create"] != nil:
			table.Facts = append(table.Facts, drift.Fact{Attribute: "column_family", Op: drift.OpAdd, Value: map[string]any{"family": family}})
		case modification["drop"] == true:
			table.Facts = append(table.Facts, drift.Fact{Attribute: "column_family", Op: drift.OpRemove, Value: map[string]any{"family": family}})
		default:
			policy := target(row, "google_bigtable_gc_policy", drift.Set, name.id(),
				drift.Match{Attribute: "table", Value: name.id()}, drift.Match{Attribute: "column_family", Value: family}, drift.Match{Attribute: "instance_name", Value: name.after("instances")})
			policies = append(policies, drift.Choice{policy})
		}
	}
	if len(table.Facts) == 0 {
		return policies
	}
	return append(policies, drift.Choice{table})
}

// bigtableTable: Terraform spells protection as a word.
func bigtableTable(body map[string]any) map[string]any {
	switch body["deletionProtection"] {
	case true:
		body["deletionProtection"] = "PROTECTED"
	case false:
		body["deletionProtection"] = "UNPROTECTED"
	}
	return body
}
