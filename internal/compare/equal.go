// Package compare judges what an event says against what state holds: it
// matches request parameters onto attributes by structure, applies facts to an
// entry, and tells by meaning whether anything differs. It knows how values are
// written, not which operation sets what; that is the catalog's.
package compare

import (
	"context"
	"encoding/json"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	awspolicy "github.com/hashicorp/awspolicyequivalence"

	"tfdrift/internal/catalog"
	"tfdrift/internal/drift"
	"tfdrift/internal/identity"
	"tfdrift/internal/tree"
)

// Seal turns a value into the form in which sensitive values are held.
type Seal func(v any) drift.Sealed

// Comparer compares values. The zero value cannot recognise a sealed value and
// takes every value set over one as different.
type Comparer struct {
	Seal Seal
	// Ready, where set, reads the key that Seal needs.
	Ready func(ctx context.Context) error
}

// Equal reports whether an event's value means what the state's value means.
// Of blocks only the fields that the event's value has are compared; lists are
// sets; of maps whose keys are the user's own every key counts.
func (c Comparer) Equal(attribute string, state, event any) bool {
	if isUserMap(attribute) {
		a, okA := state.(map[string]any)
		b, okB := event.(map[string]any)
		if (okA || state == nil) && (okB || event == nil) {
			return c.equalMaps(a, b)
		}
	}
	if kind, ok := chosen(attribute, event); ok && !chooses(state, kind) {
		return false
	}
	if isVersion(attribute) && otherVersion(state, event) {
		return false
	}
	if attribute == "protocol" || attribute == "ip_protocol" {
		a, okA := tree.Text(state)
		b, okB := tree.Text(event)
		if okA && okB && catalog.Protocol(a) == catalog.Protocol(b) {
			return true // tcp and 6
		}
	}
	return c.equal(state, event)
}

func isVersion(attribute string) bool { return strings.HasSuffix(attribute, "version") }

// otherVersion tells 14.1 from 14.10, which are one number but two versions.
func otherVersion(state, event any) bool {
	a, okA := state.(string)
	b, okB := event.(string)
	_, isA := number(a)
	_, isB := number(b)
	return okA && okB && isA && isB && a != b
}

// chosen recognises a choice: a block whose only field, often empty itself, says
// by being there which of several kinds is meant: AWS WAF's {"allow": {}}.
func chosen(attribute string, v any) (kind string, ok bool) {
	switch attribute {
	case "action", "default_action", "override_action", "action_to_use":
	default:
		return "", false
	}
	if list, ok := v.([]any); ok && len(list) == 1 {
		v = list[0]
	}
	choice, ok := v.(map[string]any)
	if !ok || len(choice) != 1 {
		return "", false
	}
	for k, inner := range choice {
		kind, ok = k, isObject(inner)
	}
	return kind, ok
}

// chooses reports whether state's block is of the kind, by having that field.
func chooses(state any, kind string) bool {
	v, _ := tree.Member(block(state), kind)
	switch v := v.(type) {
	case []any:
		return len(v) > 0
	case map[string]any:
		return true
	}
	return false
}

func (c Comparer) equal(state, event any) bool {
	if s, ok := state.(drift.Sealed); ok {
		if e, ok := event.(drift.Sealed); ok {
			return s == e
		}
		return c.Seal != nil && c.Seal(event) == s
	}
	if isEmpty(state) || isEmpty(event) {
		return isZero(state) && isZero(event)
	}
	switch s := state.(type) {
	case []any:
		if e, ok := event.([]any); ok {
			return c.equalSets(s, e)
		}
		if text, ok := event.(string); ok {
			if v, ok := parseDocument(text); ok {
				return c.equal(state, v)
			}
		}
		return len(s) == 1 && c.equal(s[0], event)
	case map[string]any:
		switch e := event.(type) {
		case map[string]any:
			return c.contains(s, e)
		case []any:
			if list, ok := only(s).([]any); ok && len(s) == 1 && len(list) == len(e) {
				return c.equal(list, e) // a block around a list that the cloud gives bare
			}
			return len(e) == 1 && c.equal(state, e[0])
		case string:
			v, ok := parseDocument(e)
			return ok && c.equal(state, v)
		}
		return false
	case string:
		switch e := event.(type) {
		case map[string]any:
			return equalDocuments(s, string(tree.Canonical(e)))
		case []any:
			if v, ok := parseDocument(s); ok {
				return c.equal(v, event)
			}
			return len(e) == 1 && c.equal(state, e[0])
		}
	}
	if e, ok := event.([]any); ok {
		return len(e) == 1 && c.equal(state, e[0])
	}
	a, okA := tree.Text(state)
	b, okB := tree.Text(event)
	return okA && okB && equalText(a, b)
}

// contains reports whether all fields of the event's block mean what the
// state's block says. A field that the state's block lacks must be empty.
func (c Comparer) contains(state, event map[string]any) bool {
	for k, v := range event {
		s, ok := tree.Member(state, k)
		if !ok {
			s = state[field(state, k, v, "", true)]
		}
		if !c.Equal(k, s, v) {
			return false
		}
	}
	return true
}

// equalSets pairs off the elements of two lists, in any order.
func (c Comparer) equalSets(state, event []any) bool {
	if len(state) != len(event) {
		return false
	}
	if len(state) == 1 {
		return c.equal(state[0], event[0])
	}
	used := make([]bool, len(state))
next:
	for _, e := range event {
		for i, s := range state {
			if !used[i] && c.equal(s, e) {
				used[i] = true
				continue next
			}
		}
		return false
	}
	return true
}

// equalMaps compares maps whose keys are the user's own: tags, labels.
func (c Comparer) equalMaps(state, event map[string]any) bool {
	for k, s := range state {
		e, ok := event[k]
		if cloudsOwn(k) {
			continue
		}
		if !ok && !isEmpty(s) || ok && !equalExact(s, e) && !c.equalSealed(s, e) {
			return false
		}
	}
	for k := range event {
		if _, ok := state[k]; !ok && !cloudsOwn(k) {
			return false
		}
	}
	return true
}

// cloudsOwn tells the keys that the cloud or the provider sets by itself:
// AWS's system tags, Google's goog-terraform-provisioned and its like.
func cloudsOwn(key string) bool {
	return strings.HasPrefix(key, "aws:") || strings.HasPrefix(key, "goog-")
}

func (c Comparer) equalSealed(state, event any) bool {
	_, ok := state.(drift.Sealed)
	return ok && c.equal(state, event)
}

func equalExact(a, b any) bool {
	x, okX := tree.Text(a)
	y, okY := tree.Text(b)
	if okX && okY {
		return x == y
	}
	return isEmpty(a) && isEmpty(b)
}

// isUserMap tells the attributes whose keys belong to the user.
func isUserMap(attribute string) bool {
	switch attribute {
	case "tags", "tags_all", "labels", "user_labels", "resource_labels", "annotations", "variables", "environment_variables", "metadata",
		"parameters", "request_parameters", "request_templates", "response_parameters", "response_templates", "stage_variables", "default_arguments",
		"connection_properties", "options", "node_labels", "map", "dimensions", "effective_labels", "terraform_labels", "params", "query":
		return true
	}
	return false
}

// isEmpty: null, absent and the empty block, list or text are alike.
func isEmpty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		for _, e := range v {
			if !isEmpty(e) {
				return false
			}
		}
		return true
	case map[string]any:
		for _, e := range v {
			if !isEmpty(e) {
				return false
			}
		}
		return true
	}
	return false
}

// isZero: beside an empty value, what Terraform stores where nothing was set.
func isZero(v any) bool {
	switch v := v.(type) {
	case bool:
		return !v
	case json.Number:
		f, err := v.Float64()
		return err == nil && f == 0
	case string:
		switch strings.ToLower(v) {
		case "", "false", "0", "{}", "[]", "none", "off":
			return true
		case "default", "rolling": // termination policy and deployment strategy where nobody chose one
			return v == "Default" || v == "ROLLING"
		}
		return false
	case []any:
		for _, e := range v {
			if !isZero(e) {
				return false
			}
		}
		return true
	case map[string]any:
		for _, e := range v {
			if !isZero(e) {
				return false
			}
		}
		return true
	}
	return v == nil
}

// equalText compares two scalars by meaning, the cheap and common forms first.
func equalText(a, b string) bool {
	if a == b {
		return true
	}
	if x, ok := number(a); ok {
		if y, ok := number(b); ok {
			return x == y
		}
	}
	if len(a) == len(b) && strings.EqualFold(a, b) && (isCase(a) && isCase(b)) {
		return true // tcp and TCP, true and True; not the names that people choose
	}
	if document(a) || document(b) {
		return equalDocuments(a, b)
	}
	if x, ok := seconds(a); ok {
		if y, ok := seconds(b); ok {
			return x == y
		}
	}
	if x, ok := identity.Network(a); ok {
		if y, ok := identity.Network(b); ok {
			return x == y
		}
	}
	if x, ok := instant(a); ok {
		if y, ok := instant(b); ok {
			return x.Equal(y)
		}
	}
	if isWindow(a) && isWindow(b) {
		return strings.EqualFold(a, b)
	}
	a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	return a == b || isName(a) && isName(b) && identity.Same(a, b)
}

// isName tells what may be a form of a name from schedules (*/5 * * * *),
// prefixes (logs/app/) and prose, whose ends mean something else.
func isName(s string) bool {
	return !strings.ContainsAny(s, " \t\n") && !strings.HasSuffix(s, "/")
}

// number reads a decimal number of up to 15 digits: longer ones are ids, which
// only their text tells apart.
func number(s string) (float64, bool) {
	if s == "" || len(s) > 20 || s[0] != '-' && (s[0] < '0' || s[0] > '9') {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil && math.Abs(f) < 1e15
}

// isCase reports whether a word has letters of one case only.
func isCase(s string) bool {
	return s == strings.ToLower(s) || s == strings.ToUpper(s) || s == "True" || s == "False"
}

// seconds reads "300s" and plain numbers, the two ways in which durations are
// written (Google's Duration in JSON has the suffix).
func seconds(s string) (float64, bool) {
	digits, ok := strings.CutSuffix(s, "s")
	if !ok && s == "" {
		return 0, false
	}
	return number(digits)
}

// isWindow recognises a weekly maintenance window, sun:05:00-sun:06:00, which
// services write back in small letters.
func isWindow(s string) bool {
	return len(s) == len("sun:05:00-sun:06:00") && s[3] == ':' && s[6] == ':' && s[9] == '-' && s[13] == ':' && s[16] == ':'
}

// instant reads a time in RFC 3339, or as CloudTrail logs some services' times:
// Aug 21, 2026 10:00:00 PM, in UTC.
func instant(s string) (time.Time, bool) {
	if len(s) > len("Jan 2, 2006") && s[3] == ' ' && (s[5] == ',' || s[6] == ',') {
		t, err := time.Parse("Jan 2, 2006 3:04:05 PM", s)
		return t, err == nil
	}
	if len(s) < len("2006-01-02T15:04:05Z") || s[4] != '-' || s[10] != 'T' {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	return t, err == nil
}

func document(s string) bool {
	s = strings.TrimLeft(s, " \t\r\n")
	return len(s) > 1 && (s[0] == '{' || s[0] == '[') || strings.HasPrefix(s, "%7B") || strings.HasPrefix(s, "%7b") || strings.HasPrefix(s, "%5B") || strings.HasPrefix(s, `"{`)
}

// parseDocument reads JSON in text, URL-encoded or quoted once more as IAM and
// S3 log it.
func parseDocument(s string) (any, bool) {
	if !document(s) {
		return nil, false
	}
	if strings.HasPrefix(s, "%") {
		if u, err := url.QueryUnescape(s); err == nil {
			s = u
		}
	}
	v, err := tree.Parse([]byte(s))
	if text, ok := v.(string); ok && err == nil {
		v, err = tree.Parse([]byte(text))
	}
	return v, err == nil
}

// equalDocuments compares policies as policies and other JSON as JSON.
func equalDocuments(a, b string) bool {
	x, okX := parseDocument(a)
	y, okY := parseDocument(b)
	if !okX || !okY {
		return false
	}
	if isPolicy(x) && isPolicy(y) {
		same, err := awspolicy.PoliciesAreEquivalent(string(tree.Canonical(normalPolicy(x))), string(tree.Canonical(normalPolicy(y))))
		return err == nil && same
	}
	return equalJSON(x, y)
}

// isPolicy asks for statements that are objects: awspolicyequivalence panics on
// null ones.
func isPolicy(v any) bool {
	m, ok := v.(map[string]any)
	if !ok || m["Statement"] == nil {
		return false
	}
	return !slices.ContainsFunc(statements(m), func(s any) bool { _, ok := s.(map[string]any); return !ok })
}

// statements of a policy, of which a single one may stand without a list.
func statements(policy map[string]any) []any {
	if list, ok := policy["Statement"].([]any); ok {
		return list
	}
	return []any{policy["Statement"]}
}

// normalPolicy settles what awspolicyequivalence leaves apart: the case of
// actions, an empty Sid, and everybody as "*" or {"AWS": "*"} (IAM User Guide,
// "Principal element").
func normalPolicy(v any) any {
	m, ok := v.(map[string]any)
	if !ok {
		return v
	}
	for _, s := range statements(m) {
		statement, ok := s.(map[string]any)
		if !ok {
			continue
		}
		for _, k := range [...]string{"Action", "NotAction"} {
			switch a := statement[k].(type) {
			case string:
				statement[k] = strings.ToLower(a)
			case []any:
				for i := range a {
					if text, ok := a[i].(string); ok {
						a[i] = strings.ToLower(text)
					}
				}
			}
		}
		if statement["Sid"] == "" {
			delete(statement, "Sid")
		}
		if statement["Principal"] == "*" {
			statement["Principal"] = map[string]any{"AWS": "*"}
		}
	}
	return v
}

// equalJSON compares documents field by field, both ways; lists keep their
// order only where their elements differ as sets.
func equalJSON(a, b any) bool {
	switch x := a.(type) {
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok {
			return false
		}
		for k, v := range x {
			w, ok := y[k]
			if !ok && !isEmpty(v) || ok && !equalJSON(v, w) {
				return false
			}
		}
		for k, w := range y {
			if _, ok := x[k]; !ok && !isEmpty(w) {
				return false
			}
		}
		return true
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return false
		}
		used := make([]bool, len(y))
	next:
		for _, v := range x {
			for i, w := range y {
				if !used[i] && equalJSON(v, w) {
					used[i] = true
					continue next
				}
			}
			return false
		}
		return true
	case nil:
		return isEmpty(b)
	}
	s, okS := tree.Text(a)
	t, okT := tree.Text(b)
	if !okS || !okT {
		return isEmpty(a) && isEmpty(b)
	}
	if s == t {
		return true
	}
	m, okM := number(s)
	n, okN := number(t)
	return okM && okN && m == n
}
