package compare_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tfdrift/internal/compare"
	"tfdrift/internal/drift"
)

func object(t *testing.T, text string) map[string]any {
	t.Helper()
	m, ok := parse(t, text).(map[string]any)
	if !ok {
		t.Fatalf("%s: no object", text)
	}
	return m
}

// fact is one fact, its value as JSON.
func fact(t *testing.T, attribute string, op drift.Op, value string) drift.Fact {
	t.Helper()
	return drift.Fact{Attribute: attribute, Op: op, Value: parse(t, value)}
}

func TestChanges(t *testing.T) {
	const (
		entry = `{
			"instance_type": "t3.micro", "members": ["a", "b"],
			"tags": {"env": "prod"}, "tags_all": {"env": "prod", "owner": "core"},
			"metadata_options": [{"http_tokens": "required", "hops": 1}],
			"ingress": [{"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["10.0.0.0/8", "192.168.0.0/16"]}],
			"settings": [{"tier": "small", "nested": [{"a": 1, "b": 2}]}]
		}`
		world = `{"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["0.0.0.0/0"]}`
	)
	set, merge, add, remove := drift.OpSet, drift.OpMerge, drift.OpAdd, drift.OpRemove
	type step struct {
		attribute string
		op        drift.Op
		value     string
	}
	tests := []struct {
		name  string
		steps []step
		want  string // the changes, as the findings carry them
	}{
		{"nothing said, nothing changed", nil, `null`},
		{"set to another value", []step{{"instance_type", set, `"t3.large"`}}, `[{"attribute":"instance_type","op":"set","before":"t3.micro","after":"t3.large"}]`},
		{"set to what it is", []step{{"instance_type", set, `"t3.micro"`}}, `null`},
		{"set and set back", []step{{"instance_type", set, `"t3.large"`}, {"instance_type", set, `"t3.micro"`}}, `null`},
		{"the last of two settings stands", []step{{"instance_type", set, `"a"`}, {"instance_type", set, `"b"`}}, `[{"attribute":"instance_type","op":"set","before":"t3.micro","after":"b"}]`},
		{"set to nothing", []step{{"instance_type", set, `null`}}, `[{"attribute":"instance_type","op":"set","before":"t3.micro","after":null}]`},
		{"an attribute that state does not show", []step{{"monitoring", set, `true`}}, `[{"attribute":"monitoring","op":"set","before":null,"after":true}]`},
		{"changes come in order of name", []step{{"zeta", set, `1`}, {"alpha", set, `1`}}, `[{"attribute":"alpha","op":"set","before":null,"after":1},{"attribute":"zeta","op":"set","before":null,"after":1}]`},

		{"an element added", []step{{"members", add, `"c"`}}, `[{"attribute":"members","op":"add","after":"c"}]`},
		{"an element added that is there", []step{{"members", add, `"a"`}}, `null`},
		{"an element added twice", []step{{"members", add, `"c"`}, {"members", add, `"c"`}}, `[{"attribute":"members","op":"add","after":"c"}]`},
		{"added and removed", []step{{"members", add, `"c"`}, {"members", remove, `"c"`}}, `null`},
		{"removed and added back", []step{{"members", remove, `"a"`}, {"members", add, `"a"`}}, `null`},
		{"removed what is not there", []step{{"members", remove, `"z"`}}, `null`},
		{"one removed, another added", []step{{"members", remove, `"a"`}, {"members", add, `"c"`}}, `[{"attribute":"members","op":"remove","before":"a"},{"attribute":"members","op":"add","after":"c"}]`},
		{"a whole set over what was added", []step{{"members", add, `"c"`}, {"members", set, `["b","a"]`}}, `null`},
		{"added to an attribute that state does not show", []step{{"groups", add, `"g"`}}, `[{"attribute":"groups","op":"add","after":"g"}]`},
		{"added behind a whole set", []step{{"members", set, `["a"]`}, {"members", add, `"b"`}}, `null`},

		{"a rule added", []step{{"ingress", add, world}}, `[{"attribute":"ingress","op":"add","after":` + world + `}]`},
		{"a rule that a bundle of state grants already", []step{{"ingress", add, `{"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["10.0.0.0/8"]}`}}, `null`},
		{"a rule by number of protocol", []step{{"ingress", add, `{"protocol": "6", "from_port": 443, "to_port": 443, "cidr_blocks": ["10.0.0.0/8"]}`}}, `null`},
		{"a rule opened and closed", []step{{"ingress", add, world}, {"ingress", remove, world}}, `null`},
		{"a part of a bundle revoked", []step{{"ingress", remove, `{"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["10.0.0.0/8"]}`}}, `[{"attribute":"ingress","op":"remove","before":{"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["10.0.0.0/8"]}}]`},

		{"a field of a block merged", []step{{"metadata_options", merge, `{"http_tokens": "optional"}`}}, `[{"attribute":"metadata_options","op":"set","before":[{"http_tokens":"required","hops":1}],"after":[{"http_tokens":"optional","hops":1}]}]`},
		{"a field merged to what it is", []step{{"metadata_options", merge, `{"http_tokens": "required"}`}}, `null`},
		{"a field merged and merged back", []step{{"metadata_options", merge, `{"hops": 2}`}, {"metadata_options", merge, `{"hops": 1}`}}, `null`},
		{"two fields merged by two events", []step{{"metadata_options", merge, `{"hops": 2}`}, {"metadata_options", merge, `{"http_tokens": "optional"}`}}, `[{"attribute":"metadata_options","op":"set","before":[{"http_tokens":"required","hops":1}],"after":[{"http_tokens":"optional","hops":2}]}]`},
		{"merged into a block that state does not show", []step{{"logging", merge, `{"on": true}`}}, `[{"attribute":"logging","op":"set","before":null,"after":[{"on":true}]}]`},
		{"a field of a block in a block", []step{{"settings", merge, `{"nested": {"a": 9}}`}}, `[{"attribute":"settings","op":"set","before":[{"tier":"small","nested":[{"a":1,"b":2}]}],"after":[{"tier":"small","nested":[{"a":9,"b":2}]}]}]`},

		{"a tag added", []step{{"tags", merge, `{"temp": "1"}`}}, `[{"attribute":"tags","op":"set","before":{"env":"prod","owner":"core"},"after":{"env":"prod","owner":"core","temp":"1"}}]`},
		{"a tag as it is", []step{{"tags", merge, `{"env": "prod"}`}}, `null`},
		{"a default tag as the provider set it", []step{{"tags", merge, `{"owner": "core"}`}}, `null`},
		{"a default tag removed", []step{{"tags", merge, `{"owner": null}`}}, `[{"attribute":"tags","op":"set","before":{"env":"prod","owner":"core"},"after":{"env":"prod"}}]`},
		{"a tag added and removed", []step{{"tags", merge, `{"temp": "1"}`}, {"tags", merge, `{"temp": null}`}}, `null`},
		{"all tags set", []step{{"tags", set, `{"env": "prod", "owner": "core"}`}}, `null`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e := &drift.Entry{Type: "aws_thing", Attributes: object(t, entry)}
			var facts []drift.Fact
			for _, s := range test.steps {
				facts = append(facts, fact(t, s.attribute, s.op, s.value))
			}
			got, err := json.Marshal(compare.Comparer{}.Changes(e, facts))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(parse(t, test.want), parse(t, string(got))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(object(t, entry), e.Attributes); diff != "" {
				t.Errorf("the entry was changed (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHiddenAndSensitiveChangesCarryNoValue(t *testing.T) {
	const secret = "correct horse battery staple"
	e := &drift.Entry{Attributes: map[string]any{
		"password":  seal("older"),
		"variables": map[string]any{"TOKEN": seal("older"), "MODE": "a"},
		"config":    []any{map[string]any{"key": seal("older"), "size": json.Number("1")}},
		"user_data": "x",
	}}
	tests := []struct {
		name string
		fact drift.Fact
		want []drift.Attribute
	}{
		{"a sealed attribute set", drift.Fact{Attribute: "password", Op: drift.OpSet, Value: secret},
			[]drift.Attribute{{Name: "password", Op: drift.OpSet, Sensitive: true}}},
		{"a sealed attribute set to what it was", drift.Fact{Attribute: "password", Op: drift.OpSet, Value: "older"}, nil},
		{"a sealed attribute set to what the record hides", drift.Fact{Attribute: "password", Op: drift.OpSet, Unknown: true},
			[]drift.Attribute{{Name: "password", Op: drift.OpSet, Sensitive: true}}},
		{"an open attribute set to what the record hides", drift.Fact{Attribute: "user_data", Op: drift.OpSet, Unknown: true},
			[]drift.Attribute{{Name: "user_data", Op: drift.OpSet, Unknown: true}}},
		{"a fact that the catalog calls sensitive", drift.Fact{Attribute: "user_data", Op: drift.OpSet, Value: secret, Sensitive: true},
			[]drift.Attribute{{Name: "user_data", Op: drift.OpSet, Sensitive: true}}},
		{"a block that mirrors the sealed one", drift.Fact{Attribute: "config", Op: drift.OpMerge, Value: map[string]any{"key": "older"}}, nil},
	}
	c := compare.Comparer{Seal: seal}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, c.Changes(e, []drift.Fact{test.fact}), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	for _, f := range []drift.Fact{
		{Attribute: "password", Op: drift.OpSet, Value: secret},
		{Attribute: "password", Op: drift.OpSet, Value: []any{secret}},
		{Attribute: "variables", Op: drift.OpMerge, Value: map[string]any{"TOKEN": secret}},
		{Attribute: "variables", Op: drift.OpSet, Value: map[string]any{"TOKEN": secret, "MODE": "b"}},
		{Attribute: "config", Op: drift.OpMerge, Value: map[string]any{"key": secret}},
		{Attribute: "config", Op: drift.OpSet, Value: []any{map[string]any{"key": secret, "size": json.Number("2")}}},
		{Attribute: "config", Op: drift.OpAdd, Value: map[string]any{"key": secret, "size": json.Number("2")}},
		{Attribute: "user_data", Op: drift.OpSet, Value: []any{map[string]any{"note": "older"}}}, // a secret turns up elsewhere
		{Attribute: "user_data", Op: drift.OpAdd, Value: secret, Sensitive: true},
		{Attribute: "user_data", Op: drift.OpRemove, Value: secret, Sensitive: true},
	} {
		b, err := json.Marshal(c.Changes(e, c.Conceal(e, []drift.Fact{f})))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), secret) || strings.Contains(string(b), "of ") || strings.Contains(string(b), `"older"`) {
			t.Errorf("%s %s shows a secret: %s", f.Op, f.Attribute, b)
		}
	}
}

func TestAKnownValueOverAHiddenOne(t *testing.T) {
	e := &drift.Entry{Attributes: map[string]any{"user_data": "x"}}
	hidden := drift.Fact{Attribute: "user_data", Op: drift.OpSet, Unknown: true}
	back := drift.Fact{Attribute: "user_data", Op: drift.OpSet, Value: "x"}
	if got := (compare.Comparer{}).Changes(e, []drift.Fact{hidden, back}); len(got) != 0 {
		t.Errorf("set back, still %v", got)
	}
	if got := (compare.Comparer{}).Changes(e, []drift.Fact{back, hidden}); len(got) != 1 || !got[0].Unknown {
		t.Errorf("hidden last, got %v", got)
	}
}
