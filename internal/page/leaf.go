package page

import (
	"slices"
	"strconv"
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// leaf is one place at which a resource differs, as a line of text shows it.
type leaf struct {
	Path   string // ingress[0].cidr_blocks
	Op     drift.Op
	Before string // of an addition ""
	After  string // of a removal ""
	Note   string // in place of values that are not shown, why
}

// Bounds of what is looked into and shown. The JSON of a finding has all.
const (
	maxDocument = 256 << 10 // bytes of a text that is read as JSON
	maxLeaf     = 140       // characters of a value on one line
	maxLeaves   = 200       // places of one attribute
	maxMatched  = 200       // elements of a list that are matched by likeness
)

const (
	sensitiveNote = "changed, not shown (sensitive)"
	unknownNote   = "changed (the record hides the value)"
)

// leaves are the places at which one changed attribute differs.
func leaves(a drift.Attribute) []leaf {
	name := clip(a.Name, maxLeaf)
	switch {
	case a.Sensitive:
		return []leaf{{Path: name, Op: drift.OpSet, Note: sensitiveNote}}
	case a.Unknown:
		return []leaf{{Path: name, Op: drift.OpSet, Note: unknownNote}}
	case a.Op == drift.OpAdd:
		return []leaf{{Path: name, Op: a.Op, After: brief(a.After)}}
	case a.Op == drift.OpRemove:
		return []leaf{{Path: name, Op: a.Op, Before: brief(a.Before)}}
	}
	var all []leaf
	descend(&all, 0, name, a.Before, a.After)
	return all
}

// descend walks two values down to where they differ.
func descend(all *[]leaf, level int, path string, before, after any) {
	if len(*all) >= maxLeaves {
		return
	}
	before, after = opened(before), opened(after)
	if same(before, after) {
		return
	}
	if level > maxIndent {
		before, after = brief(before), brief(after)
	}
	switch x := before.(type) {
	case map[string]any:
		if y, ok := after.(map[string]any); ok {
			for _, k := range union(x, y) {
				descend(all, level+1, clip(path+"."+k, maxLeaf), x[k], y[k])
			}
			return
		}
	case []any:
		if y, ok := after.([]any); ok {
			descendList(all, level, path, x, y)
			return
		}
	}
	*all = append(*all, leaf{Path: path, Op: drift.OpSet, Before: brief(before), After: brief(after)})
}

func descendList(all *[]leaf, level int, path string, before, after []any) {
	pairs := match(before, after)
	changed := slices.DeleteFunc(slices.Clone(pairs), func(p pair) bool { return p.equal })
	switch {
	case len(changed) == 0: // nothing but the order
		*all = append(*all, leaf{Path: path, Op: drift.OpSet, Before: brief(before), After: brief(after)})
		return
	case len(changed) == 2 && changed[0].is(drift.OpRemove) && changed[1].is(drift.OpAdd):
		*all = append(*all, leaf{Path: path, Op: drift.OpSet, Before: brief(changed[0].before), After: brief(changed[1].after)})
		return
	}
	for _, p := range changed {
		switch {
		case p.is(drift.OpRemove):
			*all = append(*all, leaf{Path: path, Op: drift.OpRemove, Before: brief(p.before)})
		case p.is(drift.OpAdd):
			*all = append(*all, leaf{Path: path, Op: drift.OpAdd, After: brief(p.after)})
		default:
			descend(all, level+1, path+"["+strconv.Itoa(p.at)+"]", p.before, p.after)
		}
	}
}

// pair is an element before and what became of it.
type pair struct {
	before, after any
	op            drift.Op // add, remove; set if both are there
	equal         bool
	at            int // place before
}

func (p pair) is(op drift.Op) bool { return p.op == op }

// match tells which elements of a list are the same as before, which became
// another one that is like it, and which came and went. Order says nothing
// here: most lists of Terraform are sets.
func match(before, after []any) []pair {
	left := map[string][]int{}
	for i, e := range after {
		text := string(tree.Canonical(e))
		left[text] = append(left[text], i)
	}
	free := make([]bool, len(after))
	for i := range free {
		free[i] = true
	}
	pairs := make([]pair, len(before))
	for i, e := range before {
		pairs[i] = pair{before: e, op: drift.OpRemove, at: i}
		text := string(tree.Canonical(e))
		if same := left[text]; len(same) > 0 {
			pairs[i].after, pairs[i].op, pairs[i].equal = after[same[0]], drift.OpSet, true
			free[same[0]], left[text] = false, same[1:]
		}
	}
	for i := range pairs {
		if pairs[i].equal || len(before) > maxMatched || len(after) > maxMatched {
			continue
		}
		if j := likest(pairs[i].before, after, free, len(before) == 1 && len(after) == 1); j >= 0 {
			pairs[i].after, pairs[i].op, free[j] = after[j], drift.OpSet, false
		}
	}
	for j, e := range after {
		if free[j] {
			pairs = append(pairs, pair{after: e, op: drift.OpAdd, at: j})
		}
	}
	return pairs
}

// likest is the object among the free ones that has most members in common with
// another, -1 if none has half of them. The only ones are like each other.
func likest(v any, among []any, free []bool, only bool) int {
	x, ok := v.(map[string]any)
	best, most := -1, 0
	for j, e := range among {
		y, isObject := e.(map[string]any)
		if !ok || !isObject || !free[j] {
			continue
		}
		common := 0
		for k := range x {
			if other, ok := y[k]; ok && same(x[k], other) {
				common++
			}
		}
		if common > most && 2*common >= len(x) || only {
			best, most = j, common
		}
	}
	return best
}

// telling is what to say of a finding if there is room for one thing: what
// opens it to the world, else the first that is no mere label. rest counts the others.
func telling(f *drift.Finding) (most leaf, rest int, ok bool) {
	rank := least
	for _, c := range f.Changes {
		for _, l := range leaves(c) {
			rest++
			if n := l.rank(); n < rank {
				rank, most, ok = n, l, true
			}
		}
	}
	return most, max(rest-1, 0), ok
}

// byTelling are changed attributes, the most telling first.
func byTelling(changes []drift.Attribute) []drift.Attribute {
	type ranked struct {
		drift.Attribute
		rank int
	}
	all := make([]ranked, len(changes))
	for i, c := range changes {
		all[i] = ranked{c, least}
		for _, l := range leaves(c) {
			all[i].rank = min(all[i].rank, l.rank())
		}
	}
	slices.SortStableFunc(all, func(a, b ranked) int { return a.rank - b.rank })
	sorted := make([]drift.Attribute, len(all))
	for i, r := range all {
		sorted[i] = r.Attribute
	}
	return sorted
}

// least is below the rank of every leaf.
const least = 3

// rank orders leaves by how much they tell, from 0.
func (l leaf) rank() int {
	switch {
	case slices.ContainsFunc(worldwide, func(sign string) bool { return strings.Contains(l.After, sign) && !strings.Contains(l.Before, sign) }),
		strings.Contains(l.Path, "public") && l.After == "true":
		return 0
	case slices.ContainsFunc(labels, func(name string) bool { return l.Path == name || strings.HasPrefix(l.Path, name+".") }):
		return 2
	}
	return 1
}

// worldwide are the signs by which everybody is let in.
var worldwide = []string{"0.0.0.0/0", "::/0", "allUsers", "allAuthenticatedUsers", "*"}

// labels are attributes that only describe.
var labels = []string{"tags", "labels", "description"}

// opened is a value, or the document in it if it is the text of one: policies
// and the like are JSON in a string.
func opened(v any) any {
	s, ok := v.(string)
	if !ok || len(s) > maxDocument {
		return v
	}
	if t := strings.TrimSpace(s); t == "" || t[0] != '{' && t[0] != '[' {
		return v
	}
	if document, err := tree.Parse([]byte(s)); err == nil {
		return document
	}
	return v
}

func same(a, b any) bool { return string(tree.Canonical(a)) == string(tree.Canonical(b)) }

// union are the names of the members of two objects, in order.
func union(a, b map[string]any) []string {
	names := tree.Keys(a)
	for k := range b {
		if _, ok := a[k]; !ok {
			names = append(names, k)
		}
	}
	slices.Sort(names)
	return names
}

// brief is a value on one line: an object without what is empty, its members
// by name.
func brief(v any) string {
	switch v := opened(v).(type) {
	case nil:
		return "not set"
	case string:
		if v == "" {
			return `""`
		}
		return clip(v, maxLeaf)
	case map[string]any, []any:
		var b strings.Builder
		told(&b, v)
		if b.Len() == 0 {
			return "empty"
		}
		return clip(b.String(), maxLeaf)
	default:
		return clip(string(tree.Canonical(v)), maxLeaf)
	}
}

// told writes a value in words, and stops once a line is full.
func told(b *strings.Builder, v any) {
	if b.Len() > 4*maxLeaf {
		return
	}
	switch v := v.(type) {
	case map[string]any:
		first := true
		for _, k := range tree.Keys(v) {
			if isEmpty(v[k]) {
				continue
			}
			if !first {
				b.WriteString(", ")
			}
			first = false
			b.WriteString(k + " ")
			told(b, v[k])
		}
	case []any:
		for i, e := range v {
			if i > 0 {
				b.WriteString(", ")
			}
			_, nested := e.(map[string]any)
			if nested && len(v) > 1 {
				b.WriteString("{")
			}
			told(b, e)
			if nested && len(v) > 1 {
				b.WriteString("}")
			}
		}
	case string:
		s, _ := head(v, 2*maxLeaf)
		b.WriteString(s)
	default:
		b.Write(tree.Canonical(v))
	}
}

// isEmpty reports whether a member says nothing: unset, off, or without content.
func isEmpty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case bool:
		return !v
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}
