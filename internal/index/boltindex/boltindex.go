// Package boltindex keeps the index in the embedded store: the backend of a
// single host.
//
// An entry is kept in versions, one for each refresh that wrote it, and the one
// that is found is the newest of a refresh that was completed. So a refresh
// writes as it reads, some megabytes a transaction, and nothing of it is seen
// before the transaction that completes it. Beside each version stands its row
// in the manifest: the hash of what it was made of and the keys it is found
// under. A refresh writes only what the manifest does not have. The keys, which
// lie scattered, go at the end and in order. What nobody can find any more is
// removed when a refresh is completed, or, if it broke off, when the next begins.
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

// The buckets. Numbers are big-endian. A state's number stands for its name; a
// place is a number and an address, a version a place and a generation.
var (
	states   = []byte("index.states")   // state → number, header
	numbers  = []byte("index.numbers")  // number → generation last completed, state
	entries  = []byte("index.entries")  // version → entry
	manifest = []byte("index.manifest") // version → row; nothing where the entry is gone
	keys     = []byte("index.keys")     // key, place → nothing: what may be found there
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
		for _, name := range [][]byte{states, numbers, entries, manifest, keys, accounts} {
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
		var places []string
		c := tx.Bucket(keys).Cursor()
		for _, key := range wanted {
			prefix := appendText(nil, key)
			for k, _ := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = c.Next() {
				places = append(places, string(k[len(prefix):]))
			}
		}
		slices.Sort(places)
		for _, at := range slices.Compact(places) {
			e, err := findAt(tx, place(at), wanted)
			if err != nil {
				return err
			}
			if e != nil {
				found = append(found, e)
			}
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

// findAt returns the entry at a place if it stands under any of the keys.
func findAt(tx *bbolt.Tx, at place, wanted []string) (*drift.Entry, error) {
	completed, name := parseNumber(tx.Bucket(numbers).Get(at[:numberSize]))
	version, raw := visible(tx, at, completed)
	if len(raw) == 0 {
		return nil, nil
	}
	row, err := parseRow(raw)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(wanted, func(key string) bool { return slices.Contains(row.keys, key) }) {
		return nil, nil
	}
	e, err := codec.ParseEntry(tx.Bucket(entries).Get(version))
	if err != nil {
		return nil, err
	}
	e.State, e.Address = name, at.address()
	return e, nil
}

// visible is the version that is found at a place, and its row; of an entry that
// is gone the row is empty.
func visible(tx *bbolt.Tx, at place, completed uint64) (version, row []byte) {
	c := tx.Bucket(manifest).Cursor()
	first := at.version(0)
	prefix := first[:len(first)-generationSize]
	for k, raw := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, raw = c.Next() {
		if len(k) == len(first) && generationOf(k) <= completed { // of another length are those of an address that goes on
			version, row = k, raw
		}
	}
	return version, row
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
	r := &refresh{index: x, known: map[string]*known{}, shown: map[string]int{}}
	var conflict error
	x.mu.Lock()
	defer x.mu.Unlock()
	err := x.db.Update(func(tx *bbolt.Tx) error {
		s, err := loadState(tx, h.State)
		if err != nil {
			return err
		}
		if s == nil {
			n, err := tx.Bucket(states).NextSequence()
			if err != nil {
				return err
			}
			s = &stateRow{Number: uint32(n)}
		}
		if s.Header.Generation != h.Generation {
			conflict = fmt.Errorf("begin refresh of state %s: generation %d, not %d: %w", h.State, s.Header.Generation, h.Generation, drift.ErrConflict)
			return conflict
		}
		h.Generation++
		s.Header.State, s.Header.Generation, s.Header.Complete = h.State, h.Generation, false
		if err := s.save(tx); err != nil {
			return err
		}
		r.state = *s
		r.state.Header = h
		return nil
	})
	if conflict != nil {
		return nil, conflict
	}
	x.counts.transactions.Add(1)
	if err == nil {
		x.latest[h.State] = r.state.Header.Generation
		err = x.db.View(r.load)
	}
	if err != nil {
		return nil, fmt.Errorf("begin refresh of state %s: %w", h.State, embedded.Failed(err))
	}
	if len(r.leftovers) > 0 { // of one that broke off
		if err := r.write(r.clear); err != nil {
			return nil, err
		}
	}
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

func (s *stateRow) save(tx *bbolt.Tx) error {
	raw, err := json.Marshal(s)
	if err != nil {
		return err
	}
	number := binary.BigEndian.AppendUint64(nil, s.Completed)
	if err := tx.Bucket(numbers).Put(s.place(""), append(number, s.Header.State...)); err != nil {
		return err
	}
	return tx.Bucket(states).Put(appendText(nil, s.Header.State), raw)
}

func parseNumber(raw []byte) (completed uint64, name string) {
	if len(raw) < generationSize {
		return 0, ""
	}
	return binary.BigEndian.Uint64(raw), string(raw[generationSize:])
}

func (s *stateRow) place(address string) place {
	return append(binary.BigEndian.AppendUint32(nil, s.Number), address...)
}

const (
	numberSize     = 4
	generationSize = 8
)

// place is where the versions of an address stand: the state's number and the
// address.
type place []byte

func (p place) address() string { return string(p[numberSize:]) }

// version is the place of a generation's version. The NUL keeps those of an
// address together; one that holds a NUL itself is told by the length.
func (p place) version(generation uint64) []byte {
	v := make([]byte, 0, len(p)+1+generationSize)
	return binary.BigEndian.AppendUint64(append(append(v, p...), 0), generation)
}

// placeOf is the place of a version.
func placeOf(version []byte) place { return version[:len(version)-1-generationSize] }

func generationOf(version []byte) uint64 {
	return binary.BigEndian.Uint64(version[len(version)-generationSize:])
}

func accountRow(provider, account string) []byte {
	return append(appendText(nil, provider), account...)
}
