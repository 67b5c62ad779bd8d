package ledger

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"tfdrift/internal/drift"
)

// Memory is the ledger in memory: real, safe for concurrent use, gone with the process.
type Memory struct {
	mu      sync.Mutex
	records map[string]Record
	places  map[string]uint64 // of each record's latest publication
	place   uint64
	feed    []Publication
}

// NewMemory returns an empty ledger.
func NewMemory() *Memory {
	return &Memory{records: map[string]Record{}, places: map[string]uint64{}}
}

// Load implements [Ledger].
func (m *Memory) Load(_ context.Context, key string) (Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.records[key]
	if !ok {
		return Record{Key: key}, nil
	}
	return r.Clone(), nil
}

// Save implements [Ledger].
func (m *Memory) Save(_ context.Context, r Record) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	stored := m.records[r.Key]
	if stored.Version != r.Version {
		return fmt.Errorf("ledger record %s: version %d is stored, %d was read: %w", r.Key, stored.Version, r.Version, drift.ErrConflict)
	}
	r = r.Clone()
	r.Version++
	m.records[r.Key] = r
	if r.Revision > stored.Revision {
		m.place++
		m.places[r.Key] = m.place
		m.feed = append(m.feed, Publication{m.place, r.Revision, *r.Clone().Finding})
	}
	return nil
}

// OfState implements [Ledger].
func (m *Memory) OfState(_ context.Context, state string) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var keys []string
	for key, r := range m.records {
		if r.Resource.State == state {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys, nil
}

// Published implements [Ledger].
func (m *Memory) Published(context.Context) ([]Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []Record
	for _, key := range slices.SortedFunc(maps.Keys(m.places), func(a, b string) int { return cmp.Compare(m.places[b], m.places[a]) }) {
		all = append(all, m.records[key].Clone())
	}
	return all, nil
}

// Feed implements [Ledger].
func (m *Memory) Feed(_ context.Context, after uint64, most int) ([]Publication, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	from, _ := slices.BinarySearchFunc(m.feed, after+1, func(p Publication, place uint64) int { return cmp.Compare(p.Place, place) })
	return slices.Clone(m.feed[from:min(len(m.feed), from+most)]), nil
}

// Trim implements [Ledger].
func (m *Memory) Trim(_ context.Context, upTo uint64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.feed = slices.DeleteFunc(m.feed, func(p Publication) bool { return p.Place <= upTo })
	return nil
}

// Clone copies what a caller may change.
func (r Record) Clone() Record {
	r.Observations, r.Seen, r.Keys, r.History = slices.Clone(r.Observations), slices.Clone(r.Seen), slices.Clone(r.Keys), slices.Clone(r.History)
	r.Settled = maps.Clone(r.Settled)
	if r.Finding != nil {
		f := *r.Finding
		f.Changes, f.Rules = slices.Clone(f.Changes), slices.Clone(f.Rules)
		r.Finding = &f
	}
	if r.Operation != nil {
		o := *r.Operation
		o.Parts = slices.Clone(o.Parts)
		r.Operation = &o
	}
	return r
}
