// Package outbox holds what is still to be delivered, by channel: the notifier
// puts publications in and takes deliveries out, and what a channel refuses
// waits here for its next attempt. It also keeps the marks by which a message
// that comes twice is sent once, and the notifier's place in the ledger's feed.
//
// Of each finding and channel there is one [Item], however many publications
// wait: a newer one takes the place of an older one. When to try again, and how
// often, is decided above, by the notifier.
package outbox

import (
	"context"
	"time"

	"tfdrift/internal/channel"
	"tfdrift/internal/drift"
	"tfdrift/internal/ledger"
)

// Outbox is the port. Its methods may be called concurrently.
type Outbox interface {
	// Cursor is the place in the feed up to which publications were accepted;
	// at first 0.
	Cursor(ctx context.Context) (uint64, error)

	// Accept queues publications, in the order of their places, on each of the
	// channels, due now, and moves the cursor to the last one: all in one write.
	// One that was accepted before changes nothing.
	Accept(ctx context.Context, channels []string, publications []ledger.Publication, now time.Time) error

	// Due returns deliveries of a channel that are due, those that became due
	// first before the others, at most max and one of each finding; and when
	// the next one after them becomes due, zero if none waits. Asking alone
	// changes nothing: what is asked for again is returned again.
	Due(ctx context.Context, channel string, now time.Time, max int) ([]Delivery, time.Time, error)

	// Settle writes down what became of a delivery that Due returned.
	Settle(ctx context.Context, d Delivery, o Outcome) error

	// Waiting is how many findings have something to be delivered on a
	// channel; those given up are none of them.
	Waiting(ctx context.Context, channel string) (int, error)

	// GivenUp returns what was given up and has not been overtaken by news, by
	// channel and finding, at most max.
	GivenUp(ctx context.Context, max int) ([]Abandoned, error)
}

// Delivery is one message that is due on a channel.
type Delivery struct {
	Channel string
	Message channel.Message
	Attempt int // how many attempts failed before
}

// Outcome is what became of a delivery; one of the three.
type Outcome struct {
	Delivered bool
	GivenUp   string    // why nothing more is tried
	Again     time.Time // when to try again,
	Attempt   int       // and how many attempts failed so far
}

// Abandoned is a delivery that was given up, and why.
type Abandoned struct {
	Delivery
	Why string
}

// Item is what waits on one channel of one finding, and the mark of what was
// delivered. Backends keep it as it is; what it means is decided here alone.
type Item struct {
	Place     uint64           `json:"place,omitempty"`    // of the oldest publication that waits
	Live      *channel.Message `json:"live,omitempty"`     // the newest content of a finding that stands
	Opening   int              `json:"opening,omitempty"`  // revision of the opening that Live stands for, 0 if it is told already
	Resolved  *channel.Message `json:"resolved,omitempty"` // that it was resolved, if that came after Live
	Delivered int              `json:"delivered"`          // the newest revision delivered: the mark
	Due       time.Time        `json:"due,omitzero"`       // when the next message is due; zero if none is
	Attempt   int              `json:"attempt,omitempty"`  // how many attempts at it failed
	GivenUp   string           `json:"given_up,omitempty"` // why nothing more is tried, until there is news
}

// Accept adds a publication. What it makes obsolete is dropped: an update that
// a newer one or the resolution overtakes. An opening that was not delivered is
// never dropped: the newest content takes its place, as an opening.
func (it *Item) Accept(p ledger.Publication, now time.Time) {
	if p.Revision <= it.newest() {
		return
	}
	m := &channel.Message{Finding: channel.Shown(p.Finding), Revision: p.Revision}
	switch {
	case p.Finding.Status == drift.Resolved:
		it.Resolved = m
		it.dropToldUpdate()
	default:
		if p.Finding.Status == drift.Open || it.newest() == 0 { // to a new channel, an update is an opening
			it.Opening = p.Revision
		}
		it.Live, it.Resolved = m, nil
	}
	if it.Due.IsZero() { // else it keeps its place and its attempts
		it.Place, it.Due, it.Attempt, it.GivenUp = p.Place, now, 0, ""
	}
}

// Next is the message to send first, nil if none waits.
func (it *Item) Next() *channel.Message {
	if it.Live == nil {
		return it.Resolved
	}
	m := *it.Live
	if it.Opening > 0 {
		m.Finding.Status = drift.Open
	}
	return &m
}

// Settle writes down what became of a message that [Item.Next] gave. Others may
// have been accepted meanwhile.
func (it *Item) Settle(revision int, o Outcome) {
	next := it.Next()
	switch {
	case o.Delivered:
		it.delivered(revision)
	case next == nil: // delivered by another worker
	case o.GivenUp == "":
		it.Due, it.Attempt = o.Again, o.Attempt
	case next.Revision != revision: // overtaken: what took its place has attempts of its own
		it.Attempt = 0
	default:
		it.Due, it.Attempt, it.GivenUp = time.Time{}, o.Attempt, o.GivenUp
	}
}

func (it *Item) delivered(revision int) {
	it.Delivered = max(it.Delivered, revision)
	if it.Opening <= revision {
		it.Opening = 0
	}
	if it.Live != nil && it.Live.Revision <= revision {
		it.Live = nil
	}
	if it.Resolved != nil && it.Resolved.Revision <= revision {
		it.Resolved = nil
	}
	it.dropToldUpdate()
	it.Attempt = 0
	if it.Next() == nil {
		it.Place, it.Due, it.GivenUp = 0, time.Time{}, ""
	}
}

// dropToldUpdate drops an update that a resolution overtakes, where the channel
// knows already that the finding is open.
func (it *Item) dropToldUpdate() {
	if it.Resolved != nil && it.Opening == 0 {
		it.Live = nil
	}
}

func (it *Item) newest() int {
	newest := it.Delivered
	for _, m := range []*channel.Message{it.Live, it.Resolved} {
		if m != nil {
			newest = max(newest, m.Revision)
		}
	}
	return newest
}
