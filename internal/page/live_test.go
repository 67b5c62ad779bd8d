package page_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tfdrift/internal/drift"
	"tfdrift/internal/ledger"
	"tfdrift/internal/page"
)

// listen opens the stream and passes on its events' data.
func listen(t *testing.T, url string) <-chan string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if kind := response.Header.Get("Content-Type"); kind != "text/event-stream" {
		t.Fatalf("Content-Type %q", kind)
	}
	data := make(chan string, 100)
	go func() {
		defer response.Body.Close()
		defer close(data)
		for lines := bufio.NewScanner(response.Body); lines.Scan(); {
			if d, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				data <- d
			}
		}
	}()
	return data
}

func next(t *testing.T, data <-chan string) string {
	t.Helper()
	select {
	case d, ok := <-data:
		if !ok {
			t.Fatal("the stream ended")
		}
		return d
	case <-time.After(10 * time.Second):
		t.Fatal("no event")
	}
	return ""
}

func TestAPublicationIsHeardByOpenPages(t *testing.T) {
	bell := page.NewBell()
	l := page.Announce(ledger.NewMemory(), bell)
	s := httptest.NewServer(page.Handler(l, page.Options{Bell: bell}))
	t.Cleanup(s.Close)
	first, second := listen(t, s.URL), listen(t, s.URL)
	was := next(t, first)
	if got := next(t, second); got != was {
		t.Errorf("two pages begin with %s and %s", was, got)
	}
	if err := l.Save(t.Context(), recordOf(nil)); err != nil {
		t.Fatal(err)
	}
	if now := next(t, first); now == was {
		t.Errorf("the count stays %s", was)
	}
	next(t, second)
}

func TestMarksWithoutAFindingAreNotHeard(t *testing.T) {
	bell := page.NewBell()
	l := page.Announce(ledger.NewMemory(), bell)
	s := httptest.NewServer(page.Handler(l, page.Options{Bell: bell}))
	t.Cleanup(s.Close)
	data := listen(t, s.URL)
	next(t, data)
	if err := l.Save(t.Context(), ledger.Record{Key: "mark"}); err != nil {
		t.Fatal(err)
	}
	select {
	case d := <-data:
		t.Errorf("heard %s", d)
	case <-time.After(1500 * time.Millisecond):
	}
}

// A thousand findings at once are a few changes to the eye, and the last is not missed.
func TestABurstIsOneChange(t *testing.T) {
	bell := page.NewBell()
	s := httptest.NewServer(page.Handler(ledger.NewMemory(), page.Options{Bell: bell}))
	t.Cleanup(s.Close)
	data := listen(t, s.URL)
	next(t, data)
	for range 1000 {
		bell.Ring()
	}
	last := next(t, data)
	time.Sleep(1500 * time.Millisecond)
	if n := len(data); n > 1 {
		t.Errorf("%d events more", n)
	}
	for len(data) > 0 {
		last = <-data
	}
	if latest := next(t, listen(t, s.URL)); last != latest {
		t.Errorf("the last heard is %s, the count %s", last, latest)
	}
}

// A server that shuts down is not held up by open pages.
func TestClosingTheBellEndsTheStreams(t *testing.T) {
	bell := page.NewBell()
	s := httptest.NewUnstartedServer(page.Handler(ledger.NewMemory(), page.Options{Bell: bell}))
	s.Config.RegisterOnShutdown(bell.Close)
	s.Start()
	data := listen(t, s.URL)
	next(t, data)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := s.Config.Shutdown(ctx); err != nil {
		t.Error(err)
	}
	for range data {
	}
}

// A page that was made before a change hears of it when it begins to listen.
func TestAPageKnowsWhatItHasHeard(t *testing.T) {
	bell := page.NewBell()
	h := page.Handler(saved(t, recordOf(func(f *drift.Finding) { f.ID = "f1" })), page.Options{Bell: bell})
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	heard := next(t, listen(t, s.URL))
	for _, target := range []string{"/", "/findings/f1"} {
		if body := get(t, h, target).Body.String(); !strings.Contains(body, `data-heard="`+heard+`"`) {
			t.Errorf("%s does not say that it heard %s", target, heard)
		}
	}
}
