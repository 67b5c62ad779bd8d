package boltindex

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"go.etcd.io/bbolt"

	"tfdrift/internal/codec"
	"tfdrift/internal/drift"
	"tfdrift/internal/embedded"
	"tfdrift/internal/index"
)

// Bounds of what a refresh holds in memory and of what one transaction writes.
// While one batch of entries is written the next is filled. Each transaction
// waits for the disk twice, and keeps the ledger waiting while it does.
const (
	maxBatch = 4 << 20  // bytes of entries
	maxKeys  = 32 << 20 // bytes of keys that wait for the end
	maxTx    = 4 << 20  // bytes of keys, rows and addresses in a transaction
)

// refresh implements [index.Refresh].
type refresh struct {
	index *Index
	state stateRow

	mu      sync.Mutex
	known   map[string]known // by address, what the state has in the index
	batch   *batch           // being filled
	writing chan error       // tells how the writing of the batch before went; nil if there is none
	spare   *batch           // was written, to be filled again
	keys    keyRows          // that batches already written brought
	stale   []staleKey
	done    bool
	broken  error // what could not be written: nothing after it counts
}

// known is what a refresh has to know of an address.
type known struct {
	hash string // of the row in the manifest, "" where it is not to be relied on; once Keep told another, that
	told bool   // by Keep, so what is in the index is not of this hash
	seen bool   // put or kept
}

type staleKey struct{ address, key string }

// batch is entries on their way, the text of all of them in one piece.
type batch struct {
	text []byte
	puts []put
}

type put struct {
	row
	address    string
	start, end int // of its text
}

// load reads the manifest of the state, as far as Keep needs it.
func (r *refresh) load(tx *bbolt.Tx) error {
	prefix := r.state.place("")
	c := tx.Bucket(manifest).Cursor()
	for k, raw := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, raw = c.Next() {
		generation, hash, err := parseHash(raw)
		if err != nil {
			return err
		}
		if generation > r.state.Completed {
			hash = ""
		}
		r.known[string(k[numberSize:])] = known{hash: hash}
	}
	return nil
}

// Keep implements [index.Refresh].
func (r *refresh) Keep(_ context.Context, address, hash string) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.current(); err != nil {
		return false, err
	}
	k := r.known[address]
	if k.hash == hash && !k.told {
		if !k.seen {
			k.seen = true
			r.known[address] = k
			r.index.counts.kept.Add(1)
		}
		return true, nil
	}
	r.known[address] = known{hash: hash, told: true, seen: k.seen}
	return false, nil
}

// Put implements [index.Refresh].
func (r *refresh) Put(_ context.Context, e *drift.Entry, keys ...string) error {
	if e.State != r.state.Header.State {
		return fmt.Errorf("refresh of state %s: entry %s is of state %s: %w", r.state.Header.State, e.Address, e.State, drift.ErrInvalid)
	}
	keys = slices.Clone(keys)
	slices.Sort(keys)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.current(); err != nil {
		return err
	}
	k := r.known[e.Address]
	if !k.told {
		k.hash = ""
	}
	if r.batch == nil {
		r.batch = &batch{}
	}
	start := len(r.batch.text)
	r.batch.text = codec.AppendEntry(r.batch.text, e)
	r.batch.puts = append(r.batch.puts, put{
		row:     row{generation: r.state.Header.Generation, hash: k.hash, provider: string(e.Provider), account: e.Account, keys: slices.Compact(keys)},
		address: e.Address, start: start, end: len(r.batch.text),
	})
	r.known[e.Address] = known{told: true, seen: true}
	if len(r.batch.text) < maxBatch {
		return nil
	}
	return r.hand()
}

// hand gives the batch to be written beside the filling of the next.
func (r *refresh) hand() error {
	if err := r.await(); err != nil {
		return err
	}
	b, done := r.batch, make(chan error, 1)
	r.batch, r.spare, r.writing = r.spare, b, done
	write := func() error { return r.write(func(t *transaction) error { return r.putAll(t, b) }) }
	if r.keys.size() > maxKeys {
		write = func() error {
			return r.write(func(t *transaction) error {
				if err := r.putAll(t, b); err != nil {
					return err
				}
				return r.putKeys(t)
			})
		}
	}
	go func() { done <- write() }()
	return nil
}

// await waits for the batch that is being written.
func (r *refresh) await() error {
	if r.writing == nil {
		return nil
	}
	r.broken = <-r.writing
	r.writing = nil
	r.spare.text, r.spare.puts = r.spare.text[:0], r.spare.puts[:0]
	return r.broken
}

// Commit implements [index.Refresh].
func (r *refresh) Commit(context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.current(); err != nil || r.done {
		return err
	}
	if err := r.await(); err != nil {
		return err
	}
	r.broken = r.write(func(t *transaction) error {
		if r.batch != nil {
			if err := r.putAll(t, r.batch); err != nil {
				return err
			}
		}
		if err := r.putKeys(t); err != nil {
			return err
		}
		if err := r.dropStale(t); err != nil {
			return err
		}
		if err := r.removeUnseen(t); err != nil {
			return err
		}
		s := r.state
		s.Header.Complete, s.Completed = true, s.Header.Generation
		return s.save(t.tx)
	})
	r.done = r.broken == nil
	return r.broken
}

// current is the error of a refresh that is not the latest of its state any
// more, or broke.
func (r *refresh) current() error {
	r.index.mu.RLock()
	latest := r.index.latest[r.state.Header.State]
	r.index.mu.RUnlock()
	if latest != r.state.Header.Generation {
		return r.overtaken(latest)
	}
	return r.broken
}

func (r *refresh) overtaken(by uint64) error {
	return fmt.Errorf("refresh of state %s: generation %d has begun after this one, %d: %w", r.state.Header.State, by, r.state.Header.Generation, drift.ErrConflict)
}

// transaction is the one that is open; a long work is cut into several. What is
// cut off stays a refresh that broke off.
type transaction struct {
	r     *refresh
	tx    *bbolt.Tx
	bytes int
	shown map[string]int // accounts, by how many entries more they are shown
}

// write does a work in transactions. None of them writes anything once another
// refresh of the state has begun.
func (r *refresh) write(work func(*transaction) error) error {
	t := &transaction{r: r}
	err := t.begin()
	if err == nil {
		err = work(t)
	}
	if err == nil {
		err = t.commit()
	}
	if t.tx != nil {
		_ = t.tx.Rollback() // of a transaction that failed already
	}
	switch {
	case err == nil || errors.Is(err, drift.ErrConflict):
		return err
	default:
		return fmt.Errorf("refresh of state %s: %w", r.state.Header.State, embedded.Failed(err))
	}
}

func (t *transaction) begin() (err error) {
	if t.tx, err = t.r.index.db.Begin(true); err != nil {
		return err
	}
	t.bytes, t.shown = 0, map[string]int{}
	s, err := loadState(t.tx, t.r.state.Header.State)
	if err != nil {
		return err
	}
	if s == nil {
		return errors.New("the header of the state is gone")
	}
	if s.Header.Generation != t.r.state.Header.Generation {
		return t.r.overtaken(s.Header.Generation)
	}
	return nil
}

func (t *transaction) commit() error {
	bucket := t.tx.Bucket(accounts)
	for account, more := range t.shown {
		count := uint64(more)
		if raw := bucket.Get([]byte(account)); len(raw) == 8 {
			count += binary.BigEndian.Uint64(raw)
		}
		var err error
		if count == 0 {
			err = bucket.Delete([]byte(account))
		} else {
			err = bucket.Put([]byte(account), binary.BigEndian.AppendUint64(nil, count))
		}
		if err != nil {
			return err
		}
	}
	err := t.tx.Commit()
	t.tx = nil
	t.r.index.counts.transactions.Add(1)
	return err
}

// wrote counts what was written, and goes on in a new transaction where it is
// enough for one. It is called where the work may be cut.
func (t *transaction) wrote(bytes int) error {
	if t.bytes += bytes; t.bytes < maxTx {
		return nil
	}
	if err := t.commit(); err != nil {
		return err
	}
	return t.begin()
}

func (t *transaction) show(r row, n int) {
	if r.account != "" {
		t.shown[string(accountRow(r.provider, r.account))] += n
	}
}

// row is the manifest's row of an address.
func (t *transaction) row(place []byte) (old row, exists bool, err error) {
	raw := t.tx.Bucket(manifest).Get(place)
	if raw == nil {
		return row{}, false, nil
	}
	old, err = parseRow(raw)
	return old, true, err
}

// putAll writes the entries of a batch and their rows, in one transaction. They
// mostly come in order, so the pages are filled.
func (r *refresh) putAll(t *transaction, b *batch) error {
	entries, rows := t.tx.Bucket(entries), t.tx.Bucket(manifest)
	entries.FillPercent, rows.FillPercent = 0.9, 0.9
	slices.SortStableFunc(b.puts, func(a, b put) int { return strings.Compare(a.address, b.address) })
	for _, p := range b.puts {
		place := r.state.place(p.address)
		old, exists, err := t.row(place)
		if err != nil {
			return err
		}
		var before []string
		if exists {
			before = old.shown(r.state.Completed)
			t.show(old, -1)
		}
		t.show(p.row, +1)
		for _, key := range before {
			if _, still := slices.BinarySearch(p.keys, key); !still {
				p.stale = append(p.stale, key)
				r.stale = append(r.stale, staleKey{p.address, key})
			}
		}
		for _, key := range p.keys {
			if old.generation > r.state.Completed || !slices.Contains(before, key) {
				r.keys.add(key, place)
			}
		}
		if err := entries.Put(place, b.text[p.start:p.end]); err != nil {
			return err
		}
		if err := rows.Put(place, p.append(nil)); err != nil {
			return err
		}
	}
	r.index.counts.put.Add(int64(len(b.puts)))
	return nil
}

// putKeys writes the keys that wait.
func (r *refresh) putKeys(t *transaction) error {
	for row := range r.keys.sorted() {
		bucket := t.tx.Bucket(keys)
		bucket.FillPercent = 0.9
		if err := bucket.Put(row, nil); err != nil {
			return err
		}
		if err := t.wrote(len(row)); err != nil {
			return err
		}
	}
	r.keys = keyRows{}
	return nil
}

// dropStale removes the keys under which entries do not stand any more.
func (r *refresh) dropStale(t *transaction) error {
	for _, s := range r.stale {
		place := r.state.place(s.address)
		now, _, err := t.row(place)
		if err != nil {
			return err
		}
		if slices.Contains(now.keys, s.key) { // put twice, and it is back
			continue
		}
		if err := t.tx.Bucket(keys).Delete(append(appendText(nil, s.key), place...)); err != nil {
			return err
		}
		if err := t.wrote(len(s.key) + len(place)); err != nil {
			return err
		}
	}
	r.stale = nil
	return nil
}

// removeUnseen removes the entries that were neither put nor kept.
func (r *refresh) removeUnseen(t *transaction) error {
	for _, address := range slices.Sorted(maps.Keys(r.known)) {
		if r.known[address].seen {
			continue
		}
		place := r.state.place(address)
		old, exists, err := t.row(place)
		if err != nil {
			return err
		}
		if !exists { // Keep was told of it, and it was never put
			continue
		}
		t.show(old, -1)
		for _, key := range old.shown(r.state.Completed) {
			if err := t.tx.Bucket(keys).Delete(append(appendText(nil, key), place...)); err != nil {
				return err
			}
		}
		if err := t.tx.Bucket(entries).Delete(place); err != nil {
			return err
		}
		if err := t.tx.Bucket(manifest).Delete(place); err != nil {
			return err
		}
		r.index.counts.removed.Add(1)
		if err := t.wrote(1 << 10); err != nil { // about as much as its pages
			return err
		}
	}
	return nil
}

var _ index.Refresh = (*refresh)(nil)
