package boltoutbox_test

import (
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"tfdrift/internal/drift"
	"tfdrift/internal/ledger"
	"tfdrift/internal/outbox"
	"tfdrift/internal/outbox/boltoutbox"
	"tfdrift/internal/outbox/outboxtest"
)

func TestContract(t *testing.T) {
	outboxtest.Run(t, func(t *testing.T) outbox.Outbox {
		box, _ := open(t, filepath.Join(t.TempDir(), "db"))
		return box
	})
}

func open(t *testing.T, path string) (*boltoutbox.Outbox, *bbolt.DB) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	box, err := boltoutbox.New(db)
	if err != nil {
		t.Fatal(err)
	}
	return box, db
}

func TestARestartFindsWhatWaitedAndWhatWasDelivered(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db")
	box, db := open(t, path)
	now := time.Date(2026, 8, 20, 9, 0, 0, 0, time.UTC)
	publication := func(place uint64, id string) ledger.Publication {
		return ledger.Publication{Place: place, Revision: 1, Finding: drift.Finding{ID: id, Status: drift.Open}}
	}
	all := []ledger.Publication{publication(1, "told"), publication(2, "waits"), publication(3, "postponed"), publication(4, "given up")}
	if err := box.Accept(t.Context(), []string{"slack"}, all, now); err != nil {
		t.Fatal(err)
	}
	due, _, err := box.Due(t.Context(), "slack", now, 10)
	if err != nil || len(due) != 4 {
		t.Fatalf("%d due, %v", len(due), err)
	}
	for i, o := range map[int]outbox.Outcome{0: {Delivered: true}, 2: {Again: now.Add(time.Hour), Attempt: 1}, 3: {GivenUp: "dead", Attempt: 4}} {
		if err := box.Settle(t.Context(), due[i], o); err != nil {
			t.Fatal(err)
		}
	}
	db.Close()

	box, _ = open(t, path)
	if place, err := box.Cursor(t.Context()); err != nil || place != 4 {
		t.Errorf("cursor %d, %v", place, err)
	}
	if err := box.Accept(t.Context(), []string{"slack"}, all, now); err != nil { // the feed gives them once more
		t.Fatal(err)
	}
	due, next, err := box.Due(t.Context(), "slack", now, 10)
	if err != nil || len(due) != 1 || due[0].Message.Finding.ID != "waits" || !next.Equal(now.Add(time.Hour)) {
		t.Errorf("due %v, next %v, %v", due, next, err)
	}
	given, err := box.GivenUp(t.Context(), 10)
	if err != nil || len(given) != 1 || given[0].Message.Finding.ID != "given up" || given[0].Attempt != 4 {
		t.Errorf("given up %v, %v", given, err)
	}
}
