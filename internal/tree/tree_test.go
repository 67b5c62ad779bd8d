package tree_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/tree"
)

func parse(t *testing.T, text string) any {
	t.Helper()
	v, err := tree.Parse([]byte(text))
	if err != nil {
		t.Fatalf("Parse(%s): %v", text, err)
	}
	return v
}

func nested(depth int) []byte {
	return []byte(strings.Repeat("[", depth) + strings.Repeat("]", depth))
}

func TestParseKeepsWhatWasWritten(t *testing.T) {
	tests := []struct {
		name, text string
		want       any
	}{
		{"null", "null", nil},
		{"a number keeps its text", "1.50", json.Number("1.50")},
		{"an id beyond 2^53 is not rounded", "9007199254740993", json.Number("9007199254740993")},
		{"a number of a thousand digits", "1" + strings.Repeat("0", 1000), json.Number("1" + strings.Repeat("0", 1000))},
		{"an empty list is no null", "[]", []any{}},
		{"an empty object is no null", "{}", map[string]any{}},
		{"the last of duplicate members", `{"a": 1, "a": 2}`, map[string]any{"a": json.Number("2")}},
		{"an escaped NUL", `"a\u0000b"`, "a\x00b"},
		{"white space around", " true\n", true},
		{"all kinds nested", `{"a": [1, "x", false, null, {}]}`, map[string]any{"a": []any{json.Number("1"), "x", false, nil, map[string]any{}}}},
		{"nesting at the bound", string(nested(2)), []any{[]any{}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, parse(t, test.text)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	tests := []struct{ name, text string }{
		{"nothing", ""},
		{"a cut object", `{"a": 1`},
		{"a cut list", `[1,`},
		{"a second value", `{} {}`},
		{"a trailing comma", `[1,]`},
		{"a literal NUL byte", "\x00"},
		{"invalid UTF-8", "\"\xff\""},
		{"HTML", "<html>"},
		{"nesting beyond the bound", string(nested(tree.MaxDepth + 2))},
		{"nesting far beyond the bound", string(nested(100_000))},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if v, err := tree.Parse([]byte(test.text)); err == nil {
				t.Errorf("got %v, want an error", v)
			}
		})
	}
}

func TestParseTakesTheDeepestSchemas(t *testing.T) {
	if _, err := tree.Parse(nested(tree.MaxDepth)); err != nil {
		t.Error(err)
	}
}

func TestParseObject(t *testing.T) {
	tests := []struct {
		name, text string
		want       map[string]any
		fails      bool
	}{
		{name: "no parameters at all", text: ""},
		{name: "null, as CloudTrail logs none", text: "null"},
		{name: "an object", text: `{"a": "b"}`, want: map[string]any{"a": "b"}},
		{name: "a list", text: `[]`, fails: true},
		{name: "text", text: `"a"`, fails: true},
		{name: "a cut object", text: `{"a"`, fails: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := tree.ParseObject([]byte(test.text))
			if (err != nil) != test.fails {
				t.Fatalf("error %v", err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestGet(t *testing.T) {
	const doc = `{
		"instancesSet": {"items": [{"instanceId": "i-1"}, {"instanceId": "i-2"}]},
		"names": ["a", "b"],
		"DBInstanceIdentifier": "db",
		"single": {"name": "only"},
		"nothing": null,
		"pairs": [{"k": [1, 2]}, {"k": null}, {}]
	}`
	tests := []struct {
		name, path string
		want       []any
	}{
		{"a member", "names", []any{[]any{"a", "b"}}},
		{"whatever its case and punctuation", "db_instance_identifier", []any{"db"}},
		{"every element of a list", "names[]", []any{"a", "b"}},
		{"a member of every element", "instancesSet.items[].instanceId", []any{"i-1", "i-2"}},
		{"a list is entered without being told", "instancesSet.items.instanceId", []any{"i-1", "i-2"}},
		{"one value where a list may stand", "single[].name", []any{"only"}},
		{"null yields nothing", "nothing", nil},
		{"absent yields nothing", "nowhere.at.all", nil},
		{"below a scalar is nothing", "names[].x", nil},
		{"elements that lack the member are passed over", "pairs[].k[]", []any{json.Number("1"), json.Number("2")}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, tree.Get(parse(t, doc), test.path)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestGetString(t *testing.T) {
	v := parse(t, `{"n": 7, "yes": true, "none": null, "list": [null, "x"], "object": {}}`)
	for path, want := range map[string]string{"n": "7", "yes": "true", "none": "", "list[]": "x", "object": "", "absent": ""} {
		if got := tree.GetString(v, path); got != want {
			t.Errorf("GetString(%q) = %q, want %q", path, got, want)
		}
	}
}

func TestMemberPrefersTheSpelling(t *testing.T) {
	object := map[string]any{"VpcId": 1, "vpc_id": 2, "vpcID": 3}
	for name, want := range map[string]any{"vpc_id": 2, "VpcId": 1, "VPC-ID": 1} {
		if got, ok := tree.Member(object, name); !ok || got != want {
			t.Errorf("Member(%q) = %v, %v; want %v", name, got, ok, want)
		}
	}
	if _, ok := tree.Member(object, "vpc"); ok {
		t.Error("a part of a name is not the name")
	}
}

func TestSameName(t *testing.T) {
	tests := []struct {
		a, b string
		want bool
	}{
		{"dBInstanceClass", "db_instance_class", true},
		{"DBInstanceClass", "dBInstanceClass", true},
		{"vpc-security-group-ids", "VpcSecurityGroupIds", true},
		{"trailing_", "trailing", true},
		{"ipv6CidrBlock", "ipv6_cidr_block", true},
		{"name", "names", false},
		{"names", "name", false},
		{"", "", true},
		{"", "a", false},
		{"_", "", true},
		{"größe", "Größe", true},
		{"größe", "grösse", false},
	}
	for _, test := range tests {
		if got := tree.SameName(test.a, test.b); got != test.want {
			t.Errorf("SameName(%q, %q) = %v", test.a, test.b, got)
		}
	}
}

func TestSnakeSpellsAsTerraformDoes(t *testing.T) {
	for name, want := range map[string]string{
		"VpcSecurityGroupIds":  "vpc_security_group_ids",
		"iPv6CidrBlock":        "ipv6_cidr_block",
		"instanceType":         "instance_type",
		"cidrIp":               "cidr_ip",
		"DBInstanceClass":      "db_instance_class",
		"KMSKeyId":             "kms_key_id",
		"already_snake":        "already_snake",
		"with-dash":            "with_dash",
		"x":                    "x",
		"":                     "",
		"enableHTTP2":          "enable_http2",
		"ServerSideEncryption": "server_side_encryption",
	} {
		if got := tree.Snake(name); got != want {
			t.Errorf("Snake(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestUnwrapSeesThroughWhatAWSPutsAround(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"items", `{"groupSet": {"items": [{"groupId": "sg-1"}]}}`, `{"groupSet": [{"groupId": "sg-1"}]}`},
		{"value", `{"instanceType": {"value": "t3.large"}}`, `{"instanceType": "t3.large"}`},
		{"items in items", `{"a": {"items": [{"b": {"items": [1]}}]}}`, `{"a": [{"b": [1]}]}`},
		{"a value beside others is a member", `{"tag": {"key": "a", "value": "b"}}`, `{"tag": {"key": "a", "value": "b"}}`},
		{"items that are no list stay", `{"a": {"items": "x"}}`, `{"a": {"items": "x"}}`},
		{"the name space of S3 bodies", `{"xmlns": "http://s3/", "Status": "Enabled"}`, `{"Status": "Enabled"}`},
		{"a null value", `{"a": {"value": null}}`, `{"a": null}`},
		{"a scalar", `"x"`, `"x"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(parse(t, test.want), tree.Unwrap(parse(t, test.text))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestCanonicalIsOneTextOfATree(t *testing.T) {
	a := tree.Canonical(parse(t, `{"b": [1, {"y": 1, "x": null}], "a": "z"}`))
	b := tree.Canonical(parse(t, "{\"a\":\"z\",\n\"b\":[1,{\"x\":null,\"y\":1}]}"))
	if diff := cmp.Diff(string(a), string(b)); diff != "" {
		t.Errorf("(-a +b):\n%s", diff)
	}
	if c := tree.Canonical(parse(t, `{"b": [{"y": 1, "x": null}, 1], "a": "z"}`)); string(c) == string(a) {
		t.Error("the order of a list is part of its text")
	}
	if got := tree.Canonical(func() {}); len(got) == 0 {
		t.Error("what JSON cannot say has a text too")
	}
}

func TestStringsOfEveryKindOfEscape(t *testing.T) {
	for text, want := range map[string]string{
		`""`: "", `"\""`: `"`, `"\\"`: `\`, `"\\\""`: `\"`, `"a\\"`: `a\`, `"\\\\"`: `\\`, `"\u00e9\ud83d\ude00"`: "é😀", `"/\/"`: "//", `"{[,:]}"`: "{[,:]}",
	} {
		if got := parse(t, text); got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
		object := parse(t, `{`+text+`: [`+text+`,`+text+`]}`)
		if diff := cmp.Diff(map[string]any{want: []any{want, want}}, object); diff != "" {
			t.Errorf("as a name and in a list (-want +got):\n%s", diff)
		}
	}
}

func TestNamesAreNotConfused(t *testing.T) {
	// Of one length, with equal bytes where a cache might look: each must stay itself.
	want := map[string]any{}
	text := "{"
	for i := range 5000 {
		name := strings.Repeat("x", i%70) + strings.Repeat("y", i/70)
		if _, ok := want[name]; ok {
			continue
		}
		if len(want) > 0 {
			text += ","
		}
		want[name] = name
		text += `"` + name + `":"` + name + `"`
	}
	for range 2 {
		if diff := cmp.Diff(want, parse(t, text+"}")); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	}
	if diff := cmp.Diff(map[string]any{`a\b`: true, `a\\b`: true, "a\bb": true}, parse(t, `{"a\\b": true, "a\\\\b": true, "a\bb": true}`)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// FuzzParse holds the tree to what encoding/json makes of the same text.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{`{"a": [1, "x\\", false, null, {}, -1.5e3]}`, `"\ud83d\ude00"`, `[[],{"":""}]`, " 7 ", `{"a":1,"a":2}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := tree.Parse(raw)
		if err != nil {
			return
		}
		dec := json.NewDecoder(strings.NewReader(string(raw)))
		dec.UseNumber()
		var want any
		if err := dec.Decode(&want); err != nil {
			t.Fatalf("encoding/json: %v; tree: %v", err, got)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	raw := []byte(`{"id": "i-0123456789abcdef0", "instance_type": "t3.micro", "monitoring": false, "tags": {"Name": "web", "env": "prod"},
		"ebs_block_device": [{"device_name": "/dev/sdb", "volume_size": 100, "encrypted": true, "kms_key_id": null}], "vpc_security_group_ids": ["sg-1", "sg-2"]}`)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := tree.Parse(raw); err != nil {
			b.Fatal(err)
		}
	}
}

// FuzzBuildPart holds the parts of an object, put together again, to the whole.
func FuzzBuildPart(f *testing.F) {
	for _, seed := range []string{
		`{}`, ` { } `, `{"a":1}`, `{"a" : 1 , "b":-0.5e9 ,"a":"\\"}`, `{"b":[1, {"c" : "]}\"" }, []] , "a":null}`, `{"b":tru`, `{"\u0000":"\u0000"}`, `{"b":` + string(nested(tree.MaxDepth)) + `}`,
		`{"b":[[ ] , true ,false, null, 1 , "x" ]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		value := jsontext.Value(raw)
		if !value.IsValid(jsontext.AllowDuplicateNames(true)) || value.Kind() != '{' {
			t.Skip()
		}
		var b tree.Builder
		want, err := b.Build(value, 0)
		part, rest, errPart := b.BuildPart(value, func(name string) bool { return len(name)%2 == 1 }, []byte("before"))
		if (err != nil) != (errPart != nil) {
			t.Fatalf("error %v of the whole, %v of the parts", err, errPart)
		}
		if err != nil {
			return
		}
		got, err := tree.ParseObject(rest[len("before"):])
		if err != nil {
			t.Fatalf("rest %q: %v", rest, err)
		}
		maps.Copy(got, part)
		if !reflect.DeepEqual(want, any(got)) { // cmp.Diff takes for ever in what is nested deeply
			t.Errorf("whole %v, parts %v", want, got)
		}
	})
}
