package detector_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tfdrift/internal/event"
	"tfdrift/internal/ledger"
)

// Every value of every sample is replaced by values of other shapes: whatever a
// cloud, or somebody who poses as one, may send, it is judged or refused, and
// nothing panics.
func TestEventsOfAnyShapeAreJudgedOrRefused(t *testing.T) {
	samples, err := filepath.Glob(events + "/*/*.json")
	if err != nil || len(samples) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	shapes := []any{nil, "", "x", "arn:aws:x", json.Number("-1e999"), true, []any{}, []any{nil}, []any{[]any{"a"}}, map[string]any{}, map[string]any{"items": []any{nil, "x"}}, map[string]any{"": nil}}
	if testing.Short() {
		shapes = shapes[:3]
	}
	d := newDetector(t, "testdata/aws.tfstate testdata/gcp.tfstate", "")
	for _, sample := range samples {
		if strings.Contains(sample, "testdata") {
			continue
		}
		text, err := os.ReadFile(sample)
		if err != nil {
			t.Fatal(err)
		}
		var document any
		if err := json.Unmarshal(text, &document); err != nil {
			t.Fatal(err)
		}
		mutate(document, shapes, func() {
			mutant, err := json.Marshal(document)
			if err != nil {
				t.Fatal(err)
			}
			d.Ledger = ledger.NewMemory()
			decoded, _ := event.Decode(mutant)
			for _, ev := range decoded {
				findings, err := d.Handle(t.Context(), ev)
				if err != nil && !strings.Contains(err.Error(), ev.Name) {
					t.Errorf("%s: error %v does not say of which operation", mutant, err)
				}
				for i := range findings {
					if _, err := json.Marshal(&findings[i]); err != nil {
						t.Errorf("%s: a finding that is no JSON: %v", mutant, err)
					}
				}
			}
		})
	}
}

// mutate puts each shape in the place of each value of a document, one at a time.
func mutate(v any, shapes []any, try func()) {
	replace := func(put func(any), old any) {
		for _, shape := range shapes {
			put(shape)
			try()
		}
		put(old)
		mutate(old, shapes, try)
	}
	switch v := v.(type) {
	case map[string]any:
		for _, k := range sortedKeys(v) {
			replace(func(x any) { v[k] = x }, v[k])
		}
	case []any:
		for i := range v {
			replace(func(x any) { v[i] = x }, v[i])
		}
	}
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
