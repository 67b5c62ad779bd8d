package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

func TestTheSchemaInTheRepositoryIsUpToDate(t *testing.T) {
	want, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../schema/tfdrift.schema.json")
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("schema/tfdrift.schema.json is out of date (%v); run go generate ./internal/config", err)
	}
}

func TestTheReferenceInTheRepositoryIsUpToDate(t *testing.T) {
	got, err := os.ReadFile("../../docs/configuration.md")
	if err != nil || !bytes.Equal(got, Reference()) {
		t.Errorf("docs/configuration.md is out of date (%v); run go generate ./internal/config", err)
	}
}

func TestEveryKeyIsDescribed(t *testing.T) {
	var walk func(t *testing.T, typ reflect.Type)
	walk = func(t *testing.T, typ reflect.Type) {
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct || typ == secretType {
			return
		}
		for _, f := range fieldsOf(typ) {
			if !strings.HasSuffix(f.doc, ".") {
				t.Errorf("%s, key %s: no doc tag that ends in a full stop", typ, f.name)
			}
			walk(t, f.typ)
		}
	}
	walk(t, reflect.TypeFor[Config]())
}

func TestTheSchemaAgreesWithTheDecoder(t *testing.T) {
	text, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	var root map[string]any
	if err := json.Unmarshal(text, &root); err != nil {
		t.Fatal(err)
	}
	valid := []string{
		"ignore: [a, {resources: b, attributes: [c]}]",
		"providers: {aws: {state: [{s3_bucket: a, s3_prefix: b}]}, azure: {x: y}}",
		"notifications: {webhook: {headers: {A: b, C_from_env: d}}, security_hub: {}}",
		"settle: 1h30m", "falco: []",
	}
	files, _ := filepath.Glob("testdata/seed/*.yaml")
	for _, file := range files {
		seed, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		valid = append(valid, string(seed))
	}
	invalid := []string{
		"sevrity: high", "settle: 5", "settle: soon", "unmatched: grave", "falco: x", "falco: {port: 0}", "falco: {port: '1'}",
		"drift_rules: [{name: a}]", "drift_rules: {name: a}", "logging: {level: 1}", "ignore: [1]", "notifications: {slack: {webhook: x}}",
	}
	for want, texts := range map[bool][]string{true: valid, false: invalid} {
		for _, text := range texts {
			var v any
			if err := yaml.Unmarshal([]byte(text), &v); err != nil {
				t.Fatal(err)
			}
			problem := violation(root, v, "")
			if (problem == "") != want {
				t.Errorf("schema says %q of:\n%s", problem, text)
			}
			if _, _, err := Parse("f.yaml", []byte(text)); (err == nil) != want {
				t.Errorf("decoder says %v of:\n%s", err, text)
			}
		}
	}
}

// violation checks a value against the part of JSON Schema that Schema uses.
func violation(s map[string]any, v any, path string) string {
	if choices, ok := s["anyOf"].([]any); ok {
		problems := ""
		for _, choice := range choices {
			p := violation(choice.(map[string]any), v, path)
			if p == "" {
				return ""
			}
			problems += p + "; "
		}
		return problems
	}
	if enum, ok := s["enum"].([]any); ok && !slices.Contains(enum, v) {
		return fmt.Sprintf("%s: %v is not in the enum", path, v)
	}
	switch s["type"] {
	case "object":
		object, ok := v.(map[string]any)
		if !ok {
			return path + " is no object"
		}
		properties, _ := s["properties"].(map[string]any)
		for name, member := range object {
			property, known := properties[name].(map[string]any)
			if extra, ok := s["additionalProperties"].(map[string]any); ok && !known {
				property, known = extra, true
			}
			if !known {
				return path + "." + name + " is unknown"
			}
			if p := violation(property, member, path+"."+name); p != "" {
				return p
			}
		}
		required, _ := s["required"].([]any)
		for _, name := range required {
			if _, ok := object[name.(string)]; !ok {
				return fmt.Sprintf("%s.%s is missing", path, name)
			}
		}
	case "array":
		list, ok := v.([]any)
		if !ok {
			return path + " is no array"
		}
		for _, e := range list {
			if p := violation(s["items"].(map[string]any), e, path+"[]"); p != "" {
				return p
			}
		}
	case "string":
		text, ok := v.(string)
		if !ok {
			return path + " is no string"
		}
		if pattern, ok := s["pattern"].(string); ok && !regexp.MustCompile(pattern).MatchString(text) {
			return path + " does not match its pattern"
		}
	case "boolean":
		if _, ok := v.(bool); !ok {
			return path + " is no boolean"
		}
	case "integer":
		n, ok := v.(uint64)
		least, _ := s["minimum"].(float64)
		if !ok || float64(n) < least {
			return path + " is no such integer"
		}
	}
	return ""
}
