// Package boltoutbox is the outbox on an embedded bbolt database: what is
// waiting, the marks and the cursor outlive the process. A write that returned
// is on the disk.
//
// Its bucket, "outbox", holds the key "cursor" and three buckets: "items" by
// channel and finding; "due", where each item that waits stands in the order of
// its turn; and "given_up", the items of which nothing more is tried.
package boltoutbox

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"tfdrift/internal/codec"
	"tfdrift/internal/ledger"
	"tfdrift/internal/outbox"
)

// Outbox implements [outbox.Outbox].
type Outbox struct{ db *bbolt.DB }

var (
	outboxBucket  = []byte("outbox")
	itemsBucket   = []byte("items")
	dueBucket     = []byte("due")
	givenUpBucket = []byte("given_up")
	cursorKey     = []byte("cursor")
)

// New returns the outbox in a database, which the caller opens and closes, and
// which may hold other things beside it.
func New(db *bbolt.DB) (*Outbox, error) {
	err := db.Update(func(tx *bbolt.Tx) error {
		root, err := tx.CreateBucketIfNotExists(outboxBucket)
		if err != nil {
			return err
		}
		for _, name := range [][]byte{itemsBucket, dueBucket, givenUpBucket} {
			if _, err := root.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("outbox in %s: %w", db.Path(), err)
	}
	return &Outbox{db}, nil
}

// Cursor implements [outbox.Outbox].
func (o *Outbox) Cursor(context.Context) (place uint64, err error) {
	err = o.view(func(b buckets) error {
		place = cursor(b.root)
		return nil
	})
	return place, err
}

func cursor(root *bbolt.Bucket) uint64 {
	v := root.Get(cursorKey)
	if len(v) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64(v)
}

// Accept implements [outbox.Outbox].
func (o *Outbox) Accept(_ context.Context, channels []string, publications []ledger.Publication, now time.Time) error {
	return o.update(func(b buckets) error {
		place := cursor(b.root)
		for _, p := range publications {
			for _, c := range channels {
				if err := b.change(c, p.Finding.ID, func(it *outbox.Item) { it.Accept(p, now) }); err != nil {
					return err
				}
			}
			place = max(place, p.Place)
		}
		return b.root.Put(cursorKey, binary.BigEndian.AppendUint64(nil, place))
	})
}

// Due implements [outbox.Outbox].
func (o *Outbox) Due(_ context.Context, channel string, now time.Time, most int) (due []outbox.Delivery, next time.Time, err error) {
	err = o.view(func(b buckets) error {
		prefix := part(channel)
		turns := b.due.Cursor()
		for k, _ := turns.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = turns.Next() {
			turn := k[len(prefix):]
			at := time.Unix(0, int64(binary.BigEndian.Uint64(turn)))
			if at.After(now) || len(due) == most {
				next = at
				return nil
			}
			it, err := b.item(channel, string(turn[16:]))
			if err != nil {
				return err
			}
			due = append(due, outbox.Delivery{Channel: channel, Message: *it.Next(), Attempt: it.Attempt})
		}
		return nil
	})
	return due, next, err
}

// Settle implements [outbox.Outbox].
func (o *Outbox) Settle(_ context.Context, d outbox.Delivery, outcome outbox.Outcome) error {
	return o.update(func(b buckets) error {
		return b.change(d.Channel, d.Message.Finding.ID, func(it *outbox.Item) { it.Settle(d.Message.Revision, outcome) })
	})
}

// Waiting implements [outbox.Outbox].
func (o *Outbox) Waiting(_ context.Context, channel string) (n int, err error) {
	err = o.view(func(b buckets) error {
		prefix := part(channel)
		turns := b.due.Cursor()
		for k, _ := turns.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = turns.Next() {
			n++
		}
		return nil
	})
	return n, err
}

// GivenUp implements [outbox.Outbox].
func (o *Outbox) GivenUp(_ context.Context, most int) (all []outbox.Abandoned, err error) {
	err = o.view(func(b buckets) error {
		keys := b.givenUp.Cursor()
		for k, _ := keys.First(); k != nil && len(all) < most; k, _ = keys.Next() {
			channel, finding, _ := bytes.Cut(k, []byte{0})
			it, err := b.item(string(channel), string(finding))
			if err != nil {
				return err
			}
			all = append(all, outbox.Abandoned{Delivery: outbox.Delivery{Channel: string(channel), Message: *it.Next(), Attempt: it.Attempt}, Why: it.GivenUp})
		}
		return nil
	})
	return all, err
}

func (o *Outbox) view(f func(buckets) error) error {
	return wrap(o.db.View(func(tx *bbolt.Tx) error { return f(in(tx)) }))
}

// update shares its way to the disk with other writers; f may run twice.
func (o *Outbox) update(f func(buckets) error) error {
	return wrap(o.db.Batch(func(tx *bbolt.Tx) error { return f(in(tx)) }))
}

func wrap(err error) error {
	if err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	return nil
}

// buckets are those of one transaction.
type buckets struct{ root, items, due, givenUp *bbolt.Bucket }

func in(tx *bbolt.Tx) buckets {
	root := tx.Bucket(outboxBucket)
	return buckets{root, root.Bucket(itemsBucket), root.Bucket(dueBucket), root.Bucket(givenUpBucket)}
}

// item reads an item; an absent one is the zero item.
func (b buckets) item(channel, finding string) (it outbox.Item, err error) {
	raw := b.items.Get(append(part(channel), finding...))
	if raw == nil {
		return it, nil
	}
	if it, err = codec.UnmarshalItem(raw); err != nil {
		return it, fmt.Errorf("item of finding %s on channel %s: %w", finding, channel, err)
	}
	return it, nil
}

// change changes an item and moves it to its place among the others.
func (b buckets) change(channel, finding string, change func(*outbox.Item)) error {
	it, err := b.item(channel, finding)
	if err != nil {
		return err
	}
	key := append(part(channel), finding...)
	if !it.Due.IsZero() {
		if err := b.due.Delete(turn(channel, finding, it)); err != nil {
			return err
		}
	}
	if it.GivenUp != "" {
		if err := b.givenUp.Delete(key); err != nil {
			return err
		}
	}
	change(&it)
	if !it.Due.IsZero() {
		if err := b.due.Put(turn(channel, finding, it), nil); err != nil {
			return err
		}
	}
	if it.GivenUp != "" {
		if err := b.givenUp.Put(key, nil); err != nil {
			return err
		}
	}
	raw, err := codec.MarshalItem(it)
	if err != nil {
		return fmt.Errorf("item of finding %s on channel %s: %w", finding, channel, err)
	}
	return b.items.Put(key, raw)
}

// part is a channel's name as the beginning of a key.
func part(channel string) []byte { return append([]byte(channel), 0) }

// turn is an item's key among what is due: keys sort by channel, time, place.
func turn(channel, finding string, it outbox.Item) []byte {
	k := binary.BigEndian.AppendUint64(part(channel), uint64(it.Due.UnixNano()))
	return append(binary.BigEndian.AppendUint64(k, it.Place), finding...)
}
