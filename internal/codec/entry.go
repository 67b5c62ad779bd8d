package codec

import (
	"bytes"
	"errors"
	"fmt"

	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// AppendEntry appends the stored form of an index entry to dst: all but its
// state and address, under which a store keeps it.
func AppendEntry(dst []byte, e *drift.Entry) []byte {
	dst = append(appendText(append(dst, `{"type":`...), e.Type), `,"provider":`...)
	dst = append(appendText(dst, string(e.Provider)), `,"account":`...)
	dst = append(appendText(dst, e.Account), `,"region":`...)
	dst = append(appendText(dst, e.Region), `,"id":`...)
	dst = append(appendText(dst, e.ID), `,"attributes":`...)
	if e.Attributes == nil {
		return append(dst, "null}"...)
	}
	dst = AppendTree(dst, e.Attributes)
	if len(e.Rest) > len("{}") {
		if dst = dst[:len(dst)-1]; len(e.Attributes) > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, rest(e.Rest)[1:]...)
	}
	return append(dst, '}')
}

// rest is the stored form of the text of an object.
func rest(text []byte) []byte {
	if !bytes.Contains(text, []byte(`\u0000`)) {
		return text // it holds nothing that is stored otherwise
	}
	v, err := tree.Parse(text)
	if err != nil {
		panic(fmt.Sprintf("the rest of an entry is no JSON: %v", err)) // it is written by package tree
	}
	return AppendTree(nil, v)
}

// ParseEntry reads the stored form of an index entry, whose state and address
// are the caller's to fill in.
func ParseEntry(raw []byte) (*drift.Entry, error) {
	v, err := ParseTree(raw)
	if err != nil {
		return nil, fmt.Errorf("stored entry: %w", err)
	}
	object, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("stored entry: not an object")
	}
	text := func(name string) string {
		s, _ := tree.Text(object[name])
		return s
	}
	attributes, _ := object["attributes"].(map[string]any)
	return &drift.Entry{
		Type: text("type"), Provider: drift.Provider(text("provider")), Account: text("account"), Region: text("region"), ID: text("id"),
		Attributes: attributes,
	}, nil
}
