package page_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
	"tfdrift/internal/ledger"
	"tfdrift/internal/page"
	"tfdrift/internal/tree"
)

var update = flag.Bool("update", false, "rewrite the golden pages; read the diff before you believe it")

// options are those of a page at noon that watches something.
func options() page.Options {
	return page.Options{
		Now: func() time.Time { return noon },
		Log: slog.New(slog.DiscardHandler),
		Status: func(context.Context) page.Status {
			return page.Status{States: 12, Resources: 1204, LastEvent: noon.Add(-2 * time.Minute)}
		},
	}
}

func get(t testing.TB, h http.Handler, target string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, target, nil))
	return w
}

// three are a modified, a deleted and an unmanaged resource, and one that was resolved.
func three() []ledger.Record {
	return []ledger.Record{
		recordOf(func(f *drift.Finding) {
			f.Changes = []drift.Attribute{
				{Name: "tags", Op: drift.OpSet, Before: map[string]any{"team": "a"}, After: map[string]any{"team": "b"}},
				{Name: "ingress", Op: drift.OpAdd, After: map[string]any{"from_port": json.Number("22"), "cidr_blocks": []any{"0.0.0.0/0"}, "description": ""}},
			}
		}),
		recordOf(func(f *drift.Finding) {
			f.ID, f.Kind, f.Severity, f.Changes = "f2", drift.Deleted, drift.Medium, nil
			f.Resource = drift.ResourceRef{Address: "google_pubsub_topic.jobs", Type: "google_pubsub_topic", ID: "projects/p/topics/jobs", State: "gs://b/default.tfstate"}
			f.Provider, f.Account, f.Region, f.Actor = drift.GCP, "p", "", drift.Actor{Type: "user", Name: "bob@example.com", ARN: "bob@example.com"}
		}),
		recordOf(func(f *drift.Finding) {
			f.ID, f.Kind, f.Severity, f.Changes = "f3", drift.Unmanaged, drift.High, nil
			f.Resource = drift.ResourceRef{Type: "aws_iam_user", ID: "mallory"}
		}),
		recordOf(func(f *drift.Finding) {
			f.ID, f.Status, f.Changes = "f4", drift.Resolved, nil
			f.Resource.Address = "aws_security_group.closed"
		}),
	}
}

// What people see is held by golden pages.
func TestGoldenPages(t *testing.T) {
	filled := page.Handler(saved(t, three()...), options())
	empty := page.Handler(saved(t), options())
	blind := options()
	blind.Status = func(context.Context) page.Status {
		return page.Status{States: 1, Resources: 3, Trouble: []string{"s3://b/prod.tfstate cannot be read since 11:40"}}
	}
	unread := options()
	unread.Status = func(context.Context) page.Status { return page.Status{} }
	for name, body := range map[string]string{
		"unread":   get(t, page.Handler(saved(t), unread), "/").Body.String(),
		"list":     get(t, filled, "/").Body.String(),
		"resolved": get(t, filled, "/?show=resolved").Body.String(),
		"nothing":  get(t, filled, "/?q=nowhere").Body.String(),
		"finding":  get(t, filled, "/findings/f1").Body.String(),
		"deleted":  get(t, filled, "/findings/f2").Body.String(),
		"empty":    get(t, empty, "/").Body.String(),
		"blind":    get(t, page.Handler(saved(t), blind), "/").Body.String(),
		"fragment": fragment(t, three()...),
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join("testdata", name+".html")
			if *update {
				if err := os.WriteFile(file, []byte(body), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), body); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func fragment(t testing.TB, records ...ledger.Record) string {
	t.Helper()
	var b strings.Builder
	if err := page.Fragment(&b, records, noon); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestFragmentHasNoScriptsNoLinksAndNothingResolved(t *testing.T) {
	got := fragment(t, three()...)
	for _, unwanted := range []string{"<script", "href=", "src=", " on", "aws_security_group.closed"} {
		if strings.Contains(regexp.MustCompile(`(?s)<style>.*</style>|>[^<]*<`).ReplaceAllString(got, "><"), unwanted) || unwanted == "aws_security_group.closed" && strings.Contains(got, unwanted) {
			t.Errorf("%q is in the fragment", unwanted)
		}
	}
}

func TestAnswers(t *testing.T) {
	h := page.Handler(saved(t, three()...), options())
	tests := []struct {
		name, method, target string
		status               int
		kind                 string
	}{
		{"the list", "GET", "/", 200, "text/html; charset=utf-8"},
		{"its head", "HEAD", "/", 200, "text/html; charset=utf-8"},
		{"a finding", "GET", "/findings/f1", 200, "text/html; charset=utf-8"},
		{"its JSON", "GET", "/findings/f1.json", 200, "application/json"},
		{"no finding", "GET", "/findings/f9", 404, "text/html; charset=utf-8"},
		{"no finding, as JSON", "GET", "/findings/f9.json", 404, "text/html; charset=utf-8"},
		{"an id beyond any", "GET", "/findings/" + strings.Repeat("f", 5000), 404, "text/html; charset=utf-8"},
		{"another path", "GET", "/etc/passwd", 404, "text/html; charset=utf-8"},
		{"a template is no asset", "GET", "/assets/list.html", 404, "text/html; charset=utf-8"},
		{"style", "GET", "/assets/page.css", 200, "text/css; charset=utf-8"},
		{"script", "GET", "/assets/page.js", 200, "text/javascript; charset=utf-8"},
		{"no bell, no news", "GET", "/live", 404, "text/html; charset=utf-8"},
		{"nothing is written", "POST", "/", 405, "text/plain; charset=utf-8"},
		{"an odd query", "GET", "/?page=-1&severity=%00&show=x&kind=%FF&page=99999999999999999999", 200, "text/html; charset=utf-8"},
		{"a page beyond the last", "GET", "/?page=99", 200, "text/html; charset=utf-8"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(test.method, test.target, nil))
			if w.Code != test.status || w.Header().Get("Content-Type") != test.kind {
				t.Errorf("%d %s, want %d %s", w.Code, w.Header().Get("Content-Type"), test.status, test.kind)
			}
			if csp := w.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
				t.Errorf("Content-Security-Policy %q", csp)
			}
		})
	}
}

func TestJSONIsTheContracts(t *testing.T) {
	r := three()[0]
	var got, want any
	if err := json.Unmarshal(get(t, page.Handler(saved(t, r), options()), "/findings/f1.json").Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	b, _ := json.Marshal(r.Finding)
	if err := json.Unmarshal(b, &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// broken is a ledger that cannot be read.
type broken struct{}

func (broken) Load(context.Context, string) (ledger.Record, error) {
	return ledger.Record{}, errors.New("the disk at /secret/place is gone")
}
func (broken) Published(context.Context) ([]ledger.Record, error) {
	return nil, errors.New("the disk at /secret/place is gone")
}

func TestALedgerThatCannotBeReadIsNoEmptyPage(t *testing.T) {
	var log strings.Builder
	o := options()
	o.Log = slog.New(slog.NewTextHandler(&log, nil))
	h := page.Handler(broken{}, o)
	for _, target := range []string{"/", "/findings/f1", "/findings/f1.json"} {
		w := get(t, h, target)
		if w.Code != http.StatusServiceUnavailable || strings.Contains(w.Body.String(), "secret") || strings.Contains(w.Body.String(), "No drift") {
			t.Errorf("%s: %d\n%s", target, w.Code, w.Body)
		}
	}
	if strings.Count(log.String(), "/secret/place") != 3 {
		t.Errorf("the log does not say why: %s", log.String())
	}
}

const evil = "</pre></code></style></script><script>alert(1)</script><img src=x onerror=alert(1)>\"'`\u202e\u2066\n\x00\x1b[2J\xff{{.}}"

// hostile is a record as somebody would write it who wants the page to break.
func hostile() ledger.Record {
	deep := any(evil)
	for range tree.MaxDepth {
		deep = map[string]any{evil: deep, "other": []any{evil}}
	}
	long := strings.Repeat(evil, 1<<20/len(evil))
	values := []any{evil, long, deep, strings.Repeat("[", 100_000), strings.Repeat("a\n", 500_000), map[string]any{evil: []any{evil, json.Number("1e999")}}}
	return recordOf(func(f *drift.Finding) {
		f.Resource = drift.ResourceRef{Address: evil, Type: evil, ID: long, State: long}
		f.Severity, f.Kind, f.Provider, f.Account, f.Region, f.Environment, f.Rules = drift.Severity(evil), drift.Kind(evil), drift.Provider(evil), evil, evil, evil, []string{long}
		f.Actor = drift.Actor{Type: evil, Name: long, ARN: evil, SourceIP: evil, UserAgent: long, AccessKeyID: evil}
		f.Event = drift.EventRef{ID: evil, Name: evil, Source: evil, Via: drift.Via(evil)}
		f.Changes = nil
		for i := range values {
			f.Changes = append(f.Changes,
				drift.Attribute{Name: evil, Op: drift.OpSet, Before: values[i], After: values[(i+1)%len(values)]},
				drift.Attribute{Name: evil, Op: drift.OpAdd, After: values[i]}, drift.Attribute{Name: long, Op: drift.OpRemove, Before: values[i]})
		}
		for range 500 {
			f.Changes = append(f.Changes, drift.Attribute{Name: evil, Sensitive: true, Before: "hidden", After: "hidden"})
		}
	})
}

// Whatever a finding holds, a page stays a page: nothing runs, nothing turns
// the direction of writing, and nothing is longer than people read.
func TestHostileFindings(t *testing.T) {
	r := hostile()
	h := page.Handler(saved(t, r), options())
	for name, body := range map[string]string{
		"list": get(t, h, "/").Body.String(), "searched": get(t, h, "/?q=alert").Body.String(), "finding": get(t, h, "/findings/f1").Body.String(), "fragment": fragment(t, r),
	} {
		if i := strings.IndexAny(body, "\x00\x1b\u202e\u2066"); i >= 0 {
			t.Errorf("%s: %q", name, body[max(0, i-40):i+20])
		}
		for _, unwanted := range []string{"<script>", "<img", "hidden\""} {
			if strings.Contains(body, unwanted) {
				t.Errorf("%s: %s stands there as it came", name, unwanted)
			}
		}
		if len(body) > 4<<20 {
			t.Errorf("%s: %d bytes", name, len(body))
		}
	}
}

func BenchmarkHostileFinding(b *testing.B) {
	h := page.Handler(saved(b, hostile()), options())
	for b.Loop() {
		get(b, h, "/findings/f1")
	}
}

func TestLongListsHavePages(t *testing.T) {
	var records []ledger.Record
	for i := range 250 {
		records = append(records, recordOf(func(f *drift.Finding) {
			f.ID = string(rune('a'+i%26)) + strings.Repeat("x", i)
			f.Resource.Address = "aws_security_group.n" + strings.Repeat("i", i)
		}))
	}
	h := page.Handler(saved(t, records...), options())
	seen := map[string]bool{}
	target := "/?severity=critical"
	for pages := 0; target != ""; pages++ {
		body := get(t, h, target).Body.String()
		for _, m := range regexp.MustCompile(`href="(/findings/[^"]+)"`).FindAllStringSubmatch(body, -1) {
			seen[m[1]] = true
		}
		target = ""
		if m := regexp.MustCompile(`<a href="([^"]+)" rel="next"`).FindStringSubmatch(body); m != nil {
			target = strings.ReplaceAll(m[1], "&amp;", "&")
		}
		if pages > 2 {
			t.Fatal("more than three pages")
		}
	}
	if len(seen) != 250 {
		t.Errorf("%d findings on all pages, want 250", len(seen))
	}
}

// A finding is told with all that is known: nothing of a sensitive value.
func TestSensitiveValuesAreNotShown(t *testing.T) {
	h := page.Handler(saved(t, recordOf(func(f *drift.Finding) {
		f.Changes = []drift.Attribute{{Name: "password", Op: drift.OpSet, Before: "hunter2", After: "hunter3", Sensitive: true}}
	})), options())
	for _, target := range []string{"/", "/findings/f1", "/findings/f1.json", "/?q=hunter2"} {
		if body := get(t, h, target).Body.String(); strings.Contains(strings.ReplaceAll(body, `value="hunter2"`, ""), "hunter") {
			t.Errorf("%s shows it", target)
		}
	}
	if body := get(t, h, "/?q=hunter2").Body.String(); !strings.Contains(body, "Nothing matches") {
		t.Error("a sensitive value can be searched for")
	}
}
