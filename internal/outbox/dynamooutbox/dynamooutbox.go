// Package dynamooutbox keeps the items of an outbox in a table of DynamoDB,
// beside the ledger's records. None of its writes passes the filter of the
// table's stream, so that no mark wakes the notifier.
package dynamooutbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"tfdrift/internal/codec"
	"tfdrift/internal/drift"
	"tfdrift/internal/dynamo"
	"tfdrift/internal/ledger/dynamoledger"
	"tfdrift/internal/outbox"
)

// Items implements [outbox.Items] in a table. An item has pk "outbox " and the
// channel, the finding as sk, itself as item, a version, and where it was given
// up, found: by that, the ledger's index finds it.
type Items struct {
	table    *dynamo.Table
	channels []string
	now      func() time.Time
}

// New returns what a table holds for some channels, by a clock.
func New(table *dynamo.Table, channels []string, now func() time.Time) *Items {
	return &Items{table, channels, now}
}

// attempts is how often an item is changed anew because others were faster:
// seldom more than the stream and the retry queue have one finding at once.
const attempts = 10

// Change implements [outbox.Items].
func (x *Items) Change(ctx context.Context, channel, finding string, change func(it *outbox.Item) bool) error {
	for attempt := 1; ; attempt++ {
		err := x.change(ctx, channel, finding, change)
		switch {
		case err == nil:
			return nil
		case !errors.Is(err, drift.ErrConflict):
			return fmt.Errorf("what waits of finding %s on channel %s: %w", finding, channel, err)
		case attempt == attempts:
			return fmt.Errorf("what waits of finding %s on channel %s: written by others %d times in a row: %w", finding, channel, attempts, drift.ErrRetry)
		}
		if err := dynamo.Wait(ctx, attempt); err != nil {
			return errors.Join(err, drift.ErrRetry)
		}
	}
}

func (x *Items) change(ctx context.Context, channel, finding string, change func(it *outbox.Item) bool) error {
	pk, sk := partition(channel), dynamo.Key("of", finding)
	stored, err := x.table.Get(ctx, pk, sk)
	if err != nil {
		return err
	}
	now, version := x.now(), stored.Number("version")
	var it outbox.Item
	if stored != nil && stored.Number(dynamoledger.Expires) > uint64(now.Unix()) { // it may be days before it is removed
		if it, err = read(stored); err != nil {
			return err
		}
	}
	if !change(&it) {
		return nil
	}
	raw, err := codec.MarshalItem(it)
	if err != nil {
		return fmt.Errorf("%v: %w", err, drift.ErrInvalid)
	}
	next := dynamo.Place(pk, sk)
	next["item"], next["version"] = dynamo.Bytes(dynamo.Pack(raw)), dynamo.Number(version+1)
	next[dynamoledger.Expires] = dynamo.Number(now.Add(outbox.KeepItems).Unix())
	if it.GivenUp != "" {
		next["found"] = dynamo.Text(givenUp)
	}
	in := &dynamodb.PutItemInput{Item: next, ConditionExpression: aws.String("attribute_not_exists(pk)")}
	if stored != nil {
		in.ConditionExpression, in.ExpressionAttributeNames, in.ExpressionAttributeValues =
			aws.String("#version = :version"), map[string]string{"#version": "version"}, dynamo.Item{":version": dynamo.Number(version)}
	}
	return x.table.Put(ctx, in)
}

const givenUp = "given up"

func partition(channel string) string { return dynamo.Key("outbox", channel) }

func read(stored dynamo.Item) (outbox.Item, error) {
	raw, err := dynamo.Unpack(stored.Bytes("item"))
	if err != nil {
		return outbox.Item{}, err
	}
	return codec.UnmarshalItem(raw)
}

// GivenUp implements [outbox.Items].
func (x *Items) GivenUp(ctx context.Context, most int) ([]outbox.Abandoned, error) {
	var all []outbox.Abandoned
	for _, name := range x.channels {
		found := dynamo.Under(partition(name), "")
		found.IndexName, found.Limit = aws.String("found"), aws.Int32(int32(min(most, 1000)))
		places, err := x.table.Query(ctx, found)
		if err == nil {
			for i, p := range places {
				places[i] = dynamo.Place(p.Text("pk"), p.Text("sk"))
			}
			places, err = x.table.GetAll(ctx, places)
		}
		if err != nil {
			return nil, fmt.Errorf("what was given up on channel %s: %w", name, err)
		}
		for _, stored := range places {
			it, err := read(stored)
			if err != nil {
				return nil, fmt.Errorf("what was given up on channel %s: %w", name, err)
			}
			if m := it.Next(); it.GivenUp != "" && m != nil {
				all = append(all, outbox.Abandoned{Delivery: outbox.Delivery{Channel: name, Message: *m, Attempt: it.Attempt}, Why: it.GivenUp})
			}
		}
	}
	slices.SortFunc(all, func(a, b outbox.Abandoned) int {
		return cmp.Or(strings.Compare(a.Channel, b.Channel), strings.Compare(a.Message.Finding.ID, b.Message.Finding.ID))
	})
	return all[:min(len(all), most)], nil
}

var _ outbox.Items = (*Items)(nil)
