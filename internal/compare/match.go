package compare

import (
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// Matched is what became of an event's parameters against one entry.
type Matched struct {
	Facts []drift.Fact
	// Unmatched are the parameters that no attribute takes up and that are not
	// known to be irrelevant: the resource was touched, we cannot say where.
	Unmatched []string
}

// Match lays request parameters onto the attributes of an entry: by the
// catalog's renames first, then by name (without case and punctuation, without
// the resource's own noun in front), and into wrapper objects that no
// attribute is named after.
func Match(target *drift.Target, entry *drift.Entry) Matched {
	return Trace(target, entry, nil)
}

// Decision is what became of one parameter: of a member, by its path, or of what
// a wrapper holds, by the path of each.
type Decision struct {
	Path      string // of members, dotted; "list[].member" as the renames have it
	Attribute string // "": no attribute takes it up; "-": it is known to be none
	Renamed   bool   // the attribute is the renames' word, not the names'
}

// Trace is Match that tells each decision, where told is set. Of a wrapper in
// which nothing was found what it holds is told first, as unmatched too.
func Trace(target *drift.Target, entry *drift.Entry, told func(Decision)) Matched {
	m := matcher{entry: entry, renames: target.Rename, noun: noun(entry.Type), effect: target.Effect, alone: len(target.Params) == 1, told: told}
	m.members(target.Params, "", 0)
	return m.Matched
}

type matcher struct {
	entry   *drift.Entry
	renames drift.Renames
	noun    string
	effect  drift.Effect
	alone   bool // the call sets one thing
	told    func(Decision)
	Matched
}

func (m *matcher) tell(prefix, member, attribute string, renamed bool) {
	if m.told != nil {
		m.told(Decision{prefix + member, attribute, renamed})
	}
}

// maxWrap is how many wrapper objects are seen through on the way to an attribute.
const maxWrap = 3

func (m *matcher) members(params map[string]any, prefix string, depth int) {
	for _, k := range tree.Keys(params) {
		m.member(prefix, k, params[k], depth)
	}
}

func (m *matcher) member(prefix, k string, v any, depth int) {
	if v = m.nested(prefix+k+".", v); v == nil {
		return
	}
	attribute, known := renamed(m.renames, prefix, k)
	if attribute == "-" || !known && irrelevant(k) {
		m.tell(prefix, k, "-", known)
		return
	}
	if object, ok := v.(map[string]any); ok && len(object) == 0 {
		return // an empty object says nothing: Lambda's environment is logged so
	}
	byName := !known
	if byName {
		attribute, known = m.attribute(k, v)
	}
	if known {
		m.tell(prefix, k, attribute, !byName)
		m.take(attribute, prefix+k, v)
		return
	}
	if hidden(v) {
		return
	}
	if object, ok := v.(map[string]any); ok && depth < maxWrap {
		found := len(m.Facts)
		unmatched := len(m.Unmatched)
		m.members(object, prefix+k+".", depth+1)
		if len(m.Facts) > found {
			m.Unmatched = m.Unmatched[:unmatched]
			return
		}
		m.Unmatched = m.Unmatched[:unmatched]
	}
	m.tell(prefix, k, "", false)
	if !isZero(v) { // a switch left off, an option left out: nothing was asked
		m.Unmatched = append(m.Unmatched, prefix+k)
	}
}

// nested matches the members that renames know by their path ("settings.
// dataDiskSizeGb") and returns the rest of the object, nil where that was all.
func (m *matcher) nested(prefix string, v any) any {
	object, ok := v.(map[string]any)
	if !ok || !renames(m.renames, prefix) {
		return v
	}
	rest := make(map[string]any, len(object))
	for _, k := range tree.Keys(object) {
		attribute, known := renamedPath(m.renames, prefix+k)
		v := object[k]
		if one, ok := v.(map[string]any); ok && known && attribute != "-" && !strings.Contains(attribute, ".") && renames(m.renames, prefix+k+".") {
			v = []any{one} // the only element of a list of blocks, logged without it
		} else {
			v = m.nested(prefix+k+".", v)
		}
		switch {
		case v == nil:
		case attribute == "-" || !known && irrelevant(k):
			m.tell(prefix, k, "-", known)
		case known:
			m.tell(prefix, k, attribute, true)
			m.take(attribute, prefix+k, v)
		default:
			rest[k] = v
		}
	}
	if len(rest) == 0 && len(object) > 0 {
		return nil
	}
	return rest
}

// take makes facts of a member whose attribute is known. Where the record hides
// the value, that it was set is news only if setting it is what was asked for.
func (m *matcher) take(attribute, path string, v any) {
	if !hidden(v) {
		m.Facts = append(m.Facts, m.facts(attribute, m.elements(path, v))...)
		return
	}
	if secretive(attribute) || m.alone {
		top, _, _ := strings.Cut(attribute, ".")
		m.Facts = append(m.Facts, drift.Fact{Attribute: top, Op: drift.OpSet, Unknown: true})
	}
}

// elements applies the renames that go on below a list to its elements:
// "rules.scheduleExpression=schedule" within rules. A field stays in its element,
// but may rise in it: "actions.typeId.owner=owner".
func (m *matcher) elements(path string, v any) any {
	list, ok := v.([]any)
	if !ok || !renames(m.renames, path+".") {
		return v
	}
	out := make([]any, len(list))
	for i, e := range list {
		object, ok := e.(map[string]any)
		if !ok {
			out[i] = e
			continue
		}
		element := make(map[string]any, len(object))
		m.element(element, element, path+".", object)
		out[i] = element
	}
	return out
}

func (m *matcher) element(element, out map[string]any, prefix string, v map[string]any) {
	for _, k := range tree.Keys(v) {
		x := m.elements(prefix+k, v[k])
		to, ok := renamedPath(m.renames, prefix+k)
		object, nested := x.(map[string]any)
		switch {
		case to == "-":
		case ok:
			place(element, to, x)
		case nested:
			inner := map[string]any{}
			m.element(element, inner, prefix+k+".", object)
			if len(inner) > 0 || len(object) == 0 {
				out[k] = inner
			}
		default:
			out[k] = x
		}
	}
}

// place puts a value into an object of objects.
func place(object map[string]any, path string, v any) {
	field, rest, nested := strings.Cut(path, ".")
	if !nested {
		object[field] = v
		return
	}
	inner, ok := object[field].(map[string]any)
	if !ok {
		inner = map[string]any{}
		object[field] = inner
	}
	place(inner, rest, v)
}

// attribute finds the entry's attribute for a member name, or the field of a
// single block that alone bears it: HttpTokens, metadata_options.http_tokens.
func (m *matcher) attribute(member string, v any) (string, bool) {
	if name := field(m.entry.Attributes, member, v, m.noun, false); name != "" {
		return name, true
	}
	inside := ""
	for a, v := range m.entry.Attributes {
		list, ok := v.([]any)
		if !ok || len(list) != 1 {
			continue
		}
		for f := range block(list) {
			if tree.SameName(f, member) {
				if inside != "" {
					return "", false
				}
				inside = a + "." + f
			}
		}
	}
	return inside, inside != ""
}

// facts says that attribute (or a field below it, "a.b.c") is v now; with "+" at
// the end that v, or each of its elements, was added to it, with "-" that it was
// taken away, with "~" that v are elements of it that replace those of the same
// name.
func (m *matcher) facts(attribute string, v any) []drift.Fact {
	if bare, ok := strings.CutSuffix(attribute, "+"); ok {
		return m.parts(bare, drift.OpAdd, v)
	}
	if bare, ok := strings.CutSuffix(attribute, "-"); ok {
		return m.parts(bare, drift.OpRemove, v)
	}
	if bare, ok := strings.CutSuffix(attribute, "~"); ok {
		return []drift.Fact{{Attribute: bare, Op: drift.OpMerge, Value: Shape(bare, m.entry.Attributes[bare], v)}}
	}
	switch m.effect {
	case drift.Add:
		return m.parts(attribute, drift.OpAdd, v)
	case drift.Remove:
		return m.parts(attribute, drift.OpRemove, v)
	}
	return []drift.Fact{m.fact(attribute, v)}
}

// fact says that attribute, or a field below it, is v now.
func (m *matcher) fact(attribute string, v any) drift.Fact {
	top, path, nested := strings.Cut(attribute, ".")
	state := m.entry.Attributes[top]
	if m.entry.Provider == drift.GCP {
		v = represented(v, below(state, path), attribute[strings.LastIndexByte(attribute, '.')+1:])
	}
	if nested {
		fields := strings.Split(path, ".")
		for i := len(fields) - 1; i >= 0; i-- {
			v = map[string]any{fields[i]: v}
		}
	}
	v = Shape(top, state, v)
	op := drift.OpSet
	switch object := v.(type) {
	case map[string]any:
		if _, choice := chosen(top, v); !choice && (!isUserMap(top) || isList(state)) || hasNull(object) {
			op = drift.OpMerge
		}
	}
	return drift.Fact{Attribute: top, Op: op, Value: v}
}

// hasNull reports whether a map takes keys away by null, as a patch does.
func hasNull(object map[string]any) bool {
	for _, v := range object {
		if v == nil {
			return true
		}
	}
	return false
}

// parts says that v was added to or removed from a collection: keys of the
// user's own maps, elements of a set, each by itself.
func (m *matcher) parts(attribute string, op drift.Op, v any) []drift.Fact {
	if !isUserMap(attribute) {
		elements, ok := Shape(attribute, m.entry.Attributes[attribute], v).([]any)
		if !ok {
			return []drift.Fact{{Attribute: attribute, Op: op, Value: Shape(attribute, m.entry.Attributes[attribute], v)}}
		}
		facts := make([]drift.Fact, len(elements))
		for i, e := range elements {
			facts[i] = drift.Fact{Attribute: attribute, Op: op, Value: e}
		}
		return facts
	}
	pairs, _ := Shape(attribute, nil, v).(map[string]any)
	if op == drift.OpRemove {
		gone := map[string]any{}
		for k := range pairs {
			gone[k] = nil
		}
		if list, ok := v.([]any); ok {
			for _, e := range list {
				if k, ok := e.(string); ok {
					gone[k] = nil
				}
			}
		}
		pairs = gone
	}
	return []drift.Fact{{Attribute: attribute, Op: drift.OpMerge, Value: pairs}}
}

// hidden values stand where CloudTrail or a service withheld the real one
// (CloudTrail User Guide, "CloudTrail record contents"; Amazon RDS logs ****),
// by itself or as all that an object holds.
func hidden(v any) bool {
	switch v := v.(type) {
	case string:
		return v == "HIDDEN_DUE_TO_SECURITY_REASONS" || v == "<sensitiveDataRemoved>" || v == "REDACTED" || v == "***" || len(v) > 3 && strings.Trim(v, "*") == ""
	case map[string]any:
		for _, e := range v {
			if !hidden(e) {
				return false
			}
		}
		return len(v) > 0
	}
	return false
}

// secretive attributes are those whose setting is what the caller asked for,
// where the record hides the value.
func secretive(attribute string) bool {
	for _, word := range [...]string{"password", "user_data", "secret", "token", "value", "private_key", "content", "auth", "credential", "definition"} {
		if strings.Contains(attribute, word) {
			return true
		}
	}
	return false
}
