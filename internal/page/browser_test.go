package page_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

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

// browse runs a headless browser on an address and returns what it prints and
// what it complains of.
func browse(t *testing.T, address string, args ...string) (out, complaints string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	args = append([]string{
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
		"--no-first-run", "--hide-scrollbars", "--enable-logging=stderr", "--user-data-dir=" + t.TempDir(),
	}, append(args, address)...)
	cmd := exec.CommandContext(ctx, chromium(t), args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &stdout, &stderr, 5*time.Second
	if err := cmd.Run(); err != nil {
		t.Fatalf("chromium: %v\n%s", err, stderr.String())
	}
	return stdout.String(), stderr.String()
}

const (
	light = "--blink-settings=preferredColorScheme=1"
	dark  = "--blink-settings=preferredColorScheme=0"
)

func TestPictures(t *testing.T) {
	if *pictures == "" {
		t.Skip("only with -pictures FOLDER")
	}
	folder, err := filepath.Abs(*pictures)
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2026, 8, 20, 16, 20, 0, 0, time.UTC) }
	status := func(context.Context) page.Status {
		return page.Status{States: 12, Resources: 1204, LastEvent: now().Add(-40 * time.Second)}
	}
	serve := func(l ledger.Ledger) string {
		s := httptest.NewServer(page.Handler(l, page.Options{Status: status, Now: now}))
		t.Cleanup(s.Close)
		return s.URL
	}
	list, empty := serve(sampled(t)), serve(ledger.NewMemory())
	records, _ := sampled(t).Published(t.Context())
	for _, picture := range []struct {
		name, address, scheme string
		width, height         int
	}{
		{"list-light", list + "/", light, 1120, 900},
		{"list-dark", list + "/", dark, 1120, 900},
		{"list-narrow", list + "/", light, 360, 780},
		{"empty-light", empty + "/", light, 1120, 560},
	} {
		browse(t, picture.address, picture.scheme, fmt.Sprintf("--window-size=%d,%d", picture.width, picture.height), "--screenshot="+filepath.Join(folder, picture.name+".png"))
	}
	for _, r := range records {
		browse(t, list+"/findings/"+r.Key, light, "--window-size=1120,900", "--screenshot="+filepath.Join(folder, "finding-"+r.Resource.Type+"-"+r.Resource.ID+".png"))
	}
}

var _ = http.StatusOK
