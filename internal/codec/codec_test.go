package codec_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/s2"

	"tfdrift/internal/codec"
	"tfdrift/internal/drift"
	"tfdrift/internal/ledger"
	"tfdrift/internal/outbox"
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
			t.Errorf("(-want +got):\n%s\nof %q", diff, raw)
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

// busy is the record of a group that somebody opened on so many ports.
func busy(ports int) ledger.Record {
	at := time.Date(2026, 8, 20, 9, 0, 0, 0, time.UTC)
	actor := drift.Actor{Type: "IAMUser", Name: "alice", ARN: "arn:aws:iam::111122223333:user/alice", SourceIP: "198.51.100.23", UserAgent: "console.amazonaws.com", Names: []string{"alice", "arn:aws:iam::111122223333:user/alice"}}
	r := ledger.Record{Key: "be3e383167c77c48ba0aa4dd", Provider: drift.AWS, Account: "111122223333", Region: "eu-west-1", Keys: []string{"ec2/sg-0a1b2c3d4e5f60718", "ec2/web"}}
	r.Resource = drift.ResourceRef{Address: "module.network.aws_security_group.web[0]", Type: "aws_security_group", ID: "sg-0a1b2c3d4e5f60718", State: "s3://acme-terraform/prod/network.tfstate"}
	f := drift.Finding{ID: r.Key, Status: drift.Open, Kind: drift.Modified, Severity: drift.High, Rules: []string{}, Resource: r.Resource, Actor: actor}
	for i := range ports {
		id := fmt.Sprintf("3038ebd2-c98a-4c65-9b6e-%012x", uint64(i)*0x9e3779b97f4a)
		rule := map[string]any{"from_port": json.Number(fmt.Sprint(1000 + i)), "to_port": json.Number(fmt.Sprint(1000 + i)), "protocol": "tcp", "cidr_blocks": []any{"0.0.0.0/0"}}
		f.Event = drift.EventRef{ID: id, Name: "AuthorizeSecurityGroupIngress", Source: "ec2.amazonaws.com", Time: at.Add(time.Duration(i) * time.Second), Via: drift.ViaCloudTrail}
		f.Changes = append(f.Changes, drift.Attribute{Name: "ingress", Op: drift.OpAdd, After: rule})
		r.Seen = append(r.Seen, id)
		r.Observations = append(r.Observations, ledger.Observation{Time: f.Event.Time, Effect: drift.Set, Facts: []drift.Fact{{Attribute: "ingress", Op: drift.OpAdd, Value: rule}}, Actor: actor, Event: f.Event})
		if i < 30 {
			r.History = append(r.History, ledger.Step{Status: drift.Open, Kind: drift.Modified, Actor: actor, Event: f.Event, At: at})
		}
		r.Finding = &f
	}
	return r
}

// What a record costs grows with what is new in an event, not with what all of
// them say.
func TestARecordIsStoredSmall(t *testing.T) {
	for _, test := range []struct{ events, most int }{{1, 600}, {10, 1_200}, {100, 6_000}} {
		want := busy(test.events)
		raw, err := codec.MarshalRecord(want)
		if err != nil {
			t.Fatal(err)
		}
		if len(raw) > test.most {
			t.Errorf("%d events take %d bytes, want %d at most", test.events, len(raw), test.most)
		}
		got, err := codec.UnmarshalRecord(raw)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d events (-want +got):\n%s", test.events, diff)
		}
	}
}

func TestARecordInAnotherFormIsAnErrorWithRemedy(t *testing.T) {
	for _, raw := range []string{`{"Key":"k","Version":3}`, "\x02", ""} {
		if _, err := codec.UnmarshalRecord([]byte(raw)); err == nil || !strings.Contains(err.Error(), "restore") {
			t.Errorf("%q: error %v", raw, err)
		}
	}
}

// A field that is added to what is stored must be stored.
func TestEveryFieldIsStored(t *testing.T) {
	var r ledger.Record
	var it outbox.Item
	fill(t, reflect.ValueOf(&r).Elem())
	fill(t, reflect.ValueOf(&it).Elem())
	raw, err := codec.MarshalRecord(r)
	if err != nil {
		t.Fatal(err)
	}
	record, err := codec.UnmarshalRecord(raw)
	if diff := cmp.Diff(r, record); err != nil || diff != "" {
		t.Errorf("error %v, record (-want +got):\n%s", err, diff)
	}
	if raw, err = codec.MarshalItem(it); err != nil {
		t.Fatal(err)
	}
	item, err := codec.UnmarshalItem(raw)
	if diff := cmp.Diff(it, item); err != nil || diff != "" {
		t.Errorf("error %v, item (-want +got):\n%s", err, diff)
	}
}

// fill gives every field a value of its own that is not its zero value.
func fill(t *testing.T, v reflect.Value) {
	t.Helper()
	serial++
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprint("text ", serial))
	case reflect.Int:
		v.SetInt(-int64(serial))
	case reflect.Uint64:
		v.SetUint(1<<63 + uint64(serial))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Interface:
		v.Set(reflect.ValueOf(fmt.Sprint("value ", serial)))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(t, v.Index(0))
		fill(t, v.Index(1))
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(t, key)
		fill(t, value)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Struct:
		switch to := v.Addr().Interface().(type) {
		case *time.Time:
			*to = time.Date(2026, 8, 20, 9, 0, 0, serial, time.UTC)
			return
		case *drift.Attribute: // of a sensitive one no values are stored
			defer func() { to.Sensitive = false }()
		}
		for i := range v.NumField() {
			fill(t, v.Field(i))
		}
	default:
		t.Fatalf("a field of kind %s: say how it is filled", v.Kind())
	}
}

var serial int

func TestADamagedRecordIsAnError(t *testing.T) {
	whole, err := codec.MarshalRecord(busy(10))
	if err != nil {
		t.Fatal(err)
	}
	for n := range whole {
		if _, err := codec.UnmarshalRecord(whole[:n]); err == nil {
			t.Errorf("the first %d bytes of %d are read", n, len(whole))
		}
	}
	for _, raw := range []string{"\x01\xff\xff\xff\xff\x0f", "\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "\x01\x00\xff\xff\xff\xff\xff\xff\xff\xff\x7f"} {
		if r, err := codec.UnmarshalRecord([]byte(raw)); err == nil {
			t.Errorf("%q is read: %+v", raw, r)
		}
	}
}

func FuzzRecord(f *testing.F) {
	for _, events := range []int{0, 1, 3} {
		whole, err := codec.MarshalRecord(busy(events))
		if err != nil {
			f.Fatal(err)
		}
		plain, err := s2.Decode(nil, whole[1:])
		if err != nil {
			f.Fatal(err)
		}
		f.Add(plain)
	}
	f.Fuzz(func(t *testing.T, plain []byte) {
		r, err := codec.UnmarshalRecord(append([]byte{1}, s2.Encode(nil, plain)...))
		if err != nil {
			return
		}
		once := again(t, r) // in which texts are UTF-8
		if diff := cmp.Diff(once, again(t, once)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// again is a record after it was stored.
func again(t *testing.T, r ledger.Record) ledger.Record {
	raw, err := codec.MarshalRecord(r)
	if err != nil {
		t.Fatal(err)
	}
	if r, err = codec.UnmarshalRecord(raw); err != nil {
		t.Fatal(err)
	}
	return r
}

func BenchmarkRecord(b *testing.B) {
	for _, events := range []int{1, 10, 50, 100} {
		r := busy(events)
		raw, err := codec.MarshalRecord(r)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("write/%d events", events), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := codec.MarshalRecord(r); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(raw)), "bytes")
		})
		b.Run(fmt.Sprintf("read/%d events", events), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := codec.UnmarshalRecord(raw); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
