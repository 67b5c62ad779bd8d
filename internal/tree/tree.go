// Package tree holds foreign JSON as trees: it parses them within bounds, walks
// them by path, and compares the names of members as clouds and Terraform spell
// them. What the values mean is left to package compare.
//
// A tree is nil, bool, string, [json.Number], []any or map[string]any; numbers
// keep their text, so that nothing is rounded on the way to a finding.
package tree

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// MaxDepth is how deeply a tree may be nested. The deepest Terraform schema
// (wafv2 rule statements) stays below 100 levels.
const MaxDepth = 512

var errDepth = fmt.Errorf("nested more than %d levels deep", MaxDepth)

// Parse reads one JSON value and nothing after it.
func Parse(raw []byte) (any, error) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(raw), jsontext.AllowDuplicateNames(true))
	v, err := Decode(dec)
	if err != nil {
		return nil, err
	}
	if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, errors.New("text after the JSON value")
	}
	return v, nil
}

// ParseObject reads one JSON object; empty input and null are the empty object.
func ParseObject(raw []byte) (map[string]any, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	v, err := Parse(raw)
	if err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case nil:
		return nil, nil
	case map[string]any:
		return v, nil
	}
	return nil, fmt.Errorf("want a JSON object, got %T", v)
}

// Decode reads the next JSON value from dec.
func Decode(dec *jsontext.Decoder) (any, error) {
	depth := dec.StackDepth()
	raw, err := dec.ReadValue()
	if err != nil {
		return nil, err
	}
	b := builders.Get().(*Builder)
	defer builders.Put(b)
	return b.Build(raw, depth)
}

// Canonical is the one text of a tree: members sorted, no white space. Equal
// trees have equal texts. Anything else encoding/json knows may be a leaf.
func Canonical(v any) []byte {
	b, err := json.Marshal(v) // sorts the members of maps
	if err != nil {
		return []byte(fmt.Sprintf("%v", v))
	}
	return b
}

// Get returns what stands at path: members by name, compared with [SameName],
// "[]" for every element of a list. A list met where the path goes on with a
// member is entered, element by element. Absent and null members yield nothing.
//
//	Get(params, "instancesSet[].instanceId")
func Get(v any, path string) []any {
	var out []any
	get(v, path, &out)
	return out
}

func get(v any, path string, out *[]any) {
	if v == nil {
		return
	}
	if path == "" {
		*out = append(*out, v)
		return
	}
	if list, ok := v.([]any); ok {
		rest := strings.TrimPrefix(strings.TrimPrefix(path, "[]"), ".")
		for _, e := range list {
			get(e, rest, out)
		}
		return
	}
	if rest, ok := strings.CutPrefix(path, "[]"); ok { // a single value where a list may stand
		get(v, strings.TrimPrefix(rest, "."), out)
		return
	}
	object, ok := v.(map[string]any)
	if !ok {
		return
	}
	end := strings.IndexAny(path, ".[")
	name, rest := path, ""
	if end >= 0 {
		name, rest = path[:end], strings.TrimPrefix(path[end:], ".")
	}
	if m, ok := Member(object, name); ok {
		get(m, rest, out)
	}
}

// GetString returns the first scalar at path as text, or "".
func GetString(v any, path string) string {
	for _, x := range Get(v, path) {
		if s, ok := Text(x); ok {
			return s
		}
	}
	return ""
}

// Text is a scalar as text: strings as they are, numbers and booleans spelled.
func Text(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return string(v), true
	case bool:
		if v {
			return "true", true
		}
		return "false", true
	}
	return "", false
}

// Member finds a member by name: as spelled, else by [SameName], the first in
// order of spelling where several would do.
func Member(object map[string]any, name string) (any, bool) {
	if v, ok := object[name]; ok {
		return v, true
	}
	found := ""
	for k := range object {
		if SameName(k, name) && (found == "" || k < found) {
			found = k
		}
	}
	if found == "" {
		return nil, false
	}
	return object[found], true
}

// Keys returns the member names in order.
func Keys[V any](object map[string]V) []string {
	keys := make([]string, 0, len(object))
	for k := range object {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// SameName reports whether two member names are one, whatever their case and
// punctuation: dBInstanceClass, DBInstanceClass and db_instance_class.
func SameName(a, b string) bool {
	i, j := 0, 0
	for {
		for i < len(a) && !isAlnum(a[i]) {
			i++
		}
		for j < len(b) && !isAlnum(b[j]) {
			j++
		}
		if i == len(a) || j == len(b) {
			return i == len(a) && j == len(b)
		}
		if lower(a[i]) != lower(b[j]) {
			return false
		}
		i++
		j++
	}
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// Snake spells a cloud's member name as Terraform would: VpcSecurityGroupIds,
// vpc_security_group_ids; iPv6CidrBlock, ipv6_cidr_block.
func Snake(name string) string {
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		c := name[i]
		switch {
		case c >= 'A' && c <= 'Z':
			prev := i > 0 && name[i-1] >= 'a' && name[i-1] <= 'z' || i > 0 && name[i-1] >= '0' && name[i-1] <= '9'
			next := i > 1 && i+1 < len(name) && name[i+1] >= 'a' && name[i+1] <= 'z' && name[i-1] >= 'A' && name[i-1] <= 'Z'
			if (prev && i > 1 || next) && b.Len() > 0 {
				b.WriteByte('_')
			}
			b.WriteByte(lower(c))
		case isAlnum(c):
			b.WriteByte(c)
		default:
			if s := b.String(); s != "" && s[len(s)-1] != '_' {
				b.WriteByte('_')
			}
		}
	}
	return strings.Trim(b.String(), "_")
}

// Unwrap sees through the wrappers that AWS logs put around values: EC2's
// {"items": [...]}, {"value": x} and {"content": x, "tag": 1}, "<Operation>Request" and "create...Input"
// around all parameters, and the xmlns of S3 bodies.
func Unwrap(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = Unwrap(v[i])
		}
		return v
	case map[string]any:
		delete(v, "xmlns")
		delete(v, "xmlns:xsi")
		if len(v) == 1 {
			if items, ok := v["items"].([]any); ok {
				return Unwrap(items)
			}
			if value, ok := v["value"]; ok {
				return Unwrap(value)
			}
		}
		if _, numbered := v["tag"].(json.Number); numbered { // an element of a list, in the order of its tag
			delete(v, "tag")
			if content, ok := v["content"]; ok && len(v) == 1 {
				return Unwrap(content)
			}
		}
		for k, m := range v {
			v[k] = Unwrap(m)
		}
		return v
	}
	return v
}
