package config

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
)

// Schema is the JSON Schema (draft 2020-12) of the configuration, for editors.
// It is made of the same tags that decode the file.
func Schema() ([]byte, error) {
	root := structSchema(reflect.TypeFor[Config]())
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "tfdrift configuration"
	text, err := json.MarshalIndent(root, "", "  ")
	return append(text, '\n'), err
}

type schema = map[string]any

// durationForm is what time.ParseDuration reads, without sign.
const durationForm = `^(0|([0-9]+(\.[0-9]*)?(ns|us|µs|ms|s|m|h))+)$`

func structSchema(t reflect.Type) schema {
	properties := schema{}
	var required []string
	for _, f := range fieldsOf(t) {
		if f.index == nil {
			properties[f.name] = schema{"description": "No effect. " + f.doc, "deprecated": true}
			continue
		}
		if f.required {
			required = append(required, f.name)
		}
		for _, k := range f.keys() {
			s := valueSchema(f)
			s["description"] = f.doc + from(k.source)
			properties[k.key] = s
		}
	}
	s := schema{"type": "object", "additionalProperties": false, "properties": properties}
	if required != nil {
		s["required"] = required
	}
	return s
}

// from says in a key's description where its value is.
func from(source SecretSource) string {
	switch source {
	case FromEnv:
		return " Here: the environment variable that holds it."
	case FromAWS:
		return " Here: the name or ARN of the AWS Secrets Manager secret that holds it."
	case FromGCP:
		return " Here: the resource name of the Google Secret Manager secret that holds it."
	}
	return ""
}

func valueSchema(f field) schema {
	switch t := f.typ; {
	case t.Kind() == reflect.Pointer:
		return valueSchema(field{typ: t.Elem()})
	case t == durationType:
		return withDefault(schema{"type": "string", "pattern": durationForm}, f)
	case t == secretType, reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		return schema{"type": "string"}
	case t.Kind() == reflect.Struct:
		object := structSchema(t)
		if text, ok := textField(t); ok {
			return schema{"anyOf": []schema{object, {"type": "string", "description": text.doc}}}
		}
		return object
	case t.Kind() == reflect.Slice:
		element := valueSchema(field{typ: t.Elem()})
		list := schema{"type": "array", "items": element}
		if f.lone {
			return schema{"anyOf": []schema{list, element}}
		}
		return list
	case t.Kind() == reflect.Map:
		return schema{"type": "object", "additionalProperties": schema{"type": "string"}}
	case t.Kind() == reflect.Bool:
		return withDefault(schema{"type": "boolean"}, f)
	case t.Kind() == reflect.Int:
		s := schema{"type": "integer"}
		if f.min != "" {
			s["minimum"] = bound(f.min, 0)
		}
		if f.max != "" {
			s["maximum"] = bound(f.max, 0)
		}
		return withDefault(s, f)
	}
	s := schema{"type": "string"}
	if f.enum != nil {
		s["enum"] = slices.Clone(f.enum)
	}
	return withDefault(s, f)
}

func withDefault(s schema, f field) schema {
	if f.dflt == "" {
		return s
	}
	s["default"] = f.dflt
	switch s["type"] {
	case "boolean":
		s["default"] = f.dflt == "true"
	case "integer":
		n, _ := strconv.Atoi(f.dflt)
		s["default"] = n
	}
	return s
}
