package dynamoindex

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"tfdrift/internal/codec"
	"tfdrift/internal/drift"
	"tfdrift/internal/dynamo"
	"tfdrift/internal/index"
)

// maxPending is how much of packed entries waits in memory for Commit. What is
// more waits in a file.
const maxPending = 8 << 20

// refresh implements [index.Refresh].
type refresh struct {
	index  *Index
	header index.Header

	mu       sync.Mutex
	manifest manifest
	pending  map[place]*pending // entries put
	bytes    int                // of them in memory
	file     *os.File           // of the others; nil while there are none
	end      int64              // of the file
	done     bool
	broken   error // what could not be kept or written: nothing after it counts
}

// pending is an entry on its way; where it goes is in its row.
type pending struct {
	address string
	stored  []byte // nil where it is in the file
	at      int64
	size    int
}

// Keep implements [index.Refresh].
func (r *refresh) Keep(_ context.Context, address, hash string) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.current(); err != nil {
		return false, err
	}
	row := r.manifest.row(placeOf(r.header.State, address))
	told := digestOf(hash)
	if row.now.exists && row.hash == told && row.told == (digest{}) && r.manifest.reliable(row) {
		row.seen = true
		return true, nil
	}
	row.told = told
	return false, nil
}

// Put implements [index.Refresh].
func (r *refresh) Put(_ context.Context, e *drift.Entry, keys ...string) error {
	if e.State != r.header.State {
		return fmt.Errorf("refresh of state %s: entry %s is of state %s: %w", r.header.State, e.Address, e.State, drift.ErrInvalid)
	}
	keys = slices.Clone(keys)
	slices.Sort(keys)
	stored := dynamo.Pack(codec.AppendEntry(nil, e))
	next := version{exists: true, keys: slices.Compact(keys), account: shown(e.Provider, e.Account)}
	if len(stored) > dynamo.MaxItem {
		sum := sha256.Sum256(stored)
		next.parts, next.stamp = (len(stored)+dynamo.MaxItem-1)/dynamo.MaxItem, hex.EncodeToString(sum[:8])
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.current(); err != nil {
		return err
	}
	at := placeOf(e.State, e.Address)
	row, waiting := r.manifest.row(at), r.pending[at]
	if waiting == nil {
		waiting = new(pending)
		r.pending[at] = waiting
		if row.now.exists {
			row.before = append(row.before, row.now)
		}
	}
	r.bytes += len(stored) - len(waiting.stored)
	*waiting = pending{address: e.Address, stored: stored}
	row.now, row.hash, row.generation = next, row.told, r.header.Generation
	row.told, row.seen = digest{}, true
	r.manifest.change(row)
	if r.bytes < maxPending {
		return nil
	}
	r.broken = r.spill()
	return r.broken
}

// spill moves what waits in memory to a file that has no name, and is gone with
// the refresh.
func (r *refresh) spill() (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("refresh of state %s: what waits for its end cannot be kept; is there room in %s? (%v): %w", r.header.State, os.TempDir(), err, drift.ErrRetry)
		}
	}()
	if r.file == nil {
		if r.file, err = os.CreateTemp("", "tfdrift-refresh-"); err != nil {
			return err
		}
		if err := os.Remove(r.file.Name()); err != nil {
			return err
		}
	}
	for _, p := range r.pending {
		if p.stored == nil {
			continue
		}
		if _, err := r.file.WriteAt(p.stored, r.end); err != nil {
			return err
		}
		p.at, p.size, p.stored = r.end, len(p.stored), nil
		r.end += int64(p.size)
	}
	r.bytes = 0
	return nil
}

// text is a pending entry, wherever it waits.
func (r *refresh) text(p *pending) ([]byte, error) {
	if p.stored != nil {
		return p.stored, nil
	}
	stored := make([]byte, p.size)
	if _, err := r.file.ReadAt(stored, p.at); err != nil {
		return nil, fmt.Errorf("what waited cannot be read again (%v): %w", err, drift.ErrRetry)
	}
	return stored, nil
}

// Commit implements [index.Refresh].
func (r *refresh) Commit(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.current(); err != nil || r.done {
		return err
	}
	for _, row := range r.manifest.rows {
		if row.now.exists && !row.seen {
			row.before, row.now = append(row.before, row.now), version{}
			row.hash, row.generation = digest{}, r.header.Generation
			r.manifest.change(row)
		}
	}
	r.broken = r.write(ctx)
	r.done = r.broken == nil
	if r.file != nil {
		_ = r.file.Close() // it is read to its end, or of no use
	}
	return r.broken
}

// current is the error of a refresh that is not the latest of its state any
// more, as far as this process knows, or that broke. What another process began
// shows when something is written.
func (r *refresh) current() error {
	r.index.mu.RLock()
	latest := r.index.latest[r.header.State]
	r.index.mu.RUnlock()
	if latest != r.header.Generation {
		return fmt.Errorf("refresh of state %s: generation %d has begun after this one, %d: %w", r.header.State, latest, r.header.Generation, drift.ErrConflict)
	}
	return r.broken
}

// work hands on all that there is to write, in this order: the manifest before
// the entries that it speaks of, the parts of an entry before the item that tells
// of them, then what is to be removed, and the header.
func (r *refresh) work(do func(types.TransactWriteItem) error) error {
	for n := range r.manifest.chunks {
		if c := &r.manifest.chunks[n]; c.changed {
			err := do(r.put(dynamo.Item{"pk": dynamo.Text(manifestRow(r.header.State)), "sk": dynamo.Text(fmt.Sprintf("%06d", n)), "rows": dynamo.Bytes(c.store())}))
			if err != nil {
				return err
			}
		}
	}
	for at, p := range r.pending {
		stored, err := r.text(p)
		if err != nil {
			return err
		}
		for _, item := range r.items(at, p.address, stored) {
			if err := do(r.put(item)); err != nil {
				return err
			}
		}
	}
	for _, removal := range r.removals() {
		if err := do(removal); err != nil {
			return err
		}
	}
	values := dynamo.Item{":complete": dynamo.Flag(true), ":lineage": dynamo.Text(r.header.Lineage), ":serial": dynamo.Number(r.header.Serial), ":written": dynamo.Text("")}
	if !r.header.Written.IsZero() {
		values[":written"] = dynamo.Text(r.header.Written.Format(time.RFC3339Nano))
	}
	complete := r.atHeader(values)
	return do(types.TransactWriteItem{Update: &types.Update{
		TableName: complete.TableName, Key: complete.Key, ConditionExpression: complete.ConditionExpression, ExpressionAttributeValues: complete.ExpressionAttributeValues,
		UpdateExpression: aws.String("SET complete = :complete, completed = :generation, lineage = :lineage, serial = :serial, written = :written"),
	}})
}

// items are an entry under its keys, and the account that it shows if the index
// does not know it yet.
func (r *refresh) items(at place, address string, stored []byte) (items []dynamo.Item) {
	v := r.manifest.rows[at].now
	for _, key := range v.keys {
		for i := range v.parts {
			part := stored[i*dynamo.MaxItem : min((i+1)*dynamo.MaxItem, len(stored))]
			items = append(items, dynamo.Item{"pk": dynamo.Text(keyRow(key)), "sk": dynamo.Text(partRow(at, v.stamp, i)), "part": dynamo.Bytes(part)})
		}
		entry := dynamo.Item{
			"pk": dynamo.Text(keyRow(key)), "sk": dynamo.Text(at.sk()),
			"state": dynamo.Text(r.header.State), "address": dynamo.Text(address), "generation": dynamo.Number(r.header.Generation),
		}
		if v.parts > 0 {
			entry["parts"], entry["stamp"] = dynamo.Number(v.parts), dynamo.Text(v.stamp)
		} else {
			entry["entry"] = dynamo.Bytes(stored)
		}
		items = append(items, entry)
	}
	if v.account != "" && !r.manifest.accounts[v.account] {
		r.manifest.accounts[v.account] = true
		items = append(items, dynamo.Item{"pk": dynamo.Text(accountRow(v.account)), "sk": dynamo.Text(placeOf(r.header.State, "").sk()), "state": dynamo.Text(r.header.State)})
	}
	return items
}

// removals is what there is to remove at the end: what entries stood under
// before, and the accounts that are not shown any more.
func (r *refresh) removals() (work []types.TransactWriteItem) {
	gone := map[[2]string]bool{}
	remaining, before := map[string]bool{}, map[string]bool{}
	for at, row := range r.manifest.rows {
		remaining[row.now.account] = true
		for _, v := range row.before {
			before[v.account] = true
			for _, key := range absent(v.keys, row.now.keys) {
				gone[[2]string{keyRow(key), at.sk()}] = true
			}
			parted := v.keys
			if v.stamp == row.now.stamp { // the same parts stand under the keys of now
				parted = absent(v.keys, row.now.keys)
			}
			for _, key := range parted {
				for i := range v.parts {
					gone[[2]string{keyRow(key), partRow(at, v.stamp, i)}] = true
				}
			}
		}
	}
	for account := range before {
		if account != "" && !remaining[account] {
			gone[[2]string{accountRow(account), placeOf(r.header.State, "").sk()}] = true
		}
	}
	for at := range gone {
		work = append(work, types.TransactWriteItem{Delete: &types.Delete{TableName: &r.index.table.Name, Key: dynamo.Place(at[0], at[1])}})
	}
	return work
}

func (r *refresh) put(item dynamo.Item) types.TransactWriteItem {
	return types.TransactWriteItem{Put: &types.Put{TableName: &r.index.table.Name, Item: item}}
}

// atHeader is the condition under which everything is written: that no other
// refresh has begun.
func (r *refresh) atHeader(values dynamo.Item) *types.ConditionCheck {
	values[":generation"] = dynamo.Number(r.header.Generation)
	return &types.ConditionCheck{
		TableName: &r.index.table.Name, Key: dynamo.Place(stateRow(r.header.State), header),
		ConditionExpression: aws.String("generation = :generation"), ExpressionAttributeValues: values,
	}
}

// write does all the work, in as few transactions as hold it. They go one after
// the other: two that check one header at once would hinder each other.
func (r *refresh) write(ctx context.Context) error {
	var batch []types.TransactWriteItem
	bytes := 0
	flush := func(condition ...types.TransactWriteItem) error {
		err := r.index.table.Write(ctx, append(batch, condition...))
		batch, bytes = batch[:0], 0
		return err
	}
	err := r.work(func(w types.TransactWriteItem) error {
		if n := size(w); len(batch) == dynamo.MaxTransaction-1 || bytes+n > dynamo.MaxTransactionBytes {
			if err := flush(types.TransactWriteItem{ConditionCheck: r.atHeader(dynamo.Item{})}); err != nil {
				return err
			}
		}
		batch, bytes = append(batch, w), bytes+size(w)
		return nil
	})
	if err == nil {
		err = flush() // which ends with the header's update, and has the condition in it
	}
	switch {
	case errors.Is(err, drift.ErrConflict):
		return fmt.Errorf("refresh of state %s: another one has begun after this one, %d: %w", r.header.State, r.header.Generation, err)
	case err != nil:
		return fmt.Errorf("refresh of state %s: %w", r.header.State, err)
	}
	return nil
}

// size is about how many bytes a write takes.
func size(w types.TransactWriteItem) int {
	n := 256
	if w.Put != nil {
		for _, v := range w.Put.Item {
			switch v := v.(type) {
			case *types.AttributeValueMemberB:
				n += len(v.Value)
			case *types.AttributeValueMemberS:
				n += len(v.Value)
			}
		}
	}
	return n
}

var _ index.Refresh = (*refresh)(nil)
