// Package index keeps the resource instances of all watched states where an
// event's names find them. It is the port and the in-memory backend; others are
// sub-packages, and package indextest holds the contract that all of them keep.
//
// Under which keys an entry stands is the catalog's knowledge, and which of the
// entries found is meant as well. Whether a state may replace the one that is
// indexed (its serial, its lineage) is the indexer's to decide.
package index

import (
	"context"
	"time"

	"tfdrift/internal/drift"
)

// Index is the port. Its methods may be called concurrently.
type Index interface {
	// Find returns the entries that stand under any of the keys, each once, in
	// order of state and address; none is no error. Of a state that is being
	// refreshed it returns what was there before, or what the refresh has put, or
	// some of both. Entries are shared with all other callers: they must not be
	// changed.
	Find(ctx context.Context, keys ...string) ([]*drift.Entry, error)

	// Manages reports whether any entry shows this account of this cloud as its
	// own. The account "" is nobody's.
	Manages(ctx context.Context, provider drift.Provider, account string) (bool, error)

	// State returns what is known of a state by its name. One that was never
	// begun is [drift.ErrNotFound].
	State(ctx context.Context, name string) (Header, error)

	// Begin opens a refresh, which replaces all entries of a state. h says which
	// state and what the new one's serial and lineage are; its generation is the
	// one that State returned, zero for a state that was not found. If somebody
	// else began since then, nothing is opened: [drift.ErrConflict]. If not, the
	// state is building, one generation later, and no refresh begun before can
	// do anything any more.
	Begin(ctx context.Context, h Header) (Refresh, error)
}

// Refresh is the replacement of a state's entries by those of a newer one. One
// that is given up needs no ending: whatever it put, the next one makes good.
// Its methods may be called concurrently, but nothing may be put after Commit.
// Each returns [drift.ErrConflict] once another refresh of the state has begun;
// of one begun in another process Keep and Put may learn late, but nothing that
// is put then is written.
type Refresh interface {
	// Keep tells the hash of what the new state holds at an address: of all that
	// Put would be given, computed by the caller as it likes. It reports whether
	// that is what the index has there already. If so, the entry stays as if it
	// had been put; if not, it is to be put, and is kept with this hash. A hash is
	// never "". What a refresh that broke off has put is not relied on.
	Keep(ctx context.Context, address, hash string) (bool, error)

	// Put stores an entry under keys. The entry and its attributes belong to the
	// index from here on, but its Rest is good until Put returns only; it is found
	// among the attributes. Putting an address again replaces the entry and its
	// keys. An entry of another state is [drift.ErrInvalid].
	Put(ctx context.Context, entry *drift.Entry, keys ...string) error

	// Commit removes the entries of the state that were not put, and makes the
	// state complete. With nothing put it empties the state, which is how one
	// that was deleted is forgotten. Committing again is no error.
	Commit(ctx context.Context) error
}

// Header is what an index knows of a state as a whole.
type Header struct {
	State      string // its name, a path or URL
	Lineage    string
	Serial     uint64
	Generation uint64    // counts the refreshes begun
	Complete   bool      // the latest refresh was committed; lineage, serial and written are the latest one's that was
	Written    time.Time // when the state was last written; zero if nobody knows
}
