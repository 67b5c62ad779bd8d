package compare

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"tfdrift/internal/identity"
	"tfdrift/internal/tree"
)

// How clouds write what Terraform writes otherwise: wrappers, blocks, maps that
// are logged as lists, scalars of another type.

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
			if v[k] == nil || strings.HasPrefix(k, "@") || hidden(v[k]) {
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

// fits reports whether a model has a field for some member of an object.
func fits(object, model map[string]any, attribute string) bool {
	for k, v := range object {
		if field(model, k, v, attribute, true) != "" {
			return true
		}
	}
	return false
}
