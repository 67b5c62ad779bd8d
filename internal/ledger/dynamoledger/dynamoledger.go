// Package dynamoledger keeps the ledger in a table of DynamoDB, and tells which
// changes in the table's stream are publications.
//
// A record is one item, and saving it one write under the condition of its
// version, which finds out by itself whether it publishes: the store subtracts the
// revision that it had. Records are spread over sixteen partitions, each with its
// local indexes by state and by finding. Those of the table as a whole would lag
// behind it: a record that was written just before a state was refreshed would not
// be judged anew, and stay open until the state is written again. Local ones are
// read as consistently as the table (docs/ledger.md, "Events and refreshes race").
package dynamoledger

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"

	"tfdrift/internal/codec"
	"tfdrift/internal/drift"
	"tfdrift/internal/dynamo"
	"tfdrift/internal/ledger"
)

// Schema is what the table must be like. Its time to live is in [Expires]. Each
// item of a record has pk "record " and a hexadecimal digit, its key as sk, and
//
//	version, revision  of the record
//	step               by how much the last write raised the revision
//	record             the record itself
//	of                 the state that manages its resource
//	found              the status of its finding; absent without one
//	told_<revision>    when that revision was published, in nanoseconds
//
// Other things stand in the table beside the records; see packages dynamoapplies
// and dynamosilence.
func Schema(table string) *dynamodb.CreateTableInput {
	text := func(name string) types.AttributeDefinition {
		return types.AttributeDefinition{AttributeName: &name, AttributeType: types.ScalarAttributeTypeS}
	}
	keys := func(sort string) []types.KeySchemaElement {
		return []types.KeySchemaElement{
			{AttributeName: aws.String("pk"), KeyType: types.KeyTypeHash},
			{AttributeName: &sort, KeyType: types.KeyTypeRange},
		}
	}
	index := func(name, sort string) types.LocalSecondaryIndex {
		return types.LocalSecondaryIndex{IndexName: &name, KeySchema: keys(sort), Projection: &types.Projection{ProjectionType: types.ProjectionTypeKeysOnly}}
	}
	return &dynamodb.CreateTableInput{
		TableName:             &table,
		BillingMode:           types.BillingModePayPerRequest,
		AttributeDefinitions:  []types.AttributeDefinition{text("pk"), text("sk"), text("of"), text("found")},
		KeySchema:             keys("sk"),
		LocalSecondaryIndexes: []types.LocalSecondaryIndex{index(byState, "of"), index(byFinding, "found")},
		StreamSpecification:   &types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewTypeNewImage},
	}
}

// Expires is the attribute of the table's time to live, in seconds of Unix time.
const Expires = "expires"

// Filter passes only publications from the table's stream to the notifier: what
// else is written wakes nobody.
// https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html
const Filter = `{"dynamodb":{"NewImage":{"step":{"N":[{"anything-but":["0"]}]}}}}`

const (
	byState   = "of_state"
	byFinding = "found"
	shards    = 16
)

// Ledger implements [ledger.Ledger] in a table.
type Ledger struct {
	Options
	table *dynamo.Table
}

// Options are what a ledger may be told; the zero value works.
type Options struct {
	Keep time.Duration // how long a record without a live finding stays after it was written last; 0: 90 days
	Now  func() time.Time
}

// New returns the ledger in a table.
func New(table *dynamo.Table, o Options) *Ledger {
	if o.Keep <= 0 {
		o.Keep = 90 * 24 * time.Hour
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Ledger{o, table}
}

// partition is where the record of a key is.
func partition(key string) string { return shard(int(sha256.Sum256([]byte(key))[0]) % shards) }

func shard(n int) string { return fmt.Sprintf("record %x", n) }

// Load implements [ledger.Ledger].
func (l *Ledger) Load(ctx context.Context, key string) (ledger.Record, error) {
	item, err := l.table.Get(ctx, partition(key), key)
	if err != nil {
		return ledger.Record{}, fmt.Errorf("ledger record %s: %w", key, err)
	}
	if item == nil {
		return ledger.Record{Key: key}, nil
	}
	return read(item)
}

func read(item dynamo.Item) (ledger.Record, error) {
	raw, err := dynamo.Unpack(item.Bytes("record"))
	if err != nil {
		return ledger.Record{}, fmt.Errorf("ledger record %s: %w", item.Text("sk"), err)
	}
	r, err := codec.UnmarshalRecord(raw)
	if err != nil {
		return ledger.Record{}, fmt.Errorf("ledger record %s: %w", item.Text("sk"), err)
	}
	return r, nil
}

// Save implements [ledger.Ledger]. A record that is too large for an item forgets
// what tells the least, as one of more than a hundred observations does.
func (l *Ledger) Save(ctx context.Context, r ledger.Record) error {
	if r.Key == "" {
		return fmt.Errorf("ledger record without a key: %w", drift.ErrInvalid)
	}
	stored, err := pack(r)
	if err != nil {
		return fmt.Errorf("ledger record %s: %w", r.Key, err)
	}
	_, err = l.table.Update(ctx, l.update(&r, stored))
	switch {
	case errors.Is(err, drift.ErrConflict):
		return fmt.Errorf("ledger record %s: another version than %d, which was read, is stored: %w", r.Key, r.Version, err)
	case err != nil:
		return fmt.Errorf("ledger record %s: %w", r.Key, err)
	}
	return nil
}

// pack is the stored form of a record one version on.
func pack(r ledger.Record) ([]byte, error) {
	r.Version++
	for {
		raw, err := codec.MarshalRecord(r)
		if err != nil {
			return nil, fmt.Errorf("%v: %w", err, drift.ErrInvalid)
		}
		stored := dynamo.Pack(raw)
		if len(stored) <= dynamo.MaxItem {
			return stored, nil
		}
		fit := len(r.Observations) * dynamo.MaxItem / len(stored) // about so many
		if !r.Forget() {
			return nil, fmt.Errorf("it takes %d KB when packed, with one observation; an item of DynamoDB holds %d KB: %w", len(stored)>>10, dynamo.MaxItem>>10, drift.ErrInvalid)
		}
		for len(r.Observations) > fit && r.Forget() {
		}
	}
}

// update is the write of a record. That it publishes, only the store can know.
func (l *Ledger) update(r *ledger.Record, stored []byte) *dynamodb.UpdateItemInput {
	now := l.Now()
	values := dynamo.Item{":version": dynamo.Number(r.Version + 1), ":revision": dynamo.Number(r.Revision), ":record": dynamo.Bytes(stored), ":of": dynamo.Text(of(r.Resource.State))}
	set := []string{"#version = :version", "#revision = :revision", "#step = :revision - if_not_exists(#revision, :none)", "#record = :record", "#of = :of"}
	values[":none"] = dynamo.Number(0)
	remove := []string{}
	if r.Finding != nil {
		set, values[":found"] = append(set, "#found = :found"), dynamo.Text(cmp.Or(string(r.Finding.Status), "unknown"))
	} else {
		remove = append(remove, "#found")
	}
	names := map[string]string{"#version": "version", "#revision": "revision", "#step": "step", "#record": "record", "#of": "of", "#found": "found", "#expires": Expires}
	if r.Live() {
		remove = append(remove, "#expires")
	} else {
		set, values[":expires"] = append(set, "#expires = :expires"), dynamo.Number(now.Add(l.Keep).Unix())
	}
	if r.Revision > 0 {
		set, names["#told"], values[":now"] = append(set, "#told = if_not_exists(#told, :now)"), told(r.Revision), dynamo.Number(now.UnixNano())
	}
	if r.Revision > 1 {
		remove, names["#before"] = append(remove, "#before"), told(r.Revision-1)
	}
	update := "SET " + strings.Join(set, ", ")
	if len(remove) > 0 {
		update += " REMOVE " + strings.Join(remove, ", ")
	}
	condition := "attribute_not_exists(#version)"
	if r.Version > 0 {
		condition, values[":read"] = "#version = :read", dynamo.Number(r.Version)
	}
	for name := range names { // one that is not used is an error
		if !strings.Contains(update+condition, name) {
			delete(names, name)
		}
	}
	return &dynamodb.UpdateItemInput{
		Key: dynamo.Place(partition(r.Key), r.Key), UpdateExpression: &update, ConditionExpression: &condition,
		ExpressionAttributeNames: names, ExpressionAttributeValues: values,
	}
}

// told is the attribute that says when a revision was published.
func told(revision int) string { return "told_" + strconv.Itoa(revision) }

// of is a state as a key, which is never empty.
func of(state string) string {
	if state == "" {
		return "nobody"
	}
	return dynamo.Key("state", state)
}

// OfState implements [ledger.Ledger].
func (l *Ledger) OfState(ctx context.Context, state string) ([]string, error) {
	items, err := l.everywhere(ctx, dynamodb.QueryInput{
		IndexName: aws.String(byState), KeyConditionExpression: aws.String("pk = :pk AND #of = :of"),
		ExpressionAttributeNames: map[string]string{"#of": "of"}, ExpressionAttributeValues: dynamo.Item{":of": dynamo.Text(of(state))},
	})
	if err != nil {
		return nil, fmt.Errorf("ledger records of state %s: %w", state, err)
	}
	var keys []string
	for _, item := range items {
		keys = append(keys, item.Text("sk"))
	}
	slices.Sort(keys)
	return keys, nil
}

// Published implements [ledger.Ledger].
func (l *Ledger) Published(ctx context.Context) ([]ledger.Record, error) {
	items, err := l.everywhere(ctx, dynamodb.QueryInput{
		IndexName: aws.String(byFinding), KeyConditionExpression: aws.String("pk = :pk"),
	})
	if err == nil {
		for i, item := range items {
			items[i] = dynamo.Place(item.Text("pk"), item.Text("sk"))
		}
		items, err = l.table.GetAll(ctx, items)
	}
	if err != nil {
		return nil, fmt.Errorf("published ledger records: %w", err)
	}
	at := func(item dynamo.Item) uint64 { return item.Number(told(int(item.Number("revision")))) }
	slices.SortFunc(items, func(a, b dynamo.Item) int {
		return cmp.Or(cmp.Compare(at(b), at(a)), cmp.Compare(a.Text("sk"), b.Text("sk")))
	})
	var all []ledger.Record
	for _, item := range items {
		r, err := read(item)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// everywhere asks all partitions at once.
func (l *Ledger) everywhere(ctx context.Context, query dynamodb.QueryInput) ([]dynamo.Item, error) {
	answers := make([][]dynamo.Item, shards)
	group, ctx := errgroup.WithContext(ctx)
	for n := range shards {
		group.Go(func() (err error) {
			q := query
			q.ExpressionAttributeValues = dynamo.Item{":pk": dynamo.Text(shard(n))}
			for name, value := range query.ExpressionAttributeValues {
				q.ExpressionAttributeValues[name] = value
			}
			answers[n], err = l.table.Query(ctx, &q)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return slices.Concat(answers...), nil
}

// Publication reads one record of the table's stream, in the JSON in which Lambda
// hands it on. news is false where the change is no publication: a mark, a record
// that was only judged anew or has expired, or nothing of the ledger. A record that
// cannot be read is [drift.ErrInvalid].
func Publication(change []byte) (p ledger.Publication, news bool, err error) {
	var in struct {
		DynamoDB struct {
			NewImage struct {
				Step   struct{ N string }
				Record struct{ B []byte }
			}
		}
	}
	if err := json.Unmarshal(change, &in); err != nil {
		return p, false, fmt.Errorf("record of the ledger's stream: %v: %w", err, drift.ErrInvalid)
	}
	image := in.DynamoDB.NewImage
	if image.Record.B == nil || image.Step.N == "" || image.Step.N == "0" {
		return p, false, nil
	}
	raw, err := dynamo.Unpack(image.Record.B)
	if err != nil {
		return p, false, fmt.Errorf("record of the ledger's stream: %w: %w", err, drift.ErrInvalid)
	}
	r, err := codec.UnmarshalRecord(raw)
	if err != nil {
		return p, false, fmt.Errorf("record of the ledger's stream: %v: %w", err, drift.ErrInvalid)
	}
	if r.Finding == nil {
		return p, false, fmt.Errorf("record of the ledger's stream: %s was published without a finding: %w", r.Key, drift.ErrInvalid)
	}
	return ledger.Publication{Revision: r.Revision, Finding: *r.Finding}, true, nil
}

var _ ledger.Ledger = (*Ledger)(nil)
