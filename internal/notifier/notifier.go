// Package notifier is the core that takes publications from the ledger's feed
// to the channels. A publication is first put in the outbox, once for all
// channels; from there each channel has a worker of its own, so that one that
// hangs or refuses delays no other. What fails is tried again with growing
// pauses, as often as its channel allows, and is then given up, counted and
// listed. Delivery is at least once: a mark in the outbox makes it once, except
// where the process ends between an answer and its mark.
package notifier

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"tfdrift/internal/channel"
	"tfdrift/internal/drift"
	"tfdrift/internal/ledger"
	"tfdrift/internal/outbox"
)

// Route is a channel and how patient to be with it.
type Route struct {
	Channel    channel.Channel
	MaxRetries int // how often a failed attempt is repeated; an answer that only asks to wait (429) is none
}

// Options are what a notifier may be told; the zero value works.
type Options struct {
	Workers int           // messages sent at once on each channel; 0: 1
	Poll    time.Duration // how often the feed is read though nothing woke the notifier; 0: a second
	Grace   time.Duration // how long attempts under way may go on once Run is to end; 0: 5 seconds
	Backoff Backoff       // between attempts
	Now     func() time.Time
	Log     *slog.Logger // failures and what is given up; nil: nowhere
	// Counted, where set, is told of each attempt on a channel. It must not block.
	Counted func(channel string, o outbox.Outcome)
}

// complete fills in what was not told.
func (o *Options) complete() {
	o.Workers = max(o.Workers, 1)
	o.Poll = or(o.Poll, time.Second)
	o.Grace = or(o.Grace, 5*time.Second)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
}

// Notifier delivers publications. Make one with [New].
type Notifier struct {
	Options
	feed    ledger.Feed
	outbox  outbox.Outbox
	workers []*worker
	names   []string
	woken   chan struct{}
}

// New returns a notifier that takes what a feed has through an outbox to some
// channels. It is the feed's only reader: it trims what the outbox has accepted.
// It fails where two of them have one name, since their marks would
// be one.
func New(feed ledger.Feed, box outbox.Outbox, routes []Route, o Options) (*Notifier, error) {
	o.complete()
	if err := distinct(routes); err != nil {
		return nil, err
	}
	n := &Notifier{Options: o, feed: feed, outbox: box, woken: make(chan struct{}, 1)}
	for _, r := range routes {
		n.names = append(n.names, r.Channel.Name())
		n.workers = append(n.workers, &worker{Notifier: n, lane: newLane(&n.Options, r), woken: make(chan struct{}, 1)})
	}
	return n, nil
}

// distinct fails where two channels have one name.
func distinct(routes []Route) error {
	seen := map[string]bool{}
	for _, r := range routes {
		name := r.Channel.Name()
		if seen[name] {
			return fmt.Errorf("two channels are called %s; each needs a name of its own: %w", name, drift.ErrInvalid)
		}
		seen[name] = true
	}
	return nil
}

func or(d, other time.Duration) time.Duration {
	if d <= 0 {
		return other
	}
	return d
}

// Wake says that there may be something new in the feed.
func (n *Notifier) Wake() { ring(n.woken) }

func ring(bell chan struct{}) {
	select {
	case bell <- struct{}{}:
	default:
	}
}

// Run delivers until ctx is done. Then no attempt is begun any more, and those
// under way may end within [Options.Grace]; what remains stays in the outbox.
func (n *Notifier) Run(ctx context.Context) {
	sending, end := outlive(ctx, n.Grace)
	defer end()
	var all sync.WaitGroup
	for _, w := range n.workers {
		all.Go(func() { w.run(ctx, sending) })
	}
	for ctx.Err() == nil {
		taken, err := n.take(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			n.Log.Error("the feed of findings cannot be read or kept; will try again", "error", err)
			sleep(ctx, nil, n.Poll)
		case taken == 0:
			sleep(ctx, n.woken, n.Poll)
		}
	}
	all.Wait()
}

// Drain takes what the feed has, makes one attempt at everything that is due,
// and returns how much then waits still. A channel that fails, or is to be left
// alone, is passed over.
// It is for the end of a process, after Run, or for one that has no Run.
func (n *Notifier) Drain(ctx context.Context) (left int, err error) {
	for taken := 1; taken > 0; {
		if taken, err = n.take(ctx); err != nil {
			return 0, err
		}
	}
	var all sync.WaitGroup
	for _, w := range n.workers {
		all.Go(func() { w.drain(ctx) })
	}
	all.Wait()
	for _, name := range n.names {
		waiting, err := n.outbox.Waiting(context.WithoutCancel(ctx), name)
		if err != nil {
			return left, err
		}
		left += waiting
	}
	return left, nil
}

// batch is how many publications are accepted in one write.
const batch = 256

// take moves a batch from the feed to the outbox.
func (n *Notifier) take(ctx context.Context) (int, error) {
	after, err := n.outbox.Cursor(ctx)
	if err != nil {
		return 0, err
	}
	publications, err := n.feed.Feed(ctx, after, batch)
	if err != nil || len(publications) == 0 {
		return 0, err
	}
	if err := n.outbox.Accept(ctx, n.names, publications, n.Now()); err != nil {
		return 0, err
	}
	for _, w := range n.workers {
		ring(w.woken)
	}
	return len(publications), n.feed.Trim(ctx, publications[len(publications)-1].Place)
}

// Stats tells of each channel, in the order of the routes.
func (n *Notifier) Stats(ctx context.Context) ([]Stat, error) {
	var all []Stat
	for _, w := range n.workers {
		s := w.state()
		waiting, err := n.outbox.Waiting(ctx, s.Channel)
		if err != nil {
			return nil, err
		}
		s.Waiting = waiting
		all = append(all, s)
	}
	return all, nil
}

// worker serves one channel; one goroutine at a time runs it.
type worker struct {
	*Notifier
	*lane
	woken chan struct{}
}

// run begins rounds until ctx is done; attempts go on as long as sending.
func (w *worker) run(ctx, sending context.Context) {
	for ctx.Err() == nil {
		_, next := w.round(ctx, sending)
		if wait := next.Sub(w.Now()); wait > 0 {
			sleep(ctx, w.woken, wait)
		}
	}
}

func (w *worker) drain(ctx context.Context) {
	for sent := 1; sent > 0 && ctx.Err() == nil; {
		sent, _ = w.round(ctx, ctx)
	}
}

// idle is how long a worker sleeps with nothing to do: what it waits for wakes it.
const idle = time.Minute

// round sends some messages that are due, all at once, and returns how many,
// and when to come back.
func (w *worker) round(ctx, sending context.Context) (sent int, next time.Time) {
	now := w.Now()
	if w.paused().After(now) {
		return 0, w.paused()
	}
	due, next, err := w.outbox.Due(ctx, w.stat.Channel, now, w.Workers)
	if err != nil {
		w.Log.Error("the outbox cannot be read; will try again", "channel", w.stat.Channel, "error", err)
		return 0, now.Add(w.Poll)
	}
	if len(due) == 0 {
		if next.IsZero() {
			next = now.Add(idle)
		}
		return 0, next
	}
	results := make([]result, len(due))
	var all sync.WaitGroup
	for i, d := range due {
		all.Go(func() { results[i] = w.attempt(sending, d) })
	}
	all.Wait()
	if sending.Err() != nil {
		return 0, now
	}
	w.pause(results)
	return len(due), now
}

// attempt sends a message and writes down what became of it. An attempt that
// was cut short is as if it had not been.
func (w *worker) attempt(ctx context.Context, d outbox.Delivery) result {
	err := w.Channel.Send(ctx, d.Message)
	if err != nil && ctx.Err() != nil {
		return result{}
	}
	o, r := w.judge(d, err)
	w.count(d, o, err)
	if err := w.outbox.Settle(context.WithoutCancel(ctx), d, o); err != nil {
		w.Log.Error("what became of a message cannot be kept; it may be sent again", "channel", d.Channel, "finding", d.Message.Finding.ID, "error", err)
		r.failed = true // pause, rather than send it again at once
	}
	return r
}
