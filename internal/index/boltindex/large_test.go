package boltindex_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"tfdrift/events"
	"tfdrift/internal/catalog"
	"tfdrift/internal/embedded"
	"tfdrift/internal/index/boltindex"
	"tfdrift/internal/indexer"
	"tfdrift/internal/state"
)

// The bars for a state of 100,000 resources: reading it into an empty index in
// so many times what a bare scan of its tokens takes, reading it again
// unchanged, and the most memory that the process ever has.
const (
	largeResources = 100_000
	buildBar       = 4.0
	unchangedBar   = 1.6
	memoryBar      = 150 << 20
)

// TestALargeStateIsIndexedWithinBounds runs each refresh in a process of its
// own, whose memory is its own. Times are of a machine that others use too: they
// are reported, and fail only where TFDRIFT_BARS asks for it.
func TestALargeStateIsIndexedWithinBounds(t *testing.T) {
	if os.Getenv("TFDRIFT_LARGE") != "" {
		t.Skip("the child's environment")
	}
	if testing.Short() {
		t.Skip("a state of 377 MB")
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "terraform.tfstate"), largeResources, 0)
	write(t, filepath.Join(dir, "changed.tfstate"), largeResources, 10)
	info, err := os.Stat(filepath.Join(dir, "terraform.tfstate"))
	if err != nil {
		t.Fatal(err)
	}
	var scan time.Duration
	for range 3 {
		if d := bareScan(t, filepath.Join(dir, "terraform.tfstate")); scan == 0 || d < scan {
			scan = d
		}
	}
	t.Logf("state of %d MB; bare scan %v", info.Size()>>20, scan.Round(time.Millisecond))
	for _, run := range []struct {
		name, file string
		bar        float64
		want       boltindex.Stats
	}{
		{"built", "terraform.tfstate", buildBar, boltindex.Stats{Put: largeResources}},
		{"unchanged", "terraform.tfstate", unchangedBar, boltindex.Stats{Kept: largeResources}},
		{"ten changed", "changed.tfstate", unchangedBar, boltindex.Stats{Put: 10, Kept: largeResources - 10}},
	} {
		got := refreshInChild(t, dir, run.file)
		times := float64(got.Took) / float64(scan)
		t.Logf("%-12s %8v, %.2f times the scan; memory %d MB; %+v", run.name, got.Took.Round(time.Millisecond), times, got.Memory>>20, got.Stats)
		run.want.Transactions = got.Stats.Transactions
		if got.Stats != run.want {
			t.Errorf("%s: %+v, want %+v", run.name, got.Stats, run.want)
		}
		if got.Memory > memoryBar {
			t.Errorf("%s: %d MB of memory, want at most %d", run.name, got.Memory>>20, memoryBar>>20)
		}
		if times > run.bar && os.Getenv("TFDRIFT_BARS") != "" {
			t.Errorf("%s: %.2f times the scan, want at most %.1f", run.name, times, run.bar)
		}
	}
	store, err := os.Stat(filepath.Join(dir, "store"))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("store of %d MB", store.Size()>>20)
}

// outcome is what the child reports of a refresh.
type outcome struct {
	Took   time.Duration
	Memory int64 // the most that was resident
	Stats  boltindex.Stats
}

func refreshInChild(t *testing.T, dir, file string) (got outcome) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestRefreshOfALargeState$", "-test.v", "-test.cpuprofile="+os.Getenv("TFDRIFT_PROFILE"))
	child.Env = append(os.Environ(), "TFDRIFT_LARGE="+filepath.Join(dir, file))
	out, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for line := range strings.SplitSeq(string(out), "\n") {
		if report, ok := strings.CutPrefix(line, "outcome "); ok {
			if err := json.Unmarshal([]byte(report), &got); err != nil {
				t.Fatal(err)
			}
			return got
		}
	}
	t.Fatalf("no outcome in\n%s", out)
	return got
}

// TestRefreshOfALargeState is the child's.
func TestRefreshOfALargeState(t *testing.T) {
	path := os.Getenv("TFDRIFT_LARGE")
	if path == "" {
		t.Skip("run by TestALargeStateIsIndexedWithinBounds")
	}
	debug.SetGCPercent(50)
	db, err := embedded.Open(filepath.Join(filepath.Dir(path), "store"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	x, err := boltindex.New(db)
	if err != nil {
		t.Fatal(err)
	}
	seal, err := state.NewSealer(bytes.Repeat([]byte("k"), 32), catalog.Sensitive)
	if err != nil {
		t.Fatal(err)
	}
	object := state.Object{Name: "s", Open: func(context.Context) (io.ReadCloser, error) { return os.Open(path) }}
	began := time.Now()
	if _, err := (&indexer.Indexer{Index: x, Seal: seal}).Refresh(t.Context(), object); err != nil {
		t.Fatal(err)
	}
	report, err := json.Marshal(outcome{time.Since(began), resident(t), x.Stats()})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("outcome %s\n", report)
}

// resident is the most memory that the process ever had, pages of the store
// that are mapped included (Linux, proc_pid_status(5), VmHWM).
func resident(t *testing.T) int64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip("no /proc here")
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	var kilobytes int64
	if _, err := fmt.Sscan(rest, &kilobytes); err != nil {
		t.Fatal(err)
	}
	return kilobytes << 10
}

func bareScan(t *testing.T, path string) time.Duration {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	began := time.Now()
	dec := jsontext.NewDecoder(f, jsontext.AllowDuplicateNames(true))
	for err == nil {
		_, err = dec.ReadToken()
	}
	if !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	return time.Since(began)
}

// write makes a state as Terraform writes it, of so many resources, each a copy
// of one of the larger samples under a name, id and ARN of its own. The first
// few are changed.
func write(t *testing.T, path string, resources, changed int) {
	t.Helper()
	samples := largeSamples(t)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	out := bufio.NewWriterSize(f, 1<<20)
	fmt.Fprintf(out, "{\n  \"version\": 4,\n  \"terraform_version\": \"1.13.4\",\n  \"serial\": %d,\n  \"lineage\": \"l\",\n  \"outputs\": {},\n  \"resources\": [\n", 1+changed)
	for i := range resources {
		// Terraform sorts by module, so copies of one sample do not stand together.
		sample := samples[i%len(samples)]
		text := strings.ReplaceAll(sample, "COPY", fmt.Sprintf("%07d", i))
		if i < changed {
			text = strings.Replace(text, `"id": "`, `"tags_changed": "yes",`+"\n            "+`"id": "`, 1)
		}
		if i > 0 {
			out.WriteString(",\n")
		}
		out.WriteString("    " + text)
	}
	out.WriteString("\n  ],\n  \"check_results\": null\n}\n")
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// largeSamples are resources of more than 2 KB with COPY in what names them.
func largeSamples(t *testing.T) (samples []string) {
	raw, err := events.Files.ReadFile("testdata/aws.tfstate")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Resources []map[string]any `json:"resources"`
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	for _, r := range doc.Resources {
		instances := r["instances"].([]any)[:1]
		r["instances"] = instances
		r["module"] = `module.tenant["COPY"]`
		attributes := instances[0].(map[string]any)["attributes"].(map[string]any)
		text, err := json.MarshalIndent(r, "    ", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if r["mode"] != "managed" || len(text) < 2300 {
			continue
		}
		sample := string(text)
		for _, name := range []string{"id", "name", "bucket"} {
			if s, ok := attributes[name].(string); ok && len(s) > 3 && !strings.Contains(s, "/") {
				sample = strings.ReplaceAll(sample, s, s+"-COPY")
			}
		}
		samples = append(samples, sample)
	}
	return samples
}
