// Package dynamoroster keeps the roster in a table of DynamoDB, beside the index.
package dynamoroster

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"tfdrift/internal/drift"
	"tfdrift/internal/dynamo"
	"tfdrift/internal/roster"
)

// partition has an item a state, to be read in the console too.
const partition = "watched"

// Roster implements [roster.Roster] in a table.
type Roster struct{ table *dynamo.Table }

// New returns the roster of a table.
func New(table *dynamo.Table) *Roster { return &Roster{table} }

// Put implements [roster.Roster].
func (r *Roster) Put(ctx context.Context, e roster.Entry) error {
	item := dynamo.Place(partition, dynamo.Key("state", e.State))
	item["state"], item["place"], item["version"] = dynamo.Text(e.State), dynamo.Text(e.Place), dynamo.Text(e.Version)
	item["resources"] = dynamo.Number(e.Resources)
	if e.Problem != "" {
		item["problem"] = dynamo.Text(e.Problem)
	}
	if !e.Since.IsZero() {
		item["since"] = dynamo.Text(roster.Second(e.Since).Format(time.RFC3339))
	}
	if err := r.table.Put(ctx, &dynamodb.PutItemInput{Item: item}); err != nil {
		return fmt.Errorf("watched state %s: %w", e.State, err)
	}
	return nil
}

// Drop implements [roster.Roster].
func (r *Roster) Drop(ctx context.Context, state string) error {
	if err := r.table.Delete(ctx, &dynamodb.DeleteItemInput{Key: dynamo.Place(partition, dynamo.Key("state", state))}); err != nil {
		return fmt.Errorf("watched state %s: %w", state, err)
	}
	return nil
}

// List implements [roster.Roster].
func (r *Roster) List(ctx context.Context) ([]roster.Entry, error) {
	items, err := r.table.Query(ctx, dynamo.Under(partition, ""))
	if err != nil {
		return nil, fmt.Errorf("watched states: %w", err)
	}
	all := make([]roster.Entry, 0, len(items))
	for _, item := range items {
		e := roster.Entry{State: item.Text("state"), Place: item.Text("place"), Version: item.Text("version"), Resources: int(item.Number("resources")), Problem: item.Text("problem")}
		if since := item.Text("since"); since != "" {
			if e.Since, err = time.Parse(time.RFC3339, since); err != nil {
				return nil, fmt.Errorf("watched state %s: since when it has a problem: %v: %w", e.State, err, drift.ErrInvalid)
			}
		}
		all = append(all, e)
	}
	slices.SortFunc(all, roster.Order)
	return all, nil
}

var _ roster.Roster = (*Roster)(nil)
