package catalog

import (
	"strconv"
	"strings"
	"time"

	"tfdrift/internal/drift"
	"tfdrift/internal/identity"
	"tfdrift/internal/tree"
)

// dnsChange: a change is a batch of deletions and additions; a record set in
// both is replaced (Cloud DNS API Reference, changes.create).
func dnsChange(call Call, row Row) []drift.Choice {
	zone := dnsZone(call)
	var choices []drift.Choice
	deleted := list(call.Params, "change.deletions")
	added := list(call.Params, "change.additions")
	if len(deleted)+len(added) == 0 {
		deleted, added = list(call.Params, "deletions"), list(call.Params, "additions")
	}
	name := func(set any) string { return strings.ToLower(text(set, "name")) + " " + text(set, "type") }
	before, after := map[string]bool{}, map[string]bool{}
	for _, set := range deleted {
		before[name(set)] = true
	}
	for _, set := range added {
		after[name(set)] = true
		effect := drift.Create
		if before[name(set)] { // there already, so no news where no state manages it
			effect = drift.Set
		}
		choices = append(choices, dnsRecord(call, row, zone, set, effect))
	}
	for _, set := range deleted {
		if !after[name(set)] {
			choices = append(choices, dnsRecord(call, row, zone, set, drift.Delete))
		}
	}
	return choices
}

// dnsRecordSet: one record set created, patched or deleted by itself.
func dnsRecordSet(call Call, row Row) []drift.Choice {
	set := map[string]any{"name": text(call.Params, "name", "resourceRecordSet.name"), "type": text(call.Params, "type", "resourceRecordSet.type")}
	for _, v := range tree.Get(call.Params, "resourceRecordSet") {
		if body, ok := v.(map[string]any); ok {
			for k, field := range body {
				set[k] = field
			}
		}
	}
	return []drift.Choice{dnsRecord(call, row, dnsZone(call), set, row.Effect)}
}

func dnsZone(call Call) string {
	name, _ := parseGoogle(call.Resource)
	if zone := name.after("managedZones"); zone != "" {
		return zone
	}
	return text(call.Params, "managedZone")
}

func dnsRecord(call Call, row Row, zone string, set any, effect drift.Effect) drift.Choice {
	name, typ := strings.ToLower(text(set, "name")), text(set, "type")
	t := target(row, "google_dns_record_set", effect, zone,
		drift.Match{Attribute: "managed_zone", Value: zone}, drift.Match{Attribute: "name", Value: name}, drift.Match{Attribute: "type", Value: typ})
	params, _ := set.(map[string]any)
	t.Params = omit(params, "name", "type", "kind", "signatureRrdatas", "signatureRrdata")
	t.Rename = "rrdata=rrdatas"
	t.NewID = "projects/" + call.Account + "/managedZones/" + zone + "/rrsets/" + name + "/" + typ
	t.Within = &drift.Within{Type: "google_dns_managed_zone", Key: identity.Key(row.Source, zone), Match: []drift.Match{{Attribute: "name", Value: zone}}}
	return drift.Choice{t}
}

// sqlUserCreated: a user's id has its host, which most users do not have.
func sqlUserCreated(call Call, row Row) []drift.Choice {
	choices := call.targets(row)
	for i := range choices {
		for j := range choices[i] {
			t := &choices[i][j]
			name, _ := parseGoogle(call.Resource)
			t.NewID = text(call.Params, "body.name", "user.name", "name") + "/" + text(call.Params, "body.host", "host") + "/" + name.after("instances")
			t.Params = nil
		}
	}
	return choices
}

// sqlUser: what a user's update sets is mostly the password, which the log
// never shows.
func sqlUser(call Call, row Row) []drift.Choice {
	choices := call.targets(row)
	for i := range choices {
		for j := range choices[i] {
			t := &choices[i][j]
			t.Params = omit(t.Params, "name", "host", "instance", "project", "database", "kind", "type", "password", "passwordPolicy")
			if len(t.Params) == 0 {
				t.Facts = append(t.Facts, drift.Fact{Attribute: "password", Op: drift.OpSet, Unknown: true, Sensitive: true})
			}
		}
	}
	return choices
}

// switched are configurations with a switch in Google's API, of which
// Terraform has the block or has it not.
func switched(members ...string) func(map[string]any) map[string]any {
	return func(body map[string]any) map[string]any {
		for _, member := range members {
			config, ok := body[member].(map[string]any)
			switch {
			case !ok:
			case config["enabled"] == true:
				body[member] = omit(config, "enabled")
			default: // false, which Google's JSON leaves out
				body[member] = cleared
			}
		}
		return body
	}
}

// bigtableCluster: a cluster is one of its instance's in state.
func bigtableCluster(call Call, row Row) []drift.Choice {
	name, _ := parseGoogle(call.Resource)
	cluster := name.after("clusters")
	if cluster == "" {
		cluster = text(call.Params, "clusterId")
	}
	if cluster == "" {
		return nil
	}
	nodes := tree.Get(call.Params, "serveNodes")
	if len(nodes) == 0 {
		nodes = tree.Get(call.Params, "cluster.serveNodes")
	}
	scaling := bigtableScaling(call)
	instance := googleName{project: name.project, path: []string{"instances", name.after("instances")}}
	t := target(row, "google_bigtable_instance", drift.Set, instance.id(), drift.Match{Attribute: "*", Value: instance.String()})
	t.Tell = func(e *drift.Entry) (drift.Effect, []drift.Fact) {
		clusters := list(e.Attributes, "cluster")
		out := make([]any, 0, len(clusters))
		for _, c := range clusters {
			fields, _ := c.(map[string]any)
			if text(c, "cluster_id") == cluster {
				if row.Effect == drift.Delete {
					return drift.Set, []drift.Fact{{Attribute: "cluster", Op: drift.OpRemove, Value: c}}
				}
				fields = omit(fields)
				if len(nodes) > 0 {
					fields["num_nodes"] = nodes[0]
				}
				if scaling != nil {
					fields["autoscaling_config"] = []any{scaling}
				}
			}
			out = append(out, fields)
		}
		if row.Effect == drift.Create {
			added := map[string]any{"cluster_id": cluster}
			if len(nodes) > 0 {
				added["num_nodes"] = nodes[0]
			}
			if zone := text(call.Params, "cluster.location"); zone != "" {
				added["zone"] = identity.Short(zone)
			}
			return drift.Set, []drift.Fact{{Attribute: "cluster", Op: drift.OpAdd, Value: added}}
		}
		return drift.Set, []drift.Fact{{Attribute: "cluster", Op: drift.OpSet, Value: out}}
	}
	return []drift.Choice{{t}}
}

// bigtableScaling is a cluster's autoscaling, in Terraform's names; nil where the
// call says nothing of it.
func bigtableScaling(call Call) map[string]any {
	var scaling map[string]any
	for path, field := range map[string]string{
		"autoscalingLimits.minServeNodes": "min_nodes", "autoscalingLimits.maxServeNodes": "max_nodes",
		"autoscalingTargets.cpuUtilizationPercent": "cpu_target", "autoscalingTargets.storageUtilizationGibPerNode": "storage_target",
	} {
		for _, config := range [...]string{"clusterConfig.clusterAutoscalingConfig.", "cluster.clusterConfig.clusterAutoscalingConfig."} {
			if v := tree.Get(call.Params, config+path); len(v) > 0 {
				if scaling == nil {
					scaling = map[string]any{}
				}
				scaling[field] = v[0]
			}
		}
	}
	return scaling
}

// bigqueryBody is what a dataset or table is after a call. BigQuery logs that
// beside the request: as BigQueryAuditMetadata, before that as its AuditData.
func bigqueryBody(extra map[string]any) map[string]any {
	for _, path := range [...]string{
		"datasetChange.dataset", "datasetCreation.dataset", "tableChange.table", "tableCreation.table",
		"datasetUpdateRequest.resource", "tableUpdateRequest.resource",
	} {
		for _, v := range tree.Get(extra, path) {
			resource, ok := v.(map[string]any)
			if !ok {
				continue
			}
			body := omit(resource, "datasetName", "tableName", "createTime", "updateTime", "acl", "truncateTime", "etag")
			for _, info := range [...]string{"datasetInfo", "tableInfo", "info"} {
				if fields, ok := body[info].(map[string]any); ok {
					delete(body, info)
					for k, field := range fields {
						body[k] = field
					}
				}
			}
			return body
		}
	}
	return nil
}

// bigqueryUpdate: the log has the whole resource after the change, without
// fields that are empty.
func bigqueryUpdate(call Call, row Row) []drift.Choice {
	if id := text(call.Extra, "datasetInsertRequest.resource.datasetName.datasetId"); id != "" && !strings.Contains(call.Resource, "/datasets/") {
		named := *call.Event // the older log names the project alone
		named.Resource = Below(call.Resource, "datasets/"+id)
		call.Event = &named
	}
	if body := bigqueryBody(call.Extra); body != nil {
		if ms, ok := milliseconds(text(body, "defaultTableExpireDuration")); ok {
			body["defaultTableExpirationMs"] = ms
		}
		delete(body, "defaultTableExpireDuration")
		if expires, err := time.Parse(time.RFC3339, text(body, "expireTime")); err == nil {
			body["expirationTime"] = strconv.FormatInt(expires.UnixMilli(), 10)
		}
		delete(body, "expireTime")
		for _, field := range [...]string{"description", "friendlyName"} {
			if body[field] == nil {
				body[field] = cleared
			}
		}
		call.Body = body
	}
	choices := call.targets(row)
	schema, given := call.Body["schemaJson"].(string)
	if !given {
		return choices
	}
	call.Body = omit(call.Body, "schemaJson")
	choices = call.targets(row)
	for i := range choices {
		for j := range choices[i] {
			choices[i][j].Facts = append(choices[i][j].Facts, drift.Fact{Attribute: "schema", Op: drift.OpSet, Value: bigqueryFields(schema)})
		}
	}
	return choices
}

// bigqueryFields is the schema as state keeps it, a list of fields.
func bigqueryFields(schema string) any {
	v, err := tree.Parse([]byte(schema))
	if object, ok := v.(map[string]any); ok && err == nil {
		v = object["fields"]
	}
	if v == nil {
		return cleared
	}
	return string(tree.Canonical(v))
}

// milliseconds reads a duration in seconds, "3600s".
func milliseconds(duration string) (string, bool) {
	seconds, ok := strings.CutSuffix(duration, "s")
	if !ok || !isNumber(seconds) {
		return "", false
	}
	return seconds + "000", true
}

// spannerDatabase: a database is named in the statement that creates it.
func spannerDatabase(call Call, row Row) []drift.Choice {
	parent, _ := parseGoogle(call.Resource)
	words := strings.Fields(text(call.Params, "createStatement"))
	name, instance := parent.after("databases"), parent.after("instances")
	if name == "" && len(words) > 0 {
		name = strings.Trim(words[len(words)-1], "`\"")
	}
	if name == "" {
		return nil
	}
	t := target(row, "google_spanner_database", drift.Create, name, drift.Match{Attribute: "name", Value: name}, drift.Match{Attribute: "instance", Value: instance})
	t.NewID = instance + "/" + name
	return []drift.Choice{{t}}
}

// servicesEnabled: several services at once, by their names.
func servicesEnabled(call Call, row Row) []drift.Choice {
	var choices []drift.Choice
	for _, member := range [...]string{"serviceIds", "serviceNames"} {
		for _, v := range list(call.Params, member) {
			service, _ := v.(string)
			t := target(row, row.Type, drift.Create, service, drift.Match{Attribute: "service", Value: service})
			t.NewID, t.Within = call.Account+"/"+service, &drift.Within{}
			choices = append(choices, drift.Choice{t})
		}
	}
	return choices
}

// bucketForm: what a bucket's patch says in another way than Terraform.
func bucketForm(body map[string]any) map[string]any {
	lifecycle, ok := body["lifecycle"].(map[string]any)
	if !ok {
		if _, cleared := body["lifecycle"]; cleared {
			body["lifecycle"] = map[string]any{"rule": cleared}
		}
		return body
	}
	rules := []any{}
	for _, r := range list(lifecycle, "rule") {
		rule, _ := r.(map[string]any)
		rule = omit(rule)
		if condition, ok := rule["condition"].(map[string]any); ok {
			condition = omit(condition, "isLive")
			switch live := text(rule, "condition.isLive"); live {
			case "true":
				condition["withState"] = "LIVE"
			case "false":
				condition["withState"] = "ARCHIVED"
			}
			rule["condition"] = condition
		}
		rules = append(rules, rule)
	}
	body["lifecycle"] = map[string]any{"rule": rules}
	return body
}

// customRole: the log says which permissions an update added and removed; its
// body has all of them.
func customRole(call Call, row Row) []drift.Choice {
	var facts []drift.Fact
	for member, op := range map[string]drift.Op{"addedPermissions": drift.OpAdd, "removedPermissions": drift.OpRemove} {
		for _, permission := range list(call.Extra, "permissionDelta."+member) {
			facts = append(facts, drift.Fact{Attribute: "permissions", Op: op, Value: permission})
		}
	}
	if len(facts) > 0 {
		call.Body = omit(call.Body, "includedPermissions", "included_permissions")
	}
	choices := call.targets(row)
	for i := range choices {
		for j := range choices[i] {
			choices[i][j].Facts = append(choices[i][j].Facts, facts...)
		}
	}
	return choices
}

// datasetAccess are the targets that show a dataset's grants in the older form,
// as the entries of its access list.
func datasetAccess(row Row, object googleName, d iamDelta) []drift.Target {
	if object.collection() != "datasets" {
		return nil
	}
	name := drift.Match{Attribute: "dataset_id", Value: object.id()}
	single := target(row, "google_bigquery_dataset_access", drift.Set, object.id(), name)
	single.Tell = func(e *drift.Entry) (drift.Effect, []drift.Fact) {
		switch {
		case !d.isAccess(e.Attributes):
			return "", nil
		case d.added:
			return drift.Create, nil
		}
		return drift.Delete, nil
	}
	dataset := target(row, "google_bigquery_dataset", drift.Set, object.id(), name)
	dataset.Parent = true
	dataset.Tell = func(e *drift.Entry) (drift.Effect, []drift.Fact) {
		for _, access := range list(e.Attributes, "access") {
			if d.isAccess(access) {
				op := drift.OpAdd // again
				if !d.added {
					op = drift.OpRemove
				}
				return drift.Set, []drift.Fact{{Attribute: "access", Op: op, Value: access}}
			}
		}
		if !d.added {
			return "", nil
		}
		return drift.Set, []drift.Fact{{Attribute: "access", Op: drift.OpAdd, Value: d.access()}}
	}
	return []drift.Target{single, dataset}
}

// basicRoles are the names that a dataset's access list has for three roles
// (BigQuery documentation, "Basic roles for datasets").
var basicRoles = map[string]string{"roles/bigquery.dataViewer": "READER", "roles/bigquery.dataEditor": "WRITER", "roles/bigquery.dataOwner": "OWNER"}

// access is a grant as an entry of an access list.
func (d iamDelta) access() map[string]any {
	role := d.role
	if basic := basicRoles[role]; basic != "" {
		role = basic
	}
	kind, who, _ := strings.Cut(d.member, ":")
	field := map[string]string{"user": "user_by_email", "serviceAccount": "user_by_email", "group": "group_by_email", "domain": "domain"}[kind]
	switch {
	case who == "":
		field, who = "special_group", d.member
	case field == "":
		field, who = "iam_member", d.member
	}
	return map[string]any{"role": role, field: who}
}

// isAccess reports whether an entry of an access list is the grant.
func (d iamDelta) isAccess(access any) bool {
	for field, want := range d.access() {
		have := text(access, field)
		if basic := basicRoles[have]; field == "role" && basic != "" {
			have = basic
		}
		if !strings.EqualFold(have, want.(string)) {
			return false
		}
	}
	return true
}
