package state

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"sync"
	"time"

	"tfdrift/internal/drift"
)

// Memory is the in-memory backend of [Store]: a bucket called memory.
type Memory struct {
	mu      sync.Mutex
	objects map[string]stored
	writes  int
	down    error
	// Now is the clock by which objects are written; nil: the system's.
	Now func() time.Time
}

type stored struct {
	Item
	content string
}

// Write puts an object where there may be one already.
func (m *Memory) Write(key, content string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.objects == nil {
		m.objects = map[string]stored{}
	}
	now := time.Now()
	if m.Now != nil {
		now = m.Now()
	}
	m.writes++
	m.objects[key] = stored{Item{key, fmt.Sprint(m.writes), int64(len(content)), now.Truncate(time.Second)}, content}
}

// Remove deletes an object; one that is not there is no error.
func (m *Memory) Remove(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.objects, key)
}

// Fail makes every call answer with an error; nil: not any more.
func (m *Memory) Fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.down = err
}

// URL implements [Store].
func (m *Memory) URL(key string) string { return "memory://memory/" + key }

// List implements [Store].
func (m *Memory) List(ctx context.Context, prefix string) iter.Seq2[Item, error] {
	m.mu.Lock()
	defer m.mu.Unlock()
	var items []Item
	for key, o := range m.objects {
		if strings.HasPrefix(key, prefix) {
			items = append(items, o.Item)
		}
	}
	slices.SortFunc(items, func(a, b Item) int { return strings.Compare(a.Key, b.Key) })
	err := errors.Join(m.down, ctx.Err())
	return func(yield func(Item, error) bool) {
		if err != nil {
			yield(Item{}, err)
			return
		}
		for _, it := range items {
			if !yield(it, nil) {
				return
			}
		}
	}
}

// Head implements [Store].
func (m *Memory) Head(ctx context.Context, key string) (Item, error) {
	o, err := m.get(ctx, key)
	return o.Item, err
}

// Open implements [Store].
func (m *Memory) Open(ctx context.Context, it Item) (io.ReadCloser, error) {
	o, err := m.get(ctx, it.Key)
	if err == nil && o.Version != it.Version {
		err = fmt.Errorf("%s was written anew: %w", m.URL(it.Key), drift.ErrConflict)
	}
	if err != nil {
		return nil, err
	}
	return io.NopCloser(strings.NewReader(o.content)), nil
}

func (m *Memory) get(ctx context.Context, key string) (stored, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	o, ok := m.objects[key]
	switch {
	case m.down != nil || ctx.Err() != nil:
		return stored{}, errors.Join(m.down, ctx.Err())
	case !ok:
		return stored{}, fmt.Errorf("%s: there is no such object: %w", m.URL(key), drift.ErrNotFound)
	}
	return o, nil
}
