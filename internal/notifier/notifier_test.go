package notifier_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"

	"tfdrift/internal/channel"
	"tfdrift/internal/channel/webhook"
	"tfdrift/internal/drift"
	"tfdrift/internal/ledger"
	"tfdrift/internal/notifier"
	"tfdrift/internal/outbox"
	"tfdrift/internal/outbox/boltoutbox"
)

// receiver is a webhook's other side: answers are given one after the other,
// the last one for ever; none is 200.
type receiver struct {
	*httptest.Server
	mu      sync.Mutex
	answers []http.HandlerFunc
	got     []string // "finding.revision status" of each request, as it came
	took    []string // those answered with 200
	at      []time.Time
}

func receive(t *testing.T, answers ...http.HandlerFunc) *receiver {
	r := &receiver{answers: answers}
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	var f drift.Finding
	json.NewDecoder(req.Body).Decode(&f)
	text := req.Header.Get("ce-id") + " " + string(f.Status)
	r.mu.Lock()
	r.got, r.at = append(r.got, text), append(r.at, time.Now())
	var answer http.HandlerFunc
	if len(r.answers) > 0 {
		answer = r.answers[0]
		r.answers = r.answers[min(1, len(r.answers)-1):]
	}
	if answer == nil {
		r.took = append(r.took, text)
	}
	r.mu.Unlock()
	if answer != nil {
		answer(w, req)
	}
}

// heard is what was taken, in order.
func (r *receiver) heard() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.took)
}

// requests is what came, taken or not.
func (r *receiver) requests() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}

func status(code int, retryAfter string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if retryAfter != "" {
			w.Header().Set("Retry-After", retryAfter)
		}
		w.WriteHeader(code)
	}
}

// hang never answers.
func hang(_ http.ResponseWriter, req *http.Request) { <-req.Context().Done() }

// named is a webhook under a name of its own.
type named struct {
	*webhook.Webhook
	name string
}

func (n named) Name() string { return n.name }

func route(t *testing.T, name string, r *receiver, retries int, timeout time.Duration) notifier.Route {
	t.Helper()
	w, err := webhook.New(r.URL+"/hunter2", nil, "", timeout)
	if err != nil {
		t.Fatal(err)
	}
	return notifier.Route{Channel: named{w, name}, MaxRetries: retries}
}

var quick = notifier.Options{Poll: 5 * time.Millisecond, Grace: 20 * time.Millisecond, Backoff: notifier.Backoff{First: 5 * time.Millisecond, Most: 20 * time.Millisecond}}

// say publishes the next revision of a finding.
func say(t *testing.T, l ledger.Ledger, id string, differs bool) {
	t.Helper()
	r, err := l.Load(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	f := drift.Finding{ID: id, Kind: drift.Modified, Changes: []drift.Attribute{{Name: fmt.Sprint("a", r.Revision), Op: drift.OpSet}}}
	if r.Publish(f, differs, time.Now()) == nil {
		t.Fatal("nothing to publish")
	}
	if err := l.Save(t.Context(), r); err != nil {
		t.Fatal(err)
	}
}

// start runs a notifier until the test is over, or stop is called.
func start(t *testing.T, feed ledger.Feed, box outbox.Outbox, o notifier.Options, routes ...notifier.Route) (n *notifier.Notifier, stop func()) {
	t.Helper()
	n, err := notifier.New(feed, box, routes, o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		n.Run(ctx)
		close(done)
	}()
	stop = func() {
		cancel()
		<-done
	}
	t.Cleanup(stop)
	return n, stop
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("it never came to be that %s", what)
}

func wantHeard(t *testing.T, r *receiver, want ...string) {
	t.Helper()
	eventually(t, fmt.Sprintf("%q is heard, but %q of %q", want, r.heard(), r.requests()), func() bool { return len(r.heard()) >= len(want) })
	if diff := cmp.Diff(want, r.heard()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func stat(t *testing.T, n *notifier.Notifier) notifier.Stat {
	t.Helper()
	all, err := n.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return all[0]
}

func TestALifeIsToldInOrder(t *testing.T) {
	l, r := ledger.NewMemory(), receive(t)
	n, _ := start(t, l, outbox.NewMemory(), quick, route(t, "hook", r, 0, time.Minute))
	for i, differs := range []bool{true, true, false, true} {
		say(t, l, "f", differs)
		n.Wake()
		eventually(t, "it is heard", func() bool { return len(r.heard()) == i+1 })
	}
	wantHeard(t, r, "f.1 open", "f.2 updated", "f.3 resolved", "f.4 open")
}

func TestAFailureIsTriedAgain(t *testing.T) {
	l, r := ledger.NewMemory(), receive(t, status(500, ""), status(502, ""), nil)
	say(t, l, "f", true)
	n, _ := start(t, l, outbox.NewMemory(), quick, route(t, "hook", r, 3, time.Minute))
	wantHeard(t, r, "f.1 open")
	eventually(t, "it is counted", func() bool {
		s := stat(t, n)
		return s.Delivered == 1 && s.Failed == 2 && s.Waiting == 0 && s.LastError == ""
	})
}

func TestRetryAfterIsKeptAndIsNoFailedAttempt(t *testing.T) {
	l, r := ledger.NewMemory(), receive(t, status(429, "1"), nil)
	say(t, l, "f", true)
	say(t, l, "g", true)
	start(t, l, outbox.NewMemory(), quick, route(t, "hook", r, 0, time.Minute))
	eventually(t, "both are heard", func() bool { return len(r.heard()) == 2 })
	if pause := r.at[1].Sub(r.at[0]); pause < time.Second {
		t.Errorf("the channel asked for a second and had %v", pause)
	}
}

func TestARefusalForGoodIsGivenUpAtOnceAndListed(t *testing.T) {
	l, r, box := ledger.NewMemory(), receive(t, status(400, ""), nil), outbox.NewMemory()
	say(t, l, "f", true)
	n, _ := start(t, l, box, quick, route(t, "hook", r, 3, time.Minute))
	eventually(t, "it is given up", func() bool { s := stat(t, n); return s.GivenUp == 1 && s.Waiting == 0 })
	given, err := box.GivenUp(t.Context(), 10)
	if err != nil || len(given) != 1 || given[0].Why != "webhook: answered with status 400 Bad Request: invalid" {
		t.Errorf("given up %+v, %v", given, err)
	}
	say(t, l, "f", true) // news of it: the channel may take that
	wantHeard(t, r, "f.2 open")
}

func TestAfterItsRetriesAMessageIsGivenUp(t *testing.T) {
	l, r := ledger.NewMemory(), receive(t, status(500, ""))
	say(t, l, "f", true)
	var log strings.Builder
	o := quick
	o.Log = slog.New(slog.NewTextHandler(&log, nil))
	n, stop := start(t, l, outbox.NewMemory(), o, route(t, "hook", r, 2, time.Minute))
	eventually(t, "it is given up", func() bool { return stat(t, n).GivenUp == 1 })
	stop()
	if got := len(r.requests()); got != 3 {
		t.Errorf("%d attempts, want 3", got)
	}
	if !strings.Contains(log.String(), "given up") || strings.Contains(log.String(), "hunter2") {
		t.Errorf("the log: %s", log.String())
	}
}

func TestADeadChannelHearsTheNewestOnceItIsWell(t *testing.T) {
	l, r := ledger.NewMemory(), receive(t, status(500, ""))
	n, _ := start(t, l, outbox.NewMemory(), quick, route(t, "hook", r, 100, time.Minute))
	say(t, l, "f", true)
	eventually(t, "it failed", func() bool { return stat(t, n).Failed > 0 })
	say(t, l, "f", true)
	say(t, l, "f", true)
	say(t, l, "f", false)
	eventually(t, "all is in the outbox", func() bool { p, _ := l.Feed(t.Context(), 0, 1); return len(p) == 0 })
	failed := stat(t, n).Failed
	eventually(t, "no attempt from before is under way", func() bool { return stat(t, n).Failed > failed+1 })
	r.mu.Lock()
	r.answers = nil
	r.mu.Unlock()
	wantHeard(t, r, "f.3 open", "f.4 resolved")
}

// twice gives every publication twice, as feeds of clouds may.
type twice struct{ *ledger.Memory }

func (f twice) Feed(ctx context.Context, after uint64, most int) ([]ledger.Publication, error) {
	if after > 0 {
		after--
	}
	p, err := f.Memory.Feed(ctx, after, most)
	return append(p, p...), err
}

func (f twice) Trim(context.Context, uint64) error { return nil }

func TestAPublicationThatComesTwiceIsToldOnce(t *testing.T) {
	l, r := ledger.NewMemory(), receive(t)
	say(t, l, "f", true)
	say(t, l, "g", true)
	n, err := notifier.New(twice{l}, outbox.NewMemory(), []notifier.Route{route(t, "hook", r, 0, time.Minute)}, quick)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	n.Run(ctx)
	wantHeard(t, r, "f.1 open", "g.1 open")
}

// full is an outbox that at first has no room.
type full struct {
	*outbox.Memory
	times int
}

func (f *full) Accept(ctx context.Context, channels []string, publications []ledger.Publication, now time.Time) error {
	if f.times--; f.times >= 0 {
		return drift.ErrRetry
	}
	return f.Memory.Accept(ctx, channels, publications, now)
}

// The feed lets go only of what the outbox has: in between, the process may end.
func TestWhatTheOutboxCannotTakeStaysInTheFeed(t *testing.T) {
	l, r := ledger.NewMemory(), receive(t)
	say(t, l, "f", true)
	start(t, l, &full{outbox.NewMemory(), 2}, quick, route(t, "hook", r, 0, time.Minute))
	wantHeard(t, r, "f.1 open")
}

// The dead channel hangs until its timeout; the good one must not notice.
func TestADeadChannelDelaysNoOther(t *testing.T) {
	l, good, dead := ledger.NewMemory(), receive(t), receive(t, hang)
	o := quick
	o.Poll = time.Hour // nothing but Wake may wake it
	n, _ := start(t, l, outbox.NewMemory(), o, route(t, "dead", dead, 3, 5*time.Second), route(t, "good", good, 3, 5*time.Second))
	var worst time.Duration
	for i := range 200 {
		said := time.Now()
		say(t, l, fmt.Sprint("f", i), true)
		n.Wake()
		eventually(t, "the good channel hears it", func() bool { return len(good.heard()) == i+1 })
		worst = max(worst, time.Since(said))
	}
	t.Logf("the good channel heard within %v", worst)
	if worst > time.Second {
		t.Errorf("the good channel heard only after %v", worst)
	}
	if got := len(dead.requests()); got == 0 || got > 10 {
		t.Errorf("%d requests to the dead channel", got)
	}
}

func TestWorkersSendAtOnce(t *testing.T) {
	l := ledger.NewMemory()
	var mu sync.Mutex
	flying, most := 0, 0
	r := receive(t)
	r.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		mu.Lock()
		flying++
		most = max(most, flying)
		mu.Unlock()
		time.Sleep(50 * time.Millisecond)
		mu.Lock()
		flying--
		mu.Unlock()
		r.ServeHTTP(w, req)
	})
	for i := range 6 {
		say(t, l, fmt.Sprint("f", i), true)
	}
	o := quick
	o.Workers = 3
	start(t, l, outbox.NewMemory(), o, route(t, "hook", r, 0, time.Minute))
	eventually(t, "all are heard", func() bool { return len(r.heard()) == 6 })
	if most != 3 {
		t.Errorf("%d at once, want 3", most)
	}
}

func bolt(t *testing.T, path string) (outbox.Outbox, *bbolt.DB) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	box, err := boltoutbox.New(db)
	if err != nil {
		t.Fatal(err)
	}
	return box, db
}

func TestARestartResumesWithoutLossOrRepetition(t *testing.T) {
	const findings = 60
	path := filepath.Join(t.TempDir(), "db")
	l, r := ledger.NewMemory(), receive(t)
	for i := range findings {
		say(t, l, fmt.Sprint("f", i), true)
	}
	for restart := 1; len(r.heard()) < findings; restart++ {
		box, db := bolt(t, path)
		n, stop := start(t, l, box, quick, route(t, "hook", r, 3, time.Minute))
		enough := min(findings, restart*25)
		eventually(t, "it goes on", func() bool { return len(r.heard()) >= enough })
		stop()
		if s := stat(t, n); s.Failed > 0 {
			t.Errorf("%d attempts failed", s.Failed)
		}
		db.Close()
	}
	got := r.heard()
	slices.Sort(got)
	if len(slices.Compact(got)) != findings || len(r.heard()) != findings {
		t.Errorf("%d messages heard, of %d findings", len(r.heard()), findings)
	}
}

func TestRunEndsThoughAChannelHangs(t *testing.T) {
	l, r, box := ledger.NewMemory(), receive(t, hang), outbox.NewMemory()
	say(t, l, "f", true)
	n, stop := start(t, l, box, quick, route(t, "hook", r, 0, time.Minute))
	eventually(t, "it is sent", func() bool { return len(r.requests()) == 1 })
	began := time.Now()
	stop()
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
	if s := stat(t, n); s.Failed != 0 || s.Waiting != 1 {
		t.Errorf("an attempt cut short counts: %+v", s)
	}
}

func TestDrainTellsWhatItCan(t *testing.T) {
	l, good, bad := ledger.NewMemory(), receive(t), receive(t, status(500, ""))
	for i := range 700 { // several batches
		say(t, l, fmt.Sprint("f", i), true)
	}
	n, err := notifier.New(l, outbox.NewMemory(), []notifier.Route{route(t, "good", good, 3, time.Minute), route(t, "bad", bad, 3, time.Minute)}, notifier.Options{})
	if err != nil {
		t.Fatal(err)
	}
	left, err := n.Drain(t.Context())
	if err != nil || left != 700 || len(good.heard()) != 700 || len(bad.requests()) != 1 {
		t.Errorf("%d left, %v; %d heard, %d attempts on the bad one", left, err, len(good.heard()), len(bad.requests()))
	}
}

func TestDrainEndsWithItsContext(t *testing.T) {
	l, r := ledger.NewMemory(), receive(t, hang)
	say(t, l, "f", true)
	n, err := notifier.New(l, outbox.NewMemory(), []notifier.Route{route(t, "hook", r, 3, time.Minute)}, notifier.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if left, err := n.Drain(ctx); err != nil || left != 1 {
		t.Errorf("%d left, %v", left, err)
	}
}

func TestTwoChannelsOfOneNameAreRefused(t *testing.T) {
	r := receive(t)
	if _, err := notifier.New(ledger.NewMemory(), outbox.NewMemory(), []notifier.Route{route(t, "hook", r, 0, time.Second), route(t, "hook", r, 0, time.Second)}, quick); err == nil {
		t.Error("no error")
	}
}

// What it costs to tell a finding, on bbolt: a put and two marks on the disk.
func BenchmarkDelivery(b *testing.B) {
	db, err := bbolt.Open(filepath.Join(b.TempDir(), "db"), 0o600, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	box, err := boltoutbox.New(db)
	if err != nil {
		b.Fatal(err)
	}
	l := ledger.NewMemory()
	for i := range b.N {
		r := ledger.Record{Key: fmt.Sprint("f", i)}
		r.Publish(drift.Finding{ID: r.Key, Kind: drift.Deleted}, true, time.Now())
		if err := l.Save(b.Context(), r); err != nil {
			b.Fatal(err)
		}
	}
	n, err := notifier.New(l, box, []notifier.Route{{Channel: silent{}}}, notifier.Options{Workers: 3})
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	if left, err := n.Drain(b.Context()); err != nil || left > 0 {
		b.Fatal(left, err)
	}
}

// silent is a channel that takes everything.
type silent struct{}

func (silent) Name() string                                { return "silent" }
func (silent) Send(context.Context, channel.Message) error { return nil }
