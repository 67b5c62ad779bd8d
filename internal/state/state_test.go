package state

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"tfdrift/internal/drift"
)

var update = flag.Bool("update", false, "rewrite the expectations of the stories in testdata")

// TestStories reads each state under testdata and compares what it yields.
func TestStories(t *testing.T) {
	stories, _ := filepath.Glob("testdata/*.txtar")
	for _, story := range stories {
		t.Run(filepath.Base(story), func(t *testing.T) {
			archive, err := txtar.ParseFile(story)
			if err != nil {
				t.Fatal(err)
			}
			in := archive.Files[0].Data
			header, entries, err := read(t, bytes.NewReader(in))
			if err != nil {
				t.Fatal(err)
			}
			got := map[string][]byte{"header": indented(t, header), "entries": indented(t, entries)}
			for i := 1; i < len(archive.Files); i++ {
				f := &archive.Files[i]
				if *update {
					f.Data = got[f.Name]
				}
				if diff := cmp.Diff(string(f.Data), string(got[f.Name])); diff != "" {
					t.Errorf("%s (-want +got):\n%s", f.Name, diff)
				}
				if bytes.Contains(got[f.Name], []byte("hunter2")) {
					t.Errorf("%s holds a secret in clear", f.Name)
				}
			}
			if *update {
				if err := os.WriteFile(story, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func TestStateOfManyResourcesIsReadWhole(t *testing.T) {
	f, err := os.Open("testdata/acme.tfstate")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	header, entries, err := read(t, f)
	if err != nil {
		t.Fatal(err)
	}
	want := Header{TerraformVersion: "1.9.5", Lineage: "3f8c5a2e-1111-2222-3333-444455556666", Serial: 42, Entries: 34, Data: 2}
	if diff := cmp.Diff(want, header); diff != "" {
		t.Errorf("header (-want +got):\n%s", diff)
	}
	found := slices.ContainsFunc(entries, func(e *drift.Entry) bool { return e.Address == "module.workers.aws_instance.worker[0]" })
	if !found {
		t.Error("module.workers.aws_instance.worker[0], whose module stands behind its instances, is missing")
	}
}

const oneGroup = `{"version":4,"terraform_version":"1.9.5","serial":1,"lineage":"l","resources":[{"mode":"managed","type":"aws_security_group","name":"web",` +
	`"provider":"provider[\"registry.terraform.io/hashicorp/aws\"]","instances":[{"attributes":{"id":"sg-1","x":ATTRIBUTE}}]}]}`

func withAttribute(json string) string { return strings.Replace(oneGroup, "ATTRIBUTE", json, 1) }

func TestWrappingsOfAState(t *testing.T) {
	plain := withAttribute("1")
	for _, test := range []struct{ name, in string }{
		{"plain", plain},
		{"with white space around", "\r\n  " + plain + "\n\n"},
		{"with a byte order mark", "\ufeff" + plain},
		{"gzip", zipped(plain)},
	} {
		t.Run(test.name, func(t *testing.T) {
			header, _, err := read(t, strings.NewReader(test.in))
			if err != nil || header.Entries != 1 {
				t.Errorf("%d entries, error %v; want 1", header.Entries, err)
			}
		})
	}
	t.Run("the show of an empty state", func(t *testing.T) {
		if header, _, err := read(t, strings.NewReader(`{"format_version":"1.0"}`)); err != nil || header.Entries != 0 {
			t.Errorf("%d entries, error %v; want none", header.Entries, err)
		}
	})
}

func TestBadInputIsOneErrorWithCauseAndRemedy(t *testing.T) {
	other, broken := ErrNotState, drift.ErrInvalid
	for _, test := range []struct {
		name, in string
		kind     error
		says     string
	}{
		{"nothing", "", other, "empty"},
		{"white space", " \n", other, "empty"},
		{"version 3", `{"version":3,"terraform_version":"0.11.14","serial":1,"lineage":"l","modules":[]}`, broken, "state version 3"},
		{"version 5", `{"version":5,"terraform_version":"2.0.0","serial":1,"lineage":"l","resources":[]}`, broken, "newer tfdrift"},
		{"version behind", `{"lineage":"l","resources":[],"serial":1,"version":5}`, broken, "state version 5"},
		{"version missing", `{"lineage":"l","resources":[]}`, broken, "without its version"},
		{"show of the future", `{"format_version":"2.0","values":{}}`, broken, "unsupported state format version"},
		{"encrypted by OpenTofu", `{"serial":1,"lineage":"l","meta":{"key_provider.pbkdf2.k":"e30="},"encrypted_data":"AAAA","encryption_version":"v0"}`, broken, "tofu show -json"},
		{"a plan as JSON", `{"format_version":"1.2","terraform_version":"1.9.5","planned_values":{}}`, other, "plan"},
		{"a saved plan", "PK\x03\x04\x00\x00", other, "plan"},
		{"a lock's record", `{"ID":"x","Operation":"OperationTypeApply","Info":"","Who":"a@b","Version":"1.9.5","Created":"","Path":""}`, other, "lock"},
		{"HTML", "<!DOCTYPE html><html>", other, "HTML"},
		{"YAML", "version: 4\nserial: 1\n", other, "YAML"},
		{"a list", `[{"version":4}]`, other, "list"},
		{"UTF-16", "\xff\xfe{\x00", broken, "UTF-8"},
		{"a package.json", `{"name":"x","version":"1.0.0"}`, other, `"name"`},
		{"a source map", `{"version":3,"file":"out.js"}`, other, `"file"`},
		{"an empty object", `{}`, other, "without version"},
		{"cut short", withAttribute("1")[:150], broken, "at byte 1"},
		{"cut short before it says what it is", `{"versi`, other, "ends in the middle"},
		{"text behind", withAttribute("1") + "{}", broken, "text after the end"},
		{"no JSON", withAttribute("oops"), broken, "at byte 2"},
		{"a NUL", withAttribute("\"a\x00b\""), broken, "at byte 2"},
		{"a NUL at the start", "\x00\x00", other, "NUL"},
		{"invalid UTF-8", withAttribute("\"\xff\""), broken, "invalid UTF-8"},
		{"too deep", withAttribute(strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000)), broken, "levels deep"},
		{"too deep in show", `{"format_version":"1.0","values":{"root_module":{"resources":[{"address":"aws_vpc.a","mode":"managed","type":"aws_vpc","provider_name":"registry.terraform.io/hashicorp/aws","values":{"x":` +
			strings.Repeat("[", 600) + strings.Repeat("]", 600) + `}}]}}}`, broken, "levels deep"},
		{"too deep outside of resources", `{"version":4,"serial":1,"lineage":"l","outputs":` + strings.Repeat("[", 20_000), broken, "max"},
		{"resources mistyped", `{"version":4,"serial":1,"resources":"x"}`, broken, "want a list"},
		{"attributes mistyped", strings.Replace(withAttribute("1"), `{"id":"sg-1","x":1}`, `7`, 1), broken, "want an object"},
		{"show mistyped", `{"format_version":"1.0","values":{"root_module":{"resources":[{"mode":7}]}}}`, broken, "want a resource"},
		{"serial mistyped", `{"version":4,"serial":-1}`, broken, "serial"},
		{"gzip cut short", zipped(withAttribute(`"` + strings.Repeat("x", 5000) + `"`))[:80], broken, "gzip"},
		{"gzip damaged", "\x1f\x8b\x08\x00garbage and more garbage", broken, "gzip"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, _, err := read(t, strings.NewReader(test.in))
			if !errors.Is(err, test.kind) || errors.Is(err, ErrNotState) != (test.kind == other) {
				t.Fatalf("error %v; want %v", err, test.kind)
			}
			if !strings.Contains(err.Error(), test.says) || !strings.HasPrefix(err.Error(), "state test.tfstate: ") {
				t.Errorf("error %q does not say %q", err, test.says)
			}
		})
	}
}

func TestNumbersKeepTheirText(t *testing.T) {
	_, entries, err := read(t, strings.NewReader(withAttribute(`1e999999`)))
	if err != nil {
		t.Fatal(err)
	}
	if got := entries[0].Attributes["x"]; got != json.Number("1e999999") {
		t.Errorf("got %v", got)
	}
}

func TestErrorsOfReaderAndReceiverComeBackAsTheyAre(t *testing.T) {
	torn := errors.New("connection lost")
	for _, in := range []string{withAttribute("1")[:100], zipped(withAttribute("1"))[:50]} {
		_, _, err := read(t, io.MultiReader(strings.NewReader(in), iotest.ErrReader(torn)))
		if !errors.Is(err, torn) || errors.Is(err, drift.ErrInvalid) {
			t.Errorf("error %v, want that of the reader", err)
		}
	}
	_, err := Read(strings.NewReader(withAttribute("1")), "test.tfstate", sealer(t), func(*drift.Entry) error { return torn })
	if !errors.Is(err, torn) {
		t.Errorf("error %v, want that of emit", err)
	}
}

func TestReadHeaderReadsNoResources(t *testing.T) {
	in := `{"version":4,"terraform_version":"1.9.5","serial":42,"lineage":"l","outputs":{},"resources":[` + strings.Repeat(" ", 10_000) + "broken"
	header, err := ReadHeader(strings.NewReader(in), "test.tfstate")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Header{TerraformVersion: "1.9.5", Serial: 42, Lineage: "l"}, header); diff != "" {
		t.Errorf("header (-want +got):\n%s", diff)
	}
}

// TestMemoryIsBounded reads what costs the most memory for its size.
func TestMemoryIsBounded(t *testing.T) {
	for _, test := range []struct {
		name string
		in   io.Reader
		err  error
	}{
		{"a large state", endless(`{"version":4,"serial":1,"lineage":"l","resources":[`, strings.Split(strings.TrimSuffix(withAttribute(`"`+strings.Repeat("y", 1000)+`"`), "]}"), `"resources":[`)[1]+",", 36<<20), drift.ErrInvalid},
		{"one instance of small objects", endless(withAttribute(`[`)[:strings.Index(withAttribute(`[`), `[}`)+1], `{"":0},`, 36<<20), drift.ErrInvalid},
		{"one resource of instances whose module is not known", endless(withAttribute("1")[:strings.Index(oneGroup, `{"attributes`)], `{"attributes":{"":{"":{}}}},`, 8<<20), drift.ErrInvalid},
		{"instances before what describes them", endless(`{"version":4,"serial":1,"resources":[{"instances":[`, `{"attributes":{}},`, 36<<20), drift.ErrInvalid},
		{"one string in an output", endless(`{"version":4,"serial":1,"outputs":"`, `x`, 36<<20), drift.ErrInvalid},
		{"many outputs, cut short", endless(`{"version":4,"serial":1,"outputs":{`, `"a":{"value":"b"},`, 8<<20), drift.ErrInvalid},
		{"one resource of show", endless(`{"format_version":"1.0","values":{"root_module":{"resources":[{"values":{"x":[`, `{"":0},`, 36<<20), drift.ErrInvalid},
	} {
		t.Run(test.name, func(t *testing.T) {
			if testing.Short() {
				t.Skip("reads 100 MB")
			}
			var peak uint64
			sample := func() {
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapInuse)
			}
			watch := &sampled{r: test.in, sample: sample}
			_, err := Read(watch, "test.tfstate", sealer(t), func(*drift.Entry) error { return nil })
			sample()
			if !errors.Is(err, test.err) {
				t.Errorf("error %v, want %v", err, test.err)
			}
			t.Logf("%d MB at most after %d MB; %v", peak>>20, watch.read>>20, err)
			if peak > 512<<20 {
				t.Errorf("%d MB of memory, want 512 at most", peak>>20)
			}
			runtime.GC()
		})
	}
}

// sampled calls sample after every 4 MB.
type sampled struct {
	r      io.Reader
	read   int
	sample func()
}

func (s *sampled) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if (s.read+n)>>22 != s.read>>22 {
		s.sample()
	}
	s.read += n
	return n, err
}

// endless is head followed by n bytes of what repeats, and then nothing.
func endless(head, again string, n int) io.Reader {
	block := strings.Repeat(again, 1+(1<<16)/len(again))
	readers := []io.Reader{strings.NewReader(head)}
	for size := 0; size < n; size += len(block) {
		readers = append(readers, strings.NewReader(block))
	}
	return io.MultiReader(readers...)
}

func FuzzRead(f *testing.F) {
	states, _ := filepath.Glob("testdata/*.txtar")
	for _, name := range states {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(archive.Files[0].Data)
	}
	for _, seed := range []string{"", "PK", "\x1f\x8b", `{"version":4`, withAttribute(`[[{"a":null}]]`), `{"ID":1,"Who":2}`, zipped(withAttribute("1")),
		`{"version":4,"serial":1,"resources":[{"instances":[{}],"mode":"managed","type":"a","name":"b","provider":"aws"}]}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		header, entries, err := read(t, bytes.NewReader(in))
		if err == nil && header.Entries != len(entries) {
			t.Errorf("%d entries counted, %d emitted", header.Entries, len(entries))
		}
		if err != nil && !errors.Is(err, drift.ErrInvalid) {
			t.Errorf("error %v is not drift.ErrInvalid", err)
		}
		if _, headerErr := ReadHeader(bytes.NewReader(in), "test.tfstate"); err == nil && headerErr != nil {
			t.Errorf("a state can be read, but not its header: %v", headerErr)
		}
		for _, e := range entries {
			if e.Address == "" || e.Type == "" || e.Provider == "" || e.Attributes == nil {
				t.Errorf("incomplete entry %+v", e)
			}
		}
	})
}

func read(t testing.TB, r io.Reader) (Header, []*drift.Entry, error) {
	var entries []*drift.Entry
	header, err := Read(r, "test.tfstate", sealer(t), func(e *drift.Entry) error {
		entries = append(entries, e)
		return nil
	})
	return header, entries, err
}

func sealer(t testing.TB) *Sealer {
	t.Helper()
	s, err := NewSealer(bytes.Repeat([]byte{7}, 32), func(typ string) []string {
		if typ == "aws_db_instance" {
			return []string{"password", "password_wo", "settings.secret"}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func zipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return b.String()
}

func indented(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(b, '\n')
}
