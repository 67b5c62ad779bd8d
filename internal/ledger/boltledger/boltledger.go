// Package boltledger keeps the ledger in the embedded store: the backend of a
// single host. A record, its place among its state's records and its publication
// are one transaction.
package boltledger

import (
	"context"
	"encoding/binary"
	"fmt"

	"go.etcd.io/bbolt"

	"tfdrift/internal/codec"
	"tfdrift/internal/drift"
	"tfdrift/internal/embedded"
	"tfdrift/internal/ledger"
)

// The buckets. A record is stored with the place of its latest publication
// before it, 0 for none: eight bytes, big-endian, as everywhere in here.
var (
	records   = []byte("ledger.records")   // key → place, record
	ofState   = []byte("ledger.of_state")  // state, key → nothing
	published = []byte("ledger.published") // place of a record's latest publication → key
	feed      = []byte("ledger.feed")      // place → revision, finding; its sequence is the last place given
)

// Ledger implements [ledger.Ledger] in an embedded store.
type Ledger struct{ db *bbolt.DB }

// New returns the ledger in a store, an empty one where there was none.
func New(db *bbolt.DB) (*Ledger, error) {
	err := db.Update(func(tx *bbolt.Tx) error {
		for _, name := range [][]byte{records, ofState, published, feed} {
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", embedded.Failed(err))
	}
	return &Ledger{db}, nil
}

// Load implements [ledger.Ledger].
func (l *Ledger) Load(_ context.Context, key string) (r ledger.Record, err error) {
	err = l.db.View(func(tx *bbolt.Tx) error {
		r, _, err = load(tx, key)
		return err
	})
	if err != nil {
		return ledger.Record{}, fmt.Errorf("ledger record %s: %w", key, embedded.Failed(err))
	}
	return r, nil
}

// Save implements [ledger.Ledger].
func (l *Ledger) Save(_ context.Context, r ledger.Record) error {
	if r.Key == "" {
		return fmt.Errorf("ledger record without a key: %w", drift.ErrInvalid)
	}
	next := r
	next.Version++
	raw, err := codec.MarshalRecord(next)
	if err != nil {
		return fmt.Errorf("ledger record %s: %v: %w", r.Key, err, drift.ErrInvalid)
	}
	// A conflict is no failure of the transaction, which it shares with other writers.
	var conflict error
	err = l.db.Batch(func(tx *bbolt.Tx) error {
		conflict = nil
		stored, place, err := load(tx, r.Key)
		if err != nil {
			return err
		}
		if stored.Version != r.Version {
			conflict = fmt.Errorf("ledger record %s: version %d is stored, %d was read: %w", r.Key, stored.Version, r.Version, drift.ErrConflict)
			return nil
		}
		if r.Revision > stored.Revision {
			if place, err = publish(tx, r, place); err != nil {
				return err
			}
		}
		if err := tx.Bucket(ofState).Delete(stateRow(stored.Resource.State, r.Key)); err != nil {
			return err
		}
		if err := tx.Bucket(ofState).Put(stateRow(r.Resource.State, r.Key), nil); err != nil {
			return err
		}
		return tx.Bucket(records).Put([]byte(r.Key), append(number(place), raw...))
	})
	if err != nil {
		return fmt.Errorf("ledger record %s: %w", r.Key, embedded.Failed(err))
	}
	return conflict
}

// publish appends a record's finding to the feed, and returns its place.
func publish(tx *bbolt.Tx, r ledger.Record, old uint64) (place uint64, err error) {
	raw, err := codec.MarshalFinding(*r.Finding)
	if err != nil {
		return 0, err
	}
	if place, err = tx.Bucket(feed).NextSequence(); err != nil {
		return 0, err
	}
	if err := tx.Bucket(feed).Put(number(place), append(number(uint64(r.Revision)), raw...)); err != nil {
		return 0, err
	}
	if err := tx.Bucket(published).Delete(number(old)); err != nil {
		return 0, err
	}
	return place, tx.Bucket(published).Put(number(place), []byte(r.Key))
}

// OfState implements [ledger.Ledger].
func (l *Ledger) OfState(_ context.Context, state string) (keys []string, err error) {
	prefix := stateRow(state, "")
	err = l.db.View(func(tx *bbolt.Tx) error {
		c := tx.Bucket(ofState).Cursor()
		for row, _ := c.Seek(prefix); len(row) > len(prefix) && string(row[:len(prefix)]) == string(prefix); row, _ = c.Next() {
			keys = append(keys, string(row[len(prefix):]))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("ledger records of state %s: %w", state, embedded.Failed(err))
	}
	return keys, nil
}

// Published implements [ledger.Ledger].
func (l *Ledger) Published(context.Context) (all []ledger.Record, err error) {
	err = l.db.View(func(tx *bbolt.Tx) error {
		c := tx.Bucket(published).Cursor()
		for place, key := c.Last(); place != nil; place, key = c.Prev() {
			r, _, err := load(tx, string(key))
			if err != nil {
				return err
			}
			all = append(all, r)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("published ledger records: %w", embedded.Failed(err))
	}
	return all, nil
}

// Feed implements [ledger.Ledger].
func (l *Ledger) Feed(_ context.Context, after uint64, most int) (list []ledger.Publication, err error) {
	err = l.db.View(func(tx *bbolt.Tx) error {
		c := tx.Bucket(feed).Cursor()
		for place, raw := c.Seek(number(after + 1)); place != nil && len(list) < most; place, raw = c.Next() {
			revision, raw := split(raw)
			f, err := codec.UnmarshalFinding(raw)
			if err != nil {
				return err
			}
			list = append(list, ledger.Publication{Place: binary.BigEndian.Uint64(place), Revision: int(revision), Finding: f})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("ledger feed after %d: %w", after, embedded.Failed(err))
	}
	return list, nil
}

// Trim implements [ledger.Ledger].
func (l *Ledger) Trim(_ context.Context, upTo uint64) error {
	err := l.db.Update(func(tx *bbolt.Tx) error {
		c := tx.Bucket(feed).Cursor()
		for place, _ := c.First(); place != nil && binary.BigEndian.Uint64(place) <= upTo; place, _ = c.First() {
			if err := c.Delete(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("trim of the ledger's feed up to %d: %w", upTo, embedded.Failed(err))
	}
	return nil
}

func load(tx *bbolt.Tx, key string) (r ledger.Record, place uint64, err error) {
	raw := tx.Bucket(records).Get([]byte(key))
	if raw == nil {
		return ledger.Record{Key: key}, 0, nil
	}
	place, raw = split(raw)
	r, err = codec.UnmarshalRecord(raw)
	return r, place, err
}

// stateRow is a row of ofState: the state's length goes first, so that no state
// is the beginning of another.
func stateRow(state, key string) []byte {
	row := binary.AppendUvarint(nil, uint64(len(state)))
	return append(append(row, state...), key...)
}

func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// split takes the number off that stands before a value.
func split(value []byte) (uint64, []byte) {
	if len(value) < 8 {
		return 0, nil // which no codec can read
	}
	return binary.BigEndian.Uint64(value), value[8:]
}
