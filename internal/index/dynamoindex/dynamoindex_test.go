package dynamoindex_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
	"tfdrift/internal/dynamo"
	"tfdrift/internal/dynamo/dynamotest"
	"tfdrift/internal/index"
	"tfdrift/internal/index/dynamoindex"
	"tfdrift/internal/index/indextest"
)

func TestKeepsTheContract(t *testing.T) {
	indextest.Run(t, func(t *testing.T) index.Index {
		x, _, _ := open(t)
		return x
	})
}

func open(t testing.TB) (*dynamoindex.Index, *dynamo.Table, *dynamotest.Wire) {
	t.Helper()
	table, wire := dynamotest.Open(t, dynamoindex.Schema)
	return dynamoindex.New(table), table, wire
}

func TestARefreshWritesWhatChanged(t *testing.T) {
	x, _, wire := open(t)
	refresh := func(changed int) dynamotest.Counts {
		r := begin(t, x)
		for i := range 1000 {
			address, version := fmt.Sprint("aws_x.y[", i, "]"), "1"
			if i%100 == 7 && i/100 < changed {
				version = "2"
			}
			if kept, err := r.Keep(t.Context(), address, version); err != nil {
				t.Fatal(err)
			} else if !kept {
				must(t, r.Put(t.Context(), entry(address, version), "x/"+address, "x/arn:"+address))
			}
		}
		must(t, r.Commit(t.Context()))
		return wire.Counts()
	}
	for _, row := range []struct {
		name    string
		changed int
		want    map[string]int
		calls   int // transactions
	}{
		{"all are new", 0, map[string]int{"key": 2000, "manifest": 10, "account": 1, "state": 2}, 21},
		{"nothing changed", 0, map[string]int{"state": 2}, 1},
		{"one changed", 1, map[string]int{"key": 2, "manifest": 1, "state": 2}, 1},
		{"ten changed, or changed back", 10, map[string]int{"key": 18, "manifest": 9, "state": 2}, 1},
	} {
		counts := refresh(row.changed)
		if diff := cmp.Diff(row.want, counts.Items); diff != "" {
			t.Errorf("%s: items written (-want +got):\n%s", row.name, diff)
		}
		if got := counts.Calls["TransactWriteItems"]; got != row.calls {
			t.Errorf("%s: %d transactions, want %d", row.name, got, row.calls)
		}
	}
}

func TestFindIsOneRoundTrip(t *testing.T) {
	x, _, wire := open(t)
	r := begin(t, x)
	must(t, r.Put(t.Context(), entry("a", "1"), "one", "two", "three"))
	must(t, r.Commit(t.Context()))
	wire.Counts()
	var all sync.WaitGroup
	all.Add(3)
	wire.Trouble = func(string) string {
		all.Done()
		all.Wait() // for ever, were one asked after another
		return ""
	}
	wantFound(t, x, "1", []string{"a"}, "one", "two", "three")
	if diff := cmp.Diff(map[string]int{"Query": 3}, wire.Counts().Calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestAnOvertakenRefreshOfAnotherProcessWritesNothing(t *testing.T) {
	x, table, _ := open(t)
	again, _ := dynamotest.Again(t, table.Name)
	other := dynamoindex.New(again)
	slow := begin(t, x)
	must(t, slow.Put(t.Context(), entry("slow", "1"), "k"))
	must(t, begin(t, other).Commit(t.Context()))
	if err := slow.Commit(t.Context()); !errors.Is(err, drift.ErrConflict) {
		t.Errorf("error %v, want %v", err, drift.ErrConflict)
	}
	wantFound(t, other, "", nil, "k")
	managed, err := other.Manages(t.Context(), drift.AWS, "111122223333")
	if err != nil || managed {
		t.Errorf("the account is managed: %v, error %v", managed, err)
	}
}

func TestNothingIsFoundBeforeCommitHoweverMuchWaits(t *testing.T) {
	x, _, wire := open(t)
	r := begin(t, x)
	wire.Counts()
	var want []string
	for i := range 9 { // of 1.5 MB: the last are in memory, the others in the file
		address := fmt.Sprint("a", i)
		want = append(want, address)
		must(t, r.Put(t.Context(), large(address, 1<<20), "k", address))
	}
	must(t, r.Put(t.Context(), entry("a0", "large"), "k", "a0")) // again, and small
	if calls := wire.Counts().Calls; len(calls) > 0 {
		t.Errorf("calls before the commit: %v", calls)
	}
	must(t, r.Commit(t.Context()))
	wantFound(t, x, "large", want, "k")
	for i, address := range want[1:] {
		found, err := x.Find(t.Context(), address)
		must(t, err)
		if diff := cmp.Diff([]*drift.Entry{large(address, 1<<20)}, found); diff != "" {
			t.Errorf("entry %d is another", i+1)
		}
	}
}

// A refresh dies between any two of its transactions; the one after it brings
// the state as it was before, the one that died, another, or an empty one.
func TestATornRefreshIsMadeGoodWhateverTheStateIsThen(t *testing.T) {
	const entries = 110
	fill := func(r index.Refresh, version string) error {
		for i := range entries {
			e := entry(fmt.Sprint("a", i), version)
			e.Account = "of-" + version
			if err := r.Put(t.Context(), e, "always", version); err != nil {
				return err
			}
		}
		return r.Commit(t.Context())
	}
	states := []string{"other", "old", "new", "none"}
	if testing.Short() {
		states = states[:1]
	}
	for _, then := range states {
		t.Run(then, func(t *testing.T) {
			x, table, wire := open(t)
			for died := 0; ; died++ {
				must(t, fill(begin(t, x), "old"))
				torn, calls := begin(t, x), 0
				wire.Trouble = func(operation string) string {
					if operation != "TransactWriteItems" {
						return ""
					}
					if calls++; calls > died {
						return "AccessDeniedException"
					}
					return ""
				}
				err := fill(torn, "new")
				wire.Trouble = nil
				if err == nil {
					if died < 4 {
						t.Errorf("the refresh was done after %d transactions; make it longer", died)
					}
					return
				}
				found, err := x.Find(t.Context(), "old", "new")
				if err != nil || len(found) != entries {
					t.Errorf("%d transactions: %d entries are found between the refreshes, error %v; want %d", died, len(found), err, entries)
				}

				again, _ := dynamotest.Again(t, table.Name)
				x := dynamoindex.New(again)
				refresh, want := begin(t, x), map[string]int{"always": entries, then: entries}
				if then == "none" {
					want = nil
					must(t, refresh.Commit(t.Context()))
				} else {
					must(t, fill(refresh, then))
				}
				for _, version := range []string{"always", "old", "new", "other"} {
					found, err := x.Find(t.Context(), version)
					must(t, err)
					if len(found) != want[version] {
						t.Errorf("%d transactions: %d entries under %s, want %d", died, len(found), version, want[version])
					}
					for _, e := range found {
						if e.Attributes["version"] != then {
							t.Fatalf("%d transactions: %s under %s is of version %v", died, e.Address, version, e.Attributes["version"])
						}
					}
					if managed, err := x.Manages(t.Context(), drift.AWS, "of-"+version); err != nil || managed != (version == then) {
						t.Errorf("%d transactions: account of %s is managed: %v, error %v", died, version, managed, err)
					}
				}
			}
		})
	}
}

func TestAnEntryTooLargeForAnItemIsFoundWhole(t *testing.T) {
	x, table, _ := open(t)
	for i, e := range []*drift.Entry{large("a", 500<<10), large("a", 2<<20), entry("a", "small"), large("a", 1<<20)} {
		e.Address = "a"
		r := begin(t, x)
		keys := []string{"k", fmt.Sprint("k", i)}
		must(t, r.Put(t.Context(), e, keys...))
		must(t, r.Commit(t.Context()))
		for _, key := range keys {
			found, err := x.Find(t.Context(), key)
			must(t, err)
			if diff := cmp.Diff([]*drift.Entry{e}, found); diff != "" {
				t.Errorf("entry %d under %s is another", i, key)
			}
		}
		wantFound(t, x, "", nil, fmt.Sprint("k", i-1))
	}
	must(t, begin(t, x).Commit(t.Context()))
	for _, key := range []string{"k", "k0", "k1", "k2", "k3"} {
		left, err := table.Query(t.Context(), dynamo.Under("key "+key, ""))
		if err != nil || len(left) > 0 {
			t.Errorf("%d items are left under %s, error %v", len(left), key, err)
		}
	}
}

func TestALargeEntryIsNeverFoundInHalves(t *testing.T) {
	x, _, _ := open(t)
	versions := []*drift.Entry{large("a", 900<<10), large("a", 500<<10), entry("a", "small")}
	fill := func(e *drift.Entry) {
		r := begin(t, x)
		must(t, r.Put(t.Context(), e, "k"))
		must(t, r.Commit(t.Context()))
	}
	fill(versions[0])
	var done atomic.Bool
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for !done.Load() {
				found, err := x.Find(t.Context(), "k")
				if err != nil || len(found) != 1 {
					t.Errorf("%d entries, error %v; want 1", len(found), err)
					return
				}
			}
		})
	}
	for i := range 9 {
		fill(versions[i%3])
	}
	done.Store(true)
	readers.Wait()
}

func TestAThrottledTableIsWaitedFor(t *testing.T) {
	for _, code := range []string{
		"ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded", "InternalServerError",
		"TransactionCanceledException/ThrottlingError", "TransactionCanceledException/ProvisionedThroughputExceeded", "TransactionCanceledException/TransactionConflict",
	} {
		t.Run(code, func(t *testing.T) {
			x, _, wire := open(t)
			var mu sync.Mutex
			refused := map[string]int{}
			wire.Trouble = func(operation string) string {
				mu.Lock()
				defer mu.Unlock()
				if strings.Contains(code, "/") && operation != "TransactWriteItems" || refused[operation] == 3 {
					return ""
				}
				refused[operation]++
				return code
			}
			r := begin(t, x)
			must(t, r.Put(t.Context(), entry("a", "1"), "k"))
			must(t, r.Commit(t.Context()))
			wantFound(t, x, "1", []string{"a"}, "k")
			if refused["TransactWriteItems"] != 3 {
				t.Errorf("refused were %v", refused)
			}
		})
	}
}

func TestACommitWhoseAnswerIsLostHoldsAllTheSame(t *testing.T) {
	x, _, wire := open(t)
	r := begin(t, x)
	must(t, r.Put(t.Context(), entry("a", "1"), "k"))
	lost := 0
	wire.Lost = func(operation string) bool {
		lost++
		return operation == "TransactWriteItems" && lost == 1
	}
	must(t, r.Commit(t.Context()))
	h, err := x.State(t.Context(), "s")
	if err != nil || !h.Complete || lost < 2 {
		t.Errorf("header %+v, error %v, %d calls", h, err, lost)
	}
}

func TestNamesOfAnyLengthAreKept(t *testing.T) {
	x, _, _ := open(t)
	state, address, key := strings.Repeat("s", 3000), strings.Repeat("a", 3000), strings.Repeat("k", 3000)
	r, err := x.Begin(t.Context(), index.Header{State: state})
	must(t, err)
	must(t, r.Put(t.Context(), &drift.Entry{State: state, Address: address, Provider: drift.GCP, Account: key}, key, key+"2", ""))
	must(t, r.Commit(t.Context()))
	for _, k := range []string{key, key + "2", ""} {
		found, err := x.Find(t.Context(), k)
		if err != nil || len(found) != 1 || found[0].State != state || found[0].Address != address {
			t.Errorf("%d entries, error %v", len(found), err)
		}
	}
}

func begin(t testing.TB, x *dynamoindex.Index) index.Refresh {
	t.Helper()
	h, err := x.State(t.Context(), "s")
	if err != nil && !errors.Is(err, drift.ErrNotFound) {
		t.Fatal(err)
	}
	r, err := x.Begin(t.Context(), index.Header{State: "s", Generation: h.Generation})
	must(t, err)
	return r
}

func entry(address, version string) *drift.Entry {
	return &drift.Entry{
		State: "s", Address: address, Type: "aws_security_group", Provider: drift.AWS, Account: "111122223333", Region: "eu-west-1", ID: address,
		Attributes: map[string]any{"version": version, "description": strings.Repeat("all of it is the same ", 50)},
	}
}

// large is an entry of so many bytes that no compression makes fewer.
func large(address string, size int) *drift.Entry {
	e := entry(address, "large")
	noise := make([]byte, size)
	source := rand.NewChaCha8([32]byte{byte(size)})
	_, _ = source.Read(noise)
	e.Attributes["noise"] = base64.StdEncoding.EncodeToString(noise)
	return e
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantFound(t testing.TB, x index.Index, version string, want []string, keys ...string) {
	t.Helper()
	found, err := x.Find(context.WithoutCancel(t.Context()), keys...)
	must(t, err)
	var got []string
	for _, e := range found {
		got = append(got, e.Address)
		if e.Attributes["version"] != version {
			t.Errorf("%s is of version %v, want %s", e.Address, e.Attributes["version"], version)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("found under %v (-want +got):\n%s", keys, diff)
	}
}
