// Package indexer is the core that keeps the index equal to the state files:
// whatever notice comes, late, twice or out of order, it reads the newest
// object and puts it under the object keys by which events will ask for it.
// Then it has what the state may settle judged anew.
package indexer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"tfdrift/internal/catalog"
	"tfdrift/internal/drift"
	"tfdrift/internal/index"
	"tfdrift/internal/ledger"
	"tfdrift/internal/state"
)

// Indexer refreshes Index from states, sealing what is sensitive. Judge, Ledger
// and Backup may be nil.
type Indexer struct {
	Index  index.Index
	Seal   *state.Sealer
	Ledger ledger.Ledger
	Judge  Judge
	Backup Backup
}

// Backup copies a state that is indexed. It may be asked for the same one again
// and again, as whoever died before he copied it was.
type Backup func(ctx context.Context, object state.Object, header state.Header) error

// Judge is what of the detector follows a refresh.
type Judge interface {
	// Rejudge judges a record against the index as it is now.
	Rejudge(ctx context.Context, key string) (*drift.Finding, error)
	// StateWritten judges the events that waited for a state.
	StateWritten(ctx context.Context, state string, written time.Time) error
}

// ErrNotAccepted marks a state that is not the successor of the one indexed:
// the last good index stays until the operator accepts the new state.
var ErrNotAccepted = fmt.Errorf("not accepted: %w", drift.ErrInvalid)

// Refresh reads one state whole and replaces what the index had of it, unless
// it has it already. A state that cannot be read to its end, or that is of
// another lineage or older than the one indexed, changes nothing that an event
// could find; accept takes such a successor nevertheless.
func (x *Indexer) Refresh(ctx context.Context, object state.Object, accept bool) (state.Header, error) {
	known, err := x.Index.State(ctx, object.Name)
	if err != nil && !errors.Is(err, drift.ErrNotFound) {
		return state.Header{}, err
	}
	header, err := read(ctx, object, func(r io.Reader) (state.Header, error) { return state.ReadHeader(r, object.Name) })
	if err != nil {
		return header, err
	}
	if same(known, header, object) { // but perhaps what follows was not done: we may have died in between
		return header, x.follow(ctx, object, header)
	}
	if err := succeeds(known, header); err != nil && !accept {
		return header, err
	}
	header, err = x.replace(ctx, object, header, known.Generation)
	if err != nil {
		return header, err
	}
	return header, x.follow(ctx, object, header)
}

// follow does what is to be done once a state is indexed.
func (x *Indexer) follow(ctx context.Context, object state.Object, header state.Header) error {
	if err := x.rejudge(ctx, object); err != nil {
		return err
	}
	if x.Backup != nil {
		if err := x.Backup(ctx, object, header); err != nil {
			return fmt.Errorf("state %s: indexed, but its backup failed: %w", object.Name, err)
		}
	}
	return nil
}

// Forget empties a state that is gone.
func (x *Indexer) Forget(ctx context.Context, name string) error {
	known, err := x.Index.State(ctx, name)
	if errors.Is(err, drift.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	refresh, err := x.Index.Begin(ctx, index.Header{State: name, Lineage: known.Lineage, Serial: known.Serial, Generation: known.Generation})
	if err == nil {
		err = refresh.Commit(ctx)
	}
	if err != nil {
		return fmt.Errorf("forget state %s: %w", name, err)
	}
	return x.rejudge(ctx, state.Object{Name: name})
}

// same reports whether the index is of this very state.
func same(known index.Header, header state.Header, object state.Object) bool {
	return known.Complete && known.Serial == header.Serial && known.Lineage == header.Lineage && header.Lineage != "" &&
		known.Written.Equal(object.Written) && !object.Written.IsZero()
}

// succeeds tells why a state is not the successor of the one indexed.
func succeeds(known index.Header, header state.Header) error {
	switch {
	case known.Generation == 0 || known.Lineage == "" || header.Lineage == "":
		return nil
	case known.Lineage != header.Lineage:
		return fmt.Errorf("state %s: its lineage was %s and is %s now: another state stands in its place; the last good index stays until `tfdrift state accept %s`: %w",
			known.State, known.Lineage, header.Lineage, known.State, ErrNotAccepted)
	case header.Serial < known.Serial:
		return fmt.Errorf("state %s: its serial went back from %d to %d: an older version was restored, or written over a newer one; the last good index stays until `tfdrift state accept %s`: %w",
			known.State, known.Serial, header.Serial, known.State, ErrNotAccepted)
	}
	return nil
}

func (x *Indexer) replace(ctx context.Context, object state.Object, header state.Header, generation uint64) (state.Header, error) {
	refresh, err := x.Index.Begin(ctx, index.Header{State: object.Name, Lineage: header.Lineage, Serial: header.Serial, Generation: generation, Written: object.Written})
	if err != nil {
		return header, err
	}
	header, err = read(ctx, object, func(r io.Reader) (state.Header, error) {
		changes := state.Changes{
			Known: func(address, hash string) (bool, error) { return refresh.Keep(ctx, address, catalog.Version()+hash) },
			Names: catalog.KeyAttributes,
		}
		return state.ReadChanged(r, object.Name, x.Seal, changes, func(e *drift.Entry) error { return refresh.Put(ctx, e, catalog.Keys(e)...) })
	})
	if err != nil {
		return header, err
	}
	return header, refresh.Commit(ctx)
}

// rejudge has everything judged anew that the state may settle: the events
// that waited for it, what the ledger holds of its resources, and what no state
// managed.
func (x *Indexer) rejudge(ctx context.Context, object state.Object) error {
	if x.Judge == nil || x.Ledger == nil {
		return nil
	}
	written := object.Written
	if written.IsZero() {
		written = time.Now()
	}
	for _, managedBy := range [...]string{object.Name, ""} {
		keys, err := x.Ledger.OfState(ctx, managedBy)
		if err != nil {
			return fmt.Errorf("ledger records of state %q: %w", managedBy, err)
		}
		for _, key := range keys {
			if _, err := x.Judge.Rejudge(ctx, key); err != nil {
				return err
			}
		}
	}
	return x.Judge.StateWritten(ctx, object.Name, written)
}

func read(ctx context.Context, object state.Object, how func(io.Reader) (state.Header, error)) (state.Header, error) {
	r, err := object.Open(ctx)
	if err != nil {
		return state.Header{}, fmt.Errorf("state %s: %w", object.Name, err)
	}
	defer r.Close()
	return how(r)
}
