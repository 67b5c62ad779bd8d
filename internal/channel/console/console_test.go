package console_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/channel"
	"tfdrift/internal/channel/channeltest"
	"tfdrift/internal/channel/console"
	"tfdrift/internal/drift"
)

// finding is one of every field; tests change what they are about.
func finding(change func(*drift.Finding)) *drift.Finding {
	f := &drift.Finding{
		ID: "f1", Status: drift.Open, Kind: drift.Modified, Severity: drift.Critical, Rules: []string{"Groups"}, Provider: drift.AWS, Account: "111122223333", Region: "us-east-1",
		Resource: drift.ResourceRef{Address: `module.a.aws_security_group.web["x"]`, Type: "aws_security_group", ID: "sg-1", State: "s3://b/prod.tfstate"},
		Changes:  []drift.Attribute{{Name: "name", Op: drift.OpSet, Before: "a", After: "b"}},
		Actor:    drift.Actor{Type: "IAMUser", Name: "alice", SourceIP: "198.51.100.23", UserAgent: "aws-cli/2", AccessKeyID: "AKIA1", Console: true},
		Event:    drift.EventRef{ID: "e1", Name: "Modify", Source: "ec2.amazonaws.com", Time: time.Date(2026, 8, 20, 9, 1, 7, 0, time.FixedZone("CEST", 7200)), Via: drift.ViaCloudTrail},
	}
	if change != nil {
		change(f)
	}
	return f
}

func written(t *testing.T, c console.Console, f *drift.Finding) string {
	t.Helper()
	var b strings.Builder
	c.W = &b
	if err := c.Write(f); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestABlockSaysWhatWhoWhenWhereAndWhatToDo(t *testing.T) {
	const want = `CRITICAL  module.a.aws_security_group.web["x"]  modified  111122223333 us-east-1
  ~ name: a → b
    who    alice (IAMUser, by console, key AKIA1)
    when   2026-08-20 07:01:07 UTC, Modify
    from   198.51.100.23, aws-cli/2
    state  s3://b/prod.tfstate
    rules  Groups
    to do  put it back:  terraform apply -target='module.a.aws_security_group.web["x"]'
           or keep it:   write the new value into the code, until terraform plan is empty

`
	if diff := cmp.Diff(want, written(t, console.Console{}, finding(nil))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheFirstLinesOfFindings(t *testing.T) {
	changes := func(a ...drift.Attribute) func(*drift.Finding) { return func(f *drift.Finding) { f.Changes = a } }
	long := strings.Repeat("x", 500)
	tests := []struct {
		name   string
		change func(*drift.Finding)
		want   []string // lines from the second on, up to "who"
	}{
		{"an element added", changes(drift.Attribute{Name: "ingress", Op: drift.OpAdd, After: map[string]any{"port": json.Number("22")}}), []string{`  + ingress: {"port":22}`}},
		{"an element removed", changes(drift.Attribute{Name: "members", Op: drift.OpRemove, Before: "bob"}), []string{`  - members: bob`}},
		{"a value that was not set", changes(drift.Attribute{Name: "role", Op: drift.OpSet, After: true}), []string{`  ~ role: (not set) → true`}},
		{"a sensitive attribute", changes(drift.Attribute{Name: "password", Op: drift.OpSet, Before: "no", After: "no", Sensitive: true}), []string{`  ~ password: changed (sensitive, not shown)`}},
		{"a hidden value", changes(drift.Attribute{Name: "user_data", Op: drift.OpSet, Unknown: true}), []string{`  ~ user_data: changed (the record hides the value)`}},
		{"only what differs of a block", changes(drift.Attribute{Name: "settings", Op: drift.OpSet,
			Before: []any{map[string]any{"a": "1", "b": "2", "gone": "x"}}, After: []any{map[string]any{"a": "1", "b": "3", "new": "y"}}}),
			[]string{"  ~ settings[0].b: 2 → 3", "  ~ settings[0].gone: x → (not set)", "  ~ settings[0].new: (not set) → y"}},
		{"a long value is cut", changes(drift.Attribute{Name: "policy", Op: drift.OpAdd, After: long}), []string{"  + policy: " + long[:159] + "…"}},
		{"we cannot say where", changes(), []string{"  changed, but the event does not tell which attribute"}},
		{"resolved", func(f *drift.Finding) { f.Status, f.Changes = drift.Resolved, nil }, []string{"  as its state says again"}},
		{"deleted", func(f *drift.Finding) { f.Kind, f.Changes = drift.Deleted, nil }, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, rest, _ := strings.Cut(written(t, console.Console{}, finding(test.change)), "\n")
			head, _, _ := strings.Cut(rest, "    who ")
			var got []string
			if head = strings.TrimSuffix(head, "\n"); head != "" {
				got = strings.Split(head, "\n")
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestHeads(t *testing.T) {
	tests := []struct {
		name   string
		change func(*drift.Finding)
		want   string
	}{
		{"updated", func(f *drift.Finding) { f.Status = drift.Updated }, `CRITICAL  module.a.aws_security_group.web["x"]  updated, modified  111122223333 us-east-1`},
		{"resolved", func(f *drift.Finding) { f.Status, f.Severity = drift.Resolved, drift.Low }, `LOW       module.a.aws_security_group.web["x"]  resolved  111122223333 us-east-1`},
		{"unmanaged has no address", func(f *drift.Finding) {
			f.Kind, f.Resource, f.Region = drift.Unmanaged, drift.ResourceRef{Type: "aws_iam_user", ID: "eve"}, ""
		}, `CRITICAL  aws_iam_user eve  unmanaged  111122223333`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, _, _ := strings.Cut(written(t, console.Console{}, finding(test.change)), "\n")
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Whatever comes from outside, a block stays a block and commands no terminal.
func TestControlCharactersAreHarmless(t *testing.T) {
	const evil = "a\x1b[2J\x1b]0;owned\x07\r\n\x9b31mCRITICAL\x7f\u202eb"
	f := finding(func(f *drift.Finding) {
		f.Resource = drift.ResourceRef{Address: evil, Type: evil, ID: evil, State: evil}
		f.Account, f.Region, f.Rules = evil, evil, []string{evil}
		f.Changes = []drift.Attribute{{Name: evil, Op: drift.OpSet, Before: evil, After: map[string]any{evil: evil}}, {Name: evil, Op: drift.OpAdd, After: []any{evil}}, {Name: evil, Sensitive: true}}
		f.Actor = drift.Actor{Type: evil, Name: evil, SourceIP: evil, UserAgent: evil, AccessKeyID: evil}
		f.Event.Name = evil
	})
	lines := strings.Count(written(t, console.Console{}, finding(func(f *drift.Finding) {
		f.Changes = []drift.Attribute{{Name: "a", Op: drift.OpSet, Before: "a", After: "b"}, {Name: "a", Op: drift.OpAdd, After: "b"}, {Name: "a", Sensitive: true}}
	})), "\n")
	for _, kind := range []drift.Kind{drift.Modified, drift.Deleted, drift.Unmanaged} {
		f.Kind = kind
		got := written(t, console.Console{}, f)
		for _, r := range got {
			if r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 || r == '\u202e' {
				t.Errorf("%s: control character %U in %q", kind, r, got)
				break
			}
		}
		if n := strings.Count(got, "\n"); n != lines {
			t.Errorf("%s: %d lines, want %d:\n%s", kind, n, lines, got)
		}
	}
}

func TestColourOnlyWhereAsked(t *testing.T) {
	plain, coloured := written(t, console.Console{}, finding(nil)), written(t, console.Console{Color: true}, finding(nil))
	if strings.Contains(plain, "\x1b") {
		t.Errorf("ANSI in %q", plain)
	}
	if !strings.Contains(coloured, "\x1b[1;31mCRITICAL\x1b[0m") {
		t.Errorf("no alarm in %q", coloured)
	}
}

func TestSummary(t *testing.T) {
	type open = map[string]drift.Severity
	tests := []struct {
		name string
		open open
		want string
	}{
		{"nothing", nil, "No drift."},
		{"one", open{"a": drift.High}, "1 resource has drifted: 1 high."},
		{"several, the gravest first", open{"a": drift.Low, "b": drift.Critical, "c": drift.Low}, "3 resources have drifted: 1 critical, 2 low."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, console.Summary(test.open)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestContract(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) (channel.Channel, func() string) {
		var b locked
		return console.Console{W: &b}, b.String
	}, "\x1b]0;owned\x07", "a\r\nb", "\u202e", "\u2028")
}

// locked is a writer as files are: writes come one after the other.
type locked struct {
	mu sync.Mutex
	strings.Builder
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Builder.Write(p)
}
