package spool

import (
	"bytes"
	"context"
	"slices"
	"sync"
	"time"
)

// Memory is the in-memory backend: real, safe for concurrent use, gone with the
// process. Capacity bounds what waits in it, 0: nothing does.
type Memory struct {
	Capacity int

	queue *Queue[*[]byte]

	mu      sync.Mutex
	waiting map[*[]byte]bool
	graves  []Grave // the oldest first
	closed  bool
}

// NewMemory returns an empty spool.
func NewMemory() *Memory {
	return &Memory{queue: NewQueue[*[]byte](), waiting: map[*[]byte]bool{}}
}

// Append implements [Spool].
func (m *Memory) Append(_ context.Context, items ...[]byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.closed:
		return ErrClosed
	case m.Capacity > 0 && len(m.waiting)+len(items) > m.Capacity:
		return ErrFull
	}
	for _, data := range items {
		place := new([]byte)
		*place = bytes.Clone(data)
		m.waiting[place] = true
		m.queue.Put(place)
	}
	return nil
}

// Next implements [Spool].
func (m *Memory) Next(ctx context.Context) (Item, error) {
	place, err := m.queue.Take(ctx)
	if err != nil {
		return Item{}, err
	}
	return Item{*place, place}, nil
}

// Done implements [Spool].
func (m *Memory) Done(_ context.Context, it Item) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.waiting, it.Place.(*[]byte))
	return nil
}

// Bury implements [Spool].
func (m *Memory) Bury(ctx context.Context, it Item, why string) error {
	m.mu.Lock()
	m.graves = append(m.graves, Grave{it.Data, why, time.Now()})
	m.graves = m.graves[max(0, len(m.graves)-MaxBuried):]
	m.mu.Unlock()
	return m.Done(ctx, it)
}

// Buried implements [Spool].
func (m *Memory) Buried(_ context.Context, most int) ([]Grave, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	graves := slices.Clone(m.graves)
	slices.Reverse(graves)
	return graves[:min(len(graves), most)], nil
}

// Waiting implements [Spool].
func (m *Memory) Waiting() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.waiting)
}

// Ready implements [Spool].
func (m *Memory) Ready() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.closed:
		return ErrClosed
	case m.Capacity > 0 && len(m.waiting) >= m.Capacity:
		return ErrFull
	}
	return nil
}

// Close implements [Spool].
func (m *Memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	m.queue.Close()
	return nil
}
