// Package boltledger keeps the ledger in the embedded store: the backend of a
// single host. A record, its place among its state's records and its publication
// are one transaction.
package boltledger

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"

	"tfdrift/internal/codec"
	"tfdrift/internal/drift"
	"tfdrift/internal/embedded"
	"tfdrift/internal/ledger"
)

// The buckets. Numbers are eight bytes, big-endian.
var (
	records   = []byte("ledger.records")   // key → head, record
	ofState   = []byte("ledger.of_state")  // state, key → nothing
	published = []byte("ledger.published") // place of a record's latest publication → key
	feed      = []byte("ledger.feed")      // place → revision, finding; its sequence is the last place given
)

// Ledger implements [ledger.Ledger] in an embedded store.
type Ledger struct{ db *bbolt.DB }

// New returns the ledger in a store, an empty one where there was none. One that
// another version has written in another form is [drift.ErrInvalid].
func New(db *bbolt.DB) (*Ledger, error) {
	var foreign error
	err := db.Update(func(tx *bbolt.Tx) error {
		for _, name := range [][]byte{records, ofState, published, feed} {
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		if key, row := tx.Bucket(records).Cursor().First(); key != nil {
			_, _, foreign = split(row)
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, fmt.Errorf("ledger: %w", embedded.Failed(err))
	case foreign != nil:
		return nil, fmt.Errorf("ledger in %s: not one that this version wrote, or damaged; run the version that wrote it, restore it from a backup, or begin with a new data folder: %w", db.Path(), drift.ErrInvalid)
	}
	return &Ledger{db}, nil
}

// Load implements [ledger.Ledger].
func (l *Ledger) Load(_ context.Context, key string) (r ledger.Record, err error) {
	err = l.db.View(func(tx *bbolt.Tx) error {
		r, err = load(tx, key)
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
		stored, _, err := split(tx.Bucket(records).Get([]byte(r.Key)))
		if err != nil {
			return err
		}
		if stored.version != uint64(r.Version) {
			conflict = fmt.Errorf("ledger record %s: version %d is stored, %d was read: %w", r.Key, stored.version, r.Version, drift.ErrConflict)
			return nil
		}
		next := head{stored.place, stored.version + 1, uint64(r.Revision), r.Resource.State}
		if next.revision > stored.revision {
			if next.place, err = publish(tx, r, stored.place); err != nil {
				return err
			}
		}
		if stored.version == 0 || stored.state != next.state {
			if err := tx.Bucket(ofState).Delete(stateRow(stored.state, r.Key)); err != nil {
				return err
			}
			if err := tx.Bucket(ofState).Put(stateRow(next.state, r.Key), nil); err != nil {
				return err
			}
		}
		return tx.Bucket(records).Put([]byte(r.Key), append(next.append(nil), raw...))
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
			r, err := load(tx, string(key))
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
			if len(raw) < 8 {
				return errDamaged
			}
			revision, raw := binary.BigEndian.Uint64(raw), raw[8:]
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
	err := l.db.Batch(func(tx *bbolt.Tx) error {
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

func load(tx *bbolt.Tx, key string) (ledger.Record, error) {
	row := tx.Bucket(records).Get([]byte(key))
	if row == nil {
		return ledger.Record{Key: key}, nil
	}
	_, raw, err := split(row)
	if err != nil {
		return ledger.Record{}, err
	}
	return codec.UnmarshalRecord(raw)
}

// head is what stands before a record, so that a write need not read the whole
// one that it replaces.
type head struct {
	place    uint64 // of its latest publication, 0 for none
	version  uint64 // 0: no record
	revision uint64
	state    string
}

// form is the number of a row's form, its first byte.
const form = 1

func (h head) append(row []byte) []byte {
	row = append(row, form)
	for _, n := range []uint64{h.place, h.version, h.revision, uint64(len(h.state))} {
		row = binary.AppendUvarint(row, n)
	}
	return append(row, h.state...)
}

// split takes the head off a row; of none, it is the zero head.
func split(row []byte) (h head, raw []byte, err error) {
	if row == nil {
		return h, nil, nil
	}
	if len(row) == 0 || row[0] != form {
		return h, nil, errDamaged
	}
	row = row[1:]
	var length uint64
	for _, n := range []*uint64{&h.place, &h.version, &h.revision, &length} {
		var size int
		if *n, size = binary.Uvarint(row); size <= 0 {
			return h, nil, errDamaged
		}
		row = row[size:]
	}
	if length > uint64(len(row)) {
		return h, nil, errDamaged
	}
	h.state = string(row[:length])
	return h, row[length:], nil
}

var errDamaged = errors.New("a row is damaged; restore the store from a backup")

// stateRow is a row of ofState: the state's length goes first, so that no state
// is the beginning of another.
func stateRow(state, key string) []byte {
	row := binary.AppendUvarint(nil, uint64(len(state)))
	return append(append(row, state...), key...)
}

func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }
