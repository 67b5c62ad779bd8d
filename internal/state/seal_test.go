package state

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"tfdrift/internal/drift"
)

func TestSealsProveEqualityAndNothingElse(t *testing.T) {
	a := sealer(t)
	b, err := NewSealer([]byte(strings.Repeat("b", 32)), nil)
	if err != nil {
		t.Fatal(err)
	}
	if a.Seal("5432") != a.Seal(json.Number("5432")) {
		t.Error("a number and its text are sealed differently")
	}
	if a.Seal(map[string]any{"x": "1", "y": []any{}}) != a.Seal(map[string]any{"y": []any{}, "x": "1"}) {
		t.Error("equal trees are sealed differently")
	}
	if a.Seal("x").MAC == a.Seal("y").MAC || a.Seal("x").MAC == b.Seal("x").MAC || a.Seal("x").KeyID == b.Seal("x").KeyID {
		t.Error("different values or keys have equal seals")
	}
}

func TestShortKeysAreRefused(t *testing.T) {
	for _, key := range []string{"", "0123456789abcdef"} {
		if _, err := NewSealer([]byte(key), nil); !errors.Is(err, drift.ErrInvalid) {
			t.Errorf("a key of %d bytes: error %v, want drift.ErrInvalid", len(key), err)
		}
	}
}

func TestWhateverASensitivePathMayMeanIsSealed(t *testing.T) {
	const secret = "hunter2"
	for _, test := range []struct {
		name  string
		value any
		path  string
	}{
		{"the whole resource", secret, `[]`},
		{"an attribute", secret, `[{"type":"get_attr","value":"x"}]`},
		{"a whole block", []any{map[string]any{"y": secret}}, `[{"type":"get_attr","value":"x"}]`},
		{"a path longer than the tree", secret, `[{"type":"get_attr","value":"x"},{"type":"get_attr","value":"y"}]`},
		{"an index beyond the list", []any{secret}, `[{"type":"get_attr","value":"x"},{"type":"index","value":{"value":3,"type":"number"}}]`},
		{"an index into a map", map[string]any{"0": secret}, `[{"type":"get_attr","value":"x"},{"type":"index","value":{"value":0,"type":"number"}}]`},
		{"a step of an unknown kind", []any{secret}, `[{"type":"get_attr","value":"x"},{"type":"splat"}]`},
		{"a member of a list's elements", []any{map[string]any{"y": secret}}, `[{"type":"get_attr","value":"x"},{"type":"get_attr","value":"y"}]`},
		{"a path of an unknown kind", secret, `["x"]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			value, err := json.Marshal(test.value)
			if err != nil {
				t.Fatal(err)
			}
			in := strings.Replace(withAttribute(string(value)), `}]}]}`, `,"sensitive_attributes":[`+test.path+`]}]}]}`, 1)
			_, entries, err := read(t, strings.NewReader(in))
			if err != nil {
				t.Fatal(err)
			}
			if got := indented(t, entries); strings.Contains(string(got), secret) {
				t.Errorf("%s holds the secret in clear", got)
			}
		})
	}
}
