package detector_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"tfdrift/internal/catalog"
	"tfdrift/internal/compare"
	"tfdrift/internal/config"
	"tfdrift/internal/detector"
	"tfdrift/internal/drift"
	"tfdrift/internal/event"
	"tfdrift/internal/index"
	"tfdrift/internal/indexer"
	"tfdrift/internal/ledger"
	"tfdrift/internal/rules"
	"tfdrift/internal/state"
)

var update = flag.Bool("update", false, "rewrite the findings of the stories; read the diff before you believe it")

// events is the folder of samples that stories draw on.
const events = "../../events"

// A story is a txtar file: a sentence, the events in order (paths below
// events/), the state (a path below events/, or its JSON), perhaps a
// configuration, and the findings expected, one a line; -update rewrites those:
//
//	go test ./internal/detector -run TestStories -update
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/stories/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { play(t, file) })
	}
}

func TestEveryEventHasAStory(t *testing.T) {
	told := map[string]bool{}
	files, _ := filepath.Glob("testdata/stories/*.txtar")
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range strings.Fields(section(archive, "events")) {
			told[name] = true
		}
	}
	samples, _ := filepath.Glob(events + "/*/*.json")
	for _, sample := range samples {
		name, _ := filepath.Rel(events, sample)
		if !strings.HasPrefix(name, "testdata") && !told[filepath.ToSlash(name)] {
			t.Errorf("events/%s is in no story", name)
		}
	}
	if len(samples) < 60 {
		t.Errorf("%d samples, want at least 60", len(samples))
	}
}

func section(a *txtar.Archive, name string) string {
	for _, f := range a.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

func play(t *testing.T, file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	d := newDetector(t, section(archive, "state"), section(archive, "config.yaml"))
	var steps []string
	d.Explain = func(step string) { steps = append(steps, step) }
	var got []drift.Finding
	for _, name := range strings.Fields(section(archive, "events")) {
		got = append(got, judgeFile(t, d, filepath.Join(events, name))...)
	}
	if *update {
		rewrite(t, archive, file, got)
		return
	}
	_, faults := grade(expectations(t, section(archive, "findings")), got)
	for _, fault := range faults {
		t.Error(fault)
	}
	if t.Failed() {
		t.Logf("%s\n%s", strings.TrimSpace(string(archive.Comment)), strings.Join(steps, "\n"))
	}
}

func newDetector(t testing.TB, stateText, configText string) *detector.Detector {
	t.Helper()
	return detectorOver(t, indexed(t, states(t, stateText)), configText)
}

// detectorOver is a detector that remembers nothing yet.
func detectorOver(t testing.TB, x index.Index, configText string) *detector.Detector {
	t.Helper()
	cfg, _, err := config.Parse("config.yaml", []byte(configText))
	if err != nil {
		t.Fatal(err)
	}
	judge, err := rules.New(cfg.Rules())
	if err != nil {
		t.Fatal(err)
	}
	return &detector.Detector{Index: x, Ledger: ledger.NewMemory(), Rules: judge, Compare: compare.Comparer{Seal: sealer(t).Seal}}
}

func sealer(t testing.TB) *state.Sealer {
	t.Helper()
	seal, err := state.NewSealer([]byte("a key that only the tests know, ok"), catalog.Sensitive)
	if err != nil {
		t.Fatal(err)
	}
	return seal
}

func indexed(t testing.TB, objects []state.Object) index.Index {
	t.Helper()
	x := indexer.Indexer{Index: index.NewMemory(), Seal: sealer(t)}
	for _, object := range objects {
		if _, err := x.Refresh(context.Background(), object, false); err != nil {
			t.Fatalf("state %s: %v", object.Name, err)
		}
	}
	return copies{x.Index}
}

// copies is an index that returns each entry anew, as one that reads it from a
// store does.
type copies struct{ index.Index }

func (c copies) Find(ctx context.Context, keys ...string) ([]*drift.Entry, error) {
	entries, err := c.Index.Find(ctx, keys...)
	for i, e := range entries {
		anew := *e
		entries[i] = &anew
	}
	return entries, err
}

// states are the files named, or the one state given.
func states(t testing.TB, text string) []state.Object {
	t.Helper()
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		return []state.Object{{Name: "inline.tfstate", Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}}
	}
	return stateFiles(events, strings.Fields(text))
}

func stateFiles(folder string, names []string) (objects []state.Object) {
	for _, name := range names {
		file := filepath.Join(folder, name)
		objects = append(objects, state.Object{Name: name, Open: func(context.Context) (io.ReadCloser, error) { return os.Open(file) }})
	}
	return objects
}

func judgeFile(t testing.TB, d *detector.Detector, file string) []drift.Finding {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	findings, unreadable := judgeAll(d, f, file)
	if len(unreadable) > 0 {
		t.Fatal(unreadable)
	}
	return findings
}

// judgeAll judges the events of an input in order, whatever cannot be read or
// judged left out.
func judgeAll(d *detector.Detector, in io.Reader, name string) (findings []drift.Finding, unreadable []error) {
	for r := event.NewReader(in, name); ; {
		ev, err := r.Next()
		var broken *event.DocumentError
		switch {
		case err == io.EOF:
			return findings, unreadable
		case errors.As(err, &broken):
			unreadable = append(unreadable, err)
			continue
		case err != nil:
			return findings, append(unreadable, err)
		}
		said, err := d.Handle(context.Background(), ev)
		if err != nil {
			unreadable = append(unreadable, err)
		}
		findings = append(findings, said...)
	}
}

func expectations(t *testing.T, text string) []expectation {
	t.Helper()
	var all []expectation
	for n, line := range strings.Split(strings.TrimSpace(text), "\n") {
		if line == "" {
			continue
		}
		var e expectation
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("findings line %d: %v", n+1, err)
		}
		all = append(all, e)
	}
	return all
}

func rewrite(t *testing.T, archive *txtar.Archive, file string, findings []drift.Finding) {
	t.Helper()
	var b strings.Builder
	for _, f := range findings {
		line := map[string]any{"status": f.Status, "kind": f.Kind, "changes": f.Changes, "actor": f.Actor.Name, "severity": f.Severity}
		if f.Resource.Address != "" {
			line["address"] = f.Resource.Address
		} else {
			line["type"], line["id"] = f.Resource.Type, f.Resource.ID
		}
		text, err := json.Marshal(line)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(text)
		b.WriteByte('\n')
	}
	for i := range archive.Files {
		if archive.Files[i].Name == "findings" {
			archive.Files[i].Data = []byte(b.String())
		}
	}
	if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}
