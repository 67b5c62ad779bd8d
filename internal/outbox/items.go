package outbox

import (
	"context"
	"time"

	"tfdrift/internal/channel"
)

// Items is the port for those who are woken for one finding at a time, and have
// no queue to look through: items by channel and finding. Its methods may be
// called concurrently.
type Items interface {
	// Change changes the item of a finding on a channel, the zero Item where there
	// is none, and keeps what it then is. Where somebody else was faster, change is
	// called again, with what he left. Where it returns false nothing is kept. An
	// item may be forgotten [KeepItems] after it was changed last.
	Change(ctx context.Context, channel, finding string, change func(it *Item) bool) error

	// GivenUp is that of [Outbox].
	GivenUp(ctx context.Context, max int) ([]Abandoned, error)
}

// KeepItems is how long an item is kept that nobody changes. It is shorter than
// a ledger keeps a record: revisions that begin anew must find no mark.
const KeepItems = 60 * 24 * time.Hour

// Take claims what is to be sent next, until a time before which nobody else will
// get it. It is nil where nothing waits, or what waits is not due.
func (it *Item) Take(now, until time.Time) *channel.Message {
	if it.Due.IsZero() || it.Due.After(now) {
		return nil
	}
	it.Due = until
	return it.Next()
}

// Change implements [Items].
func (m *Memory) Change(_ context.Context, channel, finding string, change func(it *Item) bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := slot{channel, finding}
	var it Item
	if known := m.items[s]; known != nil {
		it = *known
	}
	if change(&it) {
		m.change(s, func(known *Item) { *known = it })
	}
	return nil
}

var (
	_ Outbox = (*Memory)(nil)
	_ Items  = (*Memory)(nil)
)
