package compare

import (
	"slices"

	"tfdrift/internal/catalog"
	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// Changes applies facts, in the order of event time, to an entry and returns
// the attributes that then differ in meaning from it, by name.
func (c Comparer) Changes(entry *drift.Entry, facts []drift.Fact) []drift.Attribute {
	var order []string
	for _, f := range facts {
		if !slices.Contains(order, f.Attribute) {
			order = append(order, f.Attribute)
		}
	}
	slices.Sort(order)
	var changes []drift.Attribute
	for _, name := range order {
		changes = append(changes, c.attribute(entry, name, facts)...)
	}
	return changes
}

// attribute follows one attribute through the facts about it.
func (c Comparer) attribute(entry *drift.Entry, name string, facts []drift.Fact) []drift.Attribute {
	before := base(entry, name)
	after, set := before, false
	var added, removed []any
	unknown, sensitive := false, isSealed(before)
	for _, f := range facts {
		if f.Attribute != name {
			continue
		}
		sensitive = sensitive || f.Sensitive
		if f.Unknown {
			unknown = true
			continue
		}
		switch f.Op {
		case drift.OpSet:
			after, set, unknown, added, removed = f.Value, true, false, nil, nil
		case drift.OpMerge:
			after, set = merge(name, after, f.Value), true
		case drift.OpAdd:
			if i := c.find(removed, f.Value); i >= 0 {
				removed = slices.Delete(removed, i, i+1)
			} else if c.has(name, after, f.Value) || c.find(added, f.Value) >= 0 {
				continue
			} else if list, ok := after.([]any); ok && set {
				after = append(slices.Clip(list), f.Value)
			} else {
				added = append(added, f.Value)
			}
		case drift.OpRemove:
			if i := c.find(added, f.Value); i >= 0 {
				added = slices.Delete(added, i, i+1)
			} else if v, ok := c.element(name, after, f.Value); ok && c.find(removed, v) < 0 {
				removed = append(removed, v)
			}
		}
	}
	if unknown {
		return []drift.Attribute{{Name: name, Op: drift.OpSet, Sensitive: sensitive, Unknown: !sensitive}}
	}
	var changes []drift.Attribute
	if set && !c.Equal(name, before, after) {
		if sensitive || isSealed(after) {
			return []drift.Attribute{{Name: name, Op: drift.OpSet, Sensitive: true}}
		}
		changes = append(changes, shown(drift.Attribute{Name: name, Op: drift.OpSet, Before: before, After: after}))
	}
	if sensitive && len(removed)+len(added) > 0 {
		return []drift.Attribute{{Name: name, Op: drift.OpSet, Sensitive: true}}
	}
	for _, v := range removed {
		changes = append(changes, shown(drift.Attribute{Name: name, Op: drift.OpRemove, Before: v}))
	}
	for _, v := range added {
		changes = append(changes, shown(drift.Attribute{Name: name, Op: drift.OpAdd, After: v}))
	}
	return changes
}

// shown is a change as a finding may carry it: without sealed leaves, and
// without values at all where nothing else differs.
func shown(a drift.Attribute) drift.Attribute {
	if !holdsSealed(a.Before) && !holdsSealed(a.After) {
		return a
	}
	before, after := show(a.Before), show(a.After)
	if isSealed(a.Before) || isSealed(a.After) || string(tree.Canonical(before)) == string(tree.Canonical(after)) {
		return drift.Attribute{Name: a.Name, Op: drift.OpSet, Sensitive: true}
	}
	a.Before, a.After = before, after
	return a
}

// base is what state holds of an attribute. Of tags and labels it is all that
// the provider set, its default tags too.
func base(entry *drift.Entry, name string) any {
	v := entry.Attributes[name]
	var all string
	switch name {
	case "tags":
		all = "tags_all"
	case "labels":
		all = "effective_labels"
	default:
		return v
	}
	if whole, ok := entry.Attributes[all].(map[string]any); ok {
		if own, _ := v.(map[string]any); len(whole) >= len(own) {
			return whole
		}
	}
	return v
}

// merge sets the fields that v has and keeps the others: of a single block, of
// a nested object, key by key of the user's own maps, and element by element of
// named blocks.
func merge(name string, base, v any) any {
	if elements, ok := v.([]any); ok {
		return mergeNamed(base, elements)
	}
	fields, ok := v.(map[string]any)
	if !ok {
		return v
	}
	switch b := base.(type) {
	case map[string]any:
		out := make(map[string]any, len(b)+len(fields))
		for k, x := range b {
			out[k] = x
		}
		for k, x := range fields {
			inner, nested := x.(map[string]any)
			switch {
			case x == nil:
				delete(out, k)
			case nested && (!isUserMap(k) || hasNull(inner) || isList(out[k])):
				out[k] = merge(k, out[k], x)
			default:
				out[k] = x
			}
		}
		return out
	case []any:
		if len(b) == 1 {
			return []any{merge(name, b[0], v)}
		}
	case nil:
		if isUserMap(name) {
			return merge(name, map[string]any{}, v)
		}
	}
	return []any{v}
}

// mergeNamed puts elements in the place of those of the same name: a parameter
// group's parameters, a table's indexes.
func mergeNamed(base any, elements []any) any {
	list, _ := base.([]any)
	out := slices.Clone(list)
	for _, e := range elements {
		i := slices.IndexFunc(out, func(o any) bool { return sameElement(o, e) })
		if i < 0 {
			out = append(out, e)
			continue
		}
		if fields, ok := e.(map[string]any); ok {
			out[i] = merge("", out[i], fields)
		}
	}
	return out
}

// sameElement reports whether an element of a list of blocks is the one that v,
// another form of it or its name alone, speaks of, whatever else it says.
func sameElement(element, v any) bool {
	block, ok := element.(map[string]any)
	if !ok {
		return false
	}
	for _, key := range [...]string{"name", "key", "option_name", "region_name", "username", "log_type", "subnet_id", "endpoint_id", "priority"} {
		name, ok := block[key]
		if !ok {
			continue
		}
		if named, ok := v.(map[string]any); ok {
			return named[key] != nil && equalExact(name, named[key]) && (named["namespace"] == nil || equalExact(block["namespace"], named["namespace"]))
		}
		return equalExact(name, v)
	}
	return false
}

// has reports whether a set holds an element that means v.
func (c Comparer) has(name string, set, v any) bool {
	list, _ := set.([]any)
	if document, ok := set.(string); ok && name == "policy_data" {
		list = catalog.PolicyGrants(document)
	}
	if name == "ingress" || name == "egress" {
		if m, ok := v.(map[string]any); ok && m["protocol"] != nil && m["rule_no"] == nil {
			return catalog.Covers(list, v)
		}
	}
	return c.find(list, v) >= 0
}

// element finds the element of a set that v means: that equals it, or is of the
// name that v gives.
func (c Comparer) element(name string, set, v any) (any, bool) {
	list, _ := set.([]any)
	i := c.find(list, v)
	if i < 0 && c.has(name, set, v) {
		return v, true // a permission among those that an element bundles
	}
	if i < 0 {
		i = slices.IndexFunc(list, func(e any) bool { return sameElement(e, v) })
	}
	if i < 0 {
		return nil, false
	}
	return list[i], true
}

func (c Comparer) find(list []any, v any) int {
	return slices.IndexFunc(list, func(e any) bool { return c.equal(e, v) })
}

func isSealed(v any) bool {
	_, ok := v.(drift.Sealed)
	return ok
}

// holdsSealed reports whether a value has a sealed leaf.
func holdsSealed(v any) bool {
	switch v := v.(type) {
	case drift.Sealed:
		return true
	case []any:
		return slices.ContainsFunc(v, holdsSealed)
	case map[string]any:
		for _, e := range v {
			if holdsSealed(e) {
				return true
			}
		}
	}
	return false
}

// show is a value as a finding may carry it: sealed leaves are left out.
func show(v any) any {
	switch v := v.(type) {
	case drift.Sealed:
		return nil
	case []any:
		out := make([]any, 0, len(v))
		for _, e := range v {
			if !isSealed(e) {
				out = append(out, show(e))
			}
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for _, k := range tree.Keys(v) {
			if !isSealed(v[k]) {
				out[k] = show(v[k])
			}
		}
		return out
	}
	return v
}
