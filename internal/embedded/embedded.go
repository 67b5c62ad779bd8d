// Package embedded opens the one file in which a single host keeps what the
// clouds keep in tables: the index, the ledger, and whatever else runs beside
// them. Packages boltindex and boltledger hold the buckets; this one holds the
// file, its lock and its errors.
package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"tfdrift/internal/drift"
)

// Open opens the store in a file, which it makes where there is none. One
// process has it at a time: a second waits a second for the first to end, then
// gives up with [drift.ErrRetry].
//
// Every write is on the disk when it is reported done. Writes that come at once
// share their way to the disk and wait for each other, two milliseconds at most.
func Open(path string) (*bbolt.DB, error) {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Second, FreelistType: bbolt.FreelistMapType, PageSize: pageSize})
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return nil, fmt.Errorf("store %s: another process has it open; is tfdrift running already? Stop it, or give this one a file of its own: %w", path, drift.ErrRetry)
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrChecksum), errors.Is(err, bolterrors.ErrVersionMismatch):
		return nil, fmt.Errorf("store %s: not a store of tfdrift, or damaged (%v); restore it from a backup or move it away, the index is built anew from the states: %w", path, err, drift.ErrInvalid)
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("store %s: make its folder first: %w", path, err)
	case err != nil:
		return nil, fmt.Errorf("store %s: %w", path, err)
	}
	db.MaxBatchDelay = 2 * time.Millisecond
	go giveBack(db)
	return db, nil
}

// pageSize holds several index entries of the usual two kilobytes. With pages
// of 4 KB, half of the store were air.
const pageSize = 16 << 10

// Failed is the error of an operation on the store: the disk is full, or the
// store is closed because the process ends. Nothing is wrong with what was
// asked, so all of them are [drift.ErrRetry].
func Failed(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("embedded store: %v: %w", err, drift.ErrRetry)
}
