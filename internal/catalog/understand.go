package catalog

import (
	"slices"
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/identity"
	"tfdrift/internal/tree"
)

// Understand says which resources an event may have touched, and how.
// Parameters that are no JSON object make drift.ErrInvalid errors.
func Understand(ev *drift.Event) (drift.Change, error) {
	change := drift.Change{Event: ev}
	rows := understood(ev)
	if len(rows) == 0 && ev.Provider == drift.GCP {
		rows = standard(ev)
	}
	change.Known = len(rows) > 0
	if !slices.ContainsFunc(rows, func(r Row) bool { return r.Effect != drift.Silent }) {
		return change, nil
	}
	call, err := newCall(ev, slices.ContainsFunc(rows, Row.readsResponse))
	if err != nil {
		return change, err
	}
	var grants []Row
	for _, row := range rows {
		if row.Effect == drift.Silent || !call.holds(row) {
			continue
		}
		if ev.Provider == drift.GCP && isGrant(row.Type) {
			grants = append(grants, row)
			continue
		}
		if row.Shape != nil {
			change.Choices = join(change.Choices, row.Shape(call, row))
			continue
		}
		change.Choices = join(change.Choices, call.targets(row))
	}
	if len(grants) > 0 {
		change.Choices = append(change.Choices, googleIAM(call, grants)...)
	}
	return change, nil
}

// join puts what another row says of the same objects beside what earlier rows
// said: the i-th choice of each is about the i-th object that the call names.
func join(choices, more []drift.Choice) []drift.Choice {
	for i, c := range more {
		if i < len(choices) {
			choices[i] = append(choices[i], c...)
		} else {
			choices = append(choices, c)
		}
	}
	return choices
}

// targets makes one target per object that the row's ID finds in the call.
func (c Call) targets(row Row) []drift.Choice {
	if row.ID == Singleton {
		target := drift.Target{Type: row.Type, Effect: row.Effect, Parent: row.Parent, Key: identity.Key(row.Source, row.Type), Rename: row.Params, Params: c.rest(row), Facts: stated(row.Sets)}
		if row.Effect == drift.Create {
			target.NewID = c.newID(row, nil)
			target.Within = c.within(row)
		}
		return []drift.Choice{{target}}
	}
	names := c.names(row)
	choices := make([]drift.Choice, 0, max(1, len(names)))
	for _, match := range names {
		target := drift.Target{Type: row.Type, Effect: row.Effect, Parent: row.Parent, Match: match, Rename: renamesOf(row), Facts: stated(row.Sets)}
		target.Key = identity.Key(c.keyService(row, match[0].Value), match[0].Value)
		target.Params = c.rest(row)
		if row.Effect == drift.Delete {
			target.NewID = c.deletedID(row, match)
		}
		if row.Effect == drift.Create {
			target.NewID = c.newID(row, match)
			if match[0].Attribute == "*" && len(names) > 1 {
				target.NewID = match[0].Value // one call made several
			}
			target.Within = c.within(row)
		}
		choices = append(choices, drift.Choice{target})
	}
	return choices
}

// deletedID is the id of what a Delete ends, where no state manages it: by NewID,
// else by the condition on the object's own name ("rest_api_id=restApiId
// *=resourceId").
func (c Call) deletedID(row Row, match []drift.Match) string {
	if row.NewID != "" {
		return c.newID(row, match)
	}
	for _, m := range match[1:] { // the first is it anyway
		if m.Attribute == "*" && match[0].Attribute != "*" {
			return m.Value
		}
	}
	return ""
}

// names evaluates a row's ID: one list of conditions per object named. A
// Create whose request does not name the object is known by its new id alone.
func (c Call) names(row Row) [][]drift.Match {
	if row.Effect == drift.Create && strings.HasPrefix(row.NewID, "response:") && strings.HasPrefix(row.ID, "*=") {
		path, _, _ := strings.Cut(row.NewID, " or ")
		if ids := c.values(row, path); len(ids) > 0 {
			all := make([][]drift.Match, len(ids))
			for i, id := range ids {
				all[i] = []drift.Match{{Attribute: "*", Value: id}}
			}
			return all
		}
	}
	var all [][]drift.Match
	first := true
	for condition := range strings.FieldsSeq(row.ID) {
		attribute, path, _ := strings.Cut(condition, "=")
		path, optional := strings.CutSuffix(path, "?")
		values := c.values(row, path)
		if len(values) == 0 && !first {
			if optional {
				continue
			}
			return nil
		}
		if first {
			first = false
			if len(values) == 0 && row.Effect == drift.Create {
				if id := c.newID(row, nil); id != "" {
					values = []string{id}
				}
			}
			all = make([][]drift.Match, 0, len(values))
			for _, v := range values {
				all = append(all, []drift.Match{{Attribute: attribute, Value: v}})
			}
			continue
		}
		for j := range all {
			all[j] = append(all[j], drift.Match{Attribute: attribute, Value: values[min(j, len(values)-1)]})
		}
	}
	return all
}

// keyService is the service whose object a name is: the event's own, or, where
// a general service tags by ARN, the ARN's.
func (c Call) keyService(row Row, name string) string {
	if row.Source == "tagging" {
		if arn, ok := identity.ParseARN(name); ok {
			return arn.Service
		}
	}
	return row.Source
}

// stated reads a row's Sets.
func stated(sets string) []drift.Fact {
	var facts []drift.Fact
	for pair := range strings.FieldsSeq(sets) {
		attribute, literal, _ := strings.Cut(pair, "=")
		if literal == "?" {
			facts = append(facts, drift.Fact{Attribute: attribute, Op: drift.OpSet, Unknown: true})
			continue
		}
		v, err := tree.Parse([]byte(literal))
		if err != nil {
			continue // no row is like that, says TestEveryRowIsWellFormed
		}
		path := strings.Split(attribute, ".")
		op := drift.OpSet
		for _, field := range slices.Backward(path[1:]) {
			v, op = map[string]any{field: v}, drift.OpMerge
		}
		facts = append(facts, drift.Fact{Attribute: path[0], Op: op, Value: v})
	}
	return facts
}

// newID is the id that Terraform would store for what a Create made: the first
// of the row's alternatives that the event completes.
func (c Call) newID(row Row, match []drift.Match) string {
	for template := range strings.SplitSeq(row.NewID, " or ") {
		switch {
		case template == Restored:
			return ""
		case strings.HasPrefix(template, "{resource}/"):
			if below, ok := c.fill(row, template[len("{resource}/"):]); ok {
				return Below(c.Resource, below)
			}
		case strings.Contains(template, "{"):
			if id, ok := c.fill(row, template); ok {
				return id
			}
		case template != "":
			if v := c.values(row, template); len(v) > 0 {
				return v[0]
			}
		}
	}
	if len(match) > 0 {
		return match[0].Value
	}
	return ""
}

// within evaluates the parent that a part needs.
func (c Call) within(row Row) *drift.Within {
	if row.Within == "" {
		return nil
	}
	if row.Within == "project" {
		return &drift.Within{}
	}
	typ, condition, _ := strings.Cut(row.Within, " ")
	attribute, path, _ := strings.Cut(condition, "=")
	v := c.values(row, path)
	if len(v) == 0 {
		return &drift.Within{Type: typ} // the call does not name it: nothing is managed there
	}
	return &drift.Within{Type: typ, Key: identity.Key(row.Source, v[0]), Match: []drift.Match{{Attribute: attribute, Value: v[0]}}}
}
