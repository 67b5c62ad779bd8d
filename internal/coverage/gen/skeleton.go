package main

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"strings"

	"tfdrift/internal/catalog"
	"tfdrift/internal/drift"
	"tfdrift/internal/facts"
	"tfdrift/internal/tree"
)

// skeletons are entries made of the providers' schemas alone: every attribute has
// a value of its type, every block is there, twice where it may repeat. That is
// what state shows at most; of a block that a resource does not have, state does
// not show the fields.
func skeletons(folder string) (map[string]*drift.Entry, error) {
	all := map[string]*drift.Entry{}
	err := facts.Schemas(folder, func(typ string, raw []byte) error {
		var schema struct{ Block schemaBlock }
		if err := json.Unmarshal(raw, &schema); err != nil {
			return err
		}
		attributes := schema.Block.value()
		delete(attributes, "timeouts")
		provider := drift.AWS
		if strings.HasPrefix(typ, "google_") {
			provider = drift.GCP
		}
		all[typ] = &drift.Entry{Provider: provider, Type: typ, Address: typ + "." + text, ID: text, Attributes: attributes}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = facts.CSV(filepath.Join(folder, "aws_attrs.csv"), func(get func(string) string) {
		typ, attribute := get("resource_type"), get("attribute")
		if all[typ] == nil {
			all[typ] = &drift.Entry{Provider: drift.AWS, Type: typ, Address: typ + "." + text, ID: text, Attributes: map[string]any{}}
		}
		if len(tree.Get(all[typ].Attributes, attribute)) == 0 { // the archive lacks some types, and every attribute called description
			place(all[typ].Attributes, attribute, listed(get("type")))
		}
	})
	return all, err
}

// listed is a value of a type as aws_attrs.csv writes it: "s", "Ms" a map of
// texts, "L{}" a block.
func listed(typ string) any {
	head, inner := typ[:1], typ[1:]
	switch {
	case head == "n":
		return number
	case head == "b":
		return true
	case head == "M":
		return map[string]any{text: text}
	case head == "O":
		return map[string]any{}
	case (head == "L" || head == "S") && (inner == "{}" || inner == "O"):
		return []any{map[string]any{}}
	case head == "L" || head == "S":
		return []any{listed(inner)}
	}
	return text
}

// place puts a value at a dotted path whose blocks are there already.
func place(object map[string]any, path string, v any) {
	name, rest, nested := strings.Cut(path, ".")
	if !nested {
		object[name] = v
		return
	}
	switch below := object[name].(type) {
	case map[string]any:
		place(below, rest, v)
	case []any:
		if one, ok := below[0].(map[string]any); ok {
			place(one, rest, v)
		}
	}
}

type schemaBlock struct {
	Attributes map[string]struct {
		Type any
	}
	BlockTypes map[string]struct {
		Block       schemaBlock
		NestingMode string `json:"nesting_mode"`
		MaxItems    int    `json:"max_items"`
	} `json:"block_types"`
}

func (b schemaBlock) value() map[string]any {
	out := map[string]any{}
	for name, a := range b.Attributes {
		out[name] = valueOf(a.Type)
	}
	for name, block := range b.BlockTypes {
		out[name] = repeated(block.NestingMode, block.MaxItems, block.Block.value())
	}
	return out
}

func repeated(mode string, most int, one map[string]any) any {
	switch {
	case mode == "single", mode == "map":
		return one
	case most == 1:
		return []any{one}
	}
	return []any{one, one}
}

// What a skeleton holds: none of it is a zero, which would ask for nothing.
const (
	text   = "skeleton"
	number = json.Number("7")
)

// valueOf is a value of a type as schemas write it: "string", ["list", type],
// ["object", {name: type}].
func valueOf(typ any) any {
	switch t := typ.(type) {
	case string:
		switch t {
		case "number":
			return number
		case "bool":
			return true
		}
	case []any:
		if len(t) != 2 {
			return text
		}
		switch t[0] {
		case "list", "set":
			if one, ok := valueOf(t[1]).(map[string]any); ok {
				return []any{one, one}
			}
			return []any{valueOf(t[1])}
		case "map":
			return map[string]any{text: valueOf(t[1])}
		case "object":
			out := map[string]any{}
			fields, _ := t[1].(map[string]any)
			for name, inner := range fields {
				out[name] = valueOf(inner)
			}
			return out
		}
	}
	return text
}

// given is a value for a member of a request.
func (m member) given() any {
	switch m.kind {
	case "#":
		return number
	case "?":
		return true
	case "%":
		return map[string]any{text: text}
	case "{}":
		return givenAll(m.members)
	case "[]":
		return []any{text}
	case "[{}]":
		return []any{givenAll(m.members)}
	}
	return text
}

func givenAll(members []member) map[string]any {
	if len(members) == 0 {
		return map[string]any{text: text}
	}
	out := map[string]any{}
	for _, m := range members {
		out[m.logged()] = m.given()
	}
	return out
}

// logged is the name by which a log has the member: the wire's, or the API's, the
// first letter lowered.
func (m member) logged() string { return lowerFirst(m.name) }

func lowerFirst(name string) string {
	if name == "" {
		return ""
	}
	return strings.ToLower(name[:1]) + name[1:]
}

// factRequests are the members that the facts know of AWS operations that are
// newer than the models.
func factRequests(folder string, requests map[operation]request, entries map[string]*drift.Entry) error {
	newer := map[operation]request{}
	err := facts.CSV(filepath.Join(folder, "aws_params.csv"), func(get func(string) string) {
		source := catalog.NormalSource(drift.AWS, get("event_source"))
		event := catalog.NormalName(drift.AWS, source, get("event_name"))
		key := operationOf(drift.AWS, source, event)
		if _, modelled := requests[key]; modelled {
			return
		}
		if _, known := newer[key]; !known {
			newer[key] = request{provider: drift.AWS, source: source, event: event}
		}
		kind := ""
		if e := entries[get("resource_type")]; e != nil {
			switch v := e.Attributes[get("attribute")].(type) {
			case json.Number:
				kind = "#"
			case bool:
				kind = "?"
			case map[string]any:
				kind = "%"
			case []any:
				kind = "[]"
				if _, blocks := v[0].(map[string]any); blocks {
					kind = "{}"
				}
			}
		}
		add(newer, key, []member{{name: get("member"), kind: kind}})
	})
	maps.Copy(requests, newer)
	return err
}
