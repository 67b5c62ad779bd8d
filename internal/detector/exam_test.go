package detector_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tfdrift/internal/index"
)

var worked = flag.String("worked", "../../../shared/corpus", "the folder of the worked cases, which are not part of this repository")

// examCase is a line of testdata/exam/*/cases.ndjson; the README there says
// what the fields mean.
type examCase struct {
	Name       string
	Why        string
	Tags       []string
	States     []string // files beside the cases
	Config     string
	Events     []json.RawMessage
	Framing    string // of the events: "array", "records", "pretty"; left out: a line each
	Gzip       bool
	Raw        string // the input itself, where it is no sequence of events
	Unreadable int    // how many documents must be refused
	Expect     []expectation
}

// TestExam judges the cases of all exams, with -short a tenth of them, and
// logs the figures that docs/figures.md quotes.
func TestExam(t *testing.T) {
	for _, name := range []string{"aws", "gcp", "blind"} {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join("testdata/exam", name)
			total, wrong := sit(t, folder, readExam(t, filepath.Join(folder, "cases.ndjson")))
			t.Logf("%s\n%s", name, &total)
			for _, w := range wrong {
				t.Error(w)
			}
		})
	}
}

// TestExamWorkedCases judges the worked cases, where they are at hand. Two of
// them list fewer attributes than their events change; that is no fault.
func TestExamWorkedCases(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(*worked, "cases/*.json"))
	if len(files) == 0 {
		t.Skipf("no worked cases in %s; -worked names their folder", *worked)
	}
	incomplete := map[string]bool{"t10 public access block switched off": true, "t28 ALB listener HTTPS -> HTTP": true}
	var cases []examCase
	for _, file := range files {
		cases = append(cases, readWorked(t, file))
	}
	total, wrong := sit(t, *worked, cases)
	t.Logf("worked cases\n%s", &total)
	for _, w := range wrong {
		if incomplete[w.name] {
			t.Log(w)
		} else {
			t.Error(w)
		}
	}
}

// wrong is a case that was not answered as it should be.
type wrong struct {
	name, why string
	faults    []string
}

func (w wrong) String() string {
	return fmt.Sprintf("%s: %s\n\t%s", w.name, w.why, strings.Join(w.faults, "\n\t"))
}

// sit judges the cases of one folder. States are indexed once; each case has a
// ledger of its own.
func sit(t *testing.T, folder string, cases []examCase) (total score, failed []wrong) {
	t.Helper()
	indexes := map[string]index.Index{}
	for i, c := range cases {
		if testing.Short() && i%10 != 0 {
			continue
		}
		states := strings.Join(c.States, " ")
		if indexes[states] == nil {
			indexes[states] = indexed(t, stateFiles(folder, c.States))
		}
		found, unreadable := judgeAll(detectorOver(t, indexes[states], c.Config), c.input(t), c.Name)
		s, faults := grade(c.Expect, found)
		if len(unreadable) != c.Unreadable {
			faults = append(faults, fmt.Sprintf("%d documents refused, want %d: %v", len(unreadable), c.Unreadable, unreadable))
			s.Cases.right = 0
		}
		total.add(s)
		if len(faults) > 0 {
			failed = append(failed, wrong{c.Name, c.Why, faults})
		}
	}
	return total, failed
}

// input is what the detector is given to read.
func (c *examCase) input(t *testing.T) io.Reader {
	t.Helper()
	var text []byte
	var err error
	switch {
	case c.Raw != "":
		text = []byte(c.Raw)
	case c.Framing == "array":
		text, err = json.Marshal(c.Events)
	case c.Framing == "records":
		text, err = json.Marshal(map[string]any{"Records": c.Events})
	case c.Framing == "pretty":
		for _, ev := range c.Events {
			b, e := json.MarshalIndent(ev, "", "  ")
			text, err = append(append(text, b...), '\n'), errors.Join(err, e)
		}
	case c.Framing == "":
		for _, ev := range c.Events {
			text = append(append(text, ev...), '\n')
		}
	default:
		t.Fatalf("%s: no framing is called %q", c.Name, c.Framing)
	}
	if err != nil {
		t.Fatalf("%s: %v", c.Name, err)
	}
	if !c.Gzip {
		return bytes.NewReader(text)
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &packed
}

func readExam(t *testing.T, file string) (cases []examCase) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := json.NewDecoder(f)
	lines.DisallowUnknownFields() // a misspelt "expect" would expect silence
	for lines.More() {
		var c examCase
		if err := lines.Decode(&c); err != nil {
			t.Fatalf("%s: case %d: %v", file, len(cases)+1, err)
		}
		if last := len(cases) - 1; last >= 0 && cases[last].Name >= c.Name {
			t.Errorf("%s: %q and %q are not in order, or one name twice", file, cases[last].Name, c.Name)
		}
		cases = append(cases, c)
	}
	return cases
}

// readWorked reads a worked case, which names some things otherwise.
func readWorked(t *testing.T, file string) examCase {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var c struct {
		examCase
		Expect []struct {
			expectation
			Attributes []changeExpected
			ActorName  oneOf `json:"actor_name"`
		}
	}
	if err := json.Unmarshal(text, &c); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	for _, e := range c.Expect {
		e.expectation.Changes, e.expectation.Actor = e.Attributes, e.ActorName
		c.examCase.Expect = append(c.examCase.Expect, e.expectation)
	}
	return c.examCase
}
