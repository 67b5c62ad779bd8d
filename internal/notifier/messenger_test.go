package notifier_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
	"tfdrift/internal/ledger"
	"tfdrift/internal/notifier"
	"tfdrift/internal/outbox"
)

// queue is what a messenger put off: "CHANNEL FINDING in DURATION".
type queue struct {
	clock *clock
	mu    sync.Mutex
	put   []string
	fails error
}

func (q *queue) later(_ context.Context, channel, finding string, at time.Time) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.fails == nil {
		q.put = append(q.put, fmt.Sprintf("%s %s in %v", channel, finding, at.Sub(q.clock.now()).Round(time.Second)))
	}
	return q.fails
}

// clock moves on by a moment each time it is asked.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(time.Nanosecond)
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func messenger(t *testing.T, items outbox.Items, routes ...notifier.Route) (*notifier.Messenger, *queue) {
	t.Helper()
	q := &queue{clock: &clock{at: time.Date(2026, 8, 20, 9, 0, 0, 0, time.UTC)}}
	return again(t, items, q, routes...), q
}

// again is another process with the same items and queue.
func again(t *testing.T, items outbox.Items, q *queue, routes ...notifier.Route) *notifier.Messenger {
	t.Helper()
	m, err := notifier.NewMessenger(items, q.later, routes, notifier.Options{Now: q.clock.now, Backoff: notifier.Backoff{First: 10 * time.Second, Most: 10 * time.Second}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func publication(id string, revision int, status drift.Status) ledger.Publication {
	return ledger.Publication{Revision: revision, Finding: drift.Finding{ID: id, Status: status, Kind: drift.Modified}}
}

func wantTaken(t *testing.T, r *receiver, want ...string) {
	t.Helper()
	if diff := cmp.Diff(append([]string{}, want...), append([]string{}, r.heard()...)); diff != "" {
		t.Errorf("heard (-want +got):\n%s", diff)
	}
}

func deliver(t *testing.T, m *notifier.Messenger, all ...ledger.Publication) {
	t.Helper()
	for _, p := range all {
		if err := m.Deliver(t.Context(), p); err != nil {
			t.Error(err)
		}
	}
}

func TestWhatTheStreamRepeatsIsToldOnce(t *testing.T) {
	r := receive(t)
	m, q := messenger(t, outbox.NewMemory(), route(t, "webhook", r, 0, time.Second))
	p := publication("a", 1, drift.Open)
	deliver(t, m, p, p)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { deliver(t, m, publication("b", 1, drift.Open)) })
	}
	all.Wait()
	wantTaken(t, r, "a.1 open", "b.1 open")
	for _, put := range q.put { // those who found it claimed look again when the claim is over
		if put != "webhook b in 2m0s" {
			t.Errorf("put off: %s", put)
		}
	}
}

func TestARefusedMessageWaitsInTheQueueAndHoldsUpNothing(t *testing.T) {
	bad, good := receive(t, status(500, ""), nil), receive(t)
	m, q := messenger(t, outbox.NewMemory(), route(t, "bad", bad, 3, time.Second), route(t, "good", good, 3, time.Second))
	deliver(t, m, publication("a", 1, drift.Open), publication("b", 1, drift.Open))
	wantTaken(t, good, "a.1 open", "b.1 open")
	if n := len(bad.requests()); n != 1 {
		t.Errorf("%d requests to a channel that is to be left alone", n)
	}
	if len(q.put) != 2 || !strings.HasPrefix(q.put[0], "bad a in ") || !strings.HasPrefix(q.put[1], "bad b in ") {
		t.Errorf("put off: %v", q.put)
	}
	q.clock.pass(time.Second) // too early
	if err := m.Again(t.Context(), "bad", "a"); err != nil || len(q.put) != 3 {
		t.Errorf("error %v, put off: %v", err, q.put)
	}
	q.clock.pass(10 * time.Second)
	for _, finding := range []string{"a", "b", "a", "unknown"} {
		if err := m.Again(t.Context(), "bad", finding); err != nil {
			t.Error(err)
		}
	}
	wantTaken(t, bad, "a.1 open", "b.1 open")
	if err := m.Again(t.Context(), "gone", "a"); err != nil {
		t.Error(err)
	}
}

func TestAnOpeningThatWaitsComesBeforeItsResolution(t *testing.T) {
	r := receive(t, status(503, ""), nil)
	m, q := messenger(t, outbox.NewMemory(), route(t, "webhook", r, 3, time.Second))
	deliver(t, m, publication("a", 1, drift.Open), publication("a", 2, drift.Updated), publication("a", 3, drift.Resolved))
	q.clock.pass(time.Minute)
	if err := m.Again(t.Context(), "webhook", "a"); err != nil {
		t.Error(err)
	}
	wantTaken(t, r, "a.2 open", "a.3 resolved")
}

func TestAMessageIsGivenUpAfterItsRetriesAndListed(t *testing.T) {
	r, items := receive(t, status(500, "")), outbox.NewMemory()
	m, q := messenger(t, items, route(t, "webhook", r, 2, time.Second))
	deliver(t, m, publication("a", 1, drift.Open))
	for range 4 {
		q.clock.pass(time.Minute)
		if err := m.Again(t.Context(), "webhook", "a"); err != nil {
			t.Error(err)
		}
	}
	given, err := items.GivenUp(t.Context(), 10)
	if err != nil || len(given) != 1 || len(r.requests()) != 3 {
		t.Errorf("given up %v, error %v, %d requests; want 1 after 3", given, err, len(r.requests()))
	}
}

// Whoever sends is killed before he writes down that he did.
func TestADeadMessengersClaimPasses(t *testing.T) {
	items, dead := outbox.NewMemory(), receive(t, hang)
	m, q := messenger(t, items, route(t, "webhook", dead, 0, time.Minute))
	ctx, kill := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- m.Deliver(ctx, publication("a", 1, drift.Open)) }()
	for len(dead.requests()) == 0 {
		time.Sleep(time.Millisecond)
	}
	kill()
	if err := <-done; !errors.Is(err, drift.ErrRetry) {
		t.Errorf("error %v, want %v", err, drift.ErrRetry)
	}

	r := receive(t)
	m = again(t, items, q, route(t, "webhook", r, 0, time.Second))
	deliver(t, m, publication("a", 1, drift.Open)) // the stream repeats it
	wantTaken(t, r)
	if diff := cmp.Diff([]string{"webhook a in 2m0s"}, q.put); diff != "" {
		t.Errorf("put off (-want +got):\n%s", diff)
	}
	q.clock.pass(2 * time.Minute)
	if err := m.Again(t.Context(), "webhook", "a"); err != nil {
		t.Error(err)
	}
	wantTaken(t, r, "a.1 open")
}

func TestAQueueThatTakesNothingIsAnError(t *testing.T) {
	r := receive(t, http.HandlerFunc(status(500, "")), nil)
	m, q := messenger(t, outbox.NewMemory(), route(t, "webhook", r, 3, time.Second))
	q.fails = fmt.Errorf("the queue is closed: %w", drift.ErrRetry)
	p := publication("a", 1, drift.Open)
	if err := m.Deliver(t.Context(), p); !errors.Is(err, drift.ErrRetry) {
		t.Errorf("error %v, want %v", err, drift.ErrRetry)
	}
	q.fails = nil
	deliver(t, m, p)
	if len(q.put) != 1 {
		t.Errorf("put off: %v", q.put)
	}
}
