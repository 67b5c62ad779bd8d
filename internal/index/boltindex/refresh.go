package boltindex

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
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
	maxKeys  = 12 << 20 // bytes of keys that wait for the end
	maxTx    = 4 << 20  // bytes of keys, rows and addresses in a transaction
)

// refresh implements [index.Refresh].
type refresh struct {
	index *Index
	state stateRow

	mu      sync.Mutex
	known   map[string]*known // by address, what the state has in the index
	batch   *batch            // being filled
	writing chan error        // tells how the writing of the batch before went; nil if there is none
	spare   *batch            // was written, to be filled again
	keys    keyRows           // that batches already written brought
	shown   map[string]int    // accounts, by how many entries more show them

	leftovers []leftover // what nobody will find
	done      bool
	broken    error // what could not be written: nothing after it counts
}

// known is what a refresh has to know of an address.
type known struct {
	generation uint64 // of the version that is found; 0: none is
	hash       string // of that version; once Keep told another, that
	told       bool   // by Keep, so what is in the index is not of this hash
	seen       bool   // put or kept
	put        bool
}

// leftover is what is to be removed of an address: a version, and keys under
// which it stands no more.
type leftover struct {
	version []byte
	keys    []string // beside those of the version
}

// batch is entries on their way, the text of all of them in one piece.
type batch struct {
	text []byte
	puts []put
}

type put struct {
	row
	at         place
	before     uint64 // generation of the version that it replaces; 0: there is none
	again      bool   // this refresh has put the address already
	start, end int    // of its text
}

// load reads the manifest of the state: what is found, as far as Keep needs it,
// and what is left over.
func (r *refresh) load(tx *bbolt.Tx) error {
	prefix := r.state.place("")
	c := tx.Bucket(manifest).Cursor()
	for version, raw := c.Seek(prefix); bytes.HasPrefix(version, prefix); version, raw = c.Next() {
		generation, at := generationOf(version), placeOf(version)
		if generation > r.state.Completed {
			r.leave(version)
			continue
		}
		k := r.know(at.address())
		if k.generation > 0 { // versions of an address come in order
			r.leave(at.version(k.generation))
		}
		k.generation, k.hash = generation, ""
		if len(raw) == 0 {
			k.generation = 0
			r.leave(version)
			continue
		}
		var err error
		if k.hash, err = parseHash(raw); err != nil {
			return err
		}
	}
	return nil
}

// leave notes a version that nobody will find, once the refresh is completed.
func (r *refresh) leave(version []byte) {
	r.leftovers = append(r.leftovers, leftover{version: bytes.Clone(version)})
}

// Keep implements [index.Refresh].
func (r *refresh) Keep(_ context.Context, address, hash string) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.current(); err != nil {
		return false, err
	}
	k := r.know(address)
	if k.generation > 0 && k.hash == hash && !k.told {
		if !k.seen {
			k.seen = true
			r.index.counts.kept.Add(1)
		}
		return true, nil
	}
	k.hash, k.told = hash, true
	return false, nil
}

func (r *refresh) know(address string) *known {
	k := r.known[address]
	if k == nil {
		k = new(known)
		r.known[address] = k
	}
	return k
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
	k := r.know(e.Address)
	if !k.told {
		k.hash = ""
	}
	if r.batch == nil {
		r.batch = &batch{}
	}
	start := len(r.batch.text)
	r.batch.text = codec.AppendEntry(r.batch.text, e)
	r.batch.puts = append(r.batch.puts, put{
		row: row{hash: k.hash, provider: string(e.Provider), account: e.Account, keys: slices.Compact(keys)},
		at:  r.state.place(e.Address), before: k.generation, again: k.put, start: start, end: len(r.batch.text),
	})
	k.hash, k.told, k.seen, k.put = "", true, true, true
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
		if err := r.bury(t); err != nil {
			return err
		}
		if err := r.complete(t); err != nil {
			return err
		}
		return r.clear(t)
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
	t.bytes = 0
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

// putAll writes the entries of a batch and their rows, in one transaction. They
// mostly come in order, so the pages are filled.
func (r *refresh) putAll(t *transaction, b *batch) error {
	entries, rows := t.tx.Bucket(entries), t.tx.Bucket(manifest)
	entries.FillPercent, rows.FillPercent = 0.9, 0.9
	slices.SortStableFunc(b.puts, func(a, b put) int { return bytes.Compare(a.at, b.at) })
	for _, p := range b.puts {
		version := p.at.version(r.state.Header.Generation)
		switch {
		case p.again:
			before, err := parseRow(rows.Get(version))
			if err != nil {
				return err
			}
			r.show(before, -1)
			r.leftovers = append(r.leftovers, leftover{version: p.at.version(0), keys: before.keys})
		case p.before > 0:
			if err := r.supersede(t, p.at.version(p.before)); err != nil {
				return err
			}
		}
		r.show(p.row, +1)
		for _, key := range p.keys {
			r.keys.add(key, p.at)
		}
		if err := entries.Put(version, b.text[p.start:p.end]); err != nil {
			return err
		}
		if err := rows.Put(version, p.append(nil)); err != nil {
			return err
		}
	}
	r.index.counts.put.Add(int64(len(b.puts)))
	return nil
}

// supersede takes a version that is found out of account.
func (r *refresh) supersede(t *transaction, version []byte) error {
	old, err := parseRow(t.tx.Bucket(manifest).Get(version))
	if err != nil {
		return err
	}
	r.show(old, -1)
	r.leave(version)
	return nil
}

func (r *refresh) show(entry row, n int) {
	if entry.account != "" {
		r.shown[string(accountRow(entry.provider, entry.account))] += n
	}
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

// bury marks the entries as gone that were neither put nor kept.
func (r *refresh) bury(t *transaction) error {
	var unseen []string
	for address, k := range r.known {
		if !k.seen && k.generation > 0 {
			unseen = append(unseen, address)
		}
	}
	slices.Sort(unseen)
	for _, address := range unseen {
		at := r.state.place(address)
		if err := r.supersede(t, at.version(r.known[address].generation)); err != nil {
			return err
		}
		gone := at.version(r.state.Header.Generation)
		if err := t.tx.Bucket(manifest).Put(gone, nil); err != nil {
			return err
		}
		r.leave(gone)
		r.index.counts.removed.Add(1)
		if err := t.wrote(len(gone)); err != nil {
			return err
		}
	}
	return nil
}

// complete makes what was written what is found.
func (r *refresh) complete(t *transaction) error {
	bucket := t.tx.Bucket(accounts)
	for account, more := range r.shown {
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
	r.state.Header.Complete, r.state.Completed = true, r.state.Header.Generation
	return r.state.save(t.tx)
}

// clear removes what is left over.
func (r *refresh) clear(t *transaction) error {
	for _, l := range r.leftovers {
		at := placeOf(l.version)
		row, err := parseRow(t.tx.Bucket(manifest).Get(l.version))
		if err != nil {
			return err
		}
		if err := t.tx.Bucket(entries).Delete(l.version); err != nil {
			return err
		}
		if err := t.tx.Bucket(manifest).Delete(l.version); err != nil {
			return err
		}
		_, raw := visible(t.tx, at, r.state.Completed)
		now, err := parseRow(raw)
		if err != nil {
			return err
		}
		for _, key := range append(row.keys, l.keys...) {
			if slices.Contains(now.keys, key) {
				continue
			}
			if err := t.tx.Bucket(keys).Delete(append(appendText(nil, key), at...)); err != nil {
				return err
			}
		}
		if err := t.wrote(1 << 10); err != nil { // about as much as its pages
			return err
		}
	}
	r.leftovers = nil
	return nil
}

var _ index.Refresh = (*refresh)(nil)
