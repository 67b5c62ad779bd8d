// Package boltsilence keeps silences in the embedded store: the backend of a
// single host.
package boltsilence

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"tfdrift/internal/drift"
	"tfdrift/internal/embedded"
	"tfdrift/internal/silence"
)

var bucket = []byte("silences") // id → silence

// Silences implements [silence.Silences] in an embedded store.
type Silences struct{ db *bbolt.DB }

// New returns the silences of a store, none at first.
func New(db *bbolt.DB) (*Silences, error) {
	err := db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucketIfNotExists(bucket)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("silences: %w", embedded.Failed(err))
	}
	return &Silences{db}, nil
}

// Put implements [silence.Silences].
func (s *Silences) Put(_ context.Context, x silence.Silence) error {
	raw, err := json.Marshal(x)
	if err != nil {
		return fmt.Errorf("silence %s: %v: %w", x.ID, err, drift.ErrInvalid)
	}
	if err := s.db.Update(func(tx *bbolt.Tx) error { return tx.Bucket(bucket).Put([]byte(x.ID), raw) }); err != nil {
		return fmt.Errorf("silence %s: %w", x.ID, embedded.Failed(err))
	}
	return nil
}

// List implements [silence.Silences].
func (s *Silences) List(context.Context) (all []silence.Silence, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		return tx.Bucket(bucket).ForEach(func(_, raw []byte) error {
			var x silence.Silence
			err := json.Unmarshal(raw, &x)
			all = append(all, x)
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("silences: %w", embedded.Failed(err))
	}
	slices.SortFunc(all, silence.Order)
	return all, nil
}

// Drop implements [silence.Silences].
func (s *Silences) Drop(_ context.Context, id string) error {
	found := false
	err := s.db.Update(func(tx *bbolt.Tx) error {
		found = tx.Bucket(bucket).Get([]byte(id)) != nil
		return tx.Bucket(bucket).Delete([]byte(id))
	})
	if err != nil {
		return fmt.Errorf("silence %s: %w", id, embedded.Failed(err))
	}
	if !found {
		return fmt.Errorf("silence %s: %w", id, drift.ErrNotFound)
	}
	return nil
}
