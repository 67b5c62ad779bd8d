// Package indextest is the contract of package index as a test suite. Every
// backend's test is one call of [Run].
package indextest

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
	"tfdrift/internal/index"
)

// Run holds the indexes that open returns, each empty, to the contract.
func Run(t *testing.T, open func(t *testing.T) index.Index) {
	for _, row := range []struct {
		name   string
		reason string
		test   func(*testing.T, index.Index)
	}{
		{"nothing is found in an empty index",
			"most events concern what nobody manages; that is no error",
			func(t *testing.T, ix index.Index) {
				wantFound(t, ix, nil, "ec2/sg-1")
				wantFound(t, ix, nil)
			}},
		{"an entry is found under each of its keys",
			"a rule of a group is found by the group's id and by its own",
			func(t *testing.T, ix index.Index) {
				fill(t, ix, "s", put{"rule", []string{"ec2/sg-1", "ec2/sgr-1"}})
				wantFound(t, ix, []string{"s rule"}, "ec2/sg-1")
				wantFound(t, ix, []string{"s rule"}, "ec2/sgr-1")
				wantFound(t, ix, nil, "ec2/sg")
			}},
		{"an entry is found once",
			"an event names one object by id and by ARN, and one finding must come of it",
			func(t *testing.T, ix index.Index) {
				fill(t, ix, "s", put{"group", []string{"ec2/sg-1", "ec2/web", "ec2/web"}})
				wantFound(t, ix, []string{"s group"}, "ec2/sg-1", "ec2/web", "ec2/sg-1")
				wantFound(t, ix, []string{"s group"}, "ec2/web")
			}},
		{"entries come in order of state and address",
			"findings and their tests must not depend on chance",
			func(t *testing.T, ix index.Index) {
				fill(t, ix, "b", put{"y", []string{"k"}}, put{"x", []string{"k", "l"}})
				fill(t, ix, "a", put{"z", []string{"l"}})
				wantFound(t, ix, []string{"b x", "b y"}, "k")
				wantFound(t, ix, []string{"a z", "b x", "b y"}, "k", "l")
			}},
		{"two states may hold one address",
			"every environment of a configuration has the same addresses",
			func(t *testing.T, ix index.Index) {
				fill(t, ix, "prod", put{"web", []string{"k"}})
				fill(t, ix, "test", put{"web", []string{"k"}})
				fill(t, ix, "test")
				wantFound(t, ix, []string{"prod web"}, "k")
			}},
		{"an entry comes back as it was put",
			"numbers keep their text and secrets stay sealed in every store",
			func(t *testing.T, ix index.Index) {
				want := example()
				refresh := begin(t, ix, index.Header{State: want.State})
				must(t, refresh.Put(t.Context(), example(), "rds/main"))
				must(t, refresh.Commit(t.Context()))
				found, err := ix.Find(t.Context(), "rds/main")
				must(t, err)
				if diff := cmp.Diff([]*drift.Entry{want}, found); diff != "" {
					t.Errorf("found (-want +got):\n%s", diff)
				}
			}},
		{"the last put of an address counts",
			"a refresh is done again from the start when it was interrupted",
			func(t *testing.T, ix index.Index) {
				fill(t, ix, "s", put{"web", []string{"old"}}, put{"web", []string{"new"}})
				wantFound(t, ix, nil, "old")
				wantFound(t, ix, []string{"s web"}, "new")
			}},
		{"a refresh replaces the state and nothing else",
			"what was destroyed or renamed must not be found any more",
			func(t *testing.T, ix index.Index) {
				fill(t, ix, "other", put{"c", []string{"k"}})
				fill(t, ix, "s", put{"a", []string{"k"}}, put{"b", []string{"k"}})
				fill(t, ix, "s", put{"b", []string{"k"}}, put{"d", []string{"l"}})
				wantFound(t, ix, []string{"other c", "s b", "s d"}, "k", "l")
			}},
		{"an empty refresh forgets a state",
			"the object was deleted",
			func(t *testing.T, ix index.Index) {
				fill(t, ix, "s", put{"a", []string{"k"}})
				fill(t, ix, "s")
				wantFound(t, ix, nil, "k")
			}},
		{"nothing goes before the commit",
			"a refresh that breaks off must not lose what the last good one knew",
			func(t *testing.T, ix index.Index) {
				fill(t, ix, "s", put{"a", []string{"k"}})
				refresh := begin(t, ix, header(t, ix, "s"))
				must(t, refresh.Put(t.Context(), entry("s", "b"), "l"))
				wantFound(t, ix, []string{"s a"}, "k")
			}},
		{"a refresh after one that broke off makes good",
			"what the broken one put may be no longer true",
			func(t *testing.T, ix index.Index) {
				broken := begin(t, ix, index.Header{State: "s"})
				must(t, broken.Put(t.Context(), entry("s", "a"), "k"))
				fill(t, ix, "s", put{"b", []string{"k"}})
				wantFound(t, ix, []string{"s b"}, "k")
			}},
		{"an older refresh can do nothing once a newer one began",
			"a slow indexer must not undo what a faster one read later",
			func(t *testing.T, ix index.Index) {
				slow := begin(t, ix, index.Header{State: "s"})
				must(t, slow.Put(t.Context(), entry("s", "old"), "k"))
				fill(t, ix, "s", put{"new", []string{"k"}})
				wantError(t, slow.Put(t.Context(), entry("s", "late"), "k"), drift.ErrConflict)
				wantError(t, slow.Commit(t.Context()), drift.ErrConflict)
				wantFound(t, ix, []string{"s new"}, "k")
			}},
		{"of two that begin from one header the second is refused",
			"two notifications of one write run at the same time",
			func(t *testing.T, ix index.Index) {
				fill(t, ix, "s")
				h := header(t, ix, "s")
				begin(t, ix, h)
				_, err := ix.Begin(t.Context(), h)
				wantError(t, err, drift.ErrConflict)
				_, err = ix.Begin(t.Context(), index.Header{State: "s"})
				wantError(t, err, drift.ErrConflict)
				_, err = ix.Begin(t.Context(), index.Header{State: "unknown", Generation: 3})
				wantError(t, err, drift.ErrConflict)
			}},
		{"the header tells of the latest refresh that was completed, and whether another has begun",
			"the detector judges again when it moved; the indexer compares serial and lineage, and one that broke off is none to be compared with",
			func(t *testing.T, ix index.Index) {
				_, err := ix.State(t.Context(), "s")
				wantError(t, err, drift.ErrNotFound)
				refresh := begin(t, ix, index.Header{State: "s", Lineage: "l", Serial: 7})
				wantHeader(t, ix, index.Header{State: "s", Generation: 1})
				must(t, refresh.Commit(t.Context()))
				wantHeader(t, ix, index.Header{State: "s", Lineage: "l", Serial: 7, Generation: 1, Complete: true})
				begin(t, ix, index.Header{State: "s", Lineage: "other", Serial: 8, Written: time.Unix(1, 0), Generation: 1})
				wantHeader(t, ix, index.Header{State: "s", Lineage: "l", Serial: 7, Generation: 2})
				refresh = begin(t, ix, index.Header{State: "s", Lineage: "l", Serial: 8, Generation: 2})
				must(t, refresh.Commit(t.Context()))
				wantHeader(t, ix, index.Header{State: "s", Lineage: "l", Serial: 8, Generation: 3, Complete: true})
			}},
		{"committing again changes nothing",
			"the answer to the first commit may be lost on the way",
			func(t *testing.T, ix index.Index) {
				refresh := begin(t, ix, index.Header{State: "s"})
				must(t, refresh.Put(t.Context(), entry("s", "a"), "k"))
				must(t, refresh.Commit(t.Context()))
				must(t, refresh.Commit(t.Context()))
				wantFound(t, ix, []string{"s a"}, "k")
				wantHeader(t, ix, index.Header{State: "s", Generation: 1, Complete: true})
			}},
		{"what is kept needs no putting",
			"a state is written anew for one changed resource of a hundred thousand",
			func(t *testing.T, ix index.Index) {
				first := begin(t, ix, index.Header{State: "s"})
				for _, address := range []string{"a", "b", "c"} {
					wantKept(t, first, address, "hash of "+address, false)
					must(t, first.Put(t.Context(), entry("s", address), "k", address))
				}
				must(t, first.Commit(t.Context()))
				second := begin(t, ix, header(t, ix, "s"))
				wantKept(t, second, "a", "hash of a", true)
				wantKept(t, second, "b", "another", false)
				must(t, second.Put(t.Context(), entry("s", "b"), "l"))
				must(t, second.Commit(t.Context()))
				wantFound(t, ix, []string{"s a"}, "k") // c is gone, b has moved
				wantFound(t, ix, []string{"s a"}, "a")
				wantFound(t, ix, []string{"s b"}, "l")
				wantFound(t, ix, nil, "b", "c")
				third := begin(t, ix, header(t, ix, "s"))
				wantKept(t, third, "a", "hash of a", true)
				wantKept(t, third, "b", "another", true)
				wantKept(t, third, "c", "hash of c", false)
			}},
		{"what was put without a hash is never kept",
			"nobody knows what it was made of",
			func(t *testing.T, ix index.Index) {
				fill(t, ix, "s", put{"a", []string{"k"}})
				refresh := begin(t, ix, header(t, ix, "s"))
				wantKept(t, refresh, "a", "hash", false)
			}},
		{"what a refresh that broke off has put is not kept",
			"the state may go back to what it was before, and the entry with it",
			func(t *testing.T, ix index.Index) {
				good := begin(t, ix, index.Header{State: "s"})
				wantKept(t, good, "a", "1", false)
				must(t, good.Put(t.Context(), entry("s", "a"), "one"))
				must(t, good.Commit(t.Context()))
				broken := begin(t, ix, header(t, ix, "s"))
				wantKept(t, broken, "a", "2", false)
				must(t, broken.Put(t.Context(), entry("s", "a"), "two"))
				again := begin(t, ix, header(t, ix, "s"))
				wantKept(t, again, "a", "2", false)
				if kept, err := again.Keep(t.Context(), "a", "1"); err != nil {
					t.Error(err)
				} else if !kept { // a backend may have overwritten it
					must(t, again.Put(t.Context(), entry("s", "a"), "one"))
				}
				must(t, again.Commit(t.Context()))
				wantFound(t, ix, []string{"s a"}, "one")
				wantFound(t, ix, nil, "two")
			}},
		{"an account stays managed by what is kept",
			"grants on a project go on to matter after a refresh that changed nothing",
			func(t *testing.T, ix index.Index) {
				shows := entry("s", "a")
				shows.Provider, shows.Account = drift.GCP, "acme-prod"
				for _, kept := range []bool{false, true, true} {
					h, _ := ix.State(t.Context(), "s")
					refresh := begin(t, ix, index.Header{State: "s", Generation: h.Generation})
					wantKept(t, refresh, "a", "hash", kept)
					if !kept {
						must(t, refresh.Put(t.Context(), shows, "k"))
					}
					must(t, refresh.Commit(t.Context()))
					wantManaged(t, ix, drift.GCP, "acme-prod", true)
				}
				fill(t, ix, "s")
				wantManaged(t, ix, drift.GCP, "acme-prod", false)
			}},
		{"an older refresh keeps nothing once a newer one began",
			"it would go on as if its work counted",
			func(t *testing.T, ix index.Index) {
				slow := begin(t, ix, index.Header{State: "s"})
				begin(t, ix, header(t, ix, "s"))
				_, err := slow.Keep(t.Context(), "a", "hash")
				wantError(t, err, drift.ErrConflict)
			}},
		{"an entry of another state is refused",
			"it would never be removed again",
			func(t *testing.T, ix index.Index) {
				refresh := begin(t, ix, index.Header{State: "s"})
				wantError(t, refresh.Put(t.Context(), entry("other", "a"), "k"), drift.ErrInvalid)
			}},
		{"an account is managed while an entry shows it",
			"grants on a project matter only where Terraform manages something in it",
			func(t *testing.T, ix index.Index) {
				shows := entry("s", "a")
				shows.Provider, shows.Account = drift.GCP, "acme-prod"
				refresh := begin(t, ix, index.Header{State: "s"})
				must(t, refresh.Put(t.Context(), shows, "k"))
				must(t, refresh.Put(t.Context(), entry("s", "b"), "k")) // shows no account
				must(t, refresh.Commit(t.Context()))
				wantManaged(t, ix, drift.GCP, "acme-prod", true)
				wantManaged(t, ix, drift.AWS, "acme-prod", false)
				wantManaged(t, ix, drift.GCP, "acme-test", false)
				wantManaged(t, ix, drift.AWS, "", false)
				fill(t, ix, "s")
				wantManaged(t, ix, drift.GCP, "acme-prod", false)
			}},
		{"events are judged while states are refreshed",
			"the detector never waits for an indexer",
			func(t *testing.T, ix index.Index) {
				fill(t, ix, "s", put{"a", []string{"k"}})
				var group sync.WaitGroup
				for i := range 4 {
					group.Go(func() {
						for range 20 {
							fill(t, ix, fmt.Sprintf("state-%d", i), put{"b", []string{"l"}})
						}
					})
					group.Go(func() {
						for range 20 {
							wantFound(t, ix, []string{"s a"}, "k")
						}
					})
				}
				group.Wait()
				wantFound(t, ix, []string{"state-0 b", "state-1 b", "state-2 b", "state-3 b"}, "l")
			}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Cleanup(func() {
				if t.Failed() {
					t.Log("it matters because", row.reason)
				}
			})
			row.test(t, open(t))
		})
	}
}

// put is an entry to be, by address, and its keys.
type put struct {
	address string
	keys    []string
}

// fill replaces a state. It is called from several goroutines and so never
// ends the test.
func fill(t *testing.T, ix index.Index, state string, puts ...put) {
	t.Helper()
	ctx := t.Context()
	err := func() error {
		h, err := ix.State(ctx, state)
		if err != nil && !errors.Is(err, drift.ErrNotFound) {
			return err
		}
		refresh, err := ix.Begin(ctx, index.Header{State: state, Generation: h.Generation})
		if err != nil {
			return err
		}
		for _, p := range puts {
			if err := refresh.Put(ctx, entry(state, p.address), p.keys...); err != nil {
				return err
			}
		}
		return refresh.Commit(ctx)
	}()
	if err != nil {
		t.Errorf("fill state %s: %v", state, err)
	}
}

func begin(t *testing.T, ix index.Index, h index.Header) index.Refresh {
	t.Helper()
	refresh, err := ix.Begin(t.Context(), h)
	must(t, err)
	return refresh
}

func header(t *testing.T, ix index.Index, state string) index.Header {
	t.Helper()
	h, err := ix.State(t.Context(), state)
	must(t, err)
	return h
}

func entry(state, address string) *drift.Entry {
	return &drift.Entry{State: state, Address: address, Provider: drift.AWS, Type: "aws_security_group"}
}

// example has every kind of value that a tree may hold.
func example() *drift.Entry {
	return &drift.Entry{
		State: "s3://states/prod", Address: `module.db["a"].aws_db_instance.main[0]`, Type: "aws_db_instance", Provider: drift.AWS,
		Account: "111122223333", Region: "eu-west-1", ID: "main",
		Attributes: map[string]any{
			"password": drift.Sealed{KeyID: "k", MAC: "m"},
			"storage":  json.Number("1e999999"),
			"public":   false,
			"timeouts": nil,
			"tags":     map[string]any{"": "", "Name": "naïve\x00"},
			"groups":   []any{"sg-1", []any{}, map[string]any{"token": drift.Sealed{KeyID: "k", MAC: "n"}}},
		},
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantError(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("error %v, want %v", err, want)
	}
}

func wantFound(t *testing.T, ix index.Index, want []string, keys ...string) {
	t.Helper()
	entries, err := ix.Find(t.Context(), keys...)
	if err != nil {
		t.Error(err)
		return
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.State+" "+e.Address)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("found under %v (-want +got):\n%s", keys, diff)
	}
}

func wantHeader(t *testing.T, ix index.Index, want index.Header) {
	t.Helper()
	if diff := cmp.Diff(want, header(t, ix, want.State)); diff != "" {
		t.Errorf("header (-want +got):\n%s", diff)
	}
}

func wantKept(t *testing.T, refresh index.Refresh, address, hash string, want bool) {
	t.Helper()
	got, err := refresh.Keep(t.Context(), address, hash)
	must(t, err)
	if got != want {
		t.Errorf("kept %s with hash %q: %v, want %v", address, hash, got, want)
	}
}

func wantManaged(t *testing.T, ix index.Index, provider drift.Provider, account string, want bool) {
	t.Helper()
	got, err := ix.Manages(t.Context(), provider, account)
	must(t, err)
	if got != want {
		t.Errorf("manages %s %q: %v, want %v", provider, account, got, want)
	}
}
