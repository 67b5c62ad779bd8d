package catalog

import (
	"slices"
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/identity"
	"tfdrift/internal/tree"
)

// Every Google service sets an object's whole IAM policy in one call. State
// keeps it in up to four kinds of resources: a member, a binding, the policy, an
// audit configuration. What the call did the log tells as deltas
// (google.iam.v1.logging.AuditData, BigQuery's audit metadata); some services
// log the policy alone, and then it is compared with what state holds.

// isGrant tells the types that hold a part of an object's IAM policy, or all of it.
func isGrant(typ string) bool {
	_, _, ok := grantKind(typ)
	return ok
}

// grantKind splits such a type: the object's type, and which part of its policy.
func grantKind(typ string) (object, kind string, ok bool) {
	for _, kind := range [...]string{"member", "binding", "policy", "audit_config"} {
		if object, ok := strings.CutSuffix(typ, "_iam_"+kind); ok {
			return object, kind, true
		}
	}
	return "", "", false
}

// googleIAM makes the choices of a call that sets a policy. rows are the types
// in which state may hold a part of the policy of some object of that service.
func googleIAM(call Call, rows []Row) []drift.Choice {
	object, ok := iamObject(call)
	if !ok {
		return nil
	}
	rows = slices.DeleteFunc(rows, func(r Row) bool { return !holdsPolicyOf(r.Type, object) })
	changed, known := deltasOf(call)
	if !known {
		return iamWhole(call, rows, object)
	}
	var choices []drift.Choice
	for _, d := range changed {
		choices = append(choices, iamChoice(call, rows, object, d))
	}
	return choices
}

// iamChoice is one delta: the resources that may hold the grant, of which a
// member is what a grant that no state knows would be.
func iamChoice(call Call, rows []Row, object googleName, d iamDelta) drift.Choice {
	var choice drift.Choice
	for _, row := range rows {
		t := iamTarget(row, object, d.tell)
		if stem, kind, _ := grantKind(row.Type); kind == "member" && d.service == "" {
			t.Effect = drift.Delete
			if d.added {
				t.Effect = drift.Create
			}
			t.NewID = iamObjectID(row.Type, object) + "/" + d.role + "/" + d.member + d.condition.suffix()
			t.Within = iamWithin(row, stem, object)
		}
		choice = append(choice, t)
	}
	if len(rows) > 0 && d.service == "" {
		choice = append(choice, datasetAccess(rows[0], object, d)...)
	}
	return choice
}

// iamWhole compares a whole policy with what state holds of it. What else the
// policy grants is news where state manages the object; the many grants of
// projects, folders and organizations, which Google makes too, are not.
func iamWhole(call Call, rows []Row, object googleName) []drift.Choice {
	policy, ok := policyOf(call)
	if !ok {
		return nil
	}
	var whole drift.Choice
	for _, row := range rows {
		whole = append(whole, iamTarget(row, object, policy.tell))
	}
	choices := []drift.Choice{whole}
	if slices.Contains([]string{"projects", "folders", "organizations"}, object.collection()) {
		return choices
	}
	for _, b := range policy {
		for _, m := range b.members {
			member, _ := m.(string)
			d := iamDelta{added: true, role: b.role, member: member, condition: b.condition}
			choice := iamChoice(call, rows, object, d)
			for i := range choice {
				choice[i].Tell = both(choice[i].Tell, d.covered)
			}
			choices = append(choices, choice)
		}
	}
	return choices
}

type tell func(*drift.Entry) (drift.Effect, []drift.Fact)

// both asks the second where the first (whose object is meant) says anything.
func both(is, says tell) tell {
	return func(e *drift.Entry) (drift.Effect, []drift.Fact) {
		if effect, _ := is(e); effect == "" {
			return "", nil
		}
		return says(e)
	}
}

func iamTarget(row Row, object googleName, says tell) drift.Target {
	t := target(row, row.Type, drift.Set, object.id())
	attributes, _, _ := strings.Cut(row.ID, "=")
	t.Tell = func(e *drift.Entry) (drift.Effect, []drift.Fact) {
		for attribute := range strings.SplitSeq(attributes, "|") {
			if holdsObject(e, attribute, object) {
				return says(e)
			}
		}
		return "", nil
	}
	return t
}

func holdsObject(e *drift.Entry, attribute string, object googleName) bool {
	for have := range values(e, attribute) {
		name, isPath := parseGoogle(have)
		if isPath && name.same(object) || !isPath && sameSegment(have, object.id()) && place(e).near(object) {
			return true
		}
	}
	return false
}

// iamObject is the object whose policy a call sets.
func iamObject(call Call) (googleName, bool) {
	name, ok := parseGoogle(call.Resource)
	if !ok && strings.HasPrefix(call.Source, "cloudresourcemanager") && call.Resource != "" {
		name, ok = googleName{project: call.Resource}, true
	}
	if !ok {
		return name, false
	}
	if strings.HasPrefix(call.Resource, "folders/") || strings.HasPrefix(call.Resource, "organizations/") {
		return name, true
	}
	if name.project == "" || isNumber(name.project) && !isNumber(call.Account) && call.Account != "" {
		name.project = call.Account
	}
	if name.location == "" && strings.HasPrefix(call.Resource, "namespaces/") {
		name.place, name.location = "locations", call.Labels["location"]
	}
	if email := call.Labels["email_id"]; uniqueID(name.id()) && email != "" {
		name.path[len(name.path)-1] = email
	}
	return name, true
}

// holdsPolicyOf reports whether a type may be of the policy of an object, by
// the collection that the object is in.
func holdsPolicyOf(typ string, object googleName) bool {
	stem, _, _ := grantKind(typ)
	return strings.HasSuffix(strings.ReplaceAll(stem, "_", ""), singularCollection(object.collection()))
}

// iamObjectID is the object as the id of its grants has it.
func iamObjectID(typ string, n googleName) string {
	switch n.collection() {
	case "projects":
		return n.project
	case "organizations":
		return n.id()
	case "buckets":
		return "b/" + n.id()
	}
	if strings.HasPrefix(typ, "google_cloud_run_service_iam_") {
		return "v1/" + n.String()
	}
	return n.String()
}

func iamWithin(row Row, stem string, object googleName) *drift.Within {
	if stem == "google_project" {
		return &drift.Within{}
	}
	return &drift.Within{Type: stem, Key: identity.Key(row.Source, object.id()), Match: []drift.Match{{Attribute: "*", Value: object.String()}}}
}

// iamCondition makes a grant another one than that without it.
type iamCondition struct{ title, description, expression string }

func conditionOf(v any) iamCondition {
	return iamCondition{text(v, "condition.title"), text(v, "condition.description"), text(v, "condition.expression")}
}

// suffix is how the condition ends the id of a grant.
func (c iamCondition) suffix() string {
	if c.expression == "" {
		return ""
	}
	return "/" + c.title + "/" + c.description + "/" + c.expression
}

// iamPolicy is a policy's grants, condition by condition.
type iamPolicy []iamBinding

type iamBinding struct {
	role      string
	condition iamCondition
	members   []any
}

// policyOf is the policy that a call sets; ok is false where the log has none.
func policyOf(call Call) (p iamPolicy, ok bool) {
	for _, path := range [...]string{"policy", "body.policy", "resource.policy", "setIamPolicyRequest.policy"} {
		for _, v := range tree.Get(call.Params, path) {
			if _, ok := v.(map[string]any); ok {
				return bindings(v), true
			}
		}
	}
	_, ok = call.Params["bindings"]
	return bindings(call.Params), ok
}

func bindings(policy any) iamPolicy {
	all := iamPolicy{}
	for _, b := range list(policy, "bindings") {
		all = append(all, iamBinding{role: text(b, "role"), condition: conditionOf(b), members: list(b, "members")})
	}
	return all
}

// of are the members of a role under a condition, over all its bindings.
func (p iamPolicy) of(role, expression string) (members []any, ok bool) {
	for _, b := range p {
		if b.role == role && b.condition.expression == expression {
			members, ok = append(members, b.members...), true
		}
	}
	return members, ok
}

// tell says what a whole policy means for one entry.
func (p iamPolicy) tell(e *drift.Entry) (drift.Effect, []drift.Fact) {
	role, condition := grantOf(e)
	members, granted := p.of(role, condition)
	switch _, kind, _ := grantKind(e.Type); kind {
	case "policy":
		return drift.Set, []drift.Fact{{Attribute: "policy_data", Op: drift.OpSet, Value: p.document(e)}}
	case "binding":
		if !granted || len(members) == 0 {
			return drift.Delete, nil
		}
		return drift.Create, []drift.Fact{{Attribute: "members", Op: drift.OpSet, Value: members}}
	case "member":
		if slices.ContainsFunc(members, func(m any) bool { return sameMember(m, tree.GetString(e.Attributes, "member")) }) {
			return drift.Create, nil
		}
		return drift.Delete, nil
	}
	return "", nil
}

// document is the policy as an entry's policy_data has it: with what of that is
// no grant, and as that spells it where it grants the same.
func (p iamPolicy) document(e *drift.Entry) any {
	have := tree.GetString(e.Attributes, "policy_data")
	state, _ := tree.Parse([]byte(have))
	doc := map[string]any{}
	if old, ok := state.(map[string]any); ok {
		if p.same(bindings(old)) {
			return have
		}
		for k, v := range old {
			doc[k] = v
		}
	}
	all := make([]any, 0, len(p))
	for _, b := range p {
		m := map[string]any{"role": b.role, "members": b.members}
		if b.condition.expression != "" {
			m["condition"] = map[string]any{"title": b.condition.title, "expression": b.condition.expression}
		}
		all = append(all, m)
	}
	doc["bindings"] = all
	return doc
}

func (p iamPolicy) same(other iamPolicy) bool {
	return p.within(other) && other.within(p)
}

func (p iamPolicy) within(other iamPolicy) bool {
	for _, b := range p {
		members, _ := other.of(b.role, b.condition.expression)
		for _, m := range b.members {
			if s, _ := m.(string); !slices.ContainsFunc(members, func(o any) bool { return sameMember(o, s) }) {
				return false
			}
		}
	}
	return true
}

func grantOf(e *drift.Entry) (role, condition string) {
	return tree.GetString(e.Attributes, "role"), tree.GetString(e.Attributes, "condition.expression")
}

// sameMember compares members; providers write their domains in lower case.
func sameMember(m any, want string) bool {
	s, _ := m.(string)
	return s != "" && strings.EqualFold(s, want)
}

// iamDelta is one grant made or taken away, or one audit configuration.
type iamDelta struct {
	added        bool
	role, member string
	condition    iamCondition

	service, logType, exempted string // of an audit configuration
}

// deltasOf reads policyDelta, wherever a service logs it. known is false where
// it logs none; an empty one says that nothing changed.
func deltasOf(call Call) (deltas []iamDelta, known bool) {
	for _, root := range [...]map[string]any{call.Extra, call.Response, call.Params} {
		for _, path := range [...]string{"policyDelta.", "datasetChange.", "tableChange.", ""} {
			for _, d := range list(root, path+"bindingDeltas") {
				deltas = append(deltas, iamDelta{added: isAdd(d), role: text(d, "role"), member: text(d, "member"), condition: conditionOf(d)})
			}
			for _, d := range list(root, path+"auditConfigDeltas") {
				deltas = append(deltas, iamDelta{added: isAdd(d), service: text(d, "service"), logType: text(d, "logType"), exempted: text(d, "exemptedMember")})
			}
		}
		if len(deltas) > 0 {
			return deltas, true
		}
	}
	return nil, call.Extra["policyDelta"] != nil
}

// isAdd reads a delta's action, which may be the enum's number.
func isAdd(delta any) bool {
	action := text(delta, "action")
	return action == "ADD" || action == "1"
}

// tell says what a delta means for one entry.
func (d iamDelta) tell(e *drift.Entry) (drift.Effect, []drift.Fact) {
	op := drift.OpAdd
	if !d.added {
		op = drift.OpRemove
	}
	_, kind, _ := grantKind(e.Type)
	if d.service != "" || kind == "audit_config" {
		if kind != "audit_config" || tree.GetString(e.Attributes, "service") != d.service {
			return "", nil
		}
		exempted := []any{}
		if d.exempted != "" {
			exempted = append(exempted, d.exempted)
		}
		return drift.Set, []drift.Fact{{Attribute: "audit_log_config", Op: op, Value: map[string]any{"log_type": d.logType, "exempted_members": exempted}}}
	}
	role, condition := grantOf(e)
	switch {
	case kind == "policy":
		v := map[string]any{"role": d.role, "member": d.member}
		if d.condition.expression != "" {
			v["condition"] = d.condition.expression
		}
		return drift.Set, []drift.Fact{{Attribute: "policy_data", Op: op, Value: v}}
	case role != d.role || condition != d.condition.expression:
		return "", nil
	case kind == "binding":
		return drift.Set, []drift.Fact{{Attribute: "members", Op: op, Value: d.member}}
	case kind == "member" && sameMember(d.member, tree.GetString(e.Attributes, "member")):
		if d.added {
			return drift.Create, nil
		}
		return drift.Delete, nil
	}
	return "", nil
}

// covered says, of a grant in a whole policy, whether an entry speaks for it:
// then what it means was said already.
func (d iamDelta) covered(e *drift.Entry) (drift.Effect, []drift.Fact) {
	role, condition := grantOf(e)
	_, kind, _ := grantKind(e.Type)
	same := role == d.role && condition == d.condition.expression
	if kind == "policy" || same && (kind == "binding" || sameMember(d.member, tree.GetString(e.Attributes, "member"))) {
		return drift.Set, nil
	}
	return "", nil
}

// PolicyGrants takes the grants of a policy document (policy_data) apart, each
// as the elements that a change of it adds or removes.
func PolicyGrants(document string) (grants []any) {
	v, err := tree.Parse([]byte(document))
	if err != nil {
		return nil
	}
	for _, b := range bindings(v) {
		for _, m := range b.members {
			g := map[string]any{"role": b.role, "member": m}
			if b.condition.expression != "" {
				g["condition"] = b.condition.expression
			}
			grants = append(grants, g)
		}
	}
	return grants
}
