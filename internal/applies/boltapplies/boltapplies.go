// Package boltapplies keeps lock windows and the events set aside in the
// embedded store: the backend of a single host.
package boltapplies

import (
	"context"
	"fmt"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"tfdrift/internal/applies"
	"tfdrift/internal/codec"
	"tfdrift/internal/embedded"
)

// The buckets.
var (
	windows = []byte("applies.windows") // state → windows
	asides  = []byte("applies.asides")  // event id → event and states
)

// Applies implements [applies.Applies] in an embedded store.
type Applies struct{ db *bbolt.DB }

// New returns what a store holds of applies, nothing at first.
func New(db *bbolt.DB) (*Applies, error) {
	err := db.Update(func(tx *bbolt.Tx) error {
		for _, name := range [][]byte{windows, asides} {
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("applies: %w", embedded.Failed(err))
	}
	return &Applies{db}, nil
}

// Lock implements [applies.Applies].
func (a *Applies) Lock(_ context.Context, state string, at time.Time, locked bool) error {
	err := a.db.Update(func(tx *bbolt.Tx) error {
		known, err := load(tx, state)
		if err != nil {
			return err
		}
		raw, err := codec.MarshalWindows(applies.Notice(known, at, locked))
		if err != nil {
			return err
		}
		return tx.Bucket(windows).Put(row(state), raw)
	})
	if err != nil {
		return fmt.Errorf("lock window of state %s: %w", state, embedded.Failed(err))
	}
	return nil
}

// Windows implements [applies.Applies].
func (a *Applies) Windows(_ context.Context, state string) (w []applies.Window, err error) {
	err = a.db.View(func(tx *bbolt.Tx) error {
		w, err = load(tx, state)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("lock windows of state %s: %w", state, embedded.Failed(err))
	}
	return w, nil
}

func load(tx *bbolt.Tx, state string) ([]applies.Window, error) {
	raw := tx.Bucket(windows).Get(row(state))
	if raw == nil {
		return nil, nil
	}
	return codec.UnmarshalWindows(raw)
}

// SetAside implements [applies.Applies].
func (a *Applies) SetAside(_ context.Context, aside applies.Aside) error {
	raw, err := codec.MarshalAside(aside)
	if err != nil {
		return fmt.Errorf("event %s set aside: %w", aside.Event.ID, err)
	}
	err = a.db.Batch(func(tx *bbolt.Tx) error {
		if b := tx.Bucket(asides); b.Get(row(aside.Event.ID)) == nil {
			return b.Put(row(aside.Event.ID), raw)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("event %s set aside: %w", aside.Event.ID, embedded.Failed(err))
	}
	return nil
}

// Waiting implements [applies.Applies].
func (a *Applies) Waiting(context.Context) (all []applies.Aside, err error) {
	err = a.db.View(func(tx *bbolt.Tx) error {
		return tx.Bucket(asides).ForEach(func(_, raw []byte) error {
			aside, err := codec.UnmarshalAside(raw)
			all = append(all, aside)
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("events set aside: %w", embedded.Failed(err))
	}
	slices.SortFunc(all, applies.Order)
	return all, nil
}

// Done implements [applies.Applies].
func (a *Applies) Done(_ context.Context, eventID string) error {
	err := a.db.Batch(func(tx *bbolt.Tx) error { return tx.Bucket(asides).Delete(row(eventID)) })
	if err != nil {
		return fmt.Errorf("event %s set aside: %w", eventID, embedded.Failed(err))
	}
	return nil
}

// row is a foreign text as a key, which is never empty.
func row(text string) []byte { return append([]byte{0}, text...) }
