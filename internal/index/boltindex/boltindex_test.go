package boltindex_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"

	"tfdrift/internal/drift"
	"tfdrift/internal/embedded"
	"tfdrift/internal/index"
	"tfdrift/internal/index/boltindex"
	"tfdrift/internal/index/indextest"
)

func TestKeepsTheContract(t *testing.T) {
	indextest.Run(t, func(t *testing.T) index.Index {
		x, _ := open(t, filepath.Join(t.TempDir(), "store"))
		return x
	})
}

// open returns the index in a file, and what closes the file.
func open(t testing.TB, path string) (*boltindex.Index, func()) {
	t.Helper()
	db, err := embedded.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	x, err := boltindex.New(db)
	if err != nil {
		t.Fatal(err)
	}
	return x, func() {
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAfterAKillTheLastCompleteIndexIsFound(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	x, shut := open(t, path)
	refresh := begin(t, x)
	put(t, refresh, "a", "1", "of-a", "both")
	put(t, refresh, "b", "1", "of-b", "both")
	must(t, refresh.Commit(t.Context()))
	torn := begin(t, x)
	keep(t, torn, "a", "1", true)
	put(t, torn, "c", "1", "of-c", "both")
	shut() // without Commit

	x, _ = open(t, path)
	wantFound(t, x, []string{"a", "b"}, "both")
	wantFound(t, x, nil, "of-c")
	refresh = begin(t, x)
	keep(t, refresh, "a", "1", true)
	keep(t, refresh, "b", "1", true)
	keep(t, refresh, "c", "1", false)
	must(t, refresh.Commit(t.Context()))
	wantFound(t, x, []string{"a", "b"}, "both")
}

// A refresh of more than one batch dies after the first was written: entries and
// their rows are new, their keys are those of before.
func TestATornRefreshIsMadeGoodWhateverTheStateIsThen(t *testing.T) {
	const entries = 300 // of 64 KB each: several batches
	fill := func(refresh index.Refresh, version string) {
		for i := range entries {
			address := fmt.Sprint("a", i)
			must(t, refresh.Put(t.Context(), large(address, version), "always", version, fmt.Sprint(version, "-", i)))
		}
	}
	for _, then := range []string{"old", "new", "other", "none"} {
		t.Run(then, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "store")
			x, shut := open(t, path)
			refresh := begin(t, x)
			fill(refresh, "old")
			must(t, refresh.Commit(t.Context()))
			fill(begin(t, x), "new")
			shut() // without Commit

			x, _ = open(t, path)
			if found, err := x.Find(t.Context(), "old"); err != nil || len(found) != entries {
				t.Errorf("%d entries are found between the refreshes, error %v; want %d", len(found), err, entries)
			}
			want := map[string]int{"always": entries, then: entries, then + "-7": 1}
			refresh = begin(t, x)
			if then == "none" {
				want = nil
			} else {
				fill(refresh, then)
			}
			must(t, refresh.Commit(t.Context()))
			for _, key := range []string{"always", "old", "new", "other", "old-7", "new-7", "other-7"} {
				found, err := x.Find(t.Context(), key)
				must(t, err)
				if len(found) != want[key] {
					t.Errorf("%d entries under %s, want %d", len(found), key, want[key])
				}
				for _, e := range found {
					if e.Attributes["version"] != then {
						t.Fatalf("%s under %s is of version %v, want %s", e.Address, key, e.Attributes["version"], then)
					}
				}
			}
			managed, err := x.Manages(t.Context(), drift.AWS, "111122223333")
			must(t, err)
			if managed != (then != "none") {
				t.Errorf("the account is managed: %v", managed)
			}
		})
	}
}

// A state may turn out to be cut off after most of it was read and written.
func TestNothingOfARefreshIsFoundBeforeItIsCompleted(t *testing.T) {
	const entries = 300 // of 64 KB each: several batches
	x, _ := open(t, filepath.Join(t.TempDir(), "store"))
	fill := func(version string) index.Refresh {
		refresh := begin(t, x)
		for i := range entries {
			must(t, refresh.Put(t.Context(), large(fmt.Sprint("a", i), version), "always", version))
		}
		return refresh
	}
	find := func(key, version string, want int) {
		t.Helper()
		found, err := x.Find(t.Context(), key)
		must(t, err)
		if len(found) != want {
			t.Errorf("%d entries under %s, want %d", len(found), key, want)
		}
		for _, e := range found {
			if e.Attributes["version"] != version {
				t.Fatalf("%s under %s is of version %v, want %s", e.Address, key, e.Attributes["version"], version)
			}
		}
	}
	fill("first")
	find("always", "", 0)
	if managed, err := x.Manages(t.Context(), drift.AWS, "111122223333"); managed || err != nil {
		t.Errorf("the account is managed: %v, error %v", managed, err)
	}
	must(t, fill("old").Commit(t.Context()))
	refresh := fill("new")
	find("always", "old", entries)
	find("old", "old", entries)
	find("new", "", 0)
	must(t, refresh.Commit(t.Context()))
	find("always", "new", entries)
	find("old", "", 0)
	find("new", "new", entries)
}

func TestAddressesThatBeginAlikeAreKeptApart(t *testing.T) {
	x, _ := open(t, filepath.Join(t.TempDir(), "store"))
	alike := []string{"a", "a\x00", "a\x00\x00\x00\x00\x00\x00\x00\x00\x01", "a\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00", ""}
	for range 2 {
		refresh := begin(t, x)
		for _, address := range alike {
			must(t, refresh.Put(t.Context(), entry(address), "k", "of "+address))
		}
		must(t, refresh.Commit(t.Context()))
		for _, address := range alike {
			wantFound(t, x, []string{address}, "of "+address)
		}
	}
	refresh := begin(t, x)
	put(t, refresh, "a", "1", "k")
	must(t, refresh.Commit(t.Context()))
	wantFound(t, x, []string{"a"}, "k")
}

func TestNothingIsLeftOfAStateThatIsForgotten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	x, shut := open(t, path)
	for range 2 {
		refresh := begin(t, x)
		put(t, refresh, "a", "1", "k", "l")
		must(t, refresh.Put(t.Context(), entry("b"), "k", "m"))
		must(t, refresh.Put(t.Context(), entry("b"), "k", "n")) // and again
		begin(t, x)                                             // breaks off
	}
	must(t, begin(t, x).Commit(t.Context()))
	shut()
	db, err := embedded.Open(path)
	must(t, err)
	defer db.Close()
	must(t, db.View(func(tx *bbolt.Tx) error {
		for _, name := range []string{"index.entries", "index.manifest", "index.keys", "index.accounts"} {
			if n := tx.Bucket([]byte(name)).Stats().KeyN; n > 0 {
				t.Errorf("%d rows are left in %s", n, name)
			}
		}
		return nil
	}))
}

func TestAnOvertakenRefreshWritesNothingMore(t *testing.T) {
	x, _ := open(t, filepath.Join(t.TempDir(), "store"))
	slow := begin(t, x)
	put(t, slow, "slow", "1", "k")
	fast := begin(t, x)
	put(t, fast, "fast", "1", "k")
	must(t, fast.Commit(t.Context()))
	if err := slow.Commit(t.Context()); !errors.Is(err, drift.ErrConflict) {
		t.Errorf("commit of the slow one: error %v", err)
	}
	wantFound(t, x, []string{"fast"}, "k")
}

func TestReadersAreNeverWithoutAnEntry(t *testing.T) {
	x, _ := open(t, filepath.Join(t.TempDir(), "store"))
	refresh := begin(t, x)
	for i := range 50 {
		must(t, refresh.Put(t.Context(), large(fmt.Sprint("a", i), "0"), "k"))
	}
	must(t, refresh.Commit(t.Context()))
	var done atomic.Bool
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for !done.Load() {
				found, err := x.Find(t.Context(), "k")
				if err != nil || len(found) != 50 {
					t.Errorf("%d entries, error %v; want 50", len(found), err)
					return
				}
			}
		})
	}
	for version := range 5 {
		refresh := begin(t, x)
		for i := range 50 {
			must(t, refresh.Put(t.Context(), large(fmt.Sprint("a", i), fmt.Sprint(version)), "k", fmt.Sprint("v", version)))
		}
		must(t, refresh.Commit(t.Context()))
	}
	done.Store(true)
	readers.Wait()
}

func TestOnlyWhatChangedIsWritten(t *testing.T) {
	x, _ := open(t, filepath.Join(t.TempDir(), "store"))
	for version := range 3 {
		refresh := begin(t, x)
		for i := range 1000 {
			hash := "same"
			if i < 10 {
				hash = fmt.Sprint("version ", version)
			}
			address := fmt.Sprint("a", i)
			kept, err := refresh.Keep(t.Context(), address, hash)
			must(t, err)
			if !kept {
				must(t, refresh.Put(t.Context(), entry(address), "k", address))
			}
		}
		must(t, refresh.Commit(t.Context()))
	}
	want := boltindex.Stats{Put: 1000 + 10 + 10, Kept: 990 + 990, Transactions: 6}
	if diff := cmp.Diff(want, x.Stats()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func begin(t testing.TB, x *boltindex.Index) index.Refresh {
	t.Helper()
	h, err := x.State(t.Context(), "s")
	if err != nil && !errors.Is(err, drift.ErrNotFound) {
		t.Fatal(err)
	}
	refresh, err := x.Begin(t.Context(), index.Header{State: "s", Generation: h.Generation})
	must(t, err)
	return refresh
}

func entry(address string) *drift.Entry {
	return &drift.Entry{State: "s", Address: address, Provider: drift.AWS, Account: "111122223333"}
}

func large(address, version string) *drift.Entry {
	e := entry(address)
	e.Attributes = map[string]any{"version": version, "padding": strings.Repeat("x", 64<<10)}
	return e
}

func put(t testing.TB, refresh index.Refresh, address, hash string, keys ...string) {
	t.Helper()
	keep(t, refresh, address, hash, false)
	must(t, refresh.Put(t.Context(), entry(address), keys...))
}

func keep(t testing.TB, refresh index.Refresh, address, hash string, want bool) {
	t.Helper()
	got, err := refresh.Keep(t.Context(), address, hash)
	must(t, err)
	if got != want {
		t.Errorf("kept %s: %v, want %v", address, got, want)
	}
}

func wantFound(t testing.TB, x *boltindex.Index, want []string, key string) {
	t.Helper()
	found, err := x.Find(t.Context(), key)
	must(t, err)
	var got []string
	for _, e := range found {
		got = append(got, e.Address)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("found under %s (-want +got):\n%s", key, diff)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
