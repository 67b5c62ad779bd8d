package main

import (
	"slices"
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/facts"
)

// verb is what the first word of an operation's name promises.
type verb int

const (
	other  verb = iota
	create      // makes an object: CreateBucket, RunInstances
	attach      // joins two: AddRoleToInstanceProfile, AuthorizeSecurityGroupIngress
	upsert      // PutMetricAlarm, UpdateFunctionConfiguration
	undo        // DeleteBucket, DetachRolePolicy
)

var verbs = map[string]verb{
	"Create": create, "Run": create, "Request": create, "Allocate": create, "Import": create, "Publish": create, "Copy": create, "Upload": create,
	"Purchase": create, "Issue": create, "Restore": create, "Provision": create, "Define": create, "Generate": create, "Submit": create, "Buy": create,
	"Register": create, "Initiate": create, "Clone": create, "Install": create, "Replicate": create,

	"Add": attach, "Associate": attach, "Attach": attach, "Authorize": attach, "Accept": attach, "Subscribe": attach, "Grant": attach, "Assign": attach,
	"Join": attach, "Invite": attach, "Share": attach, "Enable": attach, "Start": attach, "Activate": attach, "Connect": attach, "Confirm": attach,
	"Group": attach, "Claim": attach, "Verify": attach, "Execute": attach, "Send": attach, "Stream": attach, "Complete": attach,

	"Put": upsert, "Set": upsert, "Update": upsert, "Modify": upsert, "Change": upsert, "Configure": upsert, "Replace": upsert, "Apply": upsert,

	"Delete": undo, "Remove": undo, "Deregister": undo, "Disassociate": undo, "Dissociate": undo, "Detach": undo, "Disable": undo, "Terminate": undo,
	"Release": undo, "Revoke": undo, "Cancel": undo, "Deprovision": undo, "Deauthorize": undo, "Deactivate": undo, "Unsubscribe": undo, "Unshare": undo,
	"Ungroup": undo, "Reject": undo, "Abort": undo, "Close": undo, "Retire": undo, "Unassign": undo, "Untag": undo, "Stop": undo, "Leave": undo,
	"Withdraw": undo, "Unlink": undo, "Deprecate": undo,
}

// verbOf reads an operation's name; Batch and Admin stand before the verb, and
// ScheduleKeyDeletion is a deletion.
func verbOf(event string) verb {
	event = strings.TrimPrefix(strings.TrimPrefix(event, "Batch"), "Admin")
	if strings.HasPrefix(event, "Schedule") && strings.Contains(event, "Deletion") {
		return undo
	}
	return verbs[firstWord(event)]
}

// effect says what an operation does to a type, of the places where the
// provider calls it:
//
//   - An undoing verb in the type's deletion deletes it. Elsewhere it takes
//     something away: Remove.
//   - The creation's call makes it (Create) if no call of the type's creation
//     has a stronger verb: CreateCluster is stronger than AddTags is stronger
//     than PutPolicy. A putting verb creates only what has a name of its own.
//   - What joins two things is an Add to the one that exists.
//   - All else sets: a creation's or deletion's further steps too.
func (d *deriver) effect(key opType) drift.Effect {
	roles := map[string]bool{}
	for _, o := range d.ops[key] {
		roles[o.role] = true
	}
	v := verbOf(key.event)
	switch {
	case strings.HasPrefix(key.event, "Tag"), key.typ == "aws_elb" && key.event == "CreateLoadBalancerListeners":
		return drift.Add
	case key.typ == "aws_macie2_member" && key.event == "CreateInvitations":
		return drift.Set
	}
	switch {
	case firstWord(key.event) == "Stop" && !d.about(key) && !d.onlyDeletion(key):
		return drift.Set // to delete it, or a part of it, the provider stops it first
	case v == undo && roles["delete"] && firstWord(key.event) != "Delete" && d.otherwiseDeleted(key):
		return drift.Remove // DisassociateRouteTable, on the way to DeleteRouteTable
	case v == other && roles["delete"] && len(roles) == 1 && d.onlyDeletion(key):
		return drift.Delete // ResetAddressAttribute
	case v == undo && roles["delete"] && (!roles["update"] || d.deletesWhole(key)):
		return drift.Delete
	case v == undo && roles["extra"] && d.about(key):
		return drift.Delete
	case v == undo && strings.HasPrefix(key.event, "Delete"), v == undo && strings.HasPrefix(key.event, "Re"), v == undo && strings.HasPrefix(key.event, "Di"), v == undo && strings.HasPrefix(key.event, "De"), v == undo && strings.HasPrefix(key.event, "Un"):
		if strings.HasPrefix(key.event, "Disable") || strings.HasPrefix(key.event, "Deactivate") {
			return drift.Set
		}
		return drift.Remove
	case roles["create"] && d.makes(key, v):
		return drift.Create
	case roles["extra"] && v == create && d.about(key):
		return drift.Create
	case slices.Contains([]string{"Add", "Associate", "Attach", "Authorize", "Assign", "Register"}, firstWord(key.event)):
		return drift.Add
	}
	return drift.Set
}

// otherwiseDeleted reports whether a Delete call of the type's own noun deletes
// it, and this is about a part of it or about a join.
func (d *deriver) otherwiseDeleted(key opType) bool {
	joins := firstWord(key.event) == "Disassociate" || firstWord(key.event) == "Detach"
	if d.about(key) && !joins {
		return false
	}
	return slices.ContainsFunc(d.byType[key.typ], func(o opType) bool {
		return firstWord(o.event) == "Delete" && d.about(o) && slices.ContainsFunc(d.ops[o], func(f opFact) bool { return f.role == "delete" })
	})
}

// onlyDeletion reports whether a type's deletion makes no other undoing call.
func (d *deriver) onlyDeletion(key opType) bool {
	return !slices.ContainsFunc(d.byType[key.typ], func(o opType) bool {
		return o != key && verbOf(o.event) == undo && slices.ContainsFunc(d.ops[o], func(f opFact) bool { return f.role == "delete" })
	})
}

// deletesWhole reports whether an undoing call that updates make too is the
// type's deletion: no other undoing call is.
func (d *deriver) deletesWhole(key opType) bool {
	for _, other := range d.byType[key.typ] {
		if other == key || verbOf(other.event) != undo {
			continue
		}
		if slices.ContainsFunc(d.ops[other], func(o opFact) bool { return o.role == "delete" && o.rank == "primary" }) &&
			!slices.ContainsFunc(d.ops[other], func(o opFact) bool { return o.role == "update" }) {
			return false
		}
	}
	return true
}

// about reports whether an operation's noun is the type's: UpdateNamedQuery and
// aws_athena_named_query.
func (d *deriver) about(key opType) bool {
	noun := facts.Fold(key.event[len(firstWord(key.event)):])
	return noun != "" && (strings.HasSuffix(facts.Fold(key.typ), noun) || strings.HasSuffix(facts.Fold(key.typ), strings.TrimSuffix(noun, "s")))
}

// makes reports whether a call of a type's creation is the one that makes it.
func (d *deriver) makes(key opType, v verb) bool {
	if v != create && v != attach && v != upsert || d.exists(key) {
		return false
	}
	best := other
	for _, o := range d.byType[key.typ] {
		if !slices.ContainsFunc(d.ops[o], func(f opFact) bool { return f.role == "create" && f.rank == "primary" }) {
			continue
		}
		if w := verbOf(o.event); w != other && w != undo && (best == other || w < best) {
			best = w
		}
	}
	if v != best || !d.about(key) && d.madeOtherwise(key, v) {
		return false
	}
	updates := slices.ContainsFunc(d.ops[key], func(f opFact) bool { return f.role == "update" })
	if v == upsert {
		changes := firstWord(key.event) != "Put" && strings.HasPrefix(d.Types[key.typ].form, "output:")
		if w := firstWord(key.event); (w == "Update" || w == "Modify") && !d.about(key) {
			return false
		}
		return d.named(key) && !changes && !d.setting(key)
	}
	if v == attach && updates {
		return d.named(key) && !d.rivalled(key)
	}
	return true
}

// exists reports whether a call names its resource by the id that the
// creation's answer gave: ImportKeyMaterial is about a key that is there.
func (d *deriver) exists(key opType) bool {
	t := d.Types[key.typ]
	if t == nil || !strings.HasPrefix(t.form, "output:") || firstWord(key.event) == "Create" {
		return false
	}
	return slices.ContainsFunc(d.identify(key), func(member string) bool {
		if a := d.attribute(key, spelled(member)); a != "id" && a != "arn" {
			return false
		}
		last := facts.Fold(t.form[strings.LastIndexAny(t.form, ".:")+1:])
		return strings.HasSuffix(last, facts.Fold(spelled(member))) || strings.HasSuffix(facts.Fold(spelled(member)), last)
	})
}

// madeOtherwise reports whether another call of the type's creation is the one
// that makes it, by its noun or, for those that also put things into what is
// there (RegisterInstancesWithLoadBalancer), by being a Create.
func (d *deriver) madeOtherwise(key opType, v verb) bool {
	var fills bool
	switch firstWord(key.event) {
	case "Register", "Import", "Provision", "Publish", "Submit", "Request", "Initiate", "Upload", "Generate":
		fills = len(d.identify(key)) > 0
	}
	if v != attach && !fills {
		return false
	}
	return slices.ContainsFunc(d.byType[key.typ], func(o opType) bool {
		return o != key && slices.ContainsFunc(d.ops[o], func(f opFact) bool { return f.role == "create" && f.rank == "primary" }) &&
			(d.about(o) && verbOf(o.event) != undo || fills && firstWord(o.event) == "Create")
	})
}

// setting reports whether a type is what something else is set to, whatever
// names that takes: PutAccessPointPolicyForObjectLambda.
func (d *deriver) setting(key opType) bool {
	t := d.Types[key.typ]
	if t.has("arn") || t.has("tags") || d.parent(key.typ) != "" && strings.Contains(key.typ, "_iam_") {
		return false
	}
	return strings.HasPrefix(key.event, "Set") || slices.ContainsFunc([]string{"_policy", "_configuration", "_settings", "_attributes"}, func(s string) bool {
		return strings.HasSuffix(key.typ, s) && !slices.ContainsFunc(d.identify(key), func(m string) bool { return strings.HasSuffix(facts.Fold(key.typ), stemOf(m)) })
	}) && len(d.identify(key)) > 0 && !slices.ContainsFunc(d.identify(key), func(m string) bool { return facts.Fold(spelled(m)) == "id" })
}

// rivalled: another call of the same strength is about the type by name.
func (d *deriver) rivalled(key opType) bool {
	if d.about(key) {
		return false
	}
	return slices.ContainsFunc(d.byType[key.typ], func(o opType) bool { return verbOf(o.event) == attach && d.about(o) })
}

// named reports whether a type has a name of its own in a call, beside that of
// what it belongs to.
func (d *deriver) named(key opType) bool {
	members := d.identify(key)
	if d.parent(key.typ) != "" {
		return len(members) > 1
	}
	t := d.Types[key.typ]
	return t != nil && !t.single && len(members) > 0 && (t.has("arn") || t.has("tags") || d.closeness(key, members[0]) >= 3)
}
