package catalog_test

import (
	"os"
	"os/exec"
	"testing"
)

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
		t.Errorf("%v: %s", err, out)
	}
}
