// Package dynamoindex keeps the index in a table of DynamoDB.
//
// An entry stands whole under each of its keys, so that an event's look-ups are
// one round trip: as many queries side by side as it has keys. Beside the entries
// stand, for each state, its header and its manifest, which says of every address
// what it was made of and where its entry stands. A refresh writes only what the
// manifest does not have, and all of it at Commit: until then nothing of it is
// found, and what it had put is gone with it if it is given up.
//
// Whatever a refresh writes goes in transactions, each under the condition that
// the state's header is still of its generation: once another one has begun, an
// older refresh, however slow, writes nothing more. A condition on each item could
// not do that, since an item that nobody wrote has no generation. Transactions
// cost two writes for one; a refresh is rare and small. The manifest's rows go
// before the entries that they speak of, so that the refresh after one that broke
// off knows of everything that may be there.
package dynamoindex

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"

	"tfdrift/internal/codec"
	"tfdrift/internal/drift"
	"tfdrift/internal/dynamo"
	"tfdrift/internal/index"
)

// Schema is what the table must be like. These items stand in it:
//
//	pk                    sk                what
//	key <key>             <place>           an entry, whole
//	key <key>             <place>.<stamp>.n a part of one that does not fit an item
//	state <name>          header            what is known of a state
//	manifest <name>       <number>          some rows of its manifest
//	account <cloud> <id>  <state>           a state shows the account
//
// A place is the hash of a state and an address.
func Schema(table string) *dynamodb.CreateTableInput {
	return &dynamodb.CreateTableInput{
		TableName:   &table,
		BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: aws.String("pk"), AttributeType: types.ScalarAttributeTypeS},
			{AttributeName: aws.String("sk"), AttributeType: types.ScalarAttributeTypeS},
		},
		KeySchema: []types.KeySchemaElement{
			{AttributeName: aws.String("pk"), KeyType: types.KeyTypeHash},
			{AttributeName: aws.String("sk"), KeyType: types.KeyTypeRange},
		},
	}
}

// Index implements [index.Index] in a table.
type Index struct {
	table *dynamo.Table

	mu     sync.RWMutex
	latest map[string]uint64 // generations begun by this process: the quick half of every refresh's check
}

// New returns the index in a table.
func New(table *dynamo.Table) *Index { return &Index{table: table, latest: map[string]uint64{}} }

// place is where an entry stands under each of its keys.
type place [16]byte

func placeOf(state, address string) place {
	sum := sha256.Sum256([]byte(state + "\x00" + address))
	return place(sum[:])
}

func (p place) sk() string { return hex.EncodeToString(p[:]) }

func keyRow(key string) string         { return dynamo.Key("key", key) }
func stateRow(name string) string      { return dynamo.Key("state", name) }
func manifestRow(name string) string   { return dynamo.Key("manifest", name) }
func accountRow(account string) string { return dynamo.Key("account", account) }

const header = "header"

// shown is the name of an account of a cloud, "" of nobody's.
func shown(provider drift.Provider, account string) string {
	if account == "" {
		return ""
	}
	return string(provider) + " " + account
}

// Find implements [index.Index]: one query for each key, all at once.
func (x *Index) Find(ctx context.Context, keys ...string) ([]*drift.Entry, error) {
	keys = slices.Clone(keys)
	slices.Sort(keys)
	keys = slices.Compact(keys)
	under := make([][]found, len(keys))
	group, groupCtx := errgroup.WithContext(ctx)
	for i, key := range keys {
		group.Go(func() (err error) {
			under[i], err = x.under(groupCtx, key)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, fmt.Errorf("index lookup %v: %w", keys, err)
	}
	all := slices.Concat(under...)
	slices.SortFunc(all, func(a, b found) int { // of two copies, one of which was refreshed, the newer
		return cmp.Or(bytes.Compare(a.place[:], b.place[:]), cmp.Compare(b.generation, a.generation))
	})
	all = slices.CompactFunc(all, func(a, b found) bool { return a.place == b.place })
	var entries []*drift.Entry
	for _, f := range all {
		e, err := f.entry()
		if err != nil {
			return nil, fmt.Errorf("index lookup %v: entry %s of state %s: %w", keys, f.address, f.state, err)
		}
		entries = append(entries, e)
	}
	slices.SortFunc(entries, func(a, b *drift.Entry) int {
		return cmp.Or(strings.Compare(a.State, b.State), strings.Compare(a.Address, b.Address))
	})
	return entries, nil
}

// found is an entry as it is stored.
type found struct {
	place          place
	generation     uint64
	state, address string
	stored         []byte
}

func (f *found) entry() (*drift.Entry, error) {
	raw, err := dynamo.Unpack(f.stored)
	if err != nil {
		return nil, err
	}
	e, err := codec.ParseEntry(raw)
	if err != nil {
		return nil, err
	}
	e.State, e.Address = f.state, f.address
	return e, nil
}

// under returns what stands under a key. Between two pages of an answer an entry
// of several parts may have got others; then it is asked again.
func (x *Index) under(ctx context.Context, key string) ([]found, error) {
	for attempt := 1; ; attempt++ {
		items, err := x.table.Query(ctx, dynamo.Under(keyRow(key), ""))
		if err != nil {
			return nil, err
		}
		all, err := assemble(items)
		if !errors.Is(err, errTorn) || attempt == 5 {
			return all, err
		}
		if err := dynamo.Wait(ctx, attempt); err != nil {
			return nil, errors.Join(err, drift.ErrRetry)
		}
	}
}

var errTorn = fmt.Errorf("it was changed while it was read: %w", drift.ErrRetry)

// assemble puts entries together that are in parts. A part comes after the item
// that tells of it.
func assemble(items []dynamo.Item) (all []found, err error) {
	parts := map[string][]byte{}
	for _, item := range items {
		if part := item.Bytes("part"); part != nil {
			parts[item.Text("sk")] = part
		}
	}
	for _, item := range items {
		if item.Bytes("part") != nil {
			continue
		}
		f := found{generation: item.Number("generation"), state: item.Text("state"), address: item.Text("address"), stored: item.Bytes("entry")}
		if n, err := hex.Decode(f.place[:], []byte(item.Text("sk"))); err != nil || n != len(f.place) {
			return nil, fmt.Errorf("item %q is none of the index: %w", item.Text("sk"), drift.ErrInvalid)
		}
		for i := range item.Number("parts") {
			part, ok := parts[partRow(f.place, item.Text("stamp"), int(i))]
			if !ok {
				return nil, errTorn
			}
			f.stored = append(f.stored, part...)
		}
		all = append(all, f)
	}
	return all, nil
}

// partRow is the sort key of a part. Its stamp is the hash of the whole, so that
// parts of another whole have other names.
func partRow(p place, stamp string, n int) string { return fmt.Sprintf("%s.%s.%04d", p.sk(), stamp, n) }

// Manages implements [index.Index].
func (x *Index) Manages(ctx context.Context, provider drift.Provider, account string) (bool, error) {
	name := shown(provider, account)
	if name == "" {
		return false, nil
	}
	query := dynamo.Under(accountRow(name), "")
	query.Limit = aws.Int32(1)
	items, err := x.table.Query(ctx, query)
	if err != nil {
		return false, fmt.Errorf("index account %s: %w", account, err)
	}
	return len(items) > 0, nil
}

// State implements [index.Index].
func (x *Index) State(ctx context.Context, name string) (index.Header, error) {
	item, err := x.table.Get(ctx, stateRow(name), header)
	switch {
	case err != nil:
		return index.Header{}, fmt.Errorf("indexed state %s: %w", name, err)
	case item == nil:
		return index.Header{}, fmt.Errorf("indexed state %s: %w", name, drift.ErrNotFound)
	}
	h := index.Header{State: name, Lineage: item.Text("lineage"), Serial: item.Number("serial"), Generation: item.Number("generation"), Complete: item.Flag("complete")}
	if written := item.Text("written"); written != "" {
		if h.Written, err = time.Parse(time.RFC3339Nano, written); err != nil {
			return index.Header{}, fmt.Errorf("indexed state %s: when it was written: %v: %w", name, err, drift.ErrInvalid)
		}
	}
	return h, nil
}

// Begin implements [index.Index].
func (x *Index) Begin(ctx context.Context, h index.Header) (index.Refresh, error) {
	failed := func(err error) (index.Refresh, error) {
		return nil, fmt.Errorf("begin refresh of state %s from generation %d: %w", h.State, h.Generation, err)
	}
	values := dynamo.Item{":name": dynamo.Text(h.State), ":generation": dynamo.Number(h.Generation + 1), ":complete": dynamo.Flag(false)}
	condition := "attribute_not_exists(generation)"
	if h.Generation > 0 {
		condition, values[":before"] = "generation = :before", dynamo.Number(h.Generation)
	}
	item, err := x.table.Update(ctx, &dynamodb.UpdateItemInput{
		Key:                       dynamo.Place(stateRow(h.State), header),
		ConditionExpression:       &condition,
		UpdateExpression:          aws.String("SET #name = :name, generation = :generation, complete = :complete"),
		ExpressionAttributeNames:  map[string]string{"#name": "name"}, // reserved
		ExpressionAttributeValues: values,
		ReturnValues:              types.ReturnValueAllNew,
	})
	if err != nil {
		return failed(err)
	}
	h.Generation++
	x.mu.Lock()
	x.latest[h.State] = max(x.latest[h.State], h.Generation)
	x.mu.Unlock()
	r := &refresh{index: x, header: h, manifest: manifest{completed: item.Number("completed"), rows: map[place]*row{}}, pending: map[place]*pending{}}
	items, err := x.table.Query(ctx, dynamo.Under(manifestRow(h.State), ""))
	if err != nil {
		return failed(err)
	}
	for _, item := range items {
		if err := r.manifest.load(item); err != nil {
			return failed(err)
		}
	}
	r.manifest.accounts = r.manifest.known()
	return r, nil
}

var _ index.Index = (*Index)(nil)
