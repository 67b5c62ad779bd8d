// Package dynamo is what the backends on DynamoDB have in common: a table, the
// few things that are done with it, how often they are tried, what its errors
// mean, and the form of large values. What stands in a table is each backend's
// to say.
//
// Every table has the keys pk and sk, both strings, so that one of them may hold
// several kinds of things. All reads are consistent: what this system promises of
// two that race rests on reading what was written before.
package dynamo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"tfdrift/internal/drift"
)

// MaxItem is how many bytes of values an item may have: 400 KB are allowed, names
// and all, of which some are left for the rest.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
const MaxItem = 360 << 10

// Table is a table of DynamoDB. Its methods may be called concurrently. Where a
// condition does not hold, they return [drift.ErrConflict].
type Table struct {
	client *dynamodb.Client
	Name   string
}

// Open returns the table of a name, as a client sees it. Nothing is asked of it yet.
func Open(client *dynamodb.Client, name string) *Table {
	return &Table{dynamodb.New(client.Options(), func(o *dynamodb.Options) { o.Retryer = patient() }), name}
}

// attempts and longestPause bound how long a call is tried again while the
// table is throttled: some ten seconds.
const (
	attempts     = 10
	longestPause = 2 * time.Second
)

// patient tries a call again that was throttled or hit a transaction of another
// one. The SDK's own pauses after throttling begin at a second, which suits a
// batch and not an event that somebody waits for.
func patient() aws.Retryer {
	return retry.AddWithErrorCodes(retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = attempts
		o.RateLimiter = ratelimit.None
		o.Backoff = retry.BackoffDelayerFunc(func(attempt int, _ error) (time.Duration, error) { return Pause(attempt), nil })
	}), (*types.TransactionConflictException)(nil).ErrorCode())
}

// Pause is how long to wait after so many attempts that failed, at random: those
// who failed together shall not come back together.
func Pause(attempt int) time.Duration {
	return time.Duration(rand.Int64N(int64(min(longestPause, 25*time.Millisecond<<min(attempt, 10)))))
}

// Wait waits for [Pause], or for the end of ctx.
func Wait(ctx context.Context, attempt int) error {
	t := time.NewTimer(Pause(attempt))
	defer t.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-t.C:
		return nil
	}
}

// Item is what a table holds at a place, by name.
type Item map[string]types.AttributeValue

// Place is the key of an item.
func Place(pk, sk string) Item { return Item{"pk": Text(pk), "sk": Text(sk)} }

// Text, Number, Bytes and Flag are values of an item.
func Text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

// Number is a whole number; all 64 bits are kept.
func Number[N int | int64 | uint64](n N) types.AttributeValue {
	if n < 0 {
		return &types.AttributeValueMemberN{Value: strconv.FormatInt(int64(n), 10)}
	}
	return &types.AttributeValueMemberN{Value: strconv.FormatUint(uint64(n), 10)}
}

// Bytes is a binary value.
func Bytes(b []byte) types.AttributeValue { return &types.AttributeValueMemberB{Value: b} }

// Flag is a boolean.
func Flag(b bool) types.AttributeValue { return &types.AttributeValueMemberBOOL{Value: b} }

// Text is the text of a name, "" where there is none.
func (i Item) Text(name string) string {
	v, _ := i[name].(*types.AttributeValueMemberS)
	if v == nil {
		return ""
	}
	return v.Value
}

// Number is the number of a name, 0 where there is none.
func (i Item) Number(name string) uint64 {
	v, _ := i[name].(*types.AttributeValueMemberN)
	if v == nil {
		return 0
	}
	n, _ := strconv.ParseUint(v.Value, 10, 64) // only what we wrote, or ours to ignore
	return n
}

// Bytes is the binary value of a name, nil where there is none.
func (i Item) Bytes(name string) []byte {
	v, _ := i[name].(*types.AttributeValueMemberB)
	if v == nil {
		return nil
	}
	return v.Value
}

// Flag is the boolean of a name, false where there is none.
func (i Item) Flag(name string) bool {
	v, _ := i[name].(*types.AttributeValueMemberBOOL)
	return v != nil && v.Value
}

// Key is a text as a key after a word that says of what: itself, or its hash
// where it is longer than a key may be.
func Key(kind, text string) string {
	const most = 900 // of the 1,024 bytes of a sort key
	if len(text) > most {
		sum := sha256.Sum256([]byte(text))
		return kind + "# " + hex.EncodeToString(sum[:])
	}
	return kind + " " + text
}

// Get returns an item, nil where there is none.
func (t *Table) Get(ctx context.Context, pk, sk string) (Item, error) {
	out, err := t.client.GetItem(ctx, &dynamodb.GetItemInput{TableName: &t.Name, Key: Place(pk, sk), ConsistentRead: aws.Bool(true)})
	if err != nil {
		return nil, t.explain(err)
	}
	return out.Item, nil
}

// GetAll returns the items of some places, in no order, as far as they are there.
// What DynamoDB leaves out of an answer, because it is throttled or the answer is
// long, is asked for again.
func (t *Table) GetAll(ctx context.Context, places []Item) (items []Item, err error) {
	const most = 100 // in one call
	for batch := range slices.Chunk(places, most) {
		var left []map[string]types.AttributeValue
		for _, place := range batch {
			left = append(left, place)
		}
		for attempt := 1; len(left) > 0; attempt++ {
			out, err := t.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{
				RequestItems: map[string]types.KeysAndAttributes{t.Name: {Keys: left, ConsistentRead: aws.Bool(true)}},
			})
			if err != nil {
				return nil, t.explain(err)
			}
			for _, item := range out.Responses[t.Name] {
				items, attempt = append(items, item), 1 // it gets on
			}
			if left = out.UnprocessedKeys[t.Name].Keys; len(left) == 0 {
				break
			}
			if attempt == attempts {
				return nil, t.refusal("ThrottlingException", "")
			}
			if err := Wait(ctx, attempt); err != nil {
				return nil, errors.Join(err, drift.ErrRetry)
			}
		}
	}
	return items, nil
}

// Put writes an item.
func (t *Table) Put(ctx context.Context, in *dynamodb.PutItemInput) error {
	in.TableName = &t.Name
	_, err := t.client.PutItem(ctx, in)
	return t.explain(err)
}

// Update changes an item and returns it as it is then, where that was asked for.
func (t *Table) Update(ctx context.Context, in *dynamodb.UpdateItemInput) (Item, error) {
	in.TableName = &t.Name
	out, err := t.client.UpdateItem(ctx, in)
	if err != nil {
		return nil, t.explain(err)
	}
	return out.Attributes, nil
}

// Delete removes an item.
func (t *Table) Delete(ctx context.Context, in *dynamodb.DeleteItemInput) error {
	in.TableName = &t.Name
	_, err := t.client.DeleteItem(ctx, in)
	return t.explain(err)
}

// Query returns all that answers a query, however many pages it takes.
func (t *Table) Query(ctx context.Context, in *dynamodb.QueryInput) (items []Item, err error) {
	in.TableName, in.ConsistentRead = &t.Name, aws.Bool(true)
	for {
		out, err := t.client.Query(ctx, in)
		if err != nil {
			return nil, t.explain(err)
		}
		for _, item := range out.Items {
			items = append(items, item)
		}
		if len(out.LastEvaluatedKey) == 0 || in.Limit != nil && len(items) >= int(*in.Limit) {
			return items, nil
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey
	}
}

// Under is the query for all that has a partition key, and a sort key that
// begins with a text.
func Under(pk, prefix string) *dynamodb.QueryInput {
	in := &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk"),
		ExpressionAttributeValues: Item{":pk": Text(pk)},
	}
	if prefix != "" {
		in.KeyConditionExpression = aws.String("pk = :pk AND begins_with(sk, :prefix)")
		in.ExpressionAttributeValues[":prefix"] = Text(prefix)
	}
	return in
}

// MaxTransaction is how much one transaction may do: so many items, of so many
// bytes together (4 MB are allowed, keys and all).
const (
	MaxTransaction      = 100
	MaxTransactionBytes = 3 << 20
)

// Write does all of a list or nothing. Nothing is done where any condition does
// not hold. What other transactions or throttling keep it from is tried again.
func (t *Table) Write(ctx context.Context, all []types.TransactWriteItem) error {
	for attempt := 1; ; attempt++ {
		_, err := t.client.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: all})
		var canceled *types.TransactionCanceledException
		if !errors.As(err, &canceled) || attempt == attempts || !slices.ContainsFunc(canceled.CancellationReasons, passing) || refused(canceled) {
			return t.explain(err)
		}
		if err := Wait(ctx, attempt); err != nil {
			return errors.Join(err, drift.ErrRetry)
		}
	}
}

// passing reports whether a reason to cancel a transaction passes.
func passing(r types.CancellationReason) bool {
	switch aws.ToString(r.Code) {
	case "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded", "RequestLimitExceeded":
		return true
	}
	return false
}

// refused reports whether a condition of a transaction does not hold.
func refused(canceled *types.TransactionCanceledException) bool {
	return slices.ContainsFunc(canceled.CancellationReasons, func(r types.CancellationReason) bool { return aws.ToString(r.Code) == "ConditionalCheckFailed" })
}
