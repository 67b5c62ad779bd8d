// Package intake takes events in and sees to it that each is judged: accepted
// means that it is safe in the spool, and from there workers bring it to the
// detector, again and again until that has it. An event that can never be judged
// is buried, where it can be listed.
//
// Where events come from is a trigger's business.
package intake

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"time"

	"tfdrift/internal/codec"
	"tfdrift/internal/drift"
	"tfdrift/internal/spool"
)

// Intake is the way from a trigger to the detector. All but the hooks must be set.
type Intake struct {
	Spool   spool.Spool
	Judge   func(ctx context.Context, ev *drift.Event) error
	Workers int // events judged at once
	Log     *slog.Logger

	// Backoff is how long to wait after the nth failure in a row, from 0; nil:
	// a tenth of a second at first, half a minute at last.
	Backoff func(n int) time.Duration

	// Judged, Retried and Buried, where set, are told what became of an attempt.
	Judged, Retried, Buried func()
}

// maxFailures is how often an event may fail for a reason that nobody foresaw,
// before it is taken for the reason.
const maxFailures = 10

// Accept makes events safe, all of them or none. A [drift.ErrRetry] asks the
// sender to come again later.
func (in *Intake) Accept(ctx context.Context, events []*drift.Event) error {
	items := make([][]byte, len(events))
	for i, ev := range events {
		raw, err := codec.MarshalEvent(ev)
		if err != nil {
			return fmt.Errorf("event %s: %v: %w", ev.ID, err, drift.ErrInvalid)
		}
		items[i] = raw
	}
	return in.Spool.Append(ctx, items...)
}

// Run judges what was accepted until ctx ends.
func (in *Intake) Run(ctx context.Context) {
	var workers sync.WaitGroup
	for range max(1, in.Workers) {
		workers.Go(func() { in.work(ctx) })
	}
	workers.Wait()
}

// Drain returns when nothing waits any more, or with ctx's error.
func (in *Intake) Drain(ctx context.Context) error {
	for in.Spool.Waiting() > 0 {
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			return fmt.Errorf("%d events are left for the next start: %w", in.Spool.Waiting(), err)
		}
	}
	return nil
}

func (in *Intake) work(ctx context.Context) {
	for failures := 0; ; {
		it, err := in.Spool.Next(ctx)
		switch {
		case ctx.Err() != nil, errors.Is(err, spool.ErrClosed):
			return
		case err != nil: // the item comes again after a restart
			in.Log.Error("an accepted event cannot be read back", "error", err)
			if pause(ctx, in.backoff(failures)) != nil {
				return
			}
			failures++
			continue
		}
		failures = 0
		in.bring(ctx, it)
	}
}

// bring judges one item, again and again until it is judged or buried, or ctx
// ends: then it is left for the next start.
func (in *Intake) bring(ctx context.Context, it spool.Item) {
	for failures := 0; ctx.Err() == nil; failures++ {
		err := in.attempt(ctx, it.Data)
		switch {
		case ctx.Err() != nil && err != nil:
			return
		case err == nil:
			in.end(in.Spool.Done(ctx, it), in.Judged)
			return
		case errors.Is(err, drift.ErrInvalid), !errors.Is(err, drift.ErrRetry) && failures+1 >= maxFailures:
			in.Log.Error("an event cannot be judged and is put away; `tfdrift events buried` lists it", "error", err)
			in.end(in.Spool.Bury(ctx, it, err.Error()), in.Buried)
			return
		}
		tell(in.Retried)
		if failures == 0 || failures%10 == 9 {
			in.Log.Warn("an event could not be judged yet; trying again", "failures", failures+1, "error", err)
		}
		if pause(ctx, in.backoff(failures)) != nil {
			return
		}
	}
}

// end tells what became of an item. If the spool could not write that down, the
// event comes once more after a restart, which changes nothing.
func (in *Intake) end(err error, hook func()) {
	if err != nil {
		in.Log.Warn("that an event is judged could not be written down; it will be judged again", "error", err)
	}
	tell(hook)
}

// attempt judges one event. A panic is the event's fault as far as the others
// are concerned: without that, it would come again with every start.
func (in *Intake) attempt(ctx context.Context, raw []byte) (err error) {
	defer func() {
		if r := recover(); r != nil {
			in.Log.Error("a fault of this program; please report it", "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			err = fmt.Errorf("judging it panicked: %w", drift.ErrInvalid)
		}
	}()
	ev, err := codec.UnmarshalEvent(raw)
	if err != nil {
		return fmt.Errorf("%v: %w", err, drift.ErrInvalid)
	}
	if err := in.Judge(ctx, &ev); err != nil {
		return fmt.Errorf("event %s, %s %s: %w", ev.ID, ev.Source, ev.Name, err)
	}
	return nil
}

func (in *Intake) backoff(n int) time.Duration {
	if in.Backoff != nil {
		return in.Backoff(n)
	}
	wait := min(30*time.Second, 100*time.Millisecond<<min(n, 10))
	return wait/2 + rand.N(wait/2)
}

// pause waits, or returns ctx's error.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func tell(hook func()) {
	if hook != nil {
		hook()
	}
}
