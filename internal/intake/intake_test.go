package intake_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
	"tfdrift/internal/intake"
	"tfdrift/internal/spool"
)

func event(id string) *drift.Event {
	return &drift.Event{
		Provider: drift.AWS, ID: id, Source: "ec2.amazonaws.com", Name: "StopInstances", Time: time.Date(2026, 8, 20, 9, 0, 0, 0, time.UTC),
		Actor: drift.Actor{Name: "alice", Names: []string{"alice", "admins"}}, Request: json.RawMessage(`{"a":1.50}`),
	}
}

// judge runs an intake over events until all are judged or buried, and returns
// how often each was judged.
func judge(t *testing.T, s spool.Spool, verdict func(ev *drift.Event, attempt int) error, events ...*drift.Event) map[string]int {
	t.Helper()
	var mu sync.Mutex
	attempts := map[string]int{}
	in := &intake.Intake{
		Spool: s, Workers: 3, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Backoff: func(int) time.Duration { return 0 },
		Judge: func(_ context.Context, ev *drift.Event) error {
			mu.Lock()
			attempts[ev.ID]++
			n := attempts[ev.ID]
			mu.Unlock()
			return verdict(ev, n)
		},
	}
	if err := in.Accept(t.Context(), events); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	ended := make(chan struct{})
	go func() {
		in.Run(ctx)
		close(ended)
	}()
	if err := in.Drain(ctx); err != nil {
		t.Error(err)
	}
	cancel()
	<-ended
	return attempts
}

func TestAnEventIsJudgedAsItWasAccepted(t *testing.T) {
	want := event("e")
	judge(t, spool.NewMemory(), func(ev *drift.Event, _ int) error {
		if diff := cmp.Diff(want, ev); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		return nil
	}, want)
}

func TestEveryEventIsJudgedOrBuried(t *testing.T) {
	s := spool.NewMemory()
	attempts := judge(t, s, func(ev *drift.Event, attempt int) error {
		switch {
		case ev.ID == "poison":
			return fmt.Errorf("no such time: %w", drift.ErrInvalid)
		case ev.ID == "panic":
			panic("index out of range")
		case ev.ID == "unforeseen":
			return errors.New("who knows")
		case ev.ID == "later" && attempt < 30:
			return fmt.Errorf("store: %w", drift.ErrRetry)
		}
		return nil
	}, event("good"), event("poison"), event("panic"), event("unforeseen"), event("later"))
	if diff := cmp.Diff(map[string]int{"good": 1, "poison": 1, "panic": 1, "unforeseen": 10, "later": 30}, attempts); diff != "" {
		t.Errorf("attempts (-want +got):\n%s", diff)
	}
	graves, err := s.Buried(t.Context(), 10)
	if err != nil {
		t.Fatal(err)
	}
	if len(graves) != 3 {
		t.Errorf("buried: %+v", graves)
	}
}

func TestWhatIsNotJudgedIsLeftForTheNextStart(t *testing.T) {
	s := spool.NewMemory()
	in := &intake.Intake{
		Spool: s, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Judge: func(context.Context, *drift.Event) error { return drift.ErrRetry },
	}
	if err := in.Accept(t.Context(), []*drift.Event{event("e")}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	in.Run(ctx)
	if err := in.Drain(ctx); !errors.Is(err, context.DeadlineExceeded) || s.Waiting() != 1 {
		t.Errorf("%d wait, error %v", s.Waiting(), err)
	}
}
