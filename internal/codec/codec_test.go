package codec_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/codec"
	"tfdrift/internal/drift"
	"tfdrift/internal/ledger"
)

var trees = []struct {
	name string
	tree any
}{
	{"null", nil},
	{"text", "naïve\x00\u2028\"\\</script>"},
	{"no text", ""},
	{"numbers keep their text", []any{json.Number("1e999"), json.Number("1.50"), json.Number("-0"), json.Number("0"), json.Number("9007199254740993")}},
	{"booleans", []any{true, false}},
	{"empty and nil", map[string]any{"list": []any{}, "object": map[string]any{}, "null": nil, "": ""}},
	{"a sealed value", drift.Sealed{KeyID: "k", MAC: "m"}},
	{"a sealed value of an element", []any{map[string]any{"token": drift.Sealed{KeyID: "k", MAC: "m"}, "name": "n"}}},
	{"an object that looks sealed", map[string]any{"\x00sealed": []any{"k", "m"}}},
	{"an object that looks as one that looks sealed", map[string]any{"\x00\x00sealed": []any{"k", "m"}, "\x00": "x"}},
	{"a sealed value beside a strange name", map[string]any{"\x00a": drift.Sealed{KeyID: "k", MAC: "m"}}},
}

func TestATreeComesBackAsItWas(t *testing.T) {
	for _, test := range trees {
		t.Run(test.name, func(t *testing.T) {
			got, err := codec.ParseTree(codec.AppendTree(nil, test.tree))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.tree, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestANumberThatIsNoneIsText(t *testing.T) {
	for _, n := range []json.Number{"", "01", "1x", "true", "1 2", "-", "NaN"} {
		got, err := codec.ParseTree(codec.AppendTree(nil, n))
		if err != nil || got != string(n) {
			t.Errorf("%q: %v, error %v; want the text", n, got, err)
		}
	}
}

func TestAnEntryComesBackAsItWas(t *testing.T) {
	all := map[string]any{}
	for _, test := range trees {
		all[test.name] = test.tree
	}
	for _, want := range []*drift.Entry{
		{Type: "aws_x", Provider: drift.AWS, Account: "111122223333", Region: "eu-west-1", ID: "naïve\"", Attributes: all},
		{Attributes: map[string]any{}},
		{},
	} {
		got, err := codec.ParseEntry(codec.AppendEntry(nil, want))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestTheRestOfAnEntryIsFoundAmongItsAttributes(t *testing.T) {
	for _, test := range []struct {
		attributes map[string]any
		rest       string
		want       map[string]any
	}{
		{map[string]any{"id": "i"}, `{"a":[1.50,null],"b":{"c":"\u00e9"}}`, map[string]any{"id": "i", "a": []any{json.Number("1.50"), nil}, "b": map[string]any{"c": "é"}}},
		{map[string]any{}, `{"a":1}`, map[string]any{"a": json.Number("1")}},
		{map[string]any{"id": "i"}, `{}`, map[string]any{"id": "i"}},
		{map[string]any{"id": "i"}, `{"a":{"\u0000sealed":["k","m"]}}`, map[string]any{"id": "i", "a": map[string]any{"\x00sealed": []any{"k", "m"}}}},
	} {
		got, err := codec.ParseEntry(codec.AppendEntry(nil, &drift.Entry{Attributes: test.attributes, Rest: []byte(test.rest)}))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(&drift.Entry{Attributes: test.want}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestARecordComesBackAsItWas(t *testing.T) {
	at := time.Date(2026, 8, 20, 11, 52, 4, 123456789, time.UTC)
	for _, want := range []ledger.Record{
		{},
		{
			Key: "k", Version: 3, Resource: drift.ResourceRef{Address: "a", Type: "t", ID: "i", State: "s"}, Keys: []string{"ec2/i"}, Seen: []string{},
			Settled: map[string]time.Time{"*": at, "x": {}}, Generation: 1 << 63, Revision: 2, Opened: 1,
			History: []ledger.Step{{Status: drift.Open, Kind: drift.Modified, Actor: drift.Actor{Names: []string{"n"}}, Event: drift.EventRef{Time: at}, At: at}},
			Observations: []ledger.Observation{{Time: at, Effect: drift.Set, Touched: true, Facts: []drift.Fact{
				{Attribute: "a", Op: drift.OpSet, Value: drift.Sealed{KeyID: "k", MAC: "m"}, Sensitive: true},
				{Attribute: "b", Op: drift.OpMerge, Value: map[string]any{"n": json.Number("1e999"), "gone": nil}},
				{Attribute: "c", Op: drift.OpSet, Unknown: true},
			}}},
			Finding: &drift.Finding{
				ID: "k", Rules: []string{}, Actor: drift.Actor{Type: "IAMUser", Name: "alice", ARN: "arn", SourceIP: "::1", UserAgent: "u", AccessKeyID: "AKIA", Console: true, Names: []string{"alice", "arn"}},
				Changes: []drift.Attribute{
					{Name: "a", Op: drift.OpSet, Before: []any{}, After: map[string]any{"token": drift.Sealed{KeyID: "k", MAC: "m"}}},
					{Name: "b", Op: drift.OpAdd, After: json.Number("1.0")},
					{Name: "c", Op: drift.OpSet, Sensitive: true},
				},
			},
		},
		{Seen: []string{"not \xff UTF-8"}},
	} {
		raw, err := codec.MarshalRecord(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := codec.UnmarshalRecord(raw)
		if err != nil {
			t.Fatal(err)
		}
		if len(want.Seen) > 0 {
			want.Seen[0] = "not \ufffd UTF-8"
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s\nof %s", diff, raw)
		}
	}
}

func TestASensitiveChangeIsStoredWithoutItsValues(t *testing.T) {
	raw, err := codec.MarshalFinding(drift.Finding{Changes: []drift.Attribute{{Name: "a", Op: drift.OpSet, Before: "hunter2", After: "hunter3", Sensitive: true}}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := codec.UnmarshalFinding(raw)
	if err != nil {
		t.Fatal(err)
	}
	want := drift.Finding{Changes: []drift.Attribute{{Name: "a", Op: drift.OpSet, Sensitive: true}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhatIsDamagedIsAnError(t *testing.T) {
	for _, raw := range []string{"", "{", "[]x", "\x00"} {
		if _, err := codec.ParseTree([]byte(raw)); err == nil {
			t.Errorf("tree %q: no error", raw)
		}
		if _, err := codec.ParseEntry([]byte(raw)); err == nil {
			t.Errorf("entry %q: no error", raw)
		}
		if _, err := codec.UnmarshalRecord([]byte(raw)); err == nil {
			t.Errorf("record %q: no error", raw)
		}
	}
	if _, err := codec.ParseEntry([]byte("[]")); err == nil {
		t.Error("an entry that is a list: no error")
	}
}
