package dynamoledger_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
	"tfdrift/internal/dynamo"
	"tfdrift/internal/dynamo/dynamotest"
	"tfdrift/internal/ledger"
	"tfdrift/internal/ledger/dynamoledger"
	"tfdrift/internal/ledger/ledgertest"
)

func TestKeepsTheContract(t *testing.T) {
	ledgertest.Run(t, func(t *testing.T) ledger.Ledger {
		table, _ := dynamotest.Open(t, dynamoledger.Schema)
		return dynamoledger.New(table, dynamoledger.Options{})
	})
}

var now = time.Date(2026, 8, 20, 9, 0, 0, 0, time.UTC)

func open(t testing.TB) (*dynamoledger.Ledger, *dynamo.Table, *dynamotest.Wire) {
	t.Helper()
	table, wire := dynamotest.Open(t, dynamoledger.Schema)
	return dynamoledger.New(table, dynamoledger.Options{Keep: time.Hour, Now: func() time.Time { return now }}), table, wire
}

// told are the publications in a table's stream, as "key revision status".
func told(t testing.TB, table *dynamo.Table) (all []string) {
	t.Helper()
	for _, change := range dynamotest.Stream(t, table) {
		p, news, err := dynamoledger.Publication(change)
		if err != nil {
			t.Error(err)
		}
		if news {
			all = append(all, fmt.Sprint(p.Finding.ID, " ", p.Revision, " ", p.Finding.Status))
		}
		var record struct {
			DynamoDB struct {
				NewImage struct{ Step *struct{ N string } }
			}
		}
		if err := json.Unmarshal(change, &record); err != nil {
			t.Fatal(err)
		}
		step := record.DynamoDB.NewImage.Step
		if passes := step != nil && step.N != "0"; passes != news {
			t.Errorf("%s passes the filter: %v, is a publication: %v", change, passes, news)
		}
	}
	return all
}

func TestThePublicationsAreInTheStream(t *testing.T) {
	l, table, wire := open(t)
	r := ledger.Record{Key: "k"}
	publish := func(differs bool) {
		r.Publish(drift.Finding{ID: "k", Kind: drift.Modified, Changes: []drift.Attribute{{Name: "a", Op: drift.OpSet, After: "x"}}}, differs, now)
		r = save(t, l, r)
	}
	r.Observe(ledger.Observation{Time: now}, "e-1")
	r = save(t, l, r) // a mark
	publish(true)
	publish(true) // as before
	publish(false)
	save(t, l, ledger.Record{Key: "other"})
	publish(true)
	if err := l.Save(t.Context(), ledger.Record{Key: "k", Revision: 9}); !errors.Is(err, drift.ErrConflict) {
		t.Errorf("error %v, want %v", err, drift.ErrConflict)
	}
	if diff := cmp.Diff([]string{"k 1 open", "k 2 resolved", "k 3 open"}, told(t, table)); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	if calls := wire.Counts().Calls["UpdateItem"]; calls != 6 {
		t.Errorf("%d writes for 6 records saved", calls)
	}
}

func TestOfThirtyTwoThatOpenOneFindingOneDoes(t *testing.T) {
	l, table, _ := open(t)
	var ledgers []*dynamoledger.Ledger
	for range 32 {
		again, _ := dynamotest.Again(t, table.Name)
		ledgers = append(ledgers, dynamoledger.New(again, dynamoledger.Options{}))
	}
	var won, conflicts atomic.Int32
	var all, ready sync.WaitGroup
	ready.Add(len(ledgers))
	for _, l := range ledgers {
		all.Go(func() {
			r, err := l.Load(t.Context(), "k")
			ready.Done()
			ready.Wait() // all have read the same
			if err != nil {
				t.Error(err)
				return
			}
			r.Observe(ledger.Observation{Time: now}, "e-1")
			r.Publish(drift.Finding{ID: "k", Kind: drift.Deleted}, true, now)
			switch err := l.Save(t.Context(), r); {
			case err == nil:
				won.Add(1)
			case errors.Is(err, drift.ErrConflict):
				conflicts.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 || conflicts.Load() != 31 {
		t.Errorf("%d won, %d were refused; want 1 and 31", won.Load(), conflicts.Load())
	}
	if diff := cmp.Diff([]string{"k 1 open"}, told(t, table)); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	if r, err := l.Load(t.Context(), "k"); err != nil || r.Version != 1 || r.Opened != 1 {
		t.Errorf("record %+v, error %v", r, err)
	}
}

func TestOnlyWhatIsLiveStaysForEver(t *testing.T) {
	l, table, _ := open(t)
	expires := func() uint64 {
		t.Helper()
		var found uint64
		for n := range 16 {
			items, err := table.Query(t.Context(), dynamo.Under(fmt.Sprintf("record %x", n), ""))
			if err != nil {
				t.Fatal(err)
			}
			for _, item := range items {
				found = item.Number(dynamoledger.Expires)
			}
		}
		return found
	}
	hence := uint64(now.Add(time.Hour).Unix())
	r := save(t, l, ledger.Record{Key: "k"})
	if got := expires(); got != hence {
		t.Errorf("a mark expires at %d, want %d", got, hence)
	}
	for i, status := range []drift.Status{drift.Open, drift.Updated, drift.Resolved, drift.Open} {
		want := uint64(0)
		if status == drift.Resolved {
			want = hence
		}
		r.Finding, r.Revision = &drift.Finding{ID: "k", Status: status}, i+1
		r = save(t, l, r)
		if got := expires(); got != want {
			t.Errorf("a finding that is %s expires at %d, want %d", status, got, want)
		}
	}
}

// busy is a record of observations of so many bytes that no compression makes fewer.
func busy(observations, size int) ledger.Record {
	r := ledger.Record{Key: "k"}
	source := rand.NewChaCha8([32]byte{})
	for i := range observations {
		noise := make([]byte, size)
		_, _ = source.Read(noise)
		r.Observe(ledger.Observation{Time: now.Add(time.Duration(i) * time.Second), Effect: drift.Set, Event: drift.EventRef{ID: fmt.Sprint(i)}, Facts: []drift.Fact{
			{Attribute: fmt.Sprint("a", i), Op: drift.OpSet, Value: base64.StdEncoding.EncodeToString(noise)},
		}}, fmt.Sprint(i))
	}
	return r
}

func TestARecordTooLargeForAnItemForgetsWhatTellsTheLeast(t *testing.T) {
	l, _, _ := open(t)
	save(t, l, busy(100, 10<<10))
	r, err := l.Load(t.Context(), "k")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(r.Observations); n < 20 || n > 40 || r.Last().Event.ID != "99" || len(r.Seen) != 100 {
		t.Errorf("%d observations, the last of event %s, %d ids; want those 360 KB hold, the last of 99, and 100", n, r.Last().Event.ID, len(r.Seen))
	}
}

func TestARecordThatFitsNowhereIsAnError(t *testing.T) {
	l, _, wire := open(t)
	err := l.Save(t.Context(), busy(2, 500<<10))
	if !errors.Is(err, drift.ErrInvalid) || !strings.Contains(err.Error(), "KB") {
		t.Errorf("error %v, want %v", err, drift.ErrInvalid)
	}
	if calls := wire.Counts().Calls; len(calls) > 0 {
		t.Errorf("calls %v", calls)
	}
}

func TestAThrottledTableIsWaitedFor(t *testing.T) {
	l, _, wire := open(t)
	for i := range 20 {
		save(t, l, ledger.Record{Key: fmt.Sprint("k", i), Revision: 1, Finding: &drift.Finding{ID: "k", Status: drift.Open}})
	}
	var mu sync.Mutex
	refused := map[string]int{}
	wire.Partial, wire.Trouble = true, func(operation string) string {
		mu.Lock()
		defer mu.Unlock()
		if refused[operation] == 3 {
			return ""
		}
		refused[operation]++
		return [...]string{"", "ProvisionedThroughputExceededException", "ThrottlingException", "TransactionConflictException"}[refused[operation]]
	}
	save(t, l, ledger.Record{Key: "k20"})
	if _, err := l.Load(t.Context(), "k1"); err != nil {
		t.Error(err)
	}
	if keys, err := l.OfState(t.Context(), ""); err != nil || len(keys) != 21 {
		t.Errorf("%d keys, error %v; want 21", len(keys), err)
	}
	if records, err := l.Published(t.Context()); err != nil || len(records) != 20 {
		t.Errorf("%d records, error %v; want 20", len(records), err)
	}
	if diff := cmp.Diff(map[string]int{"GetItem": 3, "UpdateItem": 3, "Query": 3, "BatchGetItem": 3}, refused); diff != "" {
		t.Errorf("refused (-want +got):\n%s", diff)
	}
}

func TestASaveWhoseAnswerIsLostCountsOnce(t *testing.T) {
	l, table, wire := open(t)
	var lost atomic.Int32
	wire.Lost = func(operation string) bool { return operation == "UpdateItem" && lost.Add(1) == 1 }
	r := ledger.Record{Key: "k"}
	r.Observe(ledger.Observation{Time: now}, "e-1")
	r.Publish(drift.Finding{ID: "k", Kind: drift.Deleted}, true, now)
	if err := l.Save(t.Context(), r); !errors.Is(err, drift.ErrConflict) { // with its own write: read again
		t.Errorf("error %v, want %v", err, drift.ErrConflict)
	}
	if r, err := l.Load(t.Context(), "k"); err != nil || !r.Counted("e-1") || r.Version != 1 {
		t.Errorf("record %+v, error %v", r, err)
	}
	if diff := cmp.Diff([]string{"k 1 open"}, told(t, table)); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

func TestWhatIsNoPublicationIsNoNews(t *testing.T) {
	for _, change := range []string{
		`{}`, `{"eventName":"REMOVE","dynamodb":{"Keys":{"pk":{"S":"record 0"}}}}`,
		`{"dynamodb":{"NewImage":{"pk":{"S":"silence"},"step":{"S":"x"}}}}`, `{"dynamodb":{"NewImage":{"step":{"N":"0"},"record":{"B":"AHt9"}}}}`,
	} {
		if _, news, err := dynamoledger.Publication([]byte(change)); news || err != nil {
			t.Errorf("%s: news %v, error %v", change, news, err)
		}
	}
	for _, change := range []string{
		``, `[]`, `{"dynamodb":{"NewImage":{"step":{"N":"1"},"record":{"B":"AA=="}}}}`, `{"dynamodb":{"NewImage":{"step":{"N":"1"},"record":{"B":"AHt9"}}}}`,
		`{"dynamodb":{"NewImage":{"step":{"N":"1"},"record":{"B":"/////w=="}}}}`,
	} {
		if _, news, err := dynamoledger.Publication([]byte(change)); news || !errors.Is(err, drift.ErrInvalid) {
			t.Errorf("%s: news %v, error %v; want %v", change, news, err, drift.ErrInvalid)
		}
	}
}

func FuzzPublication(f *testing.F) {
	f.Add([]byte(`{"dynamodb":{"NewImage":{"step":{"N":"1"},"record":{"B":"AHt9"}}}}`))
	f.Fuzz(func(t *testing.T, change []byte) {
		if _, news, err := dynamoledger.Publication(change); news && err != nil {
			t.Errorf("news with an error: %v", err)
		}
	})
}

// save saves a record and returns it as it is then.
func save(t testing.TB, l ledger.Ledger, r ledger.Record) ledger.Record {
	t.Helper()
	if err := l.Save(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	r.Version++
	return r
}
