package aws_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/index/dynamoindex"
	"tfdrift/internal/ledger/dynamoledger"
)

// TestTablesAreAsTheirBackendsWantThem holds the tables, and the filter of the
// stream, to the code that reads and writes them.
func TestTablesAreAsTheirBackendsWantThem(t *testing.T) {
	stack := everywhere(t)
	for name, schema := range map[string]func(string) *dynamodb.CreateTableInput{"table drift-index": dynamoindex.Schema, "table drift-ledger": dynamoledger.Schema} {
		wanted := schema("drift")
		attributes, keys, indexes := map[string]any{}, map[string]any{}, map[string]any{}
		for _, a := range wanted.AttributeDefinitions {
			attributes[*a.AttributeName] = string(a.AttributeType)
		}
		for _, k := range wanted.KeySchema {
			keys[string(k.KeyType)] = *k.AttributeName
		}
		for _, x := range wanted.LocalSecondaryIndexes {
			indexes[*x.IndexName] = []any{*x.KeySchema[1].AttributeName, string(x.Projection.ProjectionType)}
		}
		says := map[string]any{"billing": string(wanted.BillingMode), "attributes": attributes, "keys": keys, "indexes": indexes, "stream": ""}
		if wanted.StreamSpecification != nil {
			says["stream"] = string(wanted.StreamSpecification.StreamViewType)
		}
		want := inventory{}
		want.add("table", "drift", says)
		got := map[string]any{}
		for key, value := range stack[name] {
			if _, ok := says[key]; ok {
				got[key] = value
			}
		}
		if diff := cmp.Diff(want["table drift"], got); diff != "" {
			t.Errorf("%s, by its backend (-) and in template.yaml (+):\n%s", name, diff)
		}
	}
	if got := stack["table drift-ledger"]["expires"]; got != dynamoledger.Expires {
		t.Errorf("the ledger's time to live is in %v, want %s", got, dynamoledger.Expires)
	}
	if diff := cmp.Diff(document(t, dynamoledger.Filter), stack["mapping of the stream"]["filter"]); diff != "" {
		t.Errorf("filter of the stream, by its backend (-) and in template.yaml (+):\n%s", diff)
	}
}
