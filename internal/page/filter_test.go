package page

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
	"tfdrift/internal/ledger"
)

func TestFilter(t *testing.T) {
	finding := func(id string, s drift.Status, k drift.Kind, v drift.Severity, actor, address, state string, changes ...drift.Attribute) ledger.Record {
		return ledger.Record{Key: id, Finding: &drift.Finding{ID: id, Status: s, Kind: k, Severity: v, Actor: drift.Actor{Name: actor}, Resource: drift.ResourceRef{Address: address, State: state}, Changes: changes}}
	}
	records := []ledger.Record{
		finding("a", drift.Open, drift.Modified, drift.Low, "alice", "aws_instance.a", "s1", drift.Attribute{Name: "ingress", Op: drift.OpAdd, After: "0.0.0.0/0"}),
		finding("b", drift.Updated, drift.Deleted, drift.Critical, "bob", "module.net.aws_vpc.b", "s2"),
		finding("c", drift.Resolved, drift.Modified, drift.High, "alice", "aws_instance.c", "s2"),
		finding("d", drift.Open, drift.Unmanaged, drift.High, "eve", "", ""),
		{Key: "mark"},
	}
	tests := []struct {
		name, query string
		want        string // ids in order
	}{
		{"what is open, the gravest first", "", "b d a"},
		{"what is resolved", "show=resolved", "c"},
		{"all: what is resolved comes last", "show=all", "b d a c"},
		{"one severity", "severity=high", "d"},
		{"two severities", "severity=high&severity=low", "d a"},
		{"a severity nobody knows asks nothing", "severity=grave", "b d a"},
		{"by kind", "kind=deleted", "b"},
		{"by who", "actor=alice&show=all", "a c"},
		{"by state", "state=s2&show=all", "b c"},
		{"by a word of the address, whatever its case", "q=AWS_VPC", "b"},
		{"all words must be there", "q=bob+vpc", "b"},
		{"not only some", "q=alice+vpc", ""},
		{"by a value", "q=0.0.0.0%2F0", "a"},
		{"by a name of an attribute", "q=ingress", "a"},
		{"together", "q=aws&severity=low&actor=alice&state=s1&kind=modified", "a"},
		{"somebody unknown", "actor=nobody", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			q, err := url.ParseQuery(test.query)
			if err != nil {
				t.Fatal(err)
			}
			f := parseFilter(q)
			var got []string
			for _, r := range listOf(records, f, frame{}).Rows {
				got = append(got, r.ID)
			}
			if diff := cmp.Diff(test.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			link, err := url.Parse(f.query(1))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(f, parseFilter(link.Query())); diff != "" {
				t.Errorf("as a link (-want +got):\n%s", diff)
			}
		})
	}
}

// The counts are of all that is open, whatever is looked at.
func TestCountsAreNotFiltered(t *testing.T) {
	records := []ledger.Record{
		{Finding: &drift.Finding{ID: "a", Status: drift.Open, Severity: drift.High}},
		{Finding: &drift.Finding{ID: "b", Status: drift.Open, Severity: drift.Low}},
		{Finding: &drift.Finding{ID: "c", Status: drift.Resolved, Severity: drift.Low}},
	}
	l := listOf(records, parseFilter(url.Values{"severity": {"low"}, "show": {"resolved"}}), frame{})
	got := []int{l.Open, l.Resolved}
	for _, s := range l.Severities {
		got = append(got, s.Count)
	}
	if diff := cmp.Diff([]int{2, 1, 0, 1, 0, 1}, got); diff != "" {
		t.Errorf("open, resolved, by severity (-want +got):\n%s", diff)
	}
}
