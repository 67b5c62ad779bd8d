// Package indexer is the core that keeps the index equal to the state files: it
// reads what a source holds and puts it under the object keys by which events
// will ask for it.
package indexer

import (
	"context"
	"errors"
	"fmt"
	"io"

	"tfdrift/internal/catalog"
	"tfdrift/internal/drift"
	"tfdrift/internal/index"
	"tfdrift/internal/state"
)

// Indexer refreshes Index from states, sealing what is sensitive.
type Indexer struct {
	Index index.Index
	Seal  *state.Sealer
}

// Refresh reads one state whole and replaces what the index had of it. A state
// that cannot be read to its end changes nothing that an event could find.
func (x *Indexer) Refresh(ctx context.Context, object state.Object) (state.Header, error) {
	known, err := x.Index.State(ctx, object.Name)
	if err != nil && !errors.Is(err, drift.ErrNotFound) {
		return state.Header{}, err
	}
	header, err := read(ctx, object, func(r io.Reader) (state.Header, error) { return state.ReadHeader(r, object.Name) })
	if err != nil {
		return header, err
	}
	refresh, err := x.Index.Begin(ctx, index.Header{State: object.Name, Lineage: header.Lineage, Serial: header.Serial, Generation: known.Generation})
	if err != nil {
		return header, err
	}
	header, err = read(ctx, object, func(r io.Reader) (state.Header, error) {
		return state.Read(r, object.Name, x.Seal, func(e *drift.Entry) error { return refresh.Put(ctx, e, catalog.Keys(e)...) })
	})
	if err != nil {
		return header, err
	}
	return header, refresh.Commit(ctx)
}

func read(ctx context.Context, object state.Object, how func(io.Reader) (state.Header, error)) (state.Header, error) {
	r, err := object.Open(ctx)
	if err != nil {
		return state.Header{}, fmt.Errorf("state %s: %w", object.Name, err)
	}
	defer r.Close()
	return how(r)
}
