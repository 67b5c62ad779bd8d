package main

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"tfdrift/internal/catalog"
	"tfdrift/internal/drift"
	"tfdrift/internal/facts"
	"tfdrift/internal/tree"
)

// gcpRows derives a row for each pair of method and type in the facts.
func gcpRows(f *Facts) []catalog.Row {
	roles := map[opType]map[string]bool{}
	spelling := map[opType]string{}
	for _, m := range f.Methods {
		source := catalog.NormalSource(drift.GCP, m.service)
		if strings.HasPrefix(m.typ, "google_service_account") || strings.HasSuffix(m.typ, "_iam_custom_role") {
			source = "iam" // the provider's base URL misleads the facts
		}
		name := catalog.NormalName(drift.GCP, source, m.method)
		if strings.Contains(name, "%") { // a format string: "%s:setIamPolicy.create"
			_, method, _ := strings.Cut(name, ":")
			name = iamREST(source, m.typ, strings.TrimSuffix(method, ".create"))
		}
		key := opType{op{source, name}, m.typ}
		folded := key
		folded.event = strings.ToLower(key.event)
		if spelling[folded] == "" {
			spelling[folded] = key.event
			roles[folded] = map[string]bool{}
		}
		if m.how == "http-alt-verb" {
			m.role = "guess" // another verb on the same path: another thing
		}
		roles[folded][m.role] = true
	}
	about := map[op]bool{} // some type is what the method is about
	for key := range roles {
		if isIAM(key.typ) || nounIn(spelling[key], key.typ) {
			about[key.op] = true
		}
	}
	var rows []catalog.Row
	for _, key := range slices.SortedFunc(maps.Keys(roles), compareOps) {
		row := gcpRow(f, opType{op{key.source, spelling[key]}, key.typ}, roles[key])
		if row.Effect == drift.Silent {
			rows = append(rows, row)
			continue
		}
		row.ID = withRest(row.ID, row.Type, row.Event)
		row.Parent = row.Parent || about[op{key.source, key.event}] && strings.HasPrefix(row.ID, "*=") && !isIAM(key.typ) && !nounIn(row.Event, key.typ)
		if row.Effect == drift.Create && row.Parent { // a step of its creation on something else
			row = catalog.Row{Source: row.Source, Event: row.Event, Type: row.Type, Effect: drift.Silent}
		}
		if about := nounIn(row.Event, key.typ); row.Effect == drift.Delete && !about && strings.HasPrefix(row.ID, "*=") && !strings.HasPrefix(row.Event, "projects.") {
			if row.Parent || strings.Contains(row.Event, ".") { // deletes what it is in, or something else of that service
				row = catalog.Row{Source: row.Source, Event: row.Event, Type: row.Type, Effect: drift.Silent}
			}
		}
		rows = append(rows, row)
	}
	return append(rows, counterparts(f, rows)...)
}

// counterparts are the rows that follow from others: REST collections have an
// update and a patch, of which the provider calls one, and every object with an
// IAM policy has one method that sets it.
func counterparts(f *Facts, rows []catalog.Row) (more []catalog.Row) {
	have := map[opType]bool{}
	sources := map[string]string{}
	iam := map[string]bool{}
	for _, row := range rows {
		have[opType{op{row.Source, row.Event}, row.Type}] = true
		iam[row.Type] = true
		if sources[row.Type] == "" || row.Effect == drift.Create {
			sources[row.Type] = row.Source
		}
	}
	for _, row := range rows {
		collection, method, _ := strings.Cut(row.Event, ".")
		other := map[string]string{"update": "patch", "patch": "update"}[method]
		if other == "" {
			continue
		}
		row.Event = collection + "." + other
		if row.Event == catalog.NormalName(drift.GCP, row.Source, row.Event) && !have[opType{op{row.Source, row.Event}, row.Type}] {
			more = append(more, row)
		}
	}
	for _, typ := range slices.Sorted(maps.Keys(f.Types)) {
		source := sources[iamType.ReplaceAllString(typ, "")]
		if !strings.HasPrefix(typ, "google_") || !isIAM(typ) || iam[typ] || source == "" {
			continue
		}
		more = append(more, catalog.Row{Source: source, Event: "SetIamPolicy", Type: typ, Effect: drift.Set, ID: iamTarget(f.Types[typ], typ) + "=resource"})
	}
	return more
}

// iamREST is the name of a REST setIamPolicy method: dns.managedZones.setIamPolicy.
func iamREST(source, typ, method string) string {
	switch source {
	case "dns":
		return "managedZones." + method
	case "storage":
		return "setIamPermissions"
	}
	return method
}

var iamType = regexp.MustCompile(`_iam_(member|binding|policy|audit_config)$|_iam_(member|binding)_`)

func isIAM(typ string) bool { return iamType.MatchString(typ) }

// gcpVerb reads a method's name: Create and insert make, Delete and remove
// undo, and some say nothing about what state holds.
func gcpVerb(event string) (v verb, silent bool) {
	method := event[strings.LastIndexByte(event, '.')+1:]
	switch method = strings.ToLower(method); {
	case quiet.MatchString(method):
		return other, true
	case strings.HasPrefix(method, "create"), strings.HasPrefix(method, "insert"), strings.HasPrefix(method, "clone"), strings.HasPrefix(method, "upload"), strings.HasPrefix(method, "assign"), method == "deploy", strings.HasPrefix(method, "import"):
		return create, false
	case strings.HasPrefix(method, "add"), strings.HasPrefix(method, "enable"), strings.HasPrefix(method, "attach"), strings.HasPrefix(method, "batchenable"):
		return attach, false
	case strings.HasPrefix(method, "delete"), strings.HasPrefix(method, "remove"), strings.HasPrefix(method, "disable"), strings.HasPrefix(method, "detach"), strings.HasPrefix(method, "destroy"):
		return undo, false
	}
	return upsert, false
}

// quiet methods run, read or move data: nothing that state holds.
var quiet = regexp.MustCompile(`^(start|stop|suspend|resume|reset|restart|reboot|list|get|query|search|test|run|execute|export|restorebackup|failover|switchover|generate|fetch|check|validate|preview|simulate|rollback|cancel|performmaintenance|simulatemaintenanceevent)([a-z]*)$`)

// nounIn reports whether a method is about the type: CreateNodePool and
// google_container_node_pool, firewalls.patch and google_compute_firewall.
func nounIn(event, typ string) bool {
	noun := gcpNoun(event)
	typ, _, _ = strings.Cut(typ, "_from_") // google_compute_instance_from_template
	typ, _, _ = strings.Cut(typ, "_with_") // google_compute_firewall_policy_with_rules
	t := strings.ReplaceAll(facts.Fold(typ), "accesscontrol", "acl")
	noun = strings.ReplaceAll(noun, "accesscontrol", "acl")
	if noun == "" {
		return false
	}
	if strings.HasSuffix(t, noun) || strings.HasSuffix(t, singular(noun)) {
		return true
	}
	if service := strings.SplitN(typ, "_", 3); len(service) == 3 { // instanceGroupManagerResizeRequests and google_compute_resize_request
		if own := facts.Fold(service[2]); len(own) > 8 && strings.HasSuffix(singular(noun), own) {
			return true
		}
	}
	if _, method, ok := strings.Cut(event, "."); ok { // firewallPolicies.patchRule, instanceGroups.setNamedPorts
		if tail := facts.Fold(strings.TrimLeft(method, "abcdefghijklmnopqrstuvwxyz")); len(tail) > 3 && strings.HasSuffix(t, singular(tail)) {
			return true
		}
	}
	for _, drop := range []string{"project", "folder", "organization", "billingaccount", "config", "region", "global", "v2"} { // google_logging_project_bucket_config
		t = strings.ReplaceAll(t, drop, "")
		noun = strings.ReplaceAll(noun, drop, "")
	}
	return noun != "" && (strings.HasSuffix(t, noun) || strings.HasSuffix(t, singular(noun)))
}

// gcpNoun is what a method acts on, folded: nodepool, firewalls.
func gcpNoun(event string) string {
	if collection, _, ok := strings.Cut(event, "."); ok {
		return facts.Fold(collection)
	}
	return facts.Fold(event[len(firstWord(event)):])
}

func singular(word string) string {
	switch {
	case strings.HasSuffix(word, "ies"):
		return word[:len(word)-3] + "y"
	case strings.HasSuffix(word, "sses"), strings.HasSuffix(word, "xes"), strings.HasSuffix(word, "ches"), strings.HasSuffix(word, "shes"):
		return word[:len(word)-2]
	case strings.HasSuffix(word, "ss"):
		return word
	}
	return strings.TrimSuffix(word, "s")
}

func plural(word string) string {
	switch {
	case strings.HasSuffix(word, "y") && !strings.HasSuffix(word, "ey") && !strings.HasSuffix(word, "ay"):
		return word[:len(word)-1] + "ies"
	case strings.HasSuffix(word, "s"), strings.HasSuffix(word, "x"), strings.HasSuffix(word, "ch"):
		return word + "es"
	}
	return word + "s"
}

func gcpRow(f *Facts, key opType, roles map[string]bool) catalog.Row {
	row := catalog.Row{Source: key.source, Event: key.event, Type: key.typ, Effect: drift.Set}
	t := f.Types[key.typ]
	if isIAM(key.typ) {
		row.ID = iamTarget(t, key.typ) + "=resource"
		return row
	}
	v, silent := gcpVerb(key.event)
	if _, method, ok := strings.Cut(key.event, "."); ok && strings.HasSuffix(method, "AsyncReplication") { // a pair that one disk begins and either ends
		row.Effect, row.ID = drift.Delete, "primary_disk=resource"
		if strings.HasPrefix(method, "start") {
			row.Effect, row.NewID = drift.Create, "resource"
		}
		return row
	}
	if key.event == "UpdateAccessLevel" && !strings.Contains(key.typ, "access_level") || roles["guess"] && len(roles) == 1 || silent && (strings.Contains(key.event, ".") || !roles["update"] || !nounIn(key.event, key.typ)) || v == create && len(roles) == 1 && roles["delete"] { // a snapshot taken before the deletion
		row.Effect = drift.Silent
		return row
	}
	switch {
	case strings.HasPrefix(key.event, "DisableSecretVersion"): // its enabled attribute
	case v == undo && roles["delete"]:
		row.Effect = drift.Delete
	case v == undo:
		row.Effect, row.Parent = drift.Remove, !strings.HasSuffix(facts.Fold(key.typ), singular(gcpNoun(key.event)))
	case v == create && roles["create"], v == attach && roles["create"] && (!roles["update"] || !strings.HasSuffix(facts.Fold(key.typ), singular(gcpNoun(key.event)))):
		row.Effect = drift.Create
	case v == attach:
		row.Effect = drift.Add
	}
	row.ID = "*=resource"
	if row.Effect == drift.Create {
		row.NewID = gcpNewID(key, t)
		row.ID = "*=" + catalog.New
		if container := containerAttribute(key, t); container != "" && strings.Contains(key.event, ".") && !strings.HasSuffix(facts.Fold(key.typ), singular(gcpNoun(key.event))) {
			row.ID = container + "=resource" // disks.addResourcePolicies
		}
		return row
	}
	if container := containerAttribute(key, t); container != "" && !strings.HasSuffix(facts.Fold(key.typ), singular(gcpNoun(key.event))) {
		row.ID = container + "=resource"                                  // routers.patch changes a router's NAT
		row.Parent = key.source == "container" && row.Effect == drift.Set // a cluster's settings are not its pools'
	}
	return row
}

// iamTarget is the attribute of an IAM resource that says whose policy it is.
func iamTarget(t *typeFact, typ string) string {
	if t == nil {
		return "*"
	}
	if t.assumed {
		base := iamType.ReplaceAllString(typ, "")
		if strings.HasPrefix(typ, "google_iap_web_") && strings.HasSuffix(base, "_service") { // forwarding_rule_region_service_name
			return "forwarding_rule_service_name|forwarding_rule_region_service_name|name"
		}
		return strings.Join(append(tails(base), "name"), "|")
	}
	if t.attributes["name"].required {
		return "name"
	}
	var best string
	for _, name := range slices.Sorted(maps.Keys(t.attributes)) {
		a := t.attributes[name]
		switch name {
		case "role", "member", "members", "policy_data", "condition", "audit_log_config", "id", "etag", "location", "region", "zone":
			continue
		}
		if name == "service" && strings.HasSuffix(typ, "_audit_config") || !a.required && !(a.optional && name != "project") {
			continue
		}
		switch {
		case best == "", name != "project" && best == "project", strings.Contains(facts.Fold(typ), facts.Fold(strings.TrimSuffix(name, "_id"))) && len(name) > 2 && a.required && (best == "project" || lastWord(typ, name) > lastWord(typ, best)):
			best = name
		}
	}
	return cmp.Or(best, "project")
}

// tails are the attributes by which an IAM resource may call what its type's
// name ends in: policy, policy_id, data_policy_id.
func tails(base string) (out []string) {
	words := strings.Split(base, "_")
	for n := 1; n <= 3 && n < len(words)-1; n++ {
		tail := strings.Join(words[len(words)-n:], "_")
		out = append(out, tail, tail+"_id", tail+"_name")
	}
	return out
}

// lastWord is where in a type's name an attribute's words stand.
func lastWord(typ, attribute string) int {
	return strings.LastIndex(typ, strings.TrimSuffix(strings.TrimSuffix(attribute, "_id"), "_name"))
}

// containerAttribute is the attribute by which a part names what it is in,
// where that is what the method acts on: router for routers.patch.
func containerAttribute(key opType, t *typeFact) string {
	if t == nil {
		return ""
	}
	noun := gcpNoun(key.event)
	for _, name := range slices.Sorted(maps.Keys(t.attributes)) {
		a := t.attributes[name]
		if (a.required || a.optional) && a.kind == "s" && len(noun) > 2 {
			n := facts.Fold(strings.TrimSuffix(strings.TrimSuffix(name, "_id"), "_name"))
			if n == noun || n == singular(noun) || (strings.Contains(key.event, ".") && len(n) > 3 || len(n) > 8) && n != "replicazone" && strings.HasSuffix(singular(noun), n) {
				return name
			}
		}
	}
	return ""
}

var placeholder = regexp.MustCompile(`\{\{([a-z0-9_]+)\}\}`)

// gcpNewID is the name of what a creation makes: REST methods are logged with
// it, gRPC ones with it or with the parent's.
func gcpNewID(key opType, t *typeFact) string {
	if strings.Contains(key.event, ".") {
		return "resource"
	}
	noun := lowerFirst(key.event[len(firstWord(key.event)):])
	if noun == "" {
		return "response:name"
	}
	collection, member := plural(noun), ""
	if t != nil && t.template != "" {
		parts := strings.Split(t.template, "/")
		if len(parts) > 1 && !strings.Contains(parts[len(parts)-2], "{") {
			collection = parts[len(parts)-2]
		}
		if m := placeholder.FindStringSubmatch(parts[len(parts)-1]); m != nil && m[1] != "name" {
			member = camel(m[1])
		}
	}
	alternatives := []string{}
	for _, a := range []string{member, noun + "Id", noun + ".name", noun + "." + member, "name"} {
		if a != "" && !strings.HasSuffix(a, ".") && !slices.ContainsFunc(alternatives, func(s string) bool {
			return tree.SameName(s, a) && strings.Contains(s, ".") == strings.Contains(a, ".")
		}) {
			alternatives = append(alternatives, a)
		}
	}
	return "{resource}/" + collection + "/{" + strings.Join(alternatives, "|") + "}"
}

// camel spells an attribute as Google's requests do: secret_id, secretId.
func camel(name string) string {
	words := strings.Split(name, "_")
	for i := 1; i < len(words); i++ {
		if words[i] != "" {
			words[i] = strings.ToUpper(words[i][:1]) + words[i][1:]
		}
	}
	return strings.Join(words, "")
}
