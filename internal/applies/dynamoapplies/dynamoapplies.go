// Package dynamoapplies keeps lock windows and the events set aside in a table of
// DynamoDB, beside the ledger's records.
package dynamoapplies

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"tfdrift/internal/applies"
	"tfdrift/internal/codec"
	"tfdrift/internal/drift"
	"tfdrift/internal/dynamo"
)

// The items: a state's windows with a version, and an event each.
const (
	locks = "lock"
	aside = "aside"
)

// Applies implements [applies.Applies] in a table.
type Applies struct{ table *dynamo.Table }

// New returns what a table holds of applies.
func New(table *dynamo.Table) *Applies { return &Applies{table} }

// attempts is how often windows are written anew because others were faster: one
// state is seldom locked twice in a minute.
const attempts = 10

// Lock implements [applies.Applies].
func (a *Applies) Lock(ctx context.Context, state string, at time.Time, locked bool) error {
	for attempt := 1; ; attempt++ {
		err := a.lock(ctx, state, at, locked)
		switch {
		case err == nil:
			return nil
		case !errors.Is(err, drift.ErrConflict):
			return fmt.Errorf("lock window of state %s: %w", state, err)
		case attempt == attempts:
			return fmt.Errorf("lock window of state %s: written by others %d times in a row: %w", state, attempts, drift.ErrRetry)
		}
		if err := dynamo.Wait(ctx, attempt); err != nil {
			return errors.Join(err, drift.ErrRetry)
		}
	}
}

func (a *Applies) lock(ctx context.Context, state string, at time.Time, locked bool) error {
	known, version, err := a.load(ctx, state)
	if err != nil {
		return err
	}
	next := applies.Notice(known, at, locked)
	if version > 0 && slices.Equal(known, next) {
		return nil // told before
	}
	raw, err := codec.MarshalWindows(next)
	if err != nil {
		return err
	}
	item := dynamo.Place(locks, row(state))
	item["windows"], item["version"] = dynamo.Bytes(dynamo.Pack(raw)), dynamo.Number(version+1)
	in := &dynamodb.PutItemInput{Item: item, ConditionExpression: aws.String("attribute_not_exists(version)")}
	if version > 0 {
		in.ConditionExpression, in.ExpressionAttributeValues = aws.String("version = :version"), dynamo.Item{":version": dynamo.Number(version)}
	}
	return a.table.Put(ctx, in)
}

// Windows implements [applies.Applies].
func (a *Applies) Windows(ctx context.Context, state string) ([]applies.Window, error) {
	windows, _, err := a.load(ctx, state)
	if err != nil {
		return nil, fmt.Errorf("lock windows of state %s: %w", state, err)
	}
	return windows, nil
}

func (a *Applies) load(ctx context.Context, state string) (windows []applies.Window, version uint64, err error) {
	item, err := a.table.Get(ctx, locks, row(state))
	if err != nil || item == nil {
		return nil, 0, err
	}
	raw, err := dynamo.Unpack(item.Bytes("windows"))
	if err != nil {
		return nil, 0, err
	}
	windows, err = codec.UnmarshalWindows(raw)
	return windows, item.Number("version"), err
}

// SetAside implements [applies.Applies].
func (a *Applies) SetAside(ctx context.Context, event applies.Aside) error {
	raw, err := codec.MarshalAside(event)
	if err != nil {
		return fmt.Errorf("event %s set aside: %w", event.Event.ID, err)
	}
	item := dynamo.Place(aside, row(event.Event.ID))
	item["event"] = dynamo.Bytes(dynamo.Pack(raw))
	err = a.table.Put(ctx, &dynamodb.PutItemInput{Item: item, ConditionExpression: aws.String("attribute_not_exists(pk)")})
	if err != nil && !errors.Is(err, drift.ErrConflict) { // which says that it is there
		return fmt.Errorf("event %s set aside: %w", event.Event.ID, err)
	}
	return nil
}

// Waiting implements [applies.Applies].
func (a *Applies) Waiting(ctx context.Context) ([]applies.Aside, error) {
	items, err := a.table.Query(ctx, dynamo.Under(aside, ""))
	if err != nil {
		return nil, fmt.Errorf("events set aside: %w", err)
	}
	var all []applies.Aside
	for _, item := range items {
		raw, err := dynamo.Unpack(item.Bytes("event"))
		if err != nil {
			return nil, fmt.Errorf("event %s set aside: %w", item.Text("sk"), err)
		}
		event, err := codec.UnmarshalAside(raw)
		if err != nil {
			return nil, fmt.Errorf("event %s set aside: %w", item.Text("sk"), err)
		}
		all = append(all, event)
	}
	slices.SortFunc(all, applies.Order)
	return all, nil
}

// Done implements [applies.Applies].
func (a *Applies) Done(ctx context.Context, eventID string) error {
	if err := a.table.Delete(ctx, &dynamodb.DeleteItemInput{Key: dynamo.Place(aside, row(eventID))}); err != nil {
		return fmt.Errorf("event %s set aside: %w", eventID, err)
	}
	return nil
}

// row is a foreign text as a key.
func row(text string) string { return dynamo.Key("of", text) }

var _ applies.Applies = (*Applies)(nil)
