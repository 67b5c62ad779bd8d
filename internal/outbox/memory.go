package outbox

import (
	"cmp"
	"container/heap"
	"context"
	"slices"
	"sync"
	"time"

	"tfdrift/internal/ledger"
)

// Memory is the outbox in memory: real, safe for concurrent use, gone with the process.
type Memory struct {
	mu     sync.Mutex
	cursor uint64
	items  map[slot]*Item
	queues map[string]*queue // by channel
}

// slot is the place of one finding's item on one channel.
type slot struct{ channel, finding string }

// NewMemory returns an empty outbox.
func NewMemory() *Memory {
	return &Memory{items: map[slot]*Item{}, queues: map[string]*queue{}}
}

// Cursor implements [Outbox].
func (m *Memory) Cursor(context.Context) (uint64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.cursor, nil
}

// Accept implements [Outbox].
func (m *Memory) Accept(_ context.Context, channels []string, publications []ledger.Publication, now time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, p := range publications {
		for _, c := range channels {
			m.change(slot{c, p.Finding.ID}, func(it *Item) { it.Accept(p, now) })
		}
		m.cursor = max(m.cursor, p.Place)
	}
	return nil
}

// Due implements [Outbox].
func (m *Memory) Due(_ context.Context, channel string, now time.Time, most int) (due []Delivery, next time.Time, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	q := m.queues[channel]
	if q == nil {
		return nil, time.Time{}, nil
	}
	var taken []turn
	for q.Len() > 0 {
		t := (*q)[0]
		it := m.items[slot{channel, t.finding}]
		if !it.Due.Equal(t.due) || it.Place != t.place || slices.ContainsFunc(taken, t.same) { // stale, or a turn given twice
			heap.Pop(q)
			continue
		}
		if t.due.After(now) || len(due) == most {
			next = t.due
			break
		}
		due = append(due, Delivery{channel, *it.Next(), it.Attempt})
		taken = append(taken, heap.Pop(q).(turn))
	}
	for _, t := range taken {
		heap.Push(q, t)
	}
	return due, next, nil
}

// Settle implements [Outbox].
func (m *Memory) Settle(_ context.Context, d Delivery, o Outcome) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.change(slot{d.Channel, d.Message.Finding.ID}, func(it *Item) { it.Settle(d.Message.Revision, o) })
	return nil
}

// change changes an item and gives it its turn.
func (m *Memory) change(s slot, change func(it *Item)) {
	it := m.items[s]
	if it == nil {
		it = &Item{}
		m.items[s] = it
	}
	before := turn{it.Due, it.Place, s.finding}
	change(it)
	after := turn{it.Due, it.Place, s.finding}
	if after.same(before) || it.Due.IsZero() {
		return
	}
	if m.queues[s.channel] == nil {
		m.queues[s.channel] = &queue{}
	}
	heap.Push(m.queues[s.channel], after)
}

// Waiting implements [Outbox].
func (m *Memory) Waiting(_ context.Context, channel string) (n int, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for s, it := range m.items {
		if s.channel == channel && !it.Due.IsZero() {
			n++
		}
	}
	return n, nil
}

// GivenUp implements [Outbox].
func (m *Memory) GivenUp(_ context.Context, most int) ([]Abandoned, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []Abandoned
	for s, it := range m.items {
		if it.GivenUp != "" {
			all = append(all, Abandoned{Delivery{s.channel, *it.Next(), it.Attempt}, it.GivenUp})
		}
	}
	slices.SortFunc(all, func(a, b Abandoned) int {
		return cmp.Or(cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Message.Finding.ID, b.Message.Finding.ID))
	})
	return all[:min(len(all), most)], nil
}

// queue is a heap of turns, the next one first. A turn that is not its item's
// any more is passed over when it comes up.
type queue []turn

type turn struct {
	due     time.Time
	place   uint64
	finding string
}

func (t turn) same(u turn) bool {
	return t.due.Equal(u.due) && t.place == u.place && t.finding == u.finding
}

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	a, b := q[i], q[j]
	return cmp.Or(a.due.Compare(b.due), cmp.Compare(a.place, b.place)) < 0
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push implements [heap.Interface].
func (q *queue) Push(t any) { *q = append(*q, t.(turn)) }

// Pop implements [heap.Interface].
func (q *queue) Pop() any {
	last := len(*q) - 1
	t := (*q)[last]
	*q = (*q)[:last]
	return t
}
