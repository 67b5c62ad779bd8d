package index

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// Memory is the index in memory: real, safe for concurrent use, gone with the
// process. A refresh shows when it is committed, all at once.
type Memory struct {
	mu       sync.RWMutex
	byKey    map[string][]*drift.Entry // each list in order
	accounts map[account]int           // how many entries show it
	states   map[string]*memoryState
}

type memoryState struct {
	header  Header
	entries map[string]placed // by address
}

// placed is an entry and where it stands.
type placed struct {
	entry *drift.Entry
	keys  []string
	hash  string // "" where nobody told it
}

type account struct {
	provider drift.Provider
	name     string
}

// NewMemory returns an empty index.
func NewMemory() *Memory {
	return &Memory{byKey: map[string][]*drift.Entry{}, accounts: map[account]int{}, states: map[string]*memoryState{}}
}

// Find implements [Index].
func (m *Memory) Find(_ context.Context, keys ...string) ([]*drift.Entry, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	n := 0
	for _, key := range keys {
		n += len(m.byKey[key])
	}
	if n == 0 {
		return nil, nil
	}
	found := make([]*drift.Entry, 0, n)
	for _, key := range keys {
		found = append(found, m.byKey[key]...)
	}
	if len(keys) == 1 {
		return found, nil
	}
	slices.SortFunc(found, inOrder)
	return slices.Compact(found), nil
}

// Manages implements [Index].
func (m *Memory) Manages(_ context.Context, provider drift.Provider, name string) (bool, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.accounts[account{provider, name}] > 0, nil
}

// State implements [Index].
func (m *Memory) State(_ context.Context, name string) (Header, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	s, ok := m.states[name]
	if !ok {
		return Header{}, fmt.Errorf("indexed state %s: %w", name, drift.ErrNotFound)
	}
	return s.header, nil
}

// Begin implements [Index].
func (m *Memory) Begin(_ context.Context, h Header) (Refresh, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.states[h.State]
	if !ok {
		s = &memoryState{}
	}
	if s.header.Generation != h.Generation {
		return nil, fmt.Errorf("begin refresh of state %s: generation %d, not %d: %w", h.State, s.header.Generation, h.Generation, drift.ErrConflict)
	}
	h.Generation++
	s.header.State, s.header.Generation, s.header.Complete = h.State, h.Generation, false
	m.states[h.State] = s
	return &memoryRefresh{index: m, state: s, header: h, entries: map[string]placed{}, hashes: map[string]string{}}, nil
}

type memoryRefresh struct {
	index  *Memory
	state  *memoryState
	header Header

	mu      sync.Mutex // taken before the index's
	entries map[string]placed
	hashes  map[string]string // of what is to be put, by address
}

func (r *memoryRefresh) Keep(_ context.Context, address, hash string) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.index.mu.RLock()
	defer r.index.mu.RUnlock()
	if err := r.current(); err != nil {
		return false, err
	}
	known, ok := r.state.entries[address]
	if ok && known.hash == hash {
		r.entries[address] = known
		return true, nil
	}
	r.hashes[address] = hash
	return false, nil
}

func (r *memoryRefresh) Put(_ context.Context, entry *drift.Entry, keys ...string) error {
	if entry.State != r.header.State {
		return fmt.Errorf("refresh of state %s: entry %s is of state %s: %w", r.header.State, entry.Address, entry.State, drift.ErrInvalid)
	}
	rest, err := tree.ParseObject(entry.Rest)
	if err != nil {
		return fmt.Errorf("refresh of state %s: entry %s: %w", r.header.State, entry.Address, err)
	}
	maps.Copy(entry.Attributes, rest)
	entry.Rest = nil
	keys = slices.Clone(keys)
	slices.Sort(keys)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.index.mu.RLock()
	defer r.index.mu.RUnlock()
	if err := r.current(); err != nil {
		return err
	}
	r.entries[entry.Address] = placed{entry, slices.Compact(keys), r.hashes[entry.Address]}
	delete(r.hashes, entry.Address)
	return nil
}

func (r *memoryRefresh) Commit(context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.index.mu.Lock()
	defer r.index.mu.Unlock()
	if err := r.current(); err != nil || r.state.header.Complete {
		return err
	}
	r.index.replace(r.state.entries, r.entries)
	r.state.entries = r.entries
	r.state.header = r.header
	r.state.header.Complete = true
	return nil
}

// current is called with the index locked.
func (r *memoryRefresh) current() error {
	if r.state.header.Generation != r.header.Generation {
		return fmt.Errorf("refresh of state %s: generation %d has begun after this one, %d: %w",
			r.header.State, r.state.header.Generation, r.header.Generation, drift.ErrConflict)
	}
	return nil
}

// replace takes entries out of the lists and puts others in.
func (m *Memory) replace(old, new map[string]placed) {
	gone := make(map[*drift.Entry]bool, len(old))
	touched := map[string]bool{}
	for _, p := range old {
		gone[p.entry] = true
		m.count(p.entry, -1)
		for _, key := range p.keys {
			touched[key] = true
		}
	}
	for key := range touched {
		m.byKey[key] = slices.DeleteFunc(m.byKey[key], func(e *drift.Entry) bool { return gone[e] })
	}
	for _, p := range new {
		m.count(p.entry, +1)
		for _, key := range p.keys {
			touched[key] = true
			m.byKey[key] = append(m.byKey[key], p.entry)
		}
	}
	for key := range touched {
		if len(m.byKey[key]) == 0 {
			delete(m.byKey, key)
			continue
		}
		slices.SortFunc(m.byKey[key], inOrder)
	}
}

func (m *Memory) count(e *drift.Entry, n int) {
	if e.Account != "" {
		m.accounts[account{e.Provider, e.Account}] += n
	}
}

func inOrder(a, b *drift.Entry) int {
	return cmp.Or(strings.Compare(a.State, b.State), strings.Compare(a.Address, b.Address))
}
