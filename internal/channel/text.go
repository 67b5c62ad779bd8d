package channel

import (
	"strings"
	"unicode"

	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// Line is one line on what changed. Its texts are [Harmless] and of a length
// that can be shown.
type Line struct {
	Op        drift.Op
	Attribute string // within a block, the path to what differs: settings[0].tier
	Before    string // of an addition ""
	After     string // of a removal ""
	Note      string // in place of values that are not shown, why
}

// Lines says what changed: one line for a scalar, of a long value one for each
// field that differs.
func Lines(f *drift.Finding) []Line {
	var lines []Line
	for _, a := range f.Changes {
		name := clip(a.Name)
		switch {
		case a.Sensitive:
			lines = append(lines, Line{Op: drift.OpSet, Attribute: name, Note: "changed (sensitive, not shown)"})
		case a.Unknown:
			lines = append(lines, Line{Op: drift.OpSet, Attribute: name, Note: "changed (the record hides the value)"})
		case a.Op == drift.OpAdd:
			lines = append(lines, Line{Op: a.Op, Attribute: name, After: text(a.After)})
		case a.Op == drift.OpRemove:
			lines = append(lines, Line{Op: a.Op, Attribute: name, Before: text(a.Before)})
		default:
			lines = append(lines, differences(name, a.Before, a.After)...)
		}
	}
	return lines
}

// differences walks two values down to where they differ.
func differences(path string, before, after any) []Line {
	switch x := before.(type) {
	case map[string]any:
		y, ok := after.(map[string]any)
		if !ok {
			break
		}
		var all []Line
		keys := tree.Keys(x)
		for _, k := range tree.Keys(y) {
			if _, ok := x[k]; !ok {
				keys = append(keys, k)
			}
		}
		for _, k := range keys {
			if whole(x[k]) != whole(y[k]) {
				all = append(all, differences(path+"."+k, x[k], y[k])...)
			}
		}
		return all
	case []any:
		y, ok := after.([]any)
		if !ok || len(x) != 1 || len(y) != 1 {
			break
		}
		if _, ok := x[0].(map[string]any); ok {
			return differences(path+"[0]", x[0], y[0])
		}
	}
	if whole(before) == whole(after) {
		return nil
	}
	return []Line{{Op: drift.OpSet, Attribute: clip(path), Before: text(before), After: text(after)}}
}

// whole is all of a value, to compare.
func whole(v any) string { return string(tree.Canonical(v)) }

func text(v any) string {
	if s, ok := v.(string); ok {
		return clip(s)
	}
	if v == nil {
		return "(not set)"
	}
	return clip(whole(v))
}

// What names what happened to the resource: "modified"; "updated, deleted"; "resolved".
func What(f *drift.Finding) string {
	switch f.Status {
	case drift.Resolved:
		return "resolved"
	case drift.Open:
		return string(f.Kind)
	}
	return string(f.Status) + ", " + string(f.Kind)
}

// Subject names the resource: its address, or type and id where no state manages it.
func Subject(f *drift.Finding) string {
	if f.Resource.Address == "" {
		return Harmless(f.Resource.Type + " " + f.Resource.ID)
	}
	return Harmless(f.Resource.Address)
}

// Place is the account and the region.
func Place(f *drift.Finding) string {
	return Harmless(strings.TrimSpace(f.Account + " " + f.Region))
}

// Fact is one thing that is known of a finding beside its changes.
type Fact struct{ Name, Value string }

// Facts are who changed the resource, when, from where, which state manages it
// and which rules matched; those that are known.
func Facts(f *drift.Finding) []Fact {
	var known []Fact
	for _, fact := range []Fact{
		{"who", who(f.Actor)},
		{"when", f.Event.Time.UTC().Format("2006-01-02 15:04:05 UTC") + ", " + f.Event.Name},
		{"from", strings.TrimSuffix(f.Actor.SourceIP+", "+cut(f.Actor.UserAgent, 60), ", ")},
		{"state", f.Resource.State},
		{"rules", strings.Join(f.Rules, ", ")},
	} {
		if fact.Value != "" {
			known = append(known, Fact{fact.Name, Harmless(fact.Value)})
		}
	}
	return known
}

func who(a drift.Actor) string {
	s := a.Name + " (" + a.Type
	if a.Console {
		s += ", by console"
	}
	if a.AccessKeyID != "" {
		s += ", key " + a.AccessKeyID
	}
	return s + ")"
}

// Harmless is foreign text as it may be shown: on one line, without the
// characters that command a terminal or turn the direction of writing.
func Harmless(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) {
			return ' '
		}
		return r
	}, s)
}

// widest is how much of a value is shown: more would fill the screen.
const widest = 160

// clip shortens a value, and makes it harmless.
func clip(s string) string { return cut(s, widest) }

func cut(s string, width int) string {
	s = Harmless(s)
	if r := []rune(s); len(r) > width {
		return string(r[:width-1]) + "…"
	}
	return s
}
