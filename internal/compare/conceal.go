package compare

import (
	"context"
	"slices"
	"strings"

	"tfdrift/internal/catalog"
	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// Prepare sees to it that what is secret in facts about an entry can be sealed:
// the key is read for those entries that have secrets, or may have.
func (c Comparer) Prepare(ctx context.Context, entry *drift.Entry) error {
	if c.Ready == nil || len(catalog.Sensitive(entry.Type)) == 0 && !holdsSealed(entry.Attributes) {
		return nil
	}
	return c.Ready(ctx)
}

// Conceal seals what is secret in facts about an entry: attributes that state
// or provider call sensitive, also within blocks, and any value that is one of
// the entry's secrets, wherever it turns up. What comes back may be stored and
// shown.
//
// A fact whose value the record hides says nothing, and is left out.
func (c Comparer) Conceal(entry *drift.Entry, facts []drift.Fact) []drift.Fact {
	if slices.ContainsFunc(facts, saysNothing) {
		facts = slices.DeleteFunc(slices.Clone(facts), saysNothing)
	}
	paths := catalog.Sensitive(entry.Type)
	secrets := secretsOf(entry.Attributes, nil)
	if len(paths) == 0 && len(secrets) == 0 {
		return facts
	}
	out := make([]drift.Fact, len(facts))
	for i, f := range facts {
		out[i] = f
		if f.Value == nil && !f.Unknown {
			continue
		}
		if isSealed(entry.Attributes[f.Attribute]) || covers(paths, f.Attribute) {
			out[i].Sensitive = true
			out[i].Value = c.seal(f.Value)
			continue
		}
		out[i].Value = c.concealIn(f.Attribute, f.Value, entry.Attributes[f.Attribute], paths, secrets)
	}
	return out
}

func saysNothing(f drift.Fact) bool { return !f.Unknown && hidden(f.Value) }

// concealIn seals the secret leaves of a value that stands at path, where state
// has model.
func (c Comparer) concealIn(path string, v, model any, paths []string, secrets map[drift.Sealed]bool) any {
	if isSealed(model) || covers(paths, path) {
		return c.seal(v)
	}
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, x := range v {
			out[k] = c.concealIn(path+"."+k, x, memberOf(model, k), paths, secrets)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = c.concealIn(path, x, model, paths, secrets)
		}
		return out
	}
	if len(secrets) > 0 && c.Seal != nil {
		if text, ok := tree.Text(v); ok && len(text) > 3 { // "true" and "1" are nobody's secret
			if s := c.Seal(v); secrets[s] {
				return s
			}
		}
	}
	return v
}

// memberOf is what state has for a member of a block: of several blocks, what
// all of them have, and a sealed value where one has it, since which of them is
// meant is not known.
func memberOf(model any, name string) any {
	switch model := model.(type) {
	case map[string]any:
		m, _ := tree.Member(model, name)
		return m
	case []any:
		var all []any
		for _, e := range model {
			switch m := memberOf(e, name).(type) {
			case drift.Sealed:
				return m
			case []any:
				all = append(all, m...)
			case map[string]any:
				all = append(all, m)
			}
		}
		return all
	}
	return nil
}

func (c Comparer) seal(v any) any {
	if isEmpty(v) || isSealed(v) {
		return v
	}
	if c.Seal == nil {
		return drift.Sealed{}
	}
	return c.Seal(v)
}

// covers reports whether path is one of the sensitive paths, or within one.
func covers(paths []string, path string) bool {
	for _, p := range paths {
		if rest, ok := strings.CutPrefix(path, p); ok && (rest == "" || rest[0] == '.') {
			return true
		}
	}
	return false
}

// secretsOf collects the sealed leaves of an entry.
func secretsOf(v any, found map[drift.Sealed]bool) map[drift.Sealed]bool {
	switch v := v.(type) {
	case drift.Sealed:
		if found == nil {
			found = map[drift.Sealed]bool{}
		}
		found[v] = true
	case map[string]any:
		for _, x := range v {
			found = secretsOf(x, found)
		}
	case []any:
		for _, x := range v {
			found = secretsOf(x, found)
		}
	}
	return found
}
