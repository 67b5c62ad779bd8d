package detector_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tfdrift/internal/drift"
)

// expectation is a finding as a story or an exam tells it. What is left out is
// not asked.
type expectation struct {
	Status         drift.Status // left out: open
	Kind           drift.Kind
	Address, State string // State is a file's name; it tells resources of one address apart
	Type           string
	ID             oneOf // asked of what no state manages
	Changes        []changeExpected
	Actor          oneOf
	Severity       drift.Severity
	Optional       bool          // may be said, need not be
	Or             []expectation // as right as this one; status, actor and severity are this one's
}

// changeExpected is an attribute that must be among a finding's changes. Values
// are asked by containment, see [contained].
type changeExpected struct {
	Attribute          string
	Alias              []string // other attributes that would be as right
	Op                 oneOf
	Before, After      json.RawMessage
	Sensitive, Unknown bool
	Optional           bool
}

// oneOf is a word, or a list of words of which each is right; none is asked of
// an empty one.
type oneOf []string

func (o *oneOf) UnmarshalJSON(text []byte) error {
	var word string
	if json.Unmarshal(text, &word) == nil {
		*o = oneOf{word}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(o))
}

func (o oneOf) allows(word string) bool { return len(o) == 0 || slices.Contains(o, word) }

// sideEffects are attributes that any write changes: to report them is neither
// right nor wrong.
var sideEffects = []string{"tags_all", "etag", "last_modified", "last_modified_date", "last_modified_time", "lock_token"}

// score counts what was asked and what of it was right, level by level.
type score struct {
	Cases, Silence                       ratio
	Resource, Attribute                  found
	Kind, Status, Value, Actor, Severity ratio
}

type ratio struct{ right, of int }

func (r *ratio) count(right bool) {
	r.of++
	if right {
		r.right++
	}
}

func (r ratio) String() string { return fmt.Sprintf("%d/%d", r.right, r.of) }

type found struct{ right, missed, extra int }

func (f found) String() string {
	precision, recall := float64(f.right)/float64(max(1, f.right+f.extra)), float64(f.right)/float64(max(1, f.right+f.missed))
	return fmt.Sprintf("precision %.3f, recall %.3f (%d right, %d missed, %d extra)", precision, recall, f.right, f.missed, f.extra)
}

func (s *score) add(o score) {
	for _, p := range [][2]*ratio{{&s.Cases, &o.Cases}, {&s.Silence, &o.Silence}, {&s.Kind, &o.Kind}, {&s.Status, &o.Status},
		{&s.Value, &o.Value}, {&s.Actor, &o.Actor}, {&s.Severity, &o.Severity}} {
		p[0].right += p[1].right
		p[0].of += p[1].of
	}
	for _, p := range [][2]*found{{&s.Resource, &o.Resource}, {&s.Attribute, &o.Attribute}} {
		p[0].right += p[1].right
		p[0].missed += p[1].missed
		p[0].extra += p[1].extra
	}
}

func (s *score) String() string {
	return fmt.Sprintf("cases wholly right %s, silence kept %s\nresource   %s\nattribute  %s\nvalue      %s\nactor      %s\nkind       %s\nstatus     %s\nseverity   %s",
		s.Cases, s.Silence, s.Resource, s.Attribute, s.Value, s.Actor, s.Kind, s.Status, s.Severity)
}

// grade pairs what was expected with what was found, and says what is wrong.
func grade(want []expectation, got []drift.Finding) (s score, faults []string) {
	left := slices.Clone(got)
	var beside []expectation // may be said too
	for _, w := range want {
		if w.Optional {
			beside = append(beside, w)
			continue
		}
		choices := w.choices()
		choice, i := closest(choices, left)
		if i < 0 {
			s.Resource.missed++
			s.Attribute.missed += len(slices.DeleteFunc(slices.Clone(w.Changes), func(c changeExpected) bool { return c.Optional }))
			faults = append(faults, fmt.Sprintf("missing: %s %s %s%v", w.Kind, w.Address, w.Type, w.ID))
			continue
		}
		s.Resource.right++
		faults = append(faults, choices[choice].check(&left[i], &s)...)
		left = slices.Delete(left, i, i+1)
		for _, o := range choices {
			if !o.sameResource(&choices[choice]) {
				beside = append(beside, o)
			}
		}
	}
	for _, o := range beside {
		if i := slices.IndexFunc(left, func(f drift.Finding) bool { return o.speaksOf(&f) }); i >= 0 {
			left = slices.Delete(left, i, i+1)
		}
	}
	for _, f := range left {
		s.Resource.extra++
		b, _ := json.Marshal(f)
		faults = append(faults, fmt.Sprintf("unexpected: %s", b))
	}
	if !slices.ContainsFunc(want, func(w expectation) bool { return !w.Optional }) {
		s.Silence.count(len(left) == 0)
	}
	s.Cases.count(len(faults) == 0)
	return s, faults
}

// choices are the answers that are right: the expectation itself first.
func (w *expectation) choices() []expectation {
	all := []expectation{*w}
	for _, o := range w.Or {
		o.Status, o.Actor, o.Severity = w.Status, w.Actor, w.Severity
		all = append(all, o)
	}
	return all
}

func (w *expectation) sameResource(o *expectation) bool {
	if w.Address != o.Address || w.State != o.State {
		return false
	}
	return w.Address != "" || w.Type == o.Type && slices.Equal(w.ID, o.ID)
}

// closest is the choice and the finding that suit each other best; the finding
// is -1 where none speaks of any choice's resource.
func closest(choices []expectation, findings []drift.Finding) (choice, finding int) {
	finding = -1
	best := -1
	for c := range choices {
		for f := range findings {
			if !choices[c].speaksOf(&findings[f]) {
				continue
			}
			if l := choices[c].likeness(&findings[f]); l > best {
				best, choice, finding = l, c, f
			}
		}
	}
	return choice, finding
}

// speaksOf reports whether a finding is of the resource that is expected.
func (w *expectation) speaksOf(f *drift.Finding) bool {
	r := &f.Resource
	switch {
	case w.Address != r.Address:
		return false
	case w.Address != "":
		return w.State == "" || path.Base(w.State) == path.Base(r.State)
	}
	return w.Type == r.Type && w.ID.allows(r.ID)
}

// likeness tells several findings of one resource apart.
func (w *expectation) likeness(f *drift.Finding) (points int) {
	if w.Kind == f.Kind {
		points += 4
	}
	if w.status() == f.Status {
		points += 2
	}
	if slices.ContainsFunc(w.Changes, func(c changeExpected) bool {
		return slices.ContainsFunc(f.Changes, func(a drift.Attribute) bool { return top(a.Name) == c.Attribute })
	}) {
		points++
	}
	return points
}

func (w *expectation) status() drift.Status {
	if w.Status == "" {
		return drift.Open
	}
	return w.Status
}

// check counts and says in what a finding differs from the expectation.
func (w *expectation) check(f *drift.Finding, s *score) (faults []string) {
	ask := func(r *ratio, what string, right bool, got, want any) {
		if r.count(right); !right {
			faults = append(faults, fmt.Sprintf("%s %v, want %v", what, got, want))
		}
	}
	ask(&s.Kind, "kind", f.Kind == w.Kind, f.Kind, w.Kind)
	ask(&s.Status, "status", f.Status == w.status(), f.Status, w.status())
	if w.Type != "" && w.Type != f.Resource.Type {
		faults = append(faults, fmt.Sprintf("type %s, want %s", f.Resource.Type, w.Type))
	}
	if len(w.Actor) > 0 {
		ask(&s.Actor, "actor", w.Actor.allows(f.Actor.Name), f.Actor.Name, w.Actor)
	}
	if w.Severity != "" {
		ask(&s.Severity, "severity", w.Severity == f.Severity, f.Severity, w.Severity)
	}
	if w.Changes != nil {
		faults = append(faults, checkChanges(w.Changes, changesOf(f), s)...)
	}
	return faults
}

// change is one line of a finding's changes as its reader gets it: the
// attribute, the path within it, and the fields of the JSON form, values
// wrapped in the path.
type change struct {
	attribute string
	fields    map[string]any
}

func changesOf(f *drift.Finding) (all []change) {
	b, _ := json.Marshal(f.Changes)
	var lines []map[string]any
	_ = json.Unmarshal(b, &lines)
	for _, fields := range lines {
		name, _ := fields["attribute"].(string)
		steps := strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune(`.[]"`, r) })
		for _, side := range []string{"before", "after"} {
			if v, ok := fields[side]; ok {
				fields[side] = within(steps[1:], v)
			}
		}
		all = append(all, change{top(name), fields})
	}
	return all
}

// within nests a value in the steps to it; places in lists are left out, as
// lists are asked by containment.
func within(steps []string, v any) any {
	for _, step := range slices.Backward(steps) {
		if _, err := strconv.Atoi(step); err != nil {
			v = map[string]any{step: v}
		}
	}
	return v
}

func top(attribute string) string {
	if i := strings.IndexAny(attribute, ".["); i >= 0 {
		return attribute[:i]
	}
	return attribute
}

func checkChanges(want []changeExpected, got []change, s *score) (faults []string) {
	known := slices.Clone(sideEffects)
	left := slices.Clone(got)
	for _, w := range want {
		named := append([]string{top(w.Attribute)}, w.Alias...)
		known = append(known, named...)
		ofName := func(c change) bool { return slices.Contains(named, c.attribute) }
		if !slices.ContainsFunc(got, ofName) {
			if !w.Optional {
				s.Attribute.missed++
				faults = append(faults, fmt.Sprintf("attribute %s is not reported", w.Attribute))
			}
			continue
		}
		if !w.Optional {
			s.Attribute.right++
		}
		if w.bare() {
			continue
		}
		i := slices.IndexFunc(left, func(c change) bool { return ofName(c) && w.holds(c) })
		right := i >= 0
		if right {
			left = slices.Delete(left, i, i+1) // so that two expected elements are two
		} else {
			right = w.holdsOf(slices.DeleteFunc(slices.Clone(got), func(c change) bool { return !ofName(c) }))
		}
		if w.Before != nil || w.After != nil || w.Sensitive || w.Unknown {
			s.Value.count(right)
		}
		if !right {
			faults = append(faults, fmt.Sprintf("%s: want %s %s → %s, got %.400s", w.Attribute, strings.Join(w.Op, "|"), w.Before, w.After, text(got, ofName)))
		}
	}
	for _, name := range attributesOf(got) {
		if !slices.Contains(known, name) {
			s.Attribute.extra++
			faults = append(faults, fmt.Sprintf("unexpected attribute %s: %.400s", name, text(got, func(c change) bool { return c.attribute == name })))
		}
	}
	return faults
}

func attributesOf(changes []change) (all []string) {
	for _, c := range changes {
		if !slices.Contains(all, c.attribute) {
			all = append(all, c.attribute)
		}
	}
	return all
}

// text is some of the changes, for people.
func text(changes []change, of func(change) bool) []byte {
	var fields []map[string]any
	for _, c := range changes {
		if of(c) {
			fields = append(fields, c.fields)
		}
	}
	b, _ := json.Marshal(fields)
	return b
}

// bare reports whether no more than the attribute's name is asked.
func (w *changeExpected) bare() bool {
	return len(w.Op) == 0 && w.Before == nil && w.After == nil && !w.Sensitive && !w.Unknown
}

// holds reports whether one line of changes is what is expected.
func (w *changeExpected) holds(c change) bool {
	op, _ := c.fields["op"].(string)
	_, shownBefore := c.fields["before"]
	_, shownAfter := c.fields["after"]
	switch {
	case !w.Op.allows(op), w.Unknown && c.fields["unknown"] != true:
		return false
	case w.Sensitive && (c.fields["sensitive"] != true || shownBefore || shownAfter):
		return false
	}
	return w.holdsValues(c.fields["before"], c.fields["after"])
}

// holdsOf asks the same of several lines of one attribute, a line an element.
func (w *changeExpected) holdsOf(lines []change) bool {
	if len(lines) < 2 || w.Sensitive || w.Unknown {
		return false
	}
	var before, after []any
	opRight := false
	for _, c := range lines {
		op, _ := c.fields["op"].(string)
		opRight = opRight || w.Op.allows(op)
		if v, ok := c.fields["before"]; ok {
			before = append(before, v)
		}
		if v, ok := c.fields["after"]; ok {
			after = append(after, v)
		}
	}
	return opRight && w.holdsValues(before, after)
}

func (w *changeExpected) holdsValues(before, after any) bool {
	return (w.Before == nil || contained(plain(w.Before), plain(before))) && (w.After == nil || contained(plain(w.After), plain(after)))
}

var (
	number  = regexp.MustCompile(`^-?\d{1,15}(\.\d{1,9})?$`)
	dnsName = regexp.MustCompile(`^[A-Za-z0-9_.*-]+\.[A-Za-z]+\.$`)
)

// plain is a value without what is only its notation: JSON in a string, perhaps
// URL-encoded, is read; numbers and booleans are what they are in a string or
// out of it; a DNS name loses its final dot.
func plain(v any) any {
	switch v := v.(type) {
	case json.RawMessage:
		var value any
		_ = json.Unmarshal(v, &value)
		return plain(value)
	case map[string]any:
		m := make(map[string]any, len(v))
		for k, x := range v {
			m[k] = plain(x)
		}
		return m
	case []any:
		l := make([]any, len(v))
		for i, x := range v {
			l[i] = plain(x)
		}
		return l
	case string:
		return plainText(strings.TrimSpace(v))
	}
	return v
}

func plainText(text string) any {
	if strings.HasPrefix(text, "%7B") || strings.HasPrefix(text, "%5B") {
		if decoded, err := url.PathUnescape(text); err == nil {
			text = decoded
		}
	}
	if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
		var value any
		if json.Unmarshal([]byte(text), &value) == nil {
			return plain(value)
		}
	}
	switch {
	case strings.EqualFold(text, "true"):
		return true
	case strings.EqualFold(text, "false"):
		return false
	case number.MatchString(text):
		f, _ := strconv.ParseFloat(text, 64)
		return f
	case dnsName.MatchString(text):
		return strings.TrimSuffix(text, ".")
	}
	return text
}

// contained reports whether what is wanted is in what was got, both [plain]:
// objects by the fields named, lists of objects by their elements, lists of
// scalars as sets, a single value by being one of a list.
func contained(want, got any) bool {
	if empty(want) && empty(got) {
		return true
	}
	list, isList := got.([]any)
	in := func(v any) bool { return slices.ContainsFunc(list, func(g any) bool { return contained(v, g) }) }
	switch w := want.(type) {
	case map[string]any:
		if isList {
			return in(w)
		}
		g, ok := got.(map[string]any)
		if !ok {
			return false
		}
		for k, v := range w {
			if !contained(v, g[k]) {
				return false
			}
		}
		return true
	case []any:
		if !isList {
			return len(w) == 1 && contained(w[0], got)
		}
		if slices.ContainsFunc(w, func(v any) bool { return !in(v) }) {
			return false
		}
		return slices.ContainsFunc(w, compound) || !slices.ContainsFunc(list, func(g any) bool { return !contained(g, w) })
	}
	if isList {
		return in(want)
	}
	return want == got
}

func compound(v any) bool {
	switch v.(type) {
	case map[string]any, []any:
		return true
	}
	return false
}

func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

// The figures are worth what the scoring is: each row is one thing that must
// not pass, or must.
func TestScoring(t *testing.T) {
	changed := func(name string, op drift.Op, before, after any) drift.Attribute {
		return drift.Attribute{Name: name, Op: op, Before: before, After: after}
	}
	group := func(changes ...drift.Attribute) drift.Finding {
		return drift.Finding{Status: drift.Open, Kind: drift.Modified, Severity: "high", Actor: drift.Actor{Name: "alice"}, Changes: changes,
			Resource: drift.ResourceRef{Address: "aws_security_group.web", Type: "aws_security_group", ID: "sg-1", State: "s3://bucket/main.tfstate"}}
	}
	bucket := drift.Finding{Status: drift.Open, Kind: drift.Unmanaged, Resource: drift.ResourceRef{Type: "aws_s3_bucket", ID: "b"}}
	const web = `"kind":"modified","address":"aws_security_group.web"`
	for _, test := range []struct {
		name  string
		want  string
		found []drift.Finding
		right bool
	}{
		{"silence kept", `[]`, nil, true},
		{"silence broken", `[]`, []drift.Finding{bucket}, false},
		{"a finding that may be said", `[{"kind":"unmanaged","type":"aws_s3_bucket","optional":true}]`, []drift.Finding{bucket}, true},
		{"and need not be", `[{"kind":"unmanaged","type":"aws_s3_bucket","optional":true}]`, nil, true},
		{"a finding missing", `[{` + web + `}]`, nil, false},
		{"one of two answers", `[{` + web + `,"or":[{"kind":"unmanaged","type":"aws_s3_bucket"}]}]`, []drift.Finding{bucket}, true},
		{"both answers", `[{` + web + `,"or":[{"kind":"unmanaged","type":"aws_s3_bucket"}]}]`, []drift.Finding{group(), bucket}, true},
		{"another resource", `[{"kind":"modified","address":"aws_security_group.db"}]`, []drift.Finding{group()}, false},
		{"another state", `[{` + web + `,"state":"other.tfstate"}]`, []drift.Finding{group()}, false},
		{"the state, by its file's name", `[{` + web + `,"state":"main.tfstate"}]`, []drift.Finding{group()}, true},
		{"another id", `[{"kind":"unmanaged","type":"aws_s3_bucket","id":["a","c"]}]`, []drift.Finding{bucket}, false},
		{"another kind", `[{"kind":"deleted","address":"aws_security_group.web"}]`, []drift.Finding{group()}, false},
		{"another status", `[{` + web + `,"status":"resolved"}]`, []drift.Finding{group()}, false},
		{"another actor", `[{` + web + `,"actor":"bob"}]`, []drift.Finding{group()}, false},
		{"another severity", `[{` + web + `,"severity":"low"}]`, []drift.Finding{group()}, false},
		{"changes not asked", `[{` + web + `}]`, []drift.Finding{group(changed("name", drift.OpSet, "a", "b"))}, true},
		{"changes where none are", `[{` + web + `,"changes":[]}]`, []drift.Finding{group(changed("name", drift.OpSet, "a", "b"))}, false},
		{"an attribute missing", `[{` + web + `,"changes":[{"attribute":"name"}]}]`, []drift.Finding{group()}, false},
		{"a side effect beside it", `[{` + web + `,"changes":[]}]`, []drift.Finding{group(changed("tags_all", drift.OpSet, "a", "b"))}, true},
		{"an alias", `[{` + web + `,"changes":[{"attribute":"title","alias":["name"],"after":"b"}]}]`, []drift.Finding{group(changed("name", drift.OpSet, "a", "b"))}, true},
		{"another op", `[{` + web + `,"changes":[{"attribute":"name","op":"add"}]}]`, []drift.Finding{group(changed("name", drift.OpSet, "a", "b"))}, false},
		{"another value after", `[{` + web + `,"changes":[{"attribute":"name","before":"a","after":"c"}]}]`, []drift.Finding{group(changed("name", drift.OpSet, "a", "b"))}, false},
		{"another value before", `[{` + web + `,"changes":[{"attribute":"name","before":"c","after":"b"}]}]`, []drift.Finding{group(changed("name", drift.OpSet, "a", "b"))}, false},
		{"a number in a string", `[{` + web + `,"changes":[{"attribute":"n","after":"5"}]}]`, []drift.Finding{group(changed("n", drift.OpSet, 4, 5))}, true},
		{"a field of an element", `[{` + web + `,"changes":[{"attribute":"ingress","after":{"from_port":22}}]}]`, []drift.Finding{group(changed("ingress", drift.OpAdd, nil, map[string]any{"from_port": 22, "to_port": 22}))}, true},
		{"a path for a block", `[{` + web + `,"changes":[{"attribute":"settings","after":{"tier":"big"}}]}]`, []drift.Finding{group(changed("settings[0].tier", drift.OpSet, "small", "big"))}, true},
		{"two elements where one is", `[{` + web + `,"changes":[{"attribute":"ingress","op":"add","after":22},{"attribute":"ingress","op":"add","after":22}]}]`, []drift.Finding{group(changed("ingress", drift.OpAdd, nil, 22))}, false},
		{"a list a line an element", `[{` + web + `,"changes":[{"attribute":"cidrs","after":["b","a"]}]}]`, []drift.Finding{group(changed("cidrs", drift.OpAdd, nil, "a"), changed("cidrs", drift.OpAdd, nil, "b"))}, true},
		{"a list with one too many", `[{` + web + `,"changes":[{"attribute":"cidrs","after":["a"]}]}]`, []drift.Finding{group(changed("cidrs", drift.OpSet, nil, []any{"a", "b"}))}, false},
		{"a secret that is shown", `[{` + web + `,"changes":[{"attribute":"password","sensitive":true}]}]`, []drift.Finding{group(changed("password", drift.OpSet, "a", "b"))}, false},
		{"a secret that is not", `[{` + web + `,"changes":[{"attribute":"password","sensitive":true}]}]`, []drift.Finding{group(drift.Attribute{Name: "password", Op: drift.OpSet, Sensitive: true})}, true},
	} {
		var want []expectation
		if err := json.Unmarshal([]byte(test.want), &want); err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		s, faults := grade(want, test.found)
		if right := len(faults) == 0; right != test.right || s.Cases.right == 1 != test.right {
			t.Errorf("%s: right is %v, want %v: %q", test.name, right, test.right, faults)
		}
	}
}
