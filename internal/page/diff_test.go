package page

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// drawn is a diff as text; what differs within a line stands in «».
func drawn(d diff) string {
	var b strings.Builder
	for _, l := range d.Lines {
		b.WriteString(l.Sign() + " " + l.Indent)
		for _, s := range l.Text {
			if s.Hot {
				s.Text = "«" + s.Text + "»"
			}
			b.WriteString(s.Text)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func parsed(t *testing.T, text string) any {
	t.Helper()
	v, err := tree.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestDiffs(t *testing.T) {
	tests := []struct {
		name          string
		before, after string // JSON
		want          string
	}{
		{"a word", `"t3.micro"`, `"t3.large"`, "- \"t3.«micro»\"\n+ \"t3.«large»\"\n"},
		{"a word that is quite another", `"alpha"`, `"bravo!"`, "- «\"alpha\"»\n+ «\"bravo!\"»\n"},
		{"a number", `5`, `30`, "- «5»\n+ «30»\n"},
		{"set for the first time", `null`, `true`, "+ true\n"},
		{"set no more", `"x"`, `null`, "- \"x\"\n"},
		{"elements of a list", `["a","b"]`, `["b","c"]`, "- [«\"a\"», \"b\"]\n+ [\"b\", «\"c\"»]\n"},
		{"only the order", `["a","b"]`, `["b","a"]`, "- [\"a\", \"b\"]\n+ [\"b\", \"a\"]\n"},
		{"a field of a block", `[{"a":1,"tier":"small","z":3}]`, `[{"a":1,"tier":"large","z":3}]`, `  [
    {
      "a": 1,
-     "tier": «"small"»,
+     "tier": «"large"»,
      "z": 3
    }
  ]
`},
		{"a document in a text, its parts in another order", `"{\"Statement\":[{\"Sid\":\"A\",\"Effect\":\"Allow\"},{\"Sid\":\"B\",\"Effect\":\"Deny\"}]}"`,
			`"{\"Statement\":[{\"Sid\":\"B\",\"Effect\":\"Deny\"},{\"Sid\":\"A\",\"Effect\":\"Deny\"}]}"`, `  {
    "Statement": [
      {
-       "Effect": «"Allow"»,
+       "Effect": «"Deny"»,
        "Sid": "A"
      },
      {"Effect": "Deny", "Sid": "B"}
    ]
  }
`},
		{"a text of lines", `"one\ntwo\nthree\n"`, `"one\n2\nthree\nfour\n"`, "  one\n- two\n+ 2\n  three\n+ four\n"},
		{"what is far from a difference is left out", `"1\n2\n3\n4\n5\n6\n7\n8\n9"`, `"1\n2\n3\n4\n5\n6\n7\n8\nnine"`, "  … 5 lines as before\n  6\n  7\n  8\n- 9\n+ nine\n"},
		{"a member that comes and one that goes", `{"a":1,"b":2}`, `{"b":2,"c":[]}`, "  {\n-   \"a\": 1,\n    \"b\": 2,\n+   \"c\": []\n  }\n"},
		{"markup is text", `"<b>"`, `"<i>"`, "- \"<«b»>\"\n+ \"<«i»>\"\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := drawn(diffOf(drift.Attribute{Name: "x", Op: drift.OpSet, Before: parsed(t, test.before), After: parsed(t, test.after)}))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDiffsThatShowNoValue(t *testing.T) {
	for _, a := range []drift.Attribute{{Name: "x", Sensitive: true, Before: "b", After: "a"}, {Name: "x", Unknown: true}} {
		if d := diffOf(a); len(d.Lines) > 0 || d.Note == "" {
			t.Errorf("%+v", d)
		}
	}
}

// Of a long line, what differs is shown with what is near.
func TestALongLineIsShownAroundItsDifference(t *testing.T) {
	long := strings.Repeat("é", 100_000)
	got := drawn(diffOf(drift.Attribute{Op: drift.OpSet, Before: long + "old" + long, After: long + "new" + long}))
	if !strings.Contains(got, "é«old»é") || !strings.Contains(got, "é«new»é") || len(got) > 2000 {
		t.Errorf("%d bytes: %.300s", len(got), got)
	}
}

func TestADiffIsBounded(t *testing.T) {
	var before, after []any
	for i := range 30_000 {
		before, after = append(before, map[string]any{"k": json.Number("1"), "i": i}), append(after, map[string]any{"k": json.Number("2"), "i": i})
	}
	started := time.Now()
	d := diffOf(drift.Attribute{Op: drift.OpSet, Before: before, After: after})
	if n := len(d.Lines); n > maxLines+1 {
		t.Errorf("%d lines", n)
	}
	if took := time.Since(started); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestTelling(t *testing.T) {
	set := func(name string, before, after any) drift.Attribute {
		return drift.Attribute{Name: name, Op: drift.OpSet, Before: before, After: after}
	}
	tests := []struct {
		name    string
		changes []drift.Attribute
		want    leaf
		rest    int
	}{
		{"the only one", []drift.Attribute{set("type", "a", "b")}, leaf{Path: "type", Op: drift.OpSet, Before: "a", After: "b"}, 0},
		{"no mere label", []drift.Attribute{set("tags", map[string]any{"a": "1"}, map[string]any{}), set("type", "a", "b")}, leaf{Path: "type", Op: drift.OpSet, Before: "a", After: "b"}, 1},
		{"a label if there is nothing else", []drift.Attribute{set("tags", map[string]any{"a": "1"}, nil)}, leaf{Path: "tags", Op: drift.OpSet, Before: "a 1", After: "not set"}, 0},
		{"what opens it to the world", []drift.Attribute{set("type", "a", "b"), {Name: "ingress", Op: drift.OpAdd, After: map[string]any{"cidr_blocks": []any{"0.0.0.0/0"}, "from_port": json.Number("22"), "description": "", "self": false}}},
			leaf{Path: "ingress", Op: drift.OpAdd, After: "cidr_blocks 0.0.0.0/0, from_port 22"}, 1},
		{"an element of a list", []drift.Attribute{set("arns", []any{"a"}, []any{"a", "b"})}, leaf{Path: "arns", Op: drift.OpAdd, After: "b"}, 0},
		{"one element for another", []drift.Attribute{set("arns", []any{"a", "c"}, []any{"a", "b"})}, leaf{Path: "arns", Op: drift.OpSet, Before: "c", After: "b"}, 0},
		{"a field within a document", []drift.Attribute{set("policy", `{"Statement":[{"Sid":"A","Effect":"Deny"}]}`, `{"Statement":[{"Sid":"A","Effect":"Allow"}]}`)},
			leaf{Path: "policy.Statement[0].Effect", Op: drift.OpSet, Before: "Deny", After: "Allow"}, 0},
		{"a secret", []drift.Attribute{{Name: "password", Op: drift.OpSet, Sensitive: true}}, leaf{Path: "password", Op: drift.OpSet, Note: sensitiveNote}, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, rest, ok := telling(&drift.Finding{Changes: test.changes})
			if diff := cmp.Diff(test.want, got); diff != "" || rest != test.rest || !ok {
				t.Errorf("and %d more, want %d (-want +got):\n%s", rest, test.rest, diff)
			}
		})
	}
	if _, _, ok := telling(&drift.Finding{}); ok {
		t.Error("something is told of nothing")
	}
}

func TestNames(t *testing.T) {
	tests := []struct{ address, typ, module, name string }{
		{"aws_vpc.a", "aws_vpc", "", "aws_vpc.a"},
		{`module.n["x.y"].aws_vpc.a[0]`, "aws_vpc", `module.n["x.y"].`, "aws_vpc.a[0]"},
		{"module.aws_vpc.aws_vpc.a", "aws_vpc", "module.aws_vpc.", "aws_vpc.a"},
		{"odd", "aws_vpc", "", "odd"},
	}
	for _, test := range tests {
		module, name, _ := named(drift.ResourceRef{Address: test.address, Type: test.typ})
		if module != test.module || name != test.name {
			t.Errorf("%s: %q and %q", test.address, module, name)
		}
	}
}

func TestTimesInWords(t *testing.T) {
	now := time.Date(2026, 8, 20, 12, 0, 0, 0, time.UTC)
	for want, before := range map[string]time.Duration{
		"just now": 59 * time.Second, "1 min ago": time.Minute, "59 min ago": time.Hour - 1, "47 h ago": 48*time.Hour - 1, "2 days ago": 48 * time.Hour,
		"20 Aug 2025": 365 * 24 * time.Hour, "20 Aug 2026, 13:00 UTC": -time.Hour,
	} {
		if got := clock(now).moment(now.Add(-before)).Ago; got != want {
			t.Errorf("%v: %q, want %q", before, got, want)
		}
	}
}
