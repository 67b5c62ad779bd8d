package compare_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/compare"
	"tfdrift/internal/drift"
)

// What a call says of parts of a collection leaves the other parts alone.
func TestPartsOfACollection(t *testing.T) {
	block := func(name, value string) any { return map[string]any{"name": name, "value": value} }
	entry := &drift.Entry{Type: "aws_db_parameter_group", Attributes: map[string]any{
		"parameter": []any{block("log_statement", "ddl"), block("timezone", "UTC")},
		"exports":   []any{"postgresql", "upgrade"},
		"empty":     []any{},
		"size":      json.Number("30"),
		"acl":       "private",
	}}
	element := func(value string) any {
		return []any{map[string]any{"parameterName": "log_statement", "parameterValue": value}}
	}
	tests := []struct {
		name   string
		rename drift.Renames
		v      any
		want   []drift.Attribute
	}{
		{"a named element as it is", "m=parameter~", element("ddl"), nil},
		{"a named element changed", "m=parameter~", element("all"), []drift.Attribute{{
			Name: "parameter", Op: drift.OpSet,
			Before: []any{block("log_statement", "ddl"), block("timezone", "UTC")},
			After:  []any{block("log_statement", "all"), block("timezone", "UTC")},
		}}},
		{"the first of its kind is spelled as state would", "m=empty~", []any{map[string]any{"emptyName": "a"}}, []drift.Attribute{{
			Name: "empty", Op: drift.OpSet, Before: []any{}, After: []any{map[string]any{"name": "a"}},
		}}},
		{"a block removed by its name", "m=parameter-", []any{"timezone"}, []drift.Attribute{{Name: "parameter", Op: drift.OpRemove, Before: block("timezone", "UTC")}}},
		{"a block removed by name and another value", "m=parameter-", []any{map[string]any{"parameterName": "timezone", "parameterValue": "CET"}},
			[]drift.Attribute{{Name: "parameter", Op: drift.OpRemove, Before: block("timezone", "UTC")}}},
		{"a number logged as text", "m=size", "60", []drift.Attribute{{Name: "size", Op: drift.OpSet, Before: json.Number("30"), After: json.Number("60")}}},
		{"a header's only value", "m=acl", []any{"public-read"}, []drift.Attribute{{Name: "acl", Op: drift.OpSet, Before: "private", After: "public-read"}}},
		{"each element added by itself", "m=exports+", []any{"upgrade", "audit"}, []drift.Attribute{{Name: "exports", Op: drift.OpAdd, After: "audit"}}},
		{"each element removed by itself", "m=exports-", []any{"upgrade", "audit"}, []drift.Attribute{{Name: "exports", Op: drift.OpRemove, Before: "upgrade"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			target := &drift.Target{Effect: drift.Set, Params: map[string]any{"m": test.v}, Rename: test.rename}
			got := compare.Comparer{}.Changes(entry, compare.Match(target, entry).Facts)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
