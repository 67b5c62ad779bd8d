package compare

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/identity"
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
	m := matcher{entry: entry, renames: target.Rename, noun: noun(entry.Type), effect: target.Effect}
	m.members(target.Params, "", 0)
	return m.Matched
}

type matcher struct {
	entry   *drift.Entry
	renames drift.Renames
	noun    string
	effect  drift.Effect
	Matched
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
		return
	}
	if object, ok := v.(map[string]any); ok && len(object) == 0 {
		return // an empty object says nothing: Lambda's environment is logged so
	}
	if hidden(v) {
		if !known {
			attribute, known = m.attribute(k, v)
		}
		if known && secretive(attribute) {
			top, _, _ := strings.Cut(attribute, ".")
			m.Facts = append(m.Facts, drift.Fact{Attribute: top, Op: drift.OpSet, Unknown: true})
		}
		return
	}
	if object, ok := v.(map[string]any); ok && !known && strings.Contains(strings.ToLower(" "+string(m.renames)), strings.ToLower(" "+prefix+k+".")) {
		// The catalog knows members of it by path; what is left is matched as ever.
		left := map[string]any{}
		for _, name := range tree.Keys(object) {
			if _, deep := renamed(m.renames, prefix+k+".", name); deep {
				m.member(prefix+k+".", name, object[name], depth+1)
			} else {
				left[name] = object[name]
			}
		}
		v = left
		if len(left) == 0 {
			return
		}
	}
	if !known {
		attribute, known = m.attribute(k, v)
	}
	if known {
		m.Facts = append(m.Facts, m.facts(attribute, m.elements(prefix+k, v))...)
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
		v := m.nested(prefix+k+".", object[k])
		attribute, known := renamedPath(m.renames, prefix+k)
		switch {
		case attribute == "-" || v == nil || !known && irrelevant(k):
		case known:
			m.Facts = append(m.Facts, m.facts(attribute, m.elements(prefix+k, v))...)
		default:
			rest[k] = v
		}
	}
	if len(rest) == 0 && len(object) > 0 {
		return nil
	}
	return rest
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

// field finds the field that a member means: the one of the same name, else
// the likest, the first in order of spelling where several are; "" if none is.
// Within a block, names are few enough that the member's end may tell:
// hostedZoneId, zone_id.
func field(model map[string]any, member string, v any, noun string, nested bool) string {
	for f := range model {
		if tree.SameName(member, f) {
			return f
		}
	}
	name, best := "", 0
	for f, state := range model {
		score := likeness(member, f, noun)
		if score < 3 && isBlocks(state) && !isObject(v) {
			score = 0 // a word in common does not make a scalar a block
		}
		if score == 0 && nested && endsIn(member, f) {
			score = 1
		}
		if score > best || score == best && score > 0 && f < name {
			name, best = f, score
		}
	}
	return name
}

func isBlocks(state any) bool {
	list, ok := state.([]any)
	if !ok || len(list) == 0 {
		return false
	}
	_, ok = list[0].(map[string]any)
	return ok
}

func isObject(v any) bool {
	switch v.(type) {
	case map[string]any, []any:
		return true
	}
	return false
}

// endsIn reports whether a member's name ends in a field's.
func endsIn(member, field string) bool {
	n := len(field) - strings.Count(field, "_")
	return n > 3 && len(member) > n && tree.SameName(member[len(member)-n:], field)
}

// likeness scores how well a field of another name fits a member: the same but
// for the resource's noun in front (DBInstanceClass, instance_class); but for a
// plural; but for the kind of reference at the end (kmsKeyId, kms_key_arn); but
// for the word that makes it a switch (enableX, x_enabled).
func likeness(member, field, noun string) int {
	if noun != "" && sameWithoutNoun(member, field, noun) {
		return 4
	}
	if samePlural(member, field) || samePlural(field, member) {
		return 3
	}
	if end := trimEnd(member); tree.SameName(end, trimEnd(field)) {
		return 2
	}
	if tree.SameName(trimSwitch(member), trimSwitch(field)) {
		return 2
	}
	return 0
}

func samePlural(plural, single string) bool {
	n := len(plural)
	return n > 1 && (plural[n-1] == 's' || plural[n-1] == 'S') && tree.SameName(plural[:n-1], single)
}

// sameWithoutNoun cuts runs of the noun's words off the member's front.
func sameWithoutNoun(member, field, noun string) bool {
	for start := 0; start < len(noun); start++ {
		if start > 0 && noun[start-1] != '_' {
			continue
		}
		for end := len(noun); end > start; end-- {
			if end < len(noun) && noun[end] != '_' {
				continue
			}
			if n := end - start; n < len(member) {
				words := noun[start:end]
				cut := len(words) - strings.Count(words, "_")
				if cut < len(member) && tree.SameName(member[:cut], words) && tree.SameName(member[cut:], field) {
					return true
				}
			}
		}
	}
	return false
}

// trimEnd takes a reference's kind off a name (id, arn, name) and Terraform's unit.
func trimEnd(name string) string {
	lower := strings.ToLower(name)
	for _, end := range [...]string{"identifiers", "identifier", "names", "name", "arns", "arn", "ids", "id", "_in_seconds", "_seconds"} {
		if rest, ok := strings.CutSuffix(lower, end); ok && len(rest) > 3 {
			return strings.Trim(rest, "_")
		}
	}
	return lower
}

func trimSwitch(name string) string {
	lower := strings.ReplaceAll(strings.ToLower(name), "_", "")
	if rest, ok := strings.CutPrefix(lower, "enable"); ok && !strings.HasPrefix(rest, "d") && len(rest) > 3 {
		return rest
	}
	if rest, ok := strings.CutSuffix(lower, "enabled"); ok && len(rest) > 3 {
		return rest
	}
	return lower
}

// noun is a type's own name without its provider: db_instance.
func noun(typ string) string {
	_, rest, _ := strings.Cut(typ, "_")
	return rest
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

// represented is a value without the fields that Terraform does not have. Google
// logs resources as its API has them, and state lists every field of a block:
// a field that its block lacks is no attribute.
func represented(v, state any, attribute string) any {
	switch x := v.(type) {
	case map[string]any:
		model := block(state)
		if len(model) == 0 || isUserMap(attribute) && !isList(state) {
			return v
		}
		out := make(map[string]any, len(x))
		for k, e := range x {
			name := field(model, k, e, attribute, true)
			if name == "" && !(isObject(e) && len(x) == 1) {
				continue
			}
			out[k] = represented(e, model[name], name)
		}
		return out
	case []any:
		list, _ := state.([]any)
		out := make([]any, len(x))
		for i, e := range x {
			out[i] = represented(e, list, attribute)
		}
		return out
	}
	return v
}

// below is what state has at a path of fields.
func below(state any, path string) any {
	for path != "" {
		var name string
		name, path, _ = strings.Cut(path, ".")
		state = block(state)[name]
	}
	return state
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

// pairs reads a map that is logged as a list: [{"key": "Env", "value": "prod"}].
func pairs(list []any) (map[string]any, bool) {
	out := make(map[string]any, len(list))
	for _, e := range list {
		m, ok := e.(map[string]any)
		if !ok {
			return nil, false
		}
		key, found := "", false
		var value any
		for k, v := range m {
			switch {
			case tree.SameName(k, "key"), tree.SameName(k, "tagKey"), tree.SameName(k, "name"), tree.SameName(k, "parameterName"):
				key, found = tree.GetString(m, k), true
			case tree.SameName(k, "value"), tree.SameName(k, "tagValue"), tree.SameName(k, "parameterValue"):
				value = v
			}
		}
		if !found {
			return nil, false
		}
		if value == nil {
			value = ""
		}
		out[key] = value
	}
	return out, true
}

// scalar writes a value in the type that state has for it: a list of one, a
// switch that the API spells as a word.
func scalar(state, v any) any {
	switch state.(type) {
	case []any:
		if list := state.([]any); len(list) > 0 {
			if _, blocks := list[0].(map[string]any); blocks {
				return v
			}
		}
		if text, ok := v.(string); ok && strings.Contains(text, ",") && !document(text) {
			return split(text) // subnets of an autoscaling group, security groups of a stack
		}
		return []any{v}
	case string:
		if path, ok := v.(string); ok && identity.IsPath(path) && !strings.Contains(state.(string), "/") && state != "" {
			return identity.Short(path) // a self-link where state has the name alone
		}
	case json.Number:
		if text, ok := v.(string); ok && json.Valid([]byte(text)) {
			if _, ok := number(text); ok {
				return json.Number(text)
			}
		}
	case bool:
		word, _ := v.(string)
		switch strings.ToLower(word) {
		case "enabled", "on", "active", "true", "enable", "yes":
			return true
		case "disabled", "off", "suspended", "inactive", "false", "disable", "no":
			return false
		}
	}
	return v
}

// Shape writes an event's value as state would: the fields of blocks by the
// names that state uses, or spelled as Terraform spells where state has none;
// the keys of the user's own maps as they are.
func Shape(attribute string, state, v any) any {
	switch v := v.(type) {
	case map[string]any:
		switch state := state.(type) {
		case string:
			if len(v) > 1 || document(state) {
				return string(tree.Canonical(v)) // a document, which state keeps as text
			}
			return Shape(attribute, state, only(v))
		case json.Number, bool:
			if len(v) == 1 {
				return Shape(attribute, state, only(v)) // a wrapper around a scalar
			}
		}
		if isUserMap(attribute) && !isList(state) {
			return userMap(v)
		}
		model := block(state)
		if items, ok := only(v).([]any); ok && len(v) == 1 && isList(state) && len(model) == 0 {
			return Shape(attribute, state, items) // a wrapper around a list
		}
		out := make(map[string]any, len(v))
		for _, k := range tree.Keys(v) {
			if v[k] == nil || strings.HasPrefix(k, "@") {
				continue
			}
			name := field(model, k, v[k], attribute, true)
			if name == "" && len(model) > 0 {
				if inner := block(v[k]); len(v) == 1 && fits(inner, model, attribute) {
					return Shape(attribute, state, v[k]) // a wrapper that state does not have
				}
			}
			if name == "" {
				name = tree.Snake(k)
				if short, ok := strings.CutPrefix(name, attribute+"_"); ok && len(model) == 0 {
					name = short // parameterName of the first parameter
				}
			}
			out[name] = Shape(name, model[name], v[k])
		}
		return out
	case []any:
		if _, blocks := state.([]any); isUserMap(attribute) && !blocks {
			if m, ok := pairs(v); ok {
				return m
			}
		}
		if _, text := state.(string); text && len(v) == 1 && !isObject(v[0]) {
			return v[0] // a header's only value
		}
		if len(v) == 0 { // cleared: back to what the type has for nothing
			switch state.(type) {
			case bool:
				return false
			case json.Number:
				return json.Number("0")
			case string:
				return ""
			}
		}
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = element(attribute, state, e)
		}
		return out
	}
	return scalar(state, v)
}

func split(text string) (list []any) {
	for e := range strings.SplitSeq(text, ",") {
		list = append(list, strings.TrimSpace(e))
	}
	return list
}

// only is the value of a single member.
func only(object map[string]any) any {
	for _, v := range object {
		return v
	}
	return nil
}

// userMap sees through what is logged around a map of the user's own:
// {"TagSet": {"Tag": [{"Key": "Env", "Value": "prod"}]}}.
func userMap(v map[string]any) any {
	if len(v) == 1 {
		switch inner := only(v).(type) {
		case map[string]any:
			return userMap(inner)
		case []any:
			if m, ok := pairs(inner); ok {
				return m
			}
		}
	}
	if m, ok := pairs([]any{v}); ok && len(v) == 2 {
		return m // one tag, logged without its list
	}
	return v
}

func isList(v any) bool {
	_, ok := v.([]any)
	return ok
}

// element is Shape for one element of a list.
func element(attribute string, state, e any) any {
	if m, ok := e.(map[string]any); ok {
		if list, ok := state.([]any); ok && len(m) == 1 && len(list) > 0 && !isObject(list[0]) {
			return only(m) // [{"name": "source"}] where state has ["source"]
		}
		return Shape(attribute, state, m)
	}
	return e
}

// fits reports whether a model has a field for some member of an object.
func fits(object, model map[string]any, attribute string) bool {
	for k, v := range object {
		if field(model, k, v, attribute, true) != "" {
			return true
		}
	}
	return false
}

// block is the model of a block: the fields of all a list's blocks, or a nested
// object itself.
func block(state any) map[string]any {
	switch s := state.(type) {
	case map[string]any:
		return s
	case []any:
		if len(s) == 0 {
			return nil
		}
		model, _ := s[0].(map[string]any)
		if len(s) == 1 || model == nil {
			return model
		}
		model = maps.Clone(model)
		for _, e := range s[1:] {
			fields, _ := e.(map[string]any)
			for k, v := range fields {
				if known, ok := model[k].([]any); ok {
					more, _ := v.([]any)
					model[k] = append(slices.Clip(known), more...)
				} else if isEmpty(model[k]) {
					model[k] = v
				}
			}
		}
		return model
	}
	return nil
}

// irrelevant members name no attribute of any resource: tokens against
// replays, switches of the call itself, what S3 and Google add to requests.
func irrelevant(member string) bool {
	if strings.HasPrefix(member, "x-amz-") || strings.HasPrefix(member, "X-Amz-") || strings.HasPrefix(member, "@") {
		return true
	}
	for _, name := range irrelevantMembers {
		if tree.SameName(member, name) {
			return true
		}
	}
	return false
}

var irrelevantMembers = [...]string{
	"clientToken", "clientRequestToken", "idempotencyToken", "creationToken", "requestToken", "callerReference", "creatorRequestId", "requestId", "changeToken",
	"lockToken", "ifMatch", "ifNoneMatch", "etag", "revisionId", "fingerprint", "labelFingerprint", "settingsFingerprint", "updateMask", "fieldMask", "validateOnly",
	"dryRun", "applyImmediately", "allowMajorVersionUpgrade", "expectedBucketOwner", "host", "skipFinalSnapshot", "finalDBSnapshotIdentifier", "force", "forceDelete",
	"currentVersion", "location-header", "contentMD5", "checksumAlgorithm", "publish", "returnValues", "includeDetails", "kind", "selfLink", "creationTimestamp",
	"updateTime", "createTime", "forceNewDeployment", "userProject", "projection", "alt", "prettyPrint", "allowMissing", "ownershipToken", "includeAllResources",
	"retainDeprecatedValues", "confirmRemoveSelfResourceAccess", "bypassPolicyLockoutSafetyCheck", "overwrite", "noReboot", "forceStop", "force-update", "zoneOperation",
}

// hidden values stand where CloudTrail or a service withheld the real one
// (CloudTrail User Guide, "CloudTrail record contents"; Amazon RDS logs ****).
func hidden(v any) bool {
	s, ok := v.(string)
	return ok && (s == "HIDDEN_DUE_TO_SECURITY_REASONS" || s == "<sensitiveDataRemoved>" || s == "REDACTED" || s == "***" || len(s) > 3 && strings.Trim(s, "*") == "")
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

// renames reports whether some member below a path is renamed.
func renames(r drift.Renames, prefix string) bool {
	rest := string(r)
	for rest != "" {
		var pair string
		pair, rest, _ = strings.Cut(rest, " ")
		if len(pair) > len(prefix) && strings.EqualFold(pair[:len(prefix)], prefix) {
			return true
		}
	}
	return false
}

// renamedPath finds the attribute that a member is renamed to by its path.
func renamedPath(r drift.Renames, path string) (attribute string, ok bool) {
	rest := string(r)
	for rest != "" {
		var pair string
		pair, rest, _ = strings.Cut(rest, " ")
		if name, to, _ := strings.Cut(pair, "="); strings.EqualFold(name, path) {
			return to, true
		}
	}
	return "", false
}

// renamed finds the attribute that a member is renamed to; prefix is the path of
// wrappers that it stands in.
func renamed(r drift.Renames, prefix, member string) (attribute string, ok bool) {
	rest := string(r)
	for rest != "" {
		var pair string
		pair, rest, _ = strings.Cut(rest, " ")
		name, to, _ := strings.Cut(pair, "=")
		if tree.SameName(name, member) && !strings.Contains(name, ".") {
			attribute, ok = to, true
		} else if strings.Contains(name, ".") && tree.SameName(name, prefix+member) {
			return to, true // the whole path is the better match
		}
	}
	return attribute, ok
}
