package coverage_test

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/catalog"
	"tfdrift/internal/coverage"
	"tfdrift/internal/drift"
)

// The counts only grow: operations, types and matched parameters of every
// service are at least what they once were.
func TestCountsOnlyGrow(t *testing.T) {
	raw, err := os.ReadFile("least.txt")
	if err != nil {
		t.Fatal(err)
	}
	least, err := coverage.ParseLeast(string(raw))
	if err != nil {
		t.Fatal(err)
	}
	today := coverage.All()
	for _, f := range coverage.Fallen(least, today) {
		t.Errorf("%s; give back what was lost or, where losing it is right, lower the line in least.txt and say why", f)
	}
	if diff := cmp.Diff(string(raw), coverage.FormatLeast(coverage.Raise(least, today))); diff != "" {
		t.Errorf("the counts have grown: run make generate (-least.txt +raised):\n%s", diff)
	}
}

func TestAFallenCountIsTold(t *testing.T) {
	today := []coverage.Stats{
		{Provider: drift.AWS, Service: "ec2", Operations: 10, Types: 5, Parameters: coverage.Parameters{ByState: 30, ByOverride: 4, Naming: 9}},
		{Provider: drift.GCP, Service: "ec2", Operations: 1, Types: 1},
	}
	tests := []struct {
		name  string
		least coverage.Least
		want  []string
	}{
		{"as many as ever", coverage.Least{Operations: 10, Types: 5, Matched: 34}, nil},
		{"more than ever", coverage.Least{Operations: 9, Types: 4, Matched: 33}, nil},
		{"an operation lost", coverage.Least{Operations: 11, Types: 5, Matched: 34}, []string{"aws ec2: 10 operations, once 11"}},
		{"a type lost", coverage.Least{Operations: 10, Types: 6, Matched: 34}, []string{"aws ec2: 5 types, once 6"}},
		{"what names the resource is no match", coverage.Least{Operations: 10, Types: 5, Matched: 43}, []string{"aws ec2: 34 matched parameters, once 43"}},
		{"a service lost", coverage.Least{Service: "gone", Operations: 2, Types: 1}, []string{"aws gone: 0 operations, once 2", "aws gone: 0 types, once 1"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.least.Provider = drift.AWS
			if test.least.Service == "" {
				test.least.Service = "ec2"
			}
			if diff := cmp.Diff(test.want, coverage.Fallen([]coverage.Least{test.least}, today)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestLeastIsRaisedAndNeverLowered(t *testing.T) {
	least := []coverage.Least{{Provider: drift.AWS, Service: "ec2", Operations: 9, Types: 9, Matched: 9}}
	today := []coverage.Stats{
		{Provider: drift.AWS, Service: "ec2", Operations: 8, Types: 10, Parameters: coverage.Parameters{ByState: 5, ByOverride: 6}},
		{Provider: drift.AWS, Service: "acm", Operations: 1, Types: 1},
	}
	want := "aws\tacm\t1\t1\t0\naws\tec2\t9\t10\t11\n"
	raised := coverage.FormatLeast(coverage.Raise(least, today))
	if diff := cmp.Diff(want, raised); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	again, err := coverage.ParseLeast(raised)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, coverage.FormatLeast(again)); diff != "" {
		t.Errorf("read again (-want +got):\n%s", diff)
	}
	if _, err := coverage.ParseLeast("aws ec2 many\n"); err == nil {
		t.Error("a line that is none is read")
	}
}

// Each gap is of an operation that the catalog knows, and the two tables count
// the same.
func TestTablesAgree(t *testing.T) {
	type service struct {
		provider drift.Provider
		name     string
	}
	unmatched := map[service]int{}
	last := ""
	for g := range coverage.Gaps("") {
		unmatched[service{g.Provider, g.Service}] += len(g.Unmatched)
		if rows := catalog.Lookup(g.Provider, g.Service, g.Operation); len(rows) == 0 {
			t.Errorf("%s %s: the catalog does not know it: run make generate where the facts are", g.Service, g.Operation)
		}
		if line := string(g.Provider) + "\t" + g.Service + "\t" + g.Operation; line <= last {
			t.Errorf("%s stands after %s", line, last)
		} else {
			last = line
		}
		if !slices.IsSorted(g.Unmatched) {
			t.Errorf("%s %s: not sorted", g.Service, g.Operation)
		}
	}
	for _, s := range coverage.All() {
		if n := unmatched[service{s.Provider, s.Service}]; n != s.Unmatched {
			t.Errorf("%s: %d unmatched parameters counted, %d listed", s.Service, s.Unmatched, n)
		}
		if s.Measured > s.Operations {
			t.Errorf("%s: %d of %d operations measured", s.Service, s.Measured, s.Operations)
		}
	}
}

func TestGapsOfOneService(t *testing.T) {
	for g := range coverage.Gaps("ec2.amazonaws.com") {
		if g.Service != "ec2" || g.Provider != drift.AWS || len(g.Unmatched) == 0 {
			t.Errorf("%+v", g)
		}
	}
	for g := range coverage.Gaps("no-such-service") {
		t.Errorf("%+v", g)
	}
}

// The tables are what the facts give, where the facts are at hand: they are
// kept outside the repository, see gen/README.md.
func TestTablesAreWhatTheFactsGive(t *testing.T) {
	const facts = "../../../shared/facts"
	if _, err := os.Stat(facts); err != nil {
		t.Skipf("no facts at %s: the tables are taken as they are", facts)
	}
	if _, err := exec.LookPath("xz"); err != nil {
		t.Skip("reading the facts needs the xz program")
	}
	out, err := exec.Command("go", "run", "./gen", "-facts", facts, "-out", ".", "-check").CombinedOutput()
	if err != nil {
		t.Errorf("%v: %s", err, strings.TrimSpace(string(out)))
	}
}
