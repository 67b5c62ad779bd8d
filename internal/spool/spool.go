// Package spool keeps accepted events until they are judged. Whoever accepts an
// event answers for it from then on, so what is appended here outlives the
// process. It is the port and the in-memory backend; others are sub-packages,
// and package spooltest holds the contract that all of them keep.
//
// What an item holds, and what to do about one that cannot be judged, is left
// to those who use it.
package spool

import (
	"context"
	"fmt"
	"time"

	"tfdrift/internal/drift"
)

// Spool is the port. Its methods may be called concurrently.
type Spool interface {
	// Append keeps items, all of them or none: when it returns without an error
	// they are safe. A spool that is full refuses with [ErrFull], and has kept
	// nothing. After any other error some may have been kept all the same.
	Append(ctx context.Context, items ...[]byte) error

	// Next returns an item that nobody has taken yet, those appended first before
	// the others, and waits for one. When ctx ends, its error is returned. An item
	// that is taken and neither done nor buried is given out again after a restart.
	Next(ctx context.Context) (Item, error)

	// Done forgets an item. After a crash it may come again all the same.
	Done(ctx context.Context, it Item) error

	// Bury puts an item away that can never be judged, and why. The newest
	// thousand or so are kept.
	Bury(ctx context.Context, it Item, why string) error

	// Buried returns what was buried, the newest first, at most max.
	Buried(ctx context.Context, max int) ([]Grave, error)

	// Waiting is how many items are neither done nor buried, taken or not.
	Waiting() int

	// Ready tells why nothing could be appended now, or nil.
	Ready() error

	// Close ends the spool: Next and Append fail from then on.
	Close() error
}

// Item is one thing that waits, and its place, which is the backend's own.
type Item struct {
	Data  []byte
	Place any
}

// Grave is an item that was buried.
type Grave struct {
	Data []byte    `json:"data"`
	Why  string    `json:"why"`
	At   time.Time `json:"at"`
}

// ErrFull is the error of a spool without room: nothing was kept, and there
// will be room again. It is a [drift.ErrRetry].
var ErrFull = fmt.Errorf("the spool is full: %w", drift.ErrRetry)

// ErrClosed is the error of a spool that was closed. It is a [drift.ErrRetry]:
// the next process takes what this one does not.
var ErrClosed = fmt.Errorf("the spool is closed: %w", drift.ErrRetry)

// MaxBuried is how many graves a backend keeps at least.
const MaxBuried = 1000
