// Package ledgertest is the contract of package ledger as a test suite. Every
// backend's test is one call of [Run].
package ledgertest

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
	"tfdrift/internal/ledger"
)

// Run holds the ledgers that open returns, each empty, to the contract.
func Run(t *testing.T, open func(t *testing.T) ledger.Ledger) {
	for _, row := range []struct {
		name   string
		reason string
		test   func(*testing.T, ledger.Ledger)
	}{
		{"an absent record is empty and has its key",
			"most resources never drifted; the first event on one must find where to write",
			func(t *testing.T, l ledger.Ledger) {
				wantRecord(t, l, ledger.Record{Key: "k"})
			}},
		{"what was saved is loaded, one version on",
			"a finding is updated and resolved from nothing but its record",
			func(t *testing.T, l ledger.Ledger) {
				r := example("k")
				save(t, l, r)
				r.Version = 1
				wantRecord(t, l, r)
			}},
		{"a record is saved again at the version that was loaded",
			"every event on a resource adds to its record",
			func(t *testing.T, l ledger.Ledger) {
				save(t, l, ledger.Record{Key: "k", Seen: []string{"a"}})
				r := load(t, l, "k")
				r.Seen = append(r.Seen, "b")
				save(t, l, r)
				wantRecord(t, l, ledger.Record{Key: "k", Version: 2, Seen: []string{"a", "b"}})
			}},
		{"a version that is not the stored one is a conflict",
			"two invocations judged two events at once, and the second must see the first's",
			func(t *testing.T, l ledger.Ledger) {
				save(t, l, ledger.Record{Key: "k", Seen: []string{"a"}})
				wantConflict(t, l, ledger.Record{Key: "k", Seen: []string{"b"}})
				wantConflict(t, l, ledger.Record{Key: "k", Version: 2})
				wantRecord(t, l, ledger.Record{Key: "k", Version: 1, Seen: []string{"a"}})
			}},
		{"an absent record has no version but 0",
			"a record that expired meanwhile must be read anew",
			func(t *testing.T, l ledger.Ledger) {
				wantConflict(t, l, ledger.Record{Key: "k", Version: 1})
				wantRecord(t, l, ledger.Record{Key: "k"})
			}},
		{"records are independent",
			"a write to one resource never makes another's a conflict",
			func(t *testing.T, l ledger.Ledger) {
				save(t, l, ledger.Record{Key: "k", Seen: []string{"a"}})
				save(t, l, ledger.Record{Key: "l", Seen: []string{"b"}})
				save(t, l, ledger.Record{Key: "k", Version: 1, Seen: []string{"c"}})
				wantRecord(t, l, ledger.Record{Key: "k", Version: 2, Seen: []string{"c"}})
				wantRecord(t, l, ledger.Record{Key: "l", Version: 1, Seen: []string{"b"}})
				wantRecord(t, l, ledger.Record{Key: "m"})
			}},
		{"a record saved is not the caller's any more",
			"the detector goes on with what it saved, and publishes it",
			func(t *testing.T, l ledger.Ledger) {
				r := example("k")
				save(t, l, r)
				spoil(&r)
				want := example("k")
				want.Version = 1
				wantRecord(t, l, want)
			}},
		{"a record loaded is not the stored one",
			"what was decided on it is thrown away where somebody else wrote first",
			func(t *testing.T, l ledger.Ledger) {
				save(t, l, example("k"))
				r := load(t, l, "k")
				spoil(&r)
				want := example("k")
				want.Version = 1
				wantRecord(t, l, want)
			}},
		{"of concurrent writers one wins",
			"the conditional write is the de-duplication: one event in two invocations is one finding",
			func(t *testing.T, l ledger.Ledger) {
				const writers = 16
				var won atomic.Int32
				together(writers, func(i int) {
					switch err := l.Save(t.Context(), ledger.Record{Key: "k", Seen: []string{fmt.Sprint(i)}}); {
					case err == nil:
						won.Add(1)
					case !errors.Is(err, drift.ErrConflict):
						t.Errorf("writer %d: error %v, want %v", i, err, drift.ErrConflict)
					}
				})
				if won.Load() != 1 {
					t.Errorf("%d of %d writers won, want 1", won.Load(), writers)
				}
				if r := load(t, l, "k"); r.Version != 1 || len(r.Seen) != 1 {
					t.Errorf("record %+v is not one writer's", r)
				}
			}},
		{"writers that read again all get through",
			"nothing that an event said is lost to another event",
			func(t *testing.T, l ledger.Ledger) {
				const writers = 16
				together(writers, func(i int) {
					for {
						r, err := l.Load(t.Context(), "k")
						if err != nil {
							t.Error(err)
							return
						}
						r.Observe(ledger.Observation{Time: time.Unix(int64(i), 0).UTC()}, fmt.Sprint(i))
						err = l.Save(t.Context(), r)
						if !errors.Is(err, drift.ErrConflict) {
							if err != nil {
								t.Error(err)
							}
							return
						}
					}
				})
				r := load(t, l, "k")
				if r.Version != writers || len(r.Observations) != writers || len(r.Seen) != writers {
					t.Errorf("version %d, %d observations, %d ids; want %d of each", r.Version, len(r.Observations), len(r.Seen), writers)
				}
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

// example has every kind of value that a record may hold.
func example(key string) ledger.Record {
	at := time.Date(2026, 8, 20, 11, 52, 4, 123456789, time.UTC)
	return ledger.Record{
		Key: key,
		Observations: []ledger.Observation{
			{Time: at.Add(-time.Hour), Effect: drift.Create, Touched: true, Operation: "operation-1"},
			{Time: at, Effect: drift.Set, Facts: []drift.Fact{
				{Attribute: "size", Op: drift.OpSet, Value: json.Number("1e999")},
				{Attribute: "tags", Op: drift.OpMerge, Value: map[string]any{"env": "naïve\x00", "gone": nil, "": ""}},
				{Attribute: "ingress", Op: drift.OpAdd, Value: []any{map[string]any{"self": true}, []any{}}},
				{Attribute: "password", Op: drift.OpSet, Value: drift.Sealed{KeyID: "k", MAC: "m"}, Sensitive: true},
				{Attribute: "user_data", Op: drift.OpSet, Unknown: true},
			}},
		},
		Seen:      []string{"e-1", "e-2"},
		Operation: &ledger.Operation{Failed: true, Parts: []string{"r"}},
		Finding: &drift.Finding{
			ID: key, Status: drift.Open, Kind: drift.Modified, Severity: drift.High, Rules: []string{"r"}, Provider: drift.AWS, Account: "111122223333", Region: "eu-west-1",
			Resource: drift.ResourceRef{Address: `aws_x.y["a"]`, Type: "aws_x", ID: "i", State: "s3://b/k"},
			Changes:  []drift.Attribute{{Name: "size", Op: drift.OpSet, Before: json.Number("1"), After: json.Number("2")}, {Name: "password", Op: drift.OpSet, Sensitive: true}},
			Actor:    drift.Actor{Type: "IAMUser", Name: "alice", ARN: "arn:aws:iam::111122223333:user/alice"},
			Event:    drift.EventRef{ID: "e-2", Name: "ModifyX", Source: "x.amazonaws.com", Time: at, Via: drift.ViaCloudTrail},
		},
	}
}

// spoil changes all that a caller may change.
func spoil(r *ledger.Record) {
	r.Observations[0] = ledger.Observation{}
	r.Seen[0] = "spoilt"
	r.Finding.Status, r.Finding.Rules[0], r.Finding.Changes[0] = drift.Resolved, "spoilt", drift.Attribute{}
	r.Operation.Failed, r.Operation.Parts[0] = false, ""
}

// together runs n calls of f at once.
func together(n int, f func(i int)) {
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-start
			f(i)
		})
	}
	close(start)
	all.Wait()
}

func save(t *testing.T, l ledger.Ledger, r ledger.Record) {
	t.Helper()
	if err := l.Save(t.Context(), r); err != nil {
		t.Fatal(err)
	}
}

func load(t *testing.T, l ledger.Ledger, key string) ledger.Record {
	t.Helper()
	r, err := l.Load(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func wantRecord(t *testing.T, l ledger.Ledger, want ledger.Record) {
	t.Helper()
	if diff := cmp.Diff(want, load(t, l, want.Key)); diff != "" {
		t.Errorf("record %s (-want +got):\n%s", want.Key, diff)
	}
}

func wantConflict(t *testing.T, l ledger.Ledger, r ledger.Record) {
	t.Helper()
	if err := l.Save(t.Context(), r); !errors.Is(err, drift.ErrConflict) {
		t.Errorf("save at version %d: error %v, want %v", r.Version, err, drift.ErrConflict)
	}
}
