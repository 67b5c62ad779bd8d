package config

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"tfdrift/internal/tree"
)

// Reference is the documentation of every key, in Markdown, made of the same
// tags that decode the file.
func Reference() []byte {
	var b bytes.Buffer
	b.WriteString(`# Configuration

One YAML file, the predecessor's form, read strictly: an unknown key is an error with its line, column and the nearest known key.
Everything may be left out. ` + "`tfdrift config check FILE`" + ` reads a file as the functions do.

In patterns ` + "`*`" + ` matches any run of characters, ` + "`/`" + ` too, ` + "`?`" + ` one, ` + "`[a-z]`" + ` a class. A key that ends in ` + "`_from_env`" + `,
` + "`_from_aws_secret`" + ` or ` + "`_from_gcp_secret`" + ` says where a secret is; at most one of a secret's keys may be given.
Of a secret in a secret manager that holds a JSON object, ` + "`NAME#KEY`" + ` is the text under a key.

| key | value | meaning |
|---|---|---|
`)
	keyRows(&b, "", structSchema(reflect.TypeFor[Config]()))
	return b.Bytes()
}

// keyRows writes a row for each key of an object, and below it those of the
// objects that it holds.
func keyRows(b *bytes.Buffer, prefix string, object schema) {
	properties, _ := object["properties"].(schema)
	for _, key := range tree.Keys(properties) {
		s := properties[key].(schema)
		if s["deprecated"] == true {
			continue
		}
		name, inner := prefix+key, s
		if items, ok := s["items"].(schema); ok && s["type"] == "array" {
			name, inner = name+"[]", items
		}
		for _, form := range formsOf(inner) {
			if form["properties"] != nil {
				inner = form
			}
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", name, valueOf(s), strings.ReplaceAll(fmt.Sprint(s["description"]), "|", `\|`))
		keyRows(b, name+".", inner)
	}
}

func formsOf(s schema) []schema {
	for _, key := range [...]string{"anyOf", "oneOf"} {
		switch forms := s[key].(type) {
		case []schema:
			return forms
		case []any:
			var all []schema
			for _, f := range forms {
				if m, ok := f.(schema); ok {
					all = append(all, m)
				}
			}
			return all
		}
	}
	return nil
}

func valueOf(s schema) string {
	var parts []string
	switch t := s["type"]; t {
	case nil:
		for _, form := range formsOf(s) {
			if v := valueOf(form); !slices.Contains(parts, v) {
				parts = append(parts, v)
			}
		}
		parts = []string{strings.Join(parts, " or ")}
	case "array":
		items, _ := s["items"].(schema)
		parts = append(parts, "list of "+valueOf(items))
	default:
		parts = append(parts, fmt.Sprint(t))
	}
	if enum := reflect.ValueOf(s["enum"]); enum.IsValid() && enum.Kind() == reflect.Slice {
		var words []string
		for i := range enum.Len() {
			words = append(words, fmt.Sprint(enum.Index(i)))
		}
		parts = []string{strings.Join(words, ", ")}
	}
	if d := s["default"]; d != nil {
		parts = append(parts, fmt.Sprintf("default %v", d))
	}
	return strings.Join(parts, "; ")
}
