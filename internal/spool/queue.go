package spool

import (
	"context"
	"sync"
)

// Queue is what waits to be taken, in order, and those who wait for it. Backends
// hold the items' places in one. It is safe for concurrent use.
type Queue[T any] struct {
	mu     sync.Mutex
	items  []T
	closed bool
	news   chan struct{} // closed, and made anew, when something changes
}

// NewQueue returns an empty queue.
func NewQueue[T any]() *Queue[T] { return &Queue[T]{news: make(chan struct{})} }

// Put adds items at the end.
func (q *Queue[T]) Put(items ...T) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = append(q.items, items...)
	q.wake()
}

// Take returns the first item, and waits for one.
func (q *Queue[T]) Take(ctx context.Context) (first T, err error) {
	for {
		q.mu.Lock()
		if err := ctx.Err(); err != nil || q.closed {
			q.mu.Unlock()
			if err == nil {
				err = ErrClosed
			}
			return first, err
		}
		if len(q.items) > 0 {
			first = q.items[0]
			var none T
			q.items[0] = none
			if q.items = q.items[1:]; len(q.items) == 0 {
				q.items = nil // lets go of the room of a burst
			}
			q.mu.Unlock()
			return first, nil
		}
		news := q.news
		q.mu.Unlock()
		select {
		case <-news:
		case <-ctx.Done():
		}
	}
}

// Close makes every Take fail with [ErrClosed].
func (q *Queue[T]) Close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.wake()
}

func (q *Queue[T]) wake() {
	close(q.news)
	q.news = make(chan struct{})
}
