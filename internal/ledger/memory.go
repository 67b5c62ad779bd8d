package ledger

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"tfdrift/internal/drift"
)

// Memory is the ledger in memory: real, safe for concurrent use, gone with the process.
type Memory struct {
	mu      sync.Mutex
	records map[string]Record
}

// NewMemory returns an empty ledger.
func NewMemory() *Memory { return &Memory{records: map[string]Record{}} }

// Load implements [Ledger].
func (m *Memory) Load(_ context.Context, key string) (Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.records[key]
	if !ok {
		return Record{Key: key}, nil
	}
	return r.clone(), nil
}

// Save implements [Ledger].
func (m *Memory) Save(_ context.Context, r Record) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if stored := m.records[r.Key].Version; stored != r.Version {
		return fmt.Errorf("ledger record %s: version %d is stored, %d was read: %w", r.Key, stored, r.Version, drift.ErrConflict)
	}
	r = r.clone()
	r.Version++
	m.records[r.Key] = r
	return nil
}

// clone copies what a caller may change.
func (r Record) clone() Record {
	r.Observations, r.Seen = slices.Clone(r.Observations), slices.Clone(r.Seen)
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
