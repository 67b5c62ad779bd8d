// Package applies keeps what it takes to leave Terraform's own applies alone:
// when each state was locked, and the events that are set aside until their
// state is written. It is the port and the in-memory backend; what is an apply's
// own event, and when one set aside is judged, is the detector's to say.
package applies

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"tfdrift/internal/drift"
)

// Applies is the port. Its methods may be called concurrently.
type Applies interface {
	// Lock records that a state was locked, or unlocked, at a time. The same
	// notice may come twice, and an unlock before its lock.
	Lock(ctx context.Context, state string, at time.Time, locked bool) error

	// Windows returns when a state was locked, the oldest first; the latest
	// ones, where there were many.
	Windows(ctx context.Context, state string) ([]Window, error)

	// SetAside keeps an event until Done. The same event (by its id) once more
	// changes nothing.
	SetAside(ctx context.Context, a Aside) error

	// Waiting returns the events set aside, in order of event time.
	Waiting(ctx context.Context) ([]Aside, error)

	// Done forgets an event set aside; one that is not there is no error.
	Done(ctx context.Context, eventID string) error
}

// Window is a time in which a state was locked. A zero To: it still is.
type Window struct{ From, To time.Time }

// MaxApply is how long an apply is believed to take. What holds a lock for longer
// was left behind by a process that died, and must not blind for ever.
const MaxApply = 12 * time.Hour

// End is when the window ends, or will at the latest.
func (w Window) End() time.Time {
	if w.To.IsZero() {
		return w.From.Add(MaxApply)
	}
	return w.To
}

// Holds reports whether a time is in the window, give or take slack: the clocks
// of the audit log and of the object store are two.
func (w Window) Holds(at time.Time, slack time.Duration) bool {
	return !at.Before(w.From.Add(-slack)) && !at.After(w.End().Add(slack))
}

// Aside is an event set aside.
type Aside struct {
	Event  drift.Event
	States []string // that manage what it touched; none for what no state manages
}

// MaxWindows is how many windows of a state are kept.
const MaxWindows = 50

// Notice adds a lock or unlock to a state's windows, whatever order they come
// in; every backend keeps what it returns.
func Notice(windows []Window, at time.Time, locked bool) []Window {
	windows = slices.Clone(windows)
	for i := range windows {
		w := &windows[i]
		switch {
		case locked && w.From.Equal(at), !locked && w.To.Equal(at):
			return windows // told before
		case locked && w.From.IsZero() && !at.After(w.To): // its unlock came first
			w.From = at
			return windows
		case !locked && w.To.IsZero() && !at.Before(w.From):
			w.To = at
			return windows
		}
	}
	if locked {
		windows = append(windows, Window{From: at})
	} else {
		windows = append(windows, Window{To: at})
	}
	slices.SortFunc(windows, func(a, b Window) int { return cmp.Compare(begin(a).UnixNano(), begin(b).UnixNano()) })
	return windows[max(0, len(windows)-MaxWindows):]
}

func begin(w Window) time.Time {
	if w.From.IsZero() {
		return w.To
	}
	return w.From
}

// Memory is the in-memory backend.
type Memory struct {
	mu      sync.Mutex
	windows map[string][]Window
	asides  map[string]Aside
}

// NewMemory returns one without windows and events.
func NewMemory() *Memory {
	return &Memory{windows: map[string][]Window{}, asides: map[string]Aside{}}
}

// Lock implements [Applies].
func (m *Memory) Lock(_ context.Context, state string, at time.Time, locked bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.windows[state] = Notice(m.windows[state], at, locked)
	return nil
}

// Windows implements [Applies].
func (m *Memory) Windows(_ context.Context, state string) ([]Window, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.windows[state]), nil
}

// SetAside implements [Applies].
func (m *Memory) SetAside(_ context.Context, a Aside) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.asides[a.Event.ID]; !ok {
		a.States = slices.Clone(a.States)
		m.asides[a.Event.ID] = a
	}
	return nil
}

// Waiting implements [Applies].
func (m *Memory) Waiting(context.Context) ([]Aside, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := make([]Aside, 0, len(m.asides))
	for _, a := range m.asides {
		all = append(all, a)
	}
	slices.SortFunc(all, Order)
	return all, nil
}

// Order is that of event time, then of id.
func Order(a, b Aside) int {
	return cmp.Or(a.Event.Time.Compare(b.Event.Time), cmp.Compare(a.Event.ID, b.Event.ID))
}

// Done implements [Applies].
func (m *Memory) Done(_ context.Context, eventID string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.asides, eventID)
	return nil
}
