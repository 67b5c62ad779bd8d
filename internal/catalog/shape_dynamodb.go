package catalog

import (
	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// dynamodbUpdateTable: UpdateTable gives the changes of indexes and replicas one
// by one, and as instructions rather than as what is to be (DynamoDB API
// Reference, GlobalSecondaryIndexUpdate and ReplicationGroupUpdate).
func dynamodbUpdateTable(call Call, row Row) []drift.Choice {
	var facts []drift.Fact
	for _, u := range list(call.Params, "globalSecondaryIndexUpdates") {
		for _, v := range [...]string{"create", "update"} {
			if index := first(tree.Get(u, v)); index != nil {
				facts = append(facts, drift.Fact{Attribute: "global_secondary_index", Op: drift.OpMerge, Value: []any{dynamodbIndex(index)}})
			}
		}
		if name := text(u, "delete.indexName"); name != "" {
			facts = append(facts, drift.Fact{Attribute: "global_secondary_index", Op: drift.OpRemove, Value: map[string]any{"name": name}})
		}
	}
	for _, u := range list(call.Params, "replicaUpdates") {
		for _, v := range [...]string{"create", "update"} {
			if region := text(u, v+".regionName"); region != "" {
				replica := map[string]any{"region_name": region}
				if key := text(u, v+".kMSMasterKeyId"); key != "" {
					replica["kms_key_arn"] = key
				}
				facts = append(facts, drift.Fact{Attribute: "replica", Op: drift.OpMerge, Value: []any{replica}})
			}
		}
		if region := text(u, "delete.regionName"); region != "" {
			facts = append(facts, drift.Fact{Attribute: "replica", Op: drift.OpRemove, Value: map[string]any{"region_name": region}})
		}
	}
	choices := call.targets(row)
	for _, c := range choices {
		for i := range c {
			c[i].Facts = append(c[i].Facts, facts...)
			c[i].Rename += " globalSecondaryIndexUpdates=- replicaUpdates=-"
		}
	}
	return choices
}

// dynamodbIndex is an index as an element of global_secondary_index.
func dynamodbIndex(index any) map[string]any {
	out := map[string]any{"name": text(index, "indexName")}
	for _, f := range [...]struct{ member, field string }{
		{"provisionedThroughput.readCapacityUnits", "read_capacity"}, {"provisionedThroughput.writeCapacityUnits", "write_capacity"},
		{"projection.projectionType", "projection_type"}, {"projection.nonKeyAttributes", "non_key_attributes"},
	} {
		if v := first(tree.Get(index, f.member)); v != nil {
			out[f.field] = v
		}
	}
	for _, k := range list(index, "keySchema") {
		switch text(k, "keyType") {
		case "HASH":
			out["hash_key"] = text(k, "attributeName")
		case "RANGE":
			out["range_key"] = text(k, "attributeName")
		}
	}
	return out
}
