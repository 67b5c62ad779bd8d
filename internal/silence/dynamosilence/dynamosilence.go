// Package dynamosilence keeps silences in a table of DynamoDB, beside the
// ledger's records.
package dynamosilence

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"tfdrift/internal/drift"
	"tfdrift/internal/dynamo"
	"tfdrift/internal/silence"
)

const partition = "silence"

// Silences implements [silence.Silences] in a table.
type Silences struct{ table *dynamo.Table }

// New returns the silences of a table.
func New(table *dynamo.Table) *Silences { return &Silences{table} }

// Put implements [silence.Silences].
func (s *Silences) Put(ctx context.Context, x silence.Silence) error {
	raw, err := json.Marshal(x)
	if err != nil {
		return fmt.Errorf("silence %s: %v: %w", x.ID, err, drift.ErrInvalid)
	}
	item := dynamo.Place(partition, dynamo.Key("id", x.ID))
	item["silence"] = dynamo.Text(string(raw)) // to be read in the console too
	if err := s.table.Put(ctx, &dynamodb.PutItemInput{Item: item}); err != nil {
		return fmt.Errorf("silence %s: %w", x.ID, err)
	}
	return nil
}

// List implements [silence.Silences].
func (s *Silences) List(ctx context.Context) ([]silence.Silence, error) {
	items, err := s.table.Query(ctx, dynamo.Under(partition, ""))
	if err != nil {
		return nil, fmt.Errorf("silences: %w", err)
	}
	var all []silence.Silence
	for _, item := range items {
		var x silence.Silence
		if err := json.Unmarshal([]byte(item.Text("silence")), &x); err != nil {
			return nil, fmt.Errorf("silence %s: %w", item.Text("sk"), err)
		}
		all = append(all, x)
	}
	slices.SortFunc(all, silence.Order)
	return all, nil
}

// Drop implements [silence.Silences].
func (s *Silences) Drop(ctx context.Context, id string) error {
	err := s.table.Delete(ctx, &dynamodb.DeleteItemInput{
		Key: dynamo.Place(partition, dynamo.Key("id", id)), ConditionExpression: aws.String("attribute_exists(pk)"),
	})
	switch {
	case errors.Is(err, drift.ErrConflict):
		return fmt.Errorf("silence %s: %w", id, drift.ErrNotFound)
	case err != nil:
		return fmt.Errorf("silence %s: %w", id, err)
	}
	return nil
}

var _ silence.Silences = (*Silences)(nil)
