package channel_test

import (
	"strings"
	"testing"

	"tfdrift/internal/channel"
	"tfdrift/internal/drift"
)

func TestRemedyFitsTheKind(t *testing.T) {
	ref := drift.ResourceRef{Address: "aws_x.y", Type: "aws_x", ID: "i"}
	tests := []struct {
		name    string
		finding drift.Finding
		want    []string // a word of each line
	}{
		{"modified", drift.Finding{Kind: drift.Modified, Resource: ref}, []string{"apply -target='aws_x.y'", "keep it"}},
		{"deleted", drift.Finding{Kind: drift.Deleted, Resource: ref}, []string{"apply -target='aws_x.y'", "state rm 'aws_x.y'"}},
		{"unmanaged", drift.Finding{Kind: drift.Unmanaged, Resource: drift.ResourceRef{Type: "aws_x", ID: "i"}}, []string{`import { to = aws_x.NAME, id = "i" }`, "delete it"}},
		{"resolved", drift.Finding{Kind: drift.Modified, Status: drift.Resolved, Resource: ref}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := channel.Remedy(&test.finding)
			if len(got) != len(test.want) {
				t.Fatalf("got %q", got)
			}
			for i := range got {
				if !strings.Contains(got[i], test.want[i]) {
					t.Errorf("line %d: %q, want %q in it", i, got[i], test.want[i])
				}
			}
		})
	}
}

// An address is quoted for the shell that people paste the line into.
func TestRemedyCannotLeaveItsQuotes(t *testing.T) {
	for _, kind := range []drift.Kind{drift.Modified, drift.Deleted} {
		f := drift.Finding{Kind: kind, Resource: drift.ResourceRef{Address: `aws_x.y["a'; rm -rf ~; '"]`}}
		for _, line := range channel.Remedy(&f) {
			if strings.Contains(line, "'; rm") && !strings.Contains(line, `'\''; rm`) {
				t.Errorf("%s: the shell would run a part of %s", kind, line)
			}
		}
	}
}
