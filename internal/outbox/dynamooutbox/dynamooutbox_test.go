package dynamooutbox_test

import (
	"testing"
	"time"

	"tfdrift/internal/drift"
	"tfdrift/internal/dynamo/dynamotest"
	"tfdrift/internal/ledger"
	"tfdrift/internal/ledger/dynamoledger"
	"tfdrift/internal/outbox"
	"tfdrift/internal/outbox/dynamooutbox"
	"tfdrift/internal/outbox/outboxtest"
)

var channels = []string{"slack", "webhook"}

func TestKeepsTheContract(t *testing.T) {
	outboxtest.RunItems(t, func(t *testing.T) outbox.Items {
		table, _ := dynamotest.Open(t, dynamoledger.Schema)
		return dynamooutbox.New(table, channels, func() time.Time { return outboxtest.Now })
	})
}

func TestMarksWakeNobody(t *testing.T) {
	table, _ := dynamotest.Open(t, dynamoledger.Schema)
	accept(t, dynamooutbox.New(table, channels, time.Now), 1)
	changes := dynamotest.Stream(t, table)
	if len(changes) != 1 {
		t.Fatalf("%d changes in the stream", len(changes))
	}
	if _, news, err := dynamoledger.Publication(changes[0]); news || err != nil {
		t.Errorf("news %v, error %v", news, err)
	}
}

// A finding that the ledger has forgotten begins with revision 1 again.
func TestAnOldMarkKeepsNothingBack(t *testing.T) {
	table, _ := dynamotest.Open(t, dynamoledger.Schema)
	now := outboxtest.Now
	items := dynamooutbox.New(table, channels, func() time.Time { return now })
	accept(t, items, 5)
	deliver := func(revision int) {
		if err := items.Change(t.Context(), "slack", "a", func(it *outbox.Item) bool {
			it.Settle(revision, outbox.Outcome{Delivered: true})
			return true
		}); err != nil {
			t.Fatal(err)
		}
	}
	deliver(5)
	if got := accept(t, items, 1); got != 0 {
		t.Errorf("revision %d is to be told", got)
	}
	now = now.Add(outbox.KeepItems)
	if got := accept(t, items, 1); got != 1 {
		t.Errorf("revision %d is to be told, want 1", got)
	}
}

// accept accepts a revision and returns which one is to be told then.
func accept(t *testing.T, items outbox.Items, revision int) (next int) {
	t.Helper()
	err := items.Change(t.Context(), "slack", "a", func(it *outbox.Item) bool {
		it.Accept(ledger.Publication{Revision: revision, Finding: drift.Finding{ID: "a", Status: drift.Open}}, outboxtest.Now)
		if m := it.Next(); m != nil {
			next = m.Revision
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return next
}
