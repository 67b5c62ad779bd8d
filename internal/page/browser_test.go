package page_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
	"tfdrift/internal/ledger"
	"tfdrift/internal/page"
)

var pictures = flag.String("pictures", "", "folder to write pictures of the sample pages to")

// chromium is the browser's path. At a desk without one the test is skipped;
// in CI it fails.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") != "" || os.Getenv("TFDRIFT_REQUIRE_CHROMIUM") != "" {
		t.Fatal("no chromium in PATH; install it (apt-get install -y chromium)")
	}
	t.Skip("no chromium in PATH")
	return ""
}

// browse runs a headless browser on an address and returns what it
// complains of.
func browse(t *testing.T, address string, args ...string) (complaints string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	args = append([]string{
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
		"--no-first-run", "--hide-scrollbars", "--enable-logging=stderr", "--user-data-dir=" + t.TempDir(),
	}, append(args, address)...)
	cmd := exec.CommandContext(ctx, chromium(t), args...)
	var stderr bytes.Buffer
	cmd.Stderr, cmd.WaitDelay = &stderr, 5*time.Second
	if err := cmd.Run(); err != nil {
		t.Fatalf("chromium: %v\n%s", err, stderr.String())
	}
	return stderr.String()
}

const (
	light = "--blink-settings=preferredColorScheme=1"
	dark  = "--blink-settings=preferredColorScheme=0"
)

// TestPictures draws the pictures of docs/page.md.
func TestPictures(t *testing.T) {
	if *pictures == "" {
		t.Skip("only with -pictures FOLDER")
	}
	folder, err := filepath.Abs(*pictures)
	if err != nil {
		t.Fatal(err)
	}
	list, empty := serve(t, sampled(t)), serve(t, ledger.NewMemory())
	for _, picture := range []struct {
		name, address, scheme string
		width, height         int
	}{
		{"list-light", list + "/", light, 1040, 680},
		{"list-dark", list + "/", dark, 1040, 680},
		{"list-narrow", list + "/?severity=critical&q=0.0.0.0/0", light, 360, 760},
		{"finding-light", list + "/findings/" + keyOf(t, list, "aws_s3_bucket_policy.data"), light, 1040, 860},
		{"finding-dark", list + "/findings/" + keyOf(t, list, "aws_db_instance.main"), dark, 1040, 860},
		{"empty", empty + "/", light, 1040, 420},
	} {
		browse(t, picture.address, picture.scheme, fmt.Sprintf("--window-size=%d,%d", picture.width, picture.height), "--screenshot="+filepath.Join(folder, picture.name+".png"))
	}
}

// afternoon is when the samples are looked at.
func afternoon() time.Time { return time.Date(2026, 8, 20, 17, 20, 0, 0, time.UTC) }

func serve(t *testing.T, l page.Source) string {
	t.Helper()
	status := func(context.Context) page.Status {
		return page.Status{States: 12, Resources: 1204, LastEvent: afternoon().Add(-2 * time.Minute)}
	}
	s := httptest.NewServer(page.Handler(l, page.Options{Status: status, Now: afternoon}))
	t.Cleanup(s.Close)
	return s.URL
}

// keyOf finds a finding on the list by a part of its address.
func keyOf(t *testing.T, url, address string) string {
	t.Helper()
	response, err := http.Get(url + "/?q=" + address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`href="/findings/([^"]+)"`).FindSubmatch(body)
	if m == nil {
		t.Fatalf("no finding of %s", address)
	}
	return string(m[1])
}

// probed runs a script of testdata in a page, after the page's own, and returns
// the lines that it sends. The page's policy lets it, being from the same host.
// An image that is answered only then keeps the browser from ending before.
func probed(t *testing.T, h http.Handler, script, target string, args ...string) []string {
	t.Helper()
	probe, err := os.ReadFile(filepath.Join("testdata", script))
	if err != nil {
		t.Fatal(err)
	}
	said := make(chan string, 1)
	done, end := context.WithCancel(t.Context())
	mux := http.NewServeMux()
	mux.HandleFunc("POST /probe", func(_ http.ResponseWriter, r *http.Request) {
		defer end()
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		said <- string(b)
	})
	mux.HandleFunc("GET /probe.svg", func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-done.Done():
		case <-time.After(20 * time.Second):
		}
		w.Header().Set("Content-Type", "image/svg+xml")
		io.WriteString(w, `<svg xmlns="http://www.w3.org/2000/svg"/>`)
	})
	mux.HandleFunc("GET /probe.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		w.Write(probe)
	})
	mux.HandleFunc("GET /narrow", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<!doctype html><meta name="color-scheme" content="light dark"><iframe width="360" height="800" src="%s"></iframe>`, html.EscapeString(r.URL.Query().Get("target")))
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(framed{w}, r)
		if strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			io.WriteString(w, `<script src="/probe.js" defer></script><img id="probe" src="/probe.svg" alt="">`)
		}
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	complaints := browse(t, s.URL+target, append(args, "--screenshot="+filepath.Join(t.TempDir(), "p.png"))...)
	for l := range strings.Lines(complaints) {
		if strings.Contains(l, "CONSOLE") && !(strings.Contains(l, "404") && strings.Contains(target, "nowhere")) {
			t.Errorf("the browser complains: %s", l)
		}
	}
	select {
	case text := <-said:
		return strings.Split(text, "\n")
	default:
		t.Fatalf("the probe said nothing:\n%s", complaints)
	}
	return nil
}

// narrow is the address of a page as wide as a telephone: the browser's own
// window does not become that narrow.
func narrow(target string) string { return "/narrow?target=" + url.QueryEscape(target) }

// framed lets a page of the test stand in a frame.
type framed struct{ http.ResponseWriter }

func (f framed) WriteHeader(status int) {
	h := f.Header()
	h.Set("Content-Security-Policy", strings.Replace(h.Get("Content-Security-Policy"), "frame-ancestors 'none'", "frame-ancestors 'self'", 1))
	f.ResponseWriter.WriteHeader(status)
}

func (f framed) Unwrap() http.ResponseWriter { return f.ResponseWriter }

// In both schemes and down to a telephone, all text can be read and nothing
// stands over the edge; checked by the browser's own layout and colours.
func TestEverythingCanBeRead(t *testing.T) {
	h := page.Handler(sampled(t), page.Options{Now: afternoon})
	server := serve(t, sampled(t))
	targets := map[string]string{
		"list": "/", "resolved": "/?show=resolved", "nothing": "/?q=nowhere", "not-found": "/nowhere",
		"policy": "/findings/" + keyOf(t, server, "aws_s3_bucket_policy.data"), "database": "/findings/" + keyOf(t, server, "aws_db_instance.main"),
	}
	if testing.Short() {
		targets = map[string]string{"list": targets["list"], "policy": targets["policy"]}
	}
	for name, target := range targets {
		for scheme, flag := range map[string]string{"light": light, "dark": dark} {
			for _, width := range []int{360, 1120} {
				t.Run(fmt.Sprintf("%s/%s/%d", name, scheme, width), func(t *testing.T) {
					address := target
					if width < 500 {
						address = narrow(target)
					}
					said := probed(t, h, "legible.js", address, flag, "--window-size=1120,900")
					if diff := cmp.Diff([]string{fmt.Sprintf("width %d", width), scheme, "legible"}, said); diff != "" {
						t.Errorf("(-want +got):\n%s", diff)
					}
				})
			}
		}
	}
}

func TestKeyboard(t *testing.T) {
	said := probed(t, page.Handler(saved(t, three()...), options()), "keyboard.js", "/", light)
	want := []string{
		"j: aws_security_group.web[\"x\"]", "j: aws_iam_user mallory", "k: aws_security_group.web[\"x\"]", "k: aws_security_group.web[\"x\"]",
		"/: the search", "j in the search: the search", "Escape: the page", "?: help is open", "j with help: the page",
	}
	for i := range said {
		said[i] = strings.Replace(said[i], "module.net.", "", 1)
	}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A finding that comes while the page is open appears, is told to screen
// readers, and takes neither the focus nor what is written into the search.
func TestAnOpenPageKeepsItselfUpToDate(t *testing.T) {
	bell := page.NewBell()
	o := options()
	o.Bell = bell
	l := page.Announce(saved(t, three()[1:]...), bell)
	h := page.Handler(l, o)
	var once sync.Once
	drifting := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/drift-now" {
			once.Do(func() {
				if err := l.Save(context.Background(), three()[0]); err != nil {
					t.Error(err)
				}
			})
			return
		}
		h.ServeHTTP(w, r)
	})
	said := probed(t, drifting, "live.js", "/", light)
	want := []string{
		"before: 2 resources have drifted, 2 rows, 0 critical", "after: 3 resources have drifted, 3 rows, 1 critical", "new: f-f1", "title: (3) Drift",
		"said: 3 resources have drifted", "focus: /findings/f2", "pulse: live",
	}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The filter acts at once, without a new page, and the address follows.
func TestTheFilterActsAtOnce(t *testing.T) {
	said := probed(t, page.Handler(saved(t, three()...), options()), "filter.js", "/", light)
	want := []string{"3 rows at /", "1 rows at /?severity=medium", "0 rows at /?severity=medium&q=mallory", "1 rows at /?q=mallory", "the focus stays in the search"}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What a finding holds runs nothing in a real browser either.
func TestNothingForeignRuns(t *testing.T) {
	const evil = `"><script>document.title="owned"</script><img src=x onerror='document.title="owned"'><a href="javascript:1">`
	h := page.Handler(saved(t, recordOf(func(f *drift.Finding) {
		f.Resource = drift.ResourceRef{Address: evil, Type: evil, ID: evil, State: evil}
		f.Actor.Name, f.Severity, f.Changes = evil, drift.Severity(evil), []drift.Attribute{{Name: evil, Op: drift.OpSet, Before: evil, After: map[string]any{evil: evil}}}
	})), options())
	for _, target := range []string{"/", "/findings/f1", "/?q=" + url.QueryEscape(evil)} {
		if said := probed(t, h, "foreign.js", target, light); said[0] != "1 header, 0 images, 0 odd links" || strings.Contains(said[1], "owned\n") || said[1] == "title: owned" {
			t.Errorf("%s: %q", target, said)
		}
	}
}
