package detector_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"tfdrift/internal/detector"
	"tfdrift/internal/event"
	"tfdrift/internal/ledger"
)

// forgetful is a ledger that knows nothing, so that an event judged again is
// judged in full.
type forgetful struct{ ledger.Ledger }

func (forgetful) Load(_ context.Context, key string) (ledger.Record, error) {
	return ledger.Record{Key: key}, nil
}
func (forgetful) Save(context.Context, ledger.Record) error { return nil }

// BenchmarkJudge judges every sample event with the index in memory: decode,
// catalog, lookup, compare, rules. Beside it, encoding/json decodes the same
// documents into any, as the measure of the machine. Of the samples it reports
// the median and the 95th percentile, in microseconds and as multiples of
// encoding/json's, and the median of allocations.
func BenchmarkJudge(b *testing.B) {
	documents := sampleDocuments(b)
	d := newDetector(b, "testdata/aws.tfstate testdata/gcp.tfstate", "")
	d.Ledger = forgetful{d.Ledger}
	for _, document := range documents {
		judge(b, d, document) // whatever is made once is made now
	}
	var own, plain, allocs []float64
	for b.Loop() {
		own, plain, allocs = own[:0], plain[:0], allocs[:0]
		for _, document := range documents {
			own = append(own, micros(func() { judge(b, d, document) }))
			plain = append(plain, micros(func() {
				var v any
				if err := json.Unmarshal(document, &v); err != nil {
					b.Fatal(err)
				}
			}))
			allocs = append(allocs, testing.AllocsPerRun(5, func() { judge(b, d, document) }))
		}
	}
	b.ReportMetric(0, "ns/op") // the loop as a whole says nothing
	b.ReportMetric(at(own, 0.5), "µs-median")
	b.ReportMetric(at(own, 0.95), "µs-p95")
	b.ReportMetric(at(plain, 0.5), "µs-json-median")
	b.ReportMetric(at(own, 0.5)/at(plain, 0.5), "×json-median")
	b.ReportMetric(at(own, 0.95)/at(plain, 0.95), "×json-p95")
	b.ReportMetric(at(allocs, 0.5), "allocs-median")
}

func judge(b *testing.B, d *detector.Detector, document []byte) {
	events, err := event.Decode(document)
	if err != nil {
		b.Fatal(err)
	}
	for _, ev := range events {
		if _, err := d.Handle(context.Background(), ev); err != nil {
			b.Fatal(err)
		}
	}
}

// micros is the mean of some runs, so that the clock's own grain is no matter.
func micros(f func()) float64 {
	const runs = 50
	start := time.Now()
	for range runs {
		f()
	}
	return float64(time.Since(start).Nanoseconds()) / runs / 1000
}

// at is the value at a quantile.
func at(values []float64, quantile float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[min(len(sorted)-1, int(quantile*float64(len(sorted))))]
}

func sampleDocuments(b *testing.B) (documents [][]byte) {
	files, err := filepath.Glob(events + "/*/*.json")
	if err != nil || len(files) == 0 {
		b.Fatalf("no samples: %v", err)
	}
	for _, file := range files {
		document, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		documents = append(documents, document)
	}
	return documents
}
