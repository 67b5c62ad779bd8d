package dynamo_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"tfdrift/internal/drift"
	"tfdrift/internal/dynamo"
	"tfdrift/internal/dynamo/dynamotest"
)

func TestAnErrorNamesCauseAndRemedy(t *testing.T) {
	put := func(ctx context.Context, table *dynamo.Table) error {
		return table.Put(ctx, &dynamodb.PutItemInput{Item: dynamo.Place("p", "s")})
	}
	write := func(ctx context.Context, table *dynamo.Table) error {
		return table.Write(ctx, []types.TransactWriteItem{{Put: &types.Put{TableName: &table.Name, Item: dynamo.Place("p", "s")}}})
	}
	for _, test := range []struct {
		code string
		do   func(context.Context, *dynamo.Table) error
		want error
		says string
	}{
		{"ConditionalCheckFailedException", put, drift.ErrConflict, ""},
		{"ResourceNotFoundException", put, drift.ErrRetry, "region eu-west-1"},
		{"AccessDeniedException", put, drift.ErrRetry, "role"},
		{"ValidationException", put, drift.ErrInvalid, "trouble"},
		{"ProvisionedThroughputExceededException", put, drift.ErrRetry, "throttled"},
		{"UnrecognizedClientException", put, drift.ErrRetry, "UnrecognizedClientException"},
		{"TransactionCanceledException/ConditionalCheckFailed", write, drift.ErrConflict, ""},
		{"TransactionCanceledException/ValidationError", write, drift.ErrInvalid, "trouble"},
		{"TransactionCanceledException/ThrottlingError", write, drift.ErrRetry, "throttled"},
	} {
		synctest.Test(t, func(t *testing.T) { // some of them are waited for
			err := test.do(t.Context(), dynamotest.Unplugged(&dynamotest.Wire{Trouble: func(string) string { return test.code }}))
			if !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.says) || !strings.Contains(err.Error(), "table findings") {
				t.Errorf("%s: error %v; want %v that says %q", test.code, err, test.want, test.says)
			}
			for _, other := range []error{drift.ErrConflict, drift.ErrInvalid, drift.ErrNotFound, drift.ErrRetry} {
				if other != test.want && errors.Is(err, other) {
					t.Errorf("%s: error %v is %v as well", test.code, err, other)
				}
			}
		})
	}
}

func TestAThrottledCallIsGivenUpInTheEnd(t *testing.T) {
	for _, code := range []string{"ThrottlingException", "TransactionCanceledException/ThrottlingError"} {
		synctest.Test(t, func(t *testing.T) {
			calls, began := 0, time.Now()
			table := dynamotest.Unplugged(&dynamotest.Wire{Trouble: func(string) string { calls++; return code }})
			err := table.Write(t.Context(), []types.TransactWriteItem{{Delete: &types.Delete{TableName: &table.Name, Key: dynamo.Place("p", "s")}}})
			if !errors.Is(err, drift.ErrRetry) || calls != 10 || time.Since(began) > 15*time.Second {
				t.Errorf("error %v after %d calls in %v; want %v after 10", err, calls, time.Since(began), drift.ErrRetry)
			}
		})
	}
}

func TestWhoHasNoTimeDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		began := time.Now()
		table := dynamotest.Unplugged(&dynamotest.Wire{Trouble: func(string) string { return "TransactionCanceledException/TransactionConflict" }})
		err := table.Write(ctx, []types.TransactWriteItem{{Delete: &types.Delete{TableName: &table.Name, Key: dynamo.Place("p", "s")}}})
		if !errors.Is(err, drift.ErrRetry) || time.Since(began) > 60*time.Millisecond {
			t.Errorf("error %v after %v", err, time.Since(began))
		}
	})
}

func TestAPackedValueComesBackAsItWas(t *testing.T) {
	noise := make([]byte, 5000)
	for i := range noise {
		noise[i] = byte(i * i >> 3)
	}
	for _, value := range [][]byte{{}, {0}, []byte("short"), bytes.Repeat([]byte("long "), 1000), noise} {
		stored := dynamo.Pack(value)
		got, err := dynamo.Unpack(stored)
		if err != nil || !bytes.Equal(got, value) || len(stored) > len(value)+1 {
			t.Errorf("%d bytes: %d stored, %d came back, error %v", len(value), len(stored), len(got), err)
		}
	}
	if stored := dynamo.Pack(bytes.Repeat([]byte("long "), 1000)); len(stored) > 100 {
		t.Errorf("%d bytes stored of what repeats", len(stored))
	}
}

func TestADamagedValueIsAnError(t *testing.T) {
	whole := dynamo.Pack(bytes.Repeat([]byte("long "), 1000))
	for n := range whole {
		if _, err := dynamo.Unpack(whole[:n]); err == nil {
			t.Errorf("the first %d bytes of %d are read", n, len(whole))
		}
	}
	for _, stored := range []string{"{}", "\x02x", "\x01\xff\xff"} {
		if _, err := dynamo.Unpack([]byte(stored)); err == nil {
			t.Errorf("%q is read", stored)
		}
	}
}

func TestAKeyFitsWhateverItsText(t *testing.T) {
	seen := map[string]bool{}
	for _, text := range []string{"", "a", "a b", strings.Repeat("a", 900), strings.Repeat("a", 901), strings.Repeat("a", 902)} {
		key := dynamo.Key("key", text)
		if len(key) > 1024 || seen[key] {
			t.Errorf("key of %d bytes: %d bytes, seen before: %v", len(text), len(key), seen[key])
		}
		seen[key] = true
	}
}

func TestNumbersKeepAllTheirBits(t *testing.T) {
	item := dynamo.Item{"n": dynamo.Number(uint64(math.MaxUint64)), "t": dynamo.Text("7")}
	if n := item.Number("n"); n != math.MaxUint64 {
		t.Errorf("number %d", n)
	}
	if item.Number("t") != 0 || item.Text("n") != "" || item.Bytes("n") != nil || item.Flag("absent") {
		t.Error("a value passes for another kind")
	}
}
