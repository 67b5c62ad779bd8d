// Package roster keeps which states are watched, and what became of the last look
// at each: what a function must remember from one invocation to the next. It is
// the port and the in-memory backend; others are sub-packages, and package
// rostertest holds the contract that all of them keep.
package roster

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"
)

// Roster is the port. Its methods may be called concurrently.
type Roster interface {
	// Put keeps an entry in place of the one that its state had.
	Put(ctx context.Context, e Entry) error

	// Drop forgets a state; one that is not there is no error.
	Drop(ctx context.Context, state string) error

	// List returns all entries, in the order of their states.
	List(ctx context.Context) ([]Entry, error)
}

// Entry is a state that is watched.
type Entry struct {
	State     string    // its name
	Place     string    // of the configuration, in which it is
	Version   string    // that is indexed
	Resources int       // that it held then
	Problem   string    // why it cannot be taken up as it is now; "" if it is
	Since     time.Time // since when that is so, in whole seconds
}

// Memory is the in-memory backend.
type Memory struct {
	mu  sync.Mutex
	all map[string]Entry
}

// NewMemory returns one without states.
func NewMemory() *Memory { return &Memory{all: map[string]Entry{}} }

// Put implements [Roster].
func (m *Memory) Put(_ context.Context, e Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	e.Since = Second(e.Since)
	m.all[e.State] = e
	return nil
}

// Second is a time as it is kept.
func Second(at time.Time) time.Time {
	if at.IsZero() {
		return time.Time{}
	}
	return at.UTC().Truncate(time.Second)
}

// Drop implements [Roster].
func (m *Memory) Drop(_ context.Context, state string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.all, state)
	return nil
}

// List implements [Roster].
func (m *Memory) List(context.Context) ([]Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := make([]Entry, 0, len(m.all))
	for _, e := range m.all {
		all = append(all, e)
	}
	slices.SortFunc(all, Order)
	return all, nil
}

// Order is that of the states' names.
func Order(a, b Entry) int { return strings.Compare(a.State, b.State) }

var _ Roster = (*Memory)(nil)
