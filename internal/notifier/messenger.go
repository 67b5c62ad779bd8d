package notifier

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"tfdrift/internal/channel"
	"tfdrift/internal/drift"
	"tfdrift/internal/ledger"
	"tfdrift/internal/outbox"
)

// Messenger delivers for a platform that wakes it, with publications as a stream
// brings them, and once more for a delivery whose time has come. Nothing of it
// runs in between, and any number of them may work at once. It keeps to the rules
// of [Notifier]: an item says what a channel is still to hear, and a channel on
// which nothing succeeds is left alone, as far as this process knows.
//
// Who sends claims the item first. If he dies, whatever woke him comes again, and
// finds the claim, or that it is over.
type Messenger struct {
	Options
	items outbox.Items
	later Later
	lanes []*lane
}

// Later sees to it that [Messenger.Again] is called for a finding on a channel
// soon after a time. It may be called before that, and more than once.
type Later func(ctx context.Context, channel, finding string, at time.Time) error

// claim is how long a message is nobody else's while it is sent. No function of
// this kind runs as long.
const claim = 2 * time.Minute

// NewMessenger returns one over the items of some channels. It fails where two of
// them have one name.
func NewMessenger(items outbox.Items, later Later, routes []Route, o Options) (*Messenger, error) {
	o.complete()
	if err := distinct(routes); err != nil {
		return nil, err
	}
	m := &Messenger{Options: o, items: items, later: later}
	for _, r := range routes {
		m.lanes = append(m.lanes, newLane(&m.Options, r))
	}
	return m, nil
}

// Deliver tells a publication to all channels at once. That one of them refuses
// it is no error: then it waits. An error means that this is not certain, and
// that Deliver is to be called again with the same.
func (m *Messenger) Deliver(ctx context.Context, p ledger.Publication) error {
	var all errgroup.Group // one that fails must not end the others
	errs := make([]error, len(m.lanes))
	for i, l := range m.lanes {
		all.Go(func() error {
			errs[i] = m.tell(ctx, l, p.Finding.ID, func(it *outbox.Item, now time.Time) { it.Accept(p, now) })
			return nil
		})
	}
	_ = all.Wait()
	return errors.Join(errs...)
}

// Again sends what waits of a finding on a channel, if it is due. One of a channel
// that is not configured any more is passed over.
func (m *Messenger) Again(ctx context.Context, channel, finding string) error {
	for _, l := range m.lanes {
		if l.stat.Channel == channel {
			return m.tell(ctx, l, finding, nil)
		}
	}
	m.Log.Warn("something waits for a channel that is not configured any more; it is not sent", "channel", channel, "finding", finding)
	return nil
}

// tell sends what is due of a finding, until nothing is, or what is waits.
func (m *Messenger) tell(ctx context.Context, l *lane, finding string, accept func(*outbox.Item, time.Time)) error {
	for {
		next, attempt, due, err := m.take(ctx, l, finding, accept)
		switch {
		case err != nil:
			return err
		case next == nil && due.IsZero():
			return nil
		case next == nil:
			return m.wait(ctx, l, finding, due)
		}
		accept = nil
		due, err = m.send(ctx, l, outbox.Delivery{Channel: l.stat.Channel, Message: *next, Attempt: attempt})
		if err != nil || due.IsZero() {
			return err
		}
	}
}

// take claims the next message; nil where nothing is to be sent now, and when
// something is.
func (m *Messenger) take(ctx context.Context, l *lane, finding string, accept func(*outbox.Item, time.Time)) (next *channel.Message, attempt int, due time.Time, err error) {
	err = m.items.Change(ctx, l.stat.Channel, finding, func(it *outbox.Item) bool {
		before, now, paused := *it, m.Now(), l.paused()
		if accept != nil {
			accept(it, now)
		}
		switch {
		case !paused.After(now):
			next = it.Take(now, now.Add(claim))
		case !it.Due.IsZero() && it.Due.Before(paused):
			next, it.Due = nil, paused
		}
		attempt, due = it.Attempt, it.Due
		return *it != before
	})
	return next, attempt, due, err
}

// send makes one attempt and writes down what became of it. It returns when there
// is more to do for the finding, zero for never.
func (m *Messenger) send(ctx context.Context, l *lane, d outbox.Delivery) (due time.Time, err error) {
	err = l.Channel.Send(ctx, d.Message)
	if err != nil && ctx.Err() != nil {
		return due, fmt.Errorf("finding %s on channel %s: out of time (%v): %w", d.Message.Finding.ID, d.Channel, err, drift.ErrRetry)
	}
	o, r := l.judge(d, err)
	l.count(d, o, err)
	l.pause([]result{r})
	err = m.items.Change(context.WithoutCancel(ctx), d.Channel, d.Message.Finding.ID, func(it *outbox.Item) bool {
		it.Settle(d.Message.Revision, o)
		if o.Again.IsZero() && !it.Due.IsZero() { // what came meanwhile is no part of the claim
			it.Due = m.Now()
		}
		due = it.Due
		return true
	})
	if err != nil {
		return due, fmt.Errorf("what became of a message cannot be kept; it may be sent again: %w", err)
	}
	return due, nil
}

func (m *Messenger) wait(ctx context.Context, l *lane, finding string, due time.Time) error {
	if err := m.later(context.WithoutCancel(ctx), l.stat.Channel, finding, due); err != nil {
		return fmt.Errorf("finding %s cannot be put into the queue of channel %s: %w", finding, l.stat.Channel, err)
	}
	return nil
}
