package detector_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
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
// configuration, and the findings expected, one a line.
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
	want := expectations(t, section(archive, "findings"))
	unexpected := slices.Clone(got)
	for _, w := range want {
		i := slices.IndexFunc(unexpected, func(f drift.Finding) bool { return w.speaksOf(&f) })
		if i < 0 {
			t.Errorf("missing: %s %s %s%s %s", w.Status, w.Kind, w.Address, w.Type, w.ID)
			continue
		}
		f := unexpected[i]
		unexpected = slices.Delete(unexpected, i, i+1)
		w.check(t, &f)
	}
	for _, f := range unexpected {
		b, _ := json.Marshal(f)
		t.Errorf("unexpected: %s", b)
	}
	if t.Failed() {
		t.Logf("%s\n%s", strings.TrimSpace(string(archive.Comment)), strings.Join(steps, "\n"))
	}
}

func newDetector(t testing.TB, stateText, configText string) *detector.Detector {
	t.Helper()
	seal, err := state.NewSealer([]byte("a key that only the tests know, ok"), catalog.Sensitive)
	if err != nil {
		t.Fatal(err)
	}
	cfg, _, err := config.Parse("config.yaml", []byte(configText))
	if err != nil {
		t.Fatal(err)
	}
	judge, err := rules.New(cfg.Rules())
	if err != nil {
		t.Fatal(err)
	}
	x := indexer.Indexer{Index: index.NewMemory(), Seal: seal}
	for i, object := range states(t, stateText) {
		if _, err := x.Refresh(context.Background(), object, false); err != nil {
			t.Fatalf("state %d: %v", i, err)
		}
	}
	return &detector.Detector{Index: x.Index, Ledger: ledger.NewMemory(), Rules: judge, Compare: compare.Comparer{Seal: seal.Seal}}
}

// states are the files named, or the one state given.
func states(t testing.TB, text string) []state.Object {
	t.Helper()
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		return []state.Object{{Name: "inline.tfstate", Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}}
	}
	var objects []state.Object
	for _, name := range strings.Fields(text) {
		path := filepath.Join(events, name)
		objects = append(objects, state.Object{Name: name, Open: func(context.Context) (io.ReadCloser, error) { return os.Open(path) }})
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
	var all []drift.Finding
	for r := event.NewReader(f, file); ; {
		ev, err := r.Next()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		findings, err := d.Handle(context.Background(), ev)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, findings...)
	}
}

// expectation is a finding as a story tells it: what is left out is not asked.
type expectation struct {
	Status   drift.Status
	Kind     drift.Kind
	Address  string
	Type, ID string
	Changes  []changeExpected
	Actor    string
	Severity drift.Severity
}

type changeExpected struct {
	Attribute string
	Op        drift.Op
	Before    *any
	After     *any
	Sensitive bool
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

func (w *expectation) speaksOf(f *drift.Finding) bool {
	if w.Status != f.Status || w.Kind != f.Kind || w.Address != f.Resource.Address {
		return false
	}
	return w.Address != "" || w.Type == f.Resource.Type && w.ID == f.Resource.ID
}

func (w *expectation) check(t *testing.T, f *drift.Finding) {
	t.Helper()
	if w.Actor != "" && w.Actor != f.Actor.Name {
		t.Errorf("actor %q, want %q", f.Actor.Name, w.Actor)
	}
	if w.Severity != "" && w.Severity != f.Severity {
		t.Errorf("severity %q, want %q", f.Severity, w.Severity)
	}
	unexpected := slices.Clone(f.Changes)
	for _, c := range w.Changes {
		name := top(c.Attribute)
		i := slices.IndexFunc(unexpected, func(a drift.Attribute) bool {
			return top(a.Name) == name && (c.Op == "" || c.Op == a.Op) && holds(c.Before, a.Before) && holds(c.After, a.After) && (!c.Sensitive || a.Sensitive)
		})
		if i < 0 {
			b, _ := json.Marshal(f.Changes)
			e, _ := json.Marshal(c)
			t.Errorf("change %s is not among %s", e, b)
			continue
		}
		unexpected = slices.Delete(unexpected, i, i+1)
	}
	for _, a := range unexpected {
		name := top(a.Name)
		if !slices.ContainsFunc(w.Changes, func(c changeExpected) bool { return top(c.Attribute) == name }) {
			b, _ := json.Marshal(a)
			t.Errorf("unexpected change %s", b)
		}
	}
}

func top(attribute string) string {
	if i := strings.IndexAny(attribute, ".["); i >= 0 {
		return attribute[:i]
	}
	return attribute
}

// holds reports whether a story's value is in a finding's: objects and lists by
// containment, scalars by value.
func holds(want *any, got any) bool {
	if want == nil {
		return true
	}
	b, _ := json.Marshal(got)
	var plain any
	_ = json.Unmarshal(b, &plain)
	return contained(*want, plain)
}

func contained(want, got any) bool {
	switch w := want.(type) {
	case map[string]any:
		if l, ok := got.([]any); ok {
			return slices.ContainsFunc(l, func(g any) bool { return contained(want, g) })
		}
		g, ok := got.(map[string]any)
		if !ok {
			return false
		}
		for k, v := range w {
			if !contained(v, g[k]) {
				return false
			}
		}
		return true
	case []any:
		g, ok := got.([]any)
		if !ok {
			return len(w) == 1 && contained(w[0], got)
		}
		for _, v := range w {
			if !slices.ContainsFunc(g, func(x any) bool { return contained(v, x) }) {
				return false
			}
		}
		return len(w) > 0 || len(g) == 0
	case nil:
		return got == nil || got == "" || fmt.Sprint(got) == "[]" || fmt.Sprint(got) == "map[]"
	}
	if l, ok := got.([]any); ok && len(l) == 1 {
		return contained(want, l[0])
	}
	a, b := scalar(want), scalar(got)
	if x, err := strconv.ParseFloat(a, 64); err == nil {
		if y, err := strconv.ParseFloat(b, 64); err == nil {
			return math.Abs(x-y) < 1e-9
		}
	}
	if strings.HasPrefix(a, "{") || strings.HasPrefix(a, "[") {
		var x, y any
		if json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal([]byte(b), &y) == nil {
			return contained(x, y)
		}
	}
	return a == b
}

func scalar(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	b, _ := json.Marshal(v)
	return string(b)
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
