// Package dynamotest gives the tests of DynamoDB's backends tables to work on, a
// count of what goes over the wire, and trouble on it.
package dynamotest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"tfdrift/internal/awstest"
	"tfdrift/internal/dynamo"
)

var tables atomic.Int64

// Open makes a table by its schema, and returns it as seen over a wire. It is
// dropped with the test.
func Open(t testing.TB, schema func(name string) *dynamodb.CreateTableInput) (*dynamo.Table, *Wire) {
	t.Helper()
	cfg := awstest.Config(t)
	name := fmt.Sprint("test-", tables.Add(1))
	direct := dynamodb.NewFromConfig(cfg)
	if _, err := direct.CreateTable(t.Context(), schema(name)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		var gone *types.ResourceNotFoundException // the answer to a first attempt was lost
		if _, err := direct.DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: &name}); err != nil && !errors.As(err, &gone) {
			t.Error(err)
		}
	})
	return Again(t, name)
}

// Again is the same table as another process sees it.
func Again(t testing.TB, name string) (*dynamo.Table, *Wire) {
	t.Helper()
	cfg := awstest.Config(t)
	w := &Wire{next: cfg.HTTPClient}
	cfg.HTTPClient = w
	return dynamo.Open(dynamodb.NewFromConfig(cfg), name), w
}

// Stream returns what a table's stream has, each change in the JSON in which
// Lambda hands it on.
func Stream(t testing.TB, table *dynamo.Table) [][]byte {
	t.Helper()
	cfg := awstest.Config(t)
	ask := func(operation string, in map[string]any, out any) {
		t.Helper()
		raw, _ := json.Marshal(in) // texts
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, *cfg.BaseEndpoint, bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		// An emulator looks at the region and the service, and believes the rest.
		r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260820/"+awstest.Region+"/dynamodb/aws4_request, SignedHeaders=host, Signature=none")
		r.Header.Set("X-Amz-Target", "DynamoDBStreams_20120810."+operation)
		r.Header.Set("Content-Type", "application/x-amz-json-1.0")
		response, err := cfg.HTTPClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if err := json.NewDecoder(response.Body).Decode(out); err != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("%s: status %d, error %v", operation, response.StatusCode, err)
		}
	}
	var streams struct{ Streams []struct{ StreamArn string } }
	ask("ListStreams", map[string]any{"TableName": table.Name}, &streams)
	var changes [][]byte
	for _, stream := range streams.Streams {
		var d struct {
			StreamDescription struct{ Shards []struct{ ShardId string } }
		}
		ask("DescribeStream", map[string]any{"StreamArn": stream.StreamArn}, &d)
		for _, shard := range d.StreamDescription.Shards {
			var at struct{ ShardIterator string }
			ask("GetShardIterator", map[string]any{"StreamArn": stream.StreamArn, "ShardId": shard.ShardId, "ShardIteratorType": "TRIM_HORIZON"}, &at)
			var got struct{ Records []json.RawMessage }
			ask("GetRecords", map[string]any{"ShardIterator": at.ShardIterator}, &got)
			for _, raw := range got.Records {
				changes = append(changes, raw)
			}
		}
	}
	return changes
}

// Unplugged is a table behind a wire with nothing at its end: every call meets the
// trouble, or success that says nothing.
func Unplugged(w *Wire) *dynamo.Table {
	w.next = nothing{}
	return dynamo.Open(dynamodb.New(dynamodb.Options{
		Region: awstest.Region, HTTPClient: w,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
		}),
	}), "findings")
}

type nothing struct{}

func (nothing) Do(r *http.Request) (*http.Response, error) {
	return answer(r, http.StatusOK, map[string]any{}), nil
}

// Wire is the way to DynamoDB. It counts what passes.
type Wire struct {
	// Trouble, where not nil, may answer a call in place of DynamoDB, with an
	// error's code; "" lets it pass.
	Trouble func(operation string) (code string)
	// Partial, where true, leaves half of each batch that is read unprocessed.
	Partial bool
	// Lost, where not nil, tells of which calls the answer is lost on its way back.
	Lost func(operation string) bool

	next interface {
		Do(*http.Request) (*http.Response, error)
	}
	mu     sync.Mutex
	counts Counts
}

// Counts is what passed: calls by operation, and items written by the first word
// of their partition key, those removed with a "-" before it.
type Counts struct {
	Calls map[string]int
	Items map[string]int
}

// Counts returns what passed since it was last asked.
func (w *Wire) Counts() Counts {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.counts
	w.counts = Counts{}
	return Counts{maps.Clone(c.Calls), maps.Clone(c.Items)}
}

// Do implements the client of the SDK.
func (w *Wire) Do(r *http.Request) (*http.Response, error) {
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if w.Trouble != nil {
		if code := w.Trouble(operation); code != "" {
			return refusal(r, code), nil
		}
	}
	response, err := w.next.Do(r)
	if err != nil {
		return nil, err
	}
	if w.Lost != nil && w.Lost(operation) {
		response.Body.Close()
		return nil, io.ErrUnexpectedEOF
	}
	if response.StatusCode == http.StatusOK {
		w.count(operation, body)
		if w.Partial && operation == "BatchGetItem" {
			return half(r, response)
		}
	}
	return response, nil
}

// half is an answer to a batch with the rest of it unprocessed.
func half(r *http.Request, response *http.Response) (*http.Response, error) {
	defer response.Body.Close()
	var body struct {
		Responses map[string][]map[string]any
	}
	if err := json.NewDecoder(response.Body).Decode(&body); err != nil {
		return nil, err
	}
	left := map[string]any{}
	for table, items := range body.Responses {
		n := (len(items) + 1) / 2
		body.Responses[table] = items[:n]
		var keys []any
		for _, item := range items[n:] {
			keys = append(keys, map[string]any{"pk": item["pk"], "sk": item["sk"]})
		}
		if len(keys) > 0 {
			left[table] = map[string]any{"Keys": keys, "ConsistentRead": true}
		}
	}
	return answer(r, http.StatusOK, map[string]any{"Responses": body.Responses, "UnprocessedKeys": left}), nil
}

// refusal is how DynamoDB says no. A code after a "/" is a transaction's reason.
func refusal(r *http.Request, code string) *http.Response {
	status := http.StatusBadRequest
	if code == "InternalServerError" {
		status = http.StatusInternalServerError
	}
	code, reason, canceled := strings.Cut(code, "/")
	body := map[string]any{"__type": "com.amazonaws.dynamodb.v20120810#" + code, "message": "trouble"}
	if canceled {
		body["CancellationReasons"] = []any{map[string]any{"Code": "None"}, map[string]any{"Code": reason, "Message": "trouble"}}
	}
	return answer(r, status, body)
}

func answer(r *http.Request, status int, body map[string]any) *http.Response {
	raw, _ := json.Marshal(body) // texts and lists
	return &http.Response{
		Status: http.StatusText(status), StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}}, Body: io.NopCloser(bytes.NewReader(raw)), ContentLength: int64(len(raw)),
	}
}

type write struct{ Item, Key map[string]struct{ S string } }

func (w *Wire) count(operation string, body []byte) {
	var request struct {
		write
		TransactItems []struct{ Put, Update, Delete *write }
	}
	_ = json.Unmarshal(body, &request) // what we wrote ourselves; of other values only S is looked at
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.counts.Calls == nil {
		w.counts = Counts{map[string]int{}, map[string]int{}}
	}
	w.counts.Calls[operation]++
	item := func(sign string, x *write) {
		if x != nil {
			kind, _, _ := strings.Cut(x.Item["pk"].S+x.Key["pk"].S, " ")
			w.counts.Items[sign+kind]++
		}
	}
	switch operation {
	case "PutItem", "UpdateItem":
		item("", &request.write)
	case "DeleteItem":
		item("-", &request.write)
	}
	for _, t := range request.TransactItems {
		item("", t.Put)
		item("", t.Update)
		item("-", t.Delete)
	}
}
