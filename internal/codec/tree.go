// Package codec is the forms in which stores keep what the ports speak of. What
// comes out is equal to what went in: numbers keep their text, sealed values
// stay sealed, nil and empty are two things. One form serves every backend, so
// that a fault in it is found once.
//
// Index entries and events are JSON. Records, findings and what waits for a
// channel, which are written over and over, are packed.
package codec

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// A sealed value is an object with this one member. Members of a tree that
// begin with NUL, which no cloud writes but JSON allows, get one NUL more, so
// that nothing foreign can pass for a sealed value.
const sealed = "\x00sealed"

// AppendTree appends the stored form of a tree to dst.
func AppendTree(dst []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...)
	case string:
		return appendText(dst, v)
	case json.Number:
		if !isNumber(string(v)) {
			return appendText(dst, string(v))
		}
		return append(dst, v...)
	case bool:
		if v {
			return append(dst, "true"...)
		}
		return append(dst, "false"...)
	case []any:
		dst = append(dst, '[')
		for i, e := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = AppendTree(dst, e)
		}
		return append(dst, ']')
	case map[string]any:
		dst = append(dst, '{')
		start := len(dst)
		for name, m := range v {
			if len(dst) > start {
				dst = append(dst, ',')
			}
			if name != "" && name[0] == 0 {
				name = "\x00" + name
			}
			dst = append(appendText(dst, name), ':')
			dst = AppendTree(dst, m)
		}
		return append(dst, '}')
	case drift.Sealed:
		dst = append(appendText(append(dst, '{'), sealed), ":["...)
		dst = append(appendText(dst, v.KeyID), ',')
		return append(appendText(dst, v.MAC), "]}"...)
	}
	return append(dst, tree.Canonical(v)...)
}

// ParseTree reads the stored form of a tree.
func ParseTree(raw []byte) (any, error) {
	v, err := tree.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("stored tree: %w", err)
	}
	if bytes.Contains(raw, []byte(`"\u0000`)) {
		v = restore(v)
	}
	return v, nil
}

// restore undoes what AppendTree does to sealed values and names.
func restore(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = restore(v[i])
		}
	case map[string]any:
		if pair, ok := v[sealed].([]any); ok && len(pair) == 2 {
			key, _ := pair[0].(string)
			mac, _ := pair[1].(string)
			return drift.Sealed{KeyID: key, MAC: mac}
		}
		restored := make(map[string]any, len(v))
		for name, m := range v {
			if name != "" && name[0] == 0 {
				name = name[1:]
			}
			restored[name] = restore(m)
		}
		return restored
	}
	return v
}

// appendText appends a JSON string. What most strings are, printable ASCII, is
// copied as it stands.
func appendText(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c >= 0x7f || c == '"' || c == '\\' {
			dst, _ = jsontext.AppendQuote(dst, s) // its error is of invalid UTF-8, which it has replaced
			return dst
		}
	}
	return append(append(append(dst, '"'), s...), '"')
}

func isNumber(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return jsontext.Value(s).IsValid() && jsontext.Value(s).Kind() == '0'
		}
	}
	return s == "0" || s != "" && s[0] != '0'
}
