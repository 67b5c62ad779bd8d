package catalog

import (
	"tfdrift/internal/drift"
	"tfdrift/internal/identity"
)

// iamInline: PutRolePolicy and DeleteRolePolicy as the role itself shows them,
// an element of inline_policy under its name. A put replaces the element.
func iamInline(call Call, row Row) []drift.Choice {
	role, name := text(call.Params, "roleName"), text(call.Params, "policyName")
	t := target(row, "aws_iam_role", drift.Set, role, drift.Match{Attribute: "*", Value: role})
	t.Parent = true
	t.Facts = []drift.Fact{{Attribute: "inline_policy", Op: drift.OpRemove, Value: map[string]any{"name": name}}}
	if row.Effect == drift.Add {
		policy := map[string]any{"name": name, "policy": text(call.Params, "policyDocument")}
		t.Facts = append(t.Facts, drift.Fact{Attribute: "inline_policy", Op: drift.OpAdd, Value: policy})
	}
	return []drift.Choice{{t}}
}

// iamMembership: AddUserToGroup and RemoveUserFromGroup. An
// aws_iam_group_membership holds all users of its group. An
// aws_iam_user_group_membership holds some groups of its user: it says nothing
// of another group, which then is a membership of its own, worth a finding
// where the user or the group is managed.
func iamMembership(call Call, row Row) []drift.Choice {
	user, group := text(call.Params, "userName"), text(call.Params, "groupName")
	op := drift.OpAdd
	if row.Effect == drift.Delete {
		op = drift.OpRemove
	}
	ofGroup := target(row, "aws_iam_group_membership", drift.Set, group, drift.Match{Attribute: "group", Value: group})
	ofGroup.Facts = []drift.Fact{{Attribute: "users", Op: op, Value: user}}
	ofUser := target(row, "aws_iam_user_group_membership", drift.Set, user, drift.Match{Attribute: "user", Value: user}, drift.Match{Attribute: "groups", Value: group})
	ofUser.Facts = []drift.Fact{{Attribute: "groups", Op: op, Value: group}}

	own := target(row, "aws_iam_user_group_membership", row.Effect, user)
	own.NewID = user + "/" + group
	own.Tell = func(*drift.Entry) (drift.Effect, []drift.Fact) { return "", nil } // no entry is meant: those are above
	choice := drift.Choice{ofGroup, ofUser}
	for _, parent := range [...]struct{ typ, name string }{{"aws_iam_user", user}, {"aws_iam_group", group}} {
		own.Within = &drift.Within{Type: parent.typ, Key: identity.Key(row.Source, parent.name), Match: []drift.Match{{Attribute: "name", Value: parent.name}}}
		choice = append(choice, own)
	}
	return []drift.Choice{choice}
}
