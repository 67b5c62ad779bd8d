// Package boltindex keeps the index in the embedded store: the backend of a
// single host.
//
// Beside each entry stands its row in the manifest: the hash of what it was made
// of, the keys it is found under, and the generation of the refresh that wrote
// both. A refresh writes only what the manifest does not have. Entries and rows
// go as they come, some megabytes a transaction; the keys, which lie scattered,
// go at the end and in order. A row newer than the last refresh that was
// completed is thus not to be relied on: whoever comes next writes it again.
package boltindex

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"go.etcd.io/bbolt"

	"tfdrift/internal/codec"
	"tfdrift/internal/drift"
	"tfdrift/internal/embedded"
	"tfdrift/internal/index"
)

// The buckets. Numbers are big-endian. A state's number stands for its name.
var (
	states   = []byte("index.states")   // state → number, header
	names    = []byte("index.names")    // number → state
	entries  = []byte("index.entries")  // number, address → entry
	manifest = []byte("index.manifest") // number, address → row
	keys     = []byte("index.keys")     // key, number, address → nothing
	accounts = []byte("index.accounts") // provider, account → how many entries show it
)

// Index implements [index.Index] in an embedded store.
type Index struct {
	db     *bbolt.DB
	counts counts

	mu     sync.RWMutex
	latest map[string]uint64 // generations begun by this process: the quick half of every refresh's check
}

type counts struct{ put, kept, removed, transactions atomic.Int64 }

// Stats counts what refreshes did since the index was opened.
type Stats struct {
	Put          int64 // entries written
	Kept         int64 // entries that were there already, and cost no write
	Removed      int64
	Transactions int64 // each syncs the disk
}

// New returns the index in a store, an empty one where there was none. A store
// has one index.
func New(db *bbolt.DB) (*Index, error) {
	err := db.Update(func(tx *bbolt.Tx) error {
		for _, name := range [][]byte{states, names, entries, manifest, keys, accounts} {
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("index: %w", embedded.Failed(err))
	}
	return &Index{db: db, latest: map[string]uint64{}}, nil
}

// Stats returns the counts.
func (x *Index) Stats() Stats {
	return Stats{x.counts.put.Load(), x.counts.kept.Load(), x.counts.removed.Load(), x.counts.transactions.Load()}
}

// Find implements [index.Index].
func (x *Index) Find(_ context.Context, wanted ...string) ([]*drift.Entry, error) {
	var found []*drift.Entry
	err := x.db.View(func(tx *bbolt.Tx) error {
		var places []string // number and address
		c := tx.Bucket(keys).Cursor()
		for _, key := range wanted {
			prefix := appendText(nil, key)
			for k, _ := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = c.Next() {
				places = append(places, string(k[len(prefix):]))
			}
		}
		slices.Sort(places)
		for _, place := range slices.Compact(places) {
			raw := tx.Bucket(entries).Get([]byte(place))
			if raw == nil {
				continue
			}
			e, err := codec.ParseEntry(raw)
			if err != nil {
				return err
			}
			e.State, e.Address = string(tx.Bucket(names).Get([]byte(place[:numberSize]))), place[numberSize:]
			found = append(found, e)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("index lookup %v: %w", wanted, embedded.Failed(err))
	}
	slices.SortFunc(found, func(a, b *drift.Entry) int {
		return cmp.Or(strings.Compare(a.State, b.State), strings.Compare(a.Address, b.Address))
	})
	return found, nil
}

// Manages implements [index.Index].
func (x *Index) Manages(_ context.Context, provider drift.Provider, account string) (shown bool, err error) {
	err = x.db.View(func(tx *bbolt.Tx) error {
		shown = account != "" && tx.Bucket(accounts).Get(accountRow(string(provider), account)) != nil
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("index account %s: %w", account, embedded.Failed(err))
	}
	return shown, nil
}

// State implements [index.Index].
func (x *Index) State(_ context.Context, name string) (h index.Header, err error) {
	var s *stateRow
	err = x.db.View(func(tx *bbolt.Tx) error {
		s, err = loadState(tx, name)
		return err
	})
	switch {
	case err != nil:
		return h, fmt.Errorf("indexed state %s: %w", name, embedded.Failed(err))
	case s == nil:
		return h, fmt.Errorf("indexed state %s: %w", name, drift.ErrNotFound)
	}
	return s.Header, nil
}

// Begin implements [index.Index].
func (x *Index) Begin(_ context.Context, h index.Header) (index.Refresh, error) {
	r := &refresh{index: x, known: map[string]known{}}
	var conflict error
	x.mu.Lock()
	defer x.mu.Unlock()
	err := x.db.Update(func(tx *bbolt.Tx) error {
		s, err := loadState(tx, h.State)
		if err != nil {
			return err
		}
		if s == nil {
			if s, err = newState(tx, h.State); err != nil {
				return err
			}
		}
		if s.Header.Generation != h.Generation {
			conflict = fmt.Errorf("begin refresh of state %s: generation %d, not %d: %w", h.State, s.Header.Generation, h.Generation, drift.ErrConflict)
			return conflict
		}
		s.Header = h
		s.Header.Generation++
		s.Header.Complete = false
		r.state = *s
		return s.save(tx)
	})
	if conflict != nil {
		return nil, conflict
	}
	if err == nil {
		x.latest[h.State] = r.state.Header.Generation
		err = x.db.View(r.load)
	}
	if err != nil {
		return nil, fmt.Errorf("begin refresh of state %s: %w", h.State, embedded.Failed(err))
	}
	x.counts.transactions.Add(1)
	return r, nil
}

// stateRow is what is kept of a state.
type stateRow struct {
	Number    uint32
	Completed uint64 // generation of the last refresh that was
	Header    index.Header
}

func loadState(tx *bbolt.Tx, name string) (*stateRow, error) {
	raw := tx.Bucket(states).Get(appendText(nil, name))
	if raw == nil {
		return nil, nil
	}
	s := new(stateRow)
	if err := json.Unmarshal(raw, s); err != nil {
		return nil, fmt.Errorf("stored header: %w", err)
	}
	return s, nil
}

func newState(tx *bbolt.Tx, name string) (*stateRow, error) {
	n, err := tx.Bucket(states).NextSequence()
	if err != nil {
		return nil, err
	}
	s := &stateRow{Number: uint32(n)}
	return s, tx.Bucket(names).Put(s.place(""), []byte(name))
}

func (s *stateRow) save(tx *bbolt.Tx) error {
	raw, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return tx.Bucket(states).Put(appendText(nil, s.Header.State), raw)
}

const numberSize = 4

// place is where the entry of an address stands.
func (s *stateRow) place(address string) []byte {
	return append(binary.BigEndian.AppendUint32(nil, s.Number), address...)
}

func accountRow(provider, account string) []byte {
	return append(appendText(nil, provider), account...)
}
