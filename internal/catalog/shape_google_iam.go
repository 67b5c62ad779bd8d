package catalog

import (
	"slices"
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/identity"
	"tfdrift/internal/tree"
)

// googleIAM: SetIamPolicy writes an object's whole policy; service data tells
// which bindings that added and removed. The row's Type is a member, binding or
// policy resource, and each understands the call in its own way. The policy's
// object is the logged resource, by whatever name state has it.
//
// Where the log has deltas, they are what changed. Where it has only the new
// policy, a member or binding is compared with that; what the policy held
// before is not known, so that nothing is said of grants that no state manages.
func googleIAM(call Call, row Row) []drift.Choice {
	policy := policyOf(call)
	deltas := deltasOf(call)
	if policy == nil && len(deltas) == 0 {
		return nil
	}
	object := call.Resource
	if len(deltas) == 0 {
		return []drift.Choice{{iamTarget(call, row, object, func(e *drift.Entry) (drift.Effect, []drift.Fact) { return policy.tell(e) })}}
	}
	var choices []drift.Choice
	for _, d := range deltas {
		t := iamTarget(call, row, object, d.tell)
		if strings.HasSuffix(row.Type, "_iam_member") && d.added {
			t.Effect = drift.Create
			t.NewID = strings.TrimSpace(googleObject(call) + " " + d.role + " " + d.member)
			if strings.HasPrefix(row.Type, "google_project_") {
				t.Within = &drift.Within{}
			} else if parent, ok := strings.CutSuffix(row.Type, "_iam_member"); ok {
				t.Within = &drift.Within{Type: parent, Key: identity.Key(row.Source, object), Match: []drift.Match{{Attribute: "*", Value: object}}}
			}
		}
		choices = append(choices, drift.Choice{t})
	}
	return choices
}

// isGrant tells the types that hold a part of an object's IAM policy, or all of it.
func isGrant(typ string) bool {
	return strings.HasSuffix(typ, "_iam_member") || strings.HasSuffix(typ, "_iam_binding") || strings.HasSuffix(typ, "_iam_policy")
}

func iamTarget(call Call, row Row, object string, tell func(*drift.Entry) (drift.Effect, []drift.Fact)) drift.Target {
	t := target(row, row.Type, drift.Set, object, drift.Match{Attribute: "*", Value: object})
	t.Tell = tell
	return t
}

// googleObject is the object's name as an import id has it.
func googleObject(call Call) string {
	switch {
	case strings.HasPrefix(call.Resource, "projects/_/buckets/"):
		return "b/" + identity.Short(call.Resource)
	case strings.Count(call.Resource, "/") <= 1 && strings.HasPrefix(call.Source, "cloudresourcemanager"):
		return identity.Short(call.Resource)
	}
	return call.Resource
}

// iamPolicy is a policy's grants, condition by condition.
type iamPolicy []iamBinding

type iamBinding struct {
	role, condition string
	members         []any
}

func policyOf(call Call) iamPolicy {
	for _, path := range [...]string{"policy", "body.policy", "resource.policy", "setIamPolicyRequest.policy"} {
		for _, p := range tree.Get(call.Params, path) {
			if _, ok := p.(map[string]any); ok {
				return bindings(p)
			}
		}
	}
	if call.Params["bindings"] != nil {
		return bindings(call.Params)
	}
	return nil
}

func bindings(policy any) iamPolicy {
	all := iamPolicy{}
	for _, b := range list(policy, "bindings") {
		all = append(all, iamBinding{role: text(b, "role"), condition: text(b, "condition.expression"), members: list(b, "members")})
	}
	return all
}

func (p iamPolicy) binding(role, condition string) (iamBinding, bool) {
	i := slices.IndexFunc(p, func(b iamBinding) bool { return b.role == role && b.condition == condition })
	if i < 0 {
		return iamBinding{}, false
	}
	return p[i], true
}

// tell says what a whole policy means for one entry.
func (p iamPolicy) tell(e *drift.Entry) (drift.Effect, []drift.Fact) {
	role, condition := grantOf(e)
	switch {
	case strings.HasSuffix(e.Type, "_iam_policy"):
		return drift.Set, []drift.Fact{{Attribute: "policy_data", Op: drift.OpSet, Value: p.document()}}
	case strings.HasSuffix(e.Type, "_iam_binding"):
		b, ok := p.binding(role, condition)
		if !ok {
			return drift.Delete, nil
		}
		return drift.Create, []drift.Fact{{Attribute: "members", Op: drift.OpSet, Value: b.members}}
	case strings.HasSuffix(e.Type, "_iam_member"):
		b, _ := p.binding(role, condition)
		if slices.ContainsFunc(b.members, func(m any) bool { return sameMember(m, tree.GetString(e.Attributes, "member")) }) {
			return drift.Create, nil
		}
		return drift.Delete, nil
	}
	return "", nil
}

func (p iamPolicy) document() any {
	list := make([]any, 0, len(p))
	for _, b := range p {
		m := map[string]any{"role": b.role, "members": b.members}
		if b.condition != "" {
			m["condition"] = map[string]any{"expression": b.condition}
		}
		list = append(list, m)
	}
	return map[string]any{"bindings": list}
}

func grantOf(e *drift.Entry) (role, condition string) {
	return tree.GetString(e.Attributes, "role"), tree.GetString(e.Attributes, "condition.expression")
}

func sameMember(m any, want string) bool {
	s, _ := m.(string)
	return s != "" && strings.EqualFold(s, want)
}

// iamDelta is one grant made or taken away.
type iamDelta struct {
	added                   bool
	role, member, condition string
}

// deltasOf reads policyDelta.bindingDeltas, wherever a service logs it (Cloud
// Audit Logs, "AuditData", and the metadata of newer services).
func deltasOf(call Call) []iamDelta {
	var deltas []iamDelta
	for _, root := range [...]any{call.Extra, call.Response, call.Params} {
		for _, path := range [...]string{"policyDelta.bindingDeltas", "datasetChange.bindingDeltas", "tableChange.bindingDeltas", "bindingDeltas"} {
			for _, d := range list(root, path) {
				deltas = append(deltas, iamDelta{added: text(d, "action") == "ADD", role: text(d, "role"), member: text(d, "member"), condition: text(d, "condition.expression")})
			}
		}
		if len(deltas) > 0 {
			return deltas
		}
	}
	return nil
}

// tell says what a delta means for one entry.
func (d iamDelta) tell(e *drift.Entry) (drift.Effect, []drift.Fact) {
	role, condition := grantOf(e)
	op := drift.OpAdd
	if !d.added {
		op = drift.OpRemove
	}
	switch {
	case strings.HasSuffix(e.Type, "_iam_policy"):
		return drift.Set, []drift.Fact{{Attribute: "policy_data", Op: op, Value: map[string]any{"role": d.role, "member": d.member}}}
	case role != d.role || condition != d.condition:
		return "", nil
	case strings.HasSuffix(e.Type, "_iam_binding"):
		return drift.Set, []drift.Fact{{Attribute: "members", Op: op, Value: d.member}}
	case strings.HasSuffix(e.Type, "_iam_member") && sameMember(d.member, tree.GetString(e.Attributes, "member")):
		if d.added {
			return drift.Create, nil
		}
		return drift.Delete, nil
	}
	return "", nil
}
