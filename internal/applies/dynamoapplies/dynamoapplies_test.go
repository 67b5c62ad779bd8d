package dynamoapplies_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"tfdrift/internal/applies"
	"tfdrift/internal/applies/appliestest"
	"tfdrift/internal/applies/dynamoapplies"
	"tfdrift/internal/drift"
	"tfdrift/internal/dynamo/dynamotest"
	"tfdrift/internal/ledger/dynamoledger"
)

func open(t testing.TB) (*dynamoapplies.Applies, *dynamotest.Wire) {
	t.Helper()
	table, wire := dynamotest.Open(t, dynamoledger.Schema)
	return dynamoapplies.New(table), wire
}

func TestKeepsTheContract(t *testing.T) {
	appliestest.Run(t, func(t *testing.T) applies.Applies {
		a, _ := open(t)
		return a
	})
}

func TestNoticesThatComeAtOnceAreAllKept(t *testing.T) {
	a, _ := open(t)
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			if err := a.Lock(t.Context(), "s", time.Date(2026, 8, 20, i, 0, 0, 0, time.UTC), true); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	windows, err := a.Windows(t.Context(), "s")
	if err != nil || len(windows) != 4 {
		t.Errorf("%d windows, error %v; want 4", len(windows), err)
	}
}

func TestANoticeToldBeforeWritesNothing(t *testing.T) {
	a, wire := open(t)
	at := time.Date(2026, 8, 20, 9, 0, 0, 0, time.UTC)
	for range 3 {
		if err := a.Lock(t.Context(), "s", at, true); err != nil {
			t.Fatal(err)
		}
	}
	if puts := wire.Counts().Calls["PutItem"]; puts != 1 {
		t.Errorf("%d writes, want 1", puts)
	}
}

func TestManyEventsWait(t *testing.T) {
	a, _ := open(t)
	const events = 40 // of 64 KB: an answer has 1 MB at most
	for i := range events {
		request := make([]byte, 64<<10)
		for n := range request {
			request[n] = "0123456789"[(n*n*i>>3+n*i)%10]
		}
		e := drift.Event{ID: fmt.Sprint("e-", i), Time: time.Unix(int64(i), 0).UTC(), Request: append(append([]byte(`"`), request...), '"')}
		if err := a.SetAside(t.Context(), applies.Aside{Event: e}); err != nil {
			t.Fatal(err)
		}
	}
	waiting, err := a.Waiting(t.Context())
	if err != nil || len(waiting) != events || waiting[7].Event.ID != "e-7" {
		t.Errorf("%d events wait, error %v; want %d", len(waiting), err, events)
	}
}
