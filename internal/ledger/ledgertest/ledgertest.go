// Package ledgertest is the contract of package ledger as a test suite. Every
// backend's test is one call of [Run].
package ledgertest

import (
	"context"
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
		{"the records of a state are found by it, in order",
			"after a refresh they are judged anew; one that is missed stays open for ever",
			func(t *testing.T, l ledger.Ledger) {
				wantOfState(t, l, "s")
				for _, key := range []string{"c", "a", "b"} {
					save(t, l, of("s", key))
				}
				save(t, l, of("s2", "d"))
				save(t, l, of("", "e"))
				wantOfState(t, l, "s", "a", "b", "c")
				wantOfState(t, l, "s2", "d")
				wantOfState(t, l, "", "e")
				wantOfState(t, l, "unknown")
			}},
		{"a record moves with its resource from state to state",
			"a resource is imported, moved, and let go",
			func(t *testing.T, l ledger.Ledger) {
				save(t, l, of("", "k"))
				for i, state := range []string{"s", "s2", "s2", ""} {
					r := of(state, "k")
					r.Version = i + 1
					save(t, l, r)
					for _, other := range []string{"", "s", "s2"} {
						if other == state {
							wantOfState(t, l, other, "k")
						} else {
							wantOfState(t, l, other)
						}
					}
				}
			}},
		{"the latest publication comes first",
			"a person looks at the top of the list",
			func(t *testing.T, l ledger.Ledger) {
				save(t, l, of("s", "silent"))
				for _, key := range []string{"a", "b", "c"} {
					save(t, l, found(key, 0, 1))
				}
				wantPublished(t, l, "c 1", "b 1", "a 1")
				save(t, l, found("a", 1, 2))
				save(t, l, found("b", 1, 1)) // written, not published
				wantPublished(t, l, "a 2", "c 1", "b 1")
				all, err := l.Published(t.Context())
				must(t, err)
				want := found("a", 2, 2)
				if diff := cmp.Diff(want, all[0]); diff != "" {
					t.Errorf("record (-want +got):\n%s", diff)
				}
			}},
		{"a write that succeeds and reports failure counts once",
			"the answer is lost on the way; whoever reads again sees the event counted",
			func(t *testing.T, l ledger.Ledger) {
				saveLossy(t, l, 6)
				r := load(t, l, "k")
				if r.Version != 6 || r.Revision != 6 || len(r.Observations) != 6 {
					t.Errorf("version %d, revision %d, %d observations; want 6 of each", r.Version, r.Revision, len(r.Observations))
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

// Fed is a ledger with a feed.
type Fed interface {
	ledger.Ledger
	ledger.Feed
}

// RunFeed holds the feeds of the ledgers that open returns, each empty, to the contract.
func RunFeed(t *testing.T, open func(t *testing.T) Fed) {
	for _, row := range []struct {
		name   string
		reason string
		test   func(*testing.T, Fed)
	}{
		{"every publication is in the feed, in order",
			"the notifier reads it from where it was, and nothing that opened goes untold",
			func(t *testing.T, l Fed) {
				wantFeed(t, l, 0, 10)
				save(t, l, found("a", 0, 1))
				save(t, l, found("b", 0, 1))
				save(t, l, found("a", 1, 2))
				save(t, l, found("b", 1, 1)) // written, not published
				wantConflict(t, l, found("a", 1, 3))
				wantFeed(t, l, 0, 10, "1 a 1", "2 b 1", "3 a 2")
				wantFeed(t, l, 0, 2, "1 a 1", "2 b 1")
				wantFeed(t, l, 2, 2, "3 a 2")
				wantFeed(t, l, 3, 2)
				wantFeed(t, l, 7, 2)
			}},
		{"a publication is as it was made",
			"a finding that resolved meanwhile was open all the same",
			func(t *testing.T, l Fed) {
				first := example("k")
				first.Revision = 1
				save(t, l, first)
				second := load(t, l, "k")
				second.Revision, second.Finding.Status = 2, drift.Resolved
				save(t, l, second)
				spoil(&second)
				list, err := l.Feed(t.Context(), 0, 1)
				must(t, err)
				want := []ledger.Publication{{Place: 1, Revision: 1, Finding: *example("k").Finding}}
				if diff := cmp.Diff(want, list); diff != "" {
					t.Errorf("feed (-want +got):\n%s", diff)
				}
			}},
		{"what is trimmed is gone, and places go on",
			"a place given twice would hide a publication from who remembers it",
			func(t *testing.T, l Fed) {
				for i := range 4 {
					save(t, l, found("k", i, i+1))
				}
				must(t, l.Trim(t.Context(), 2))
				wantFeed(t, l, 0, 10, "3 k 3", "4 k 4")
				must(t, l.Trim(t.Context(), 1)) // again, and late
				wantFeed(t, l, 0, 10, "3 k 3", "4 k 4")
				must(t, l.Trim(t.Context(), 100))
				wantFeed(t, l, 0, 10)
				save(t, l, found("k", 4, 5))
				wantFeed(t, l, 0, 10, "5 k 5")
				wantFeed(t, l, 4, 10, "5 k 5")
				wantPublished(t, l, "k 5")
			}},
		{"of concurrent publications none is lost and none doubled",
			"a reader behind the last place never looks there again",
			func(t *testing.T, l Fed) {
				const writers, each = 8, 8
				told := map[string]int{}
				var after uint64
				read := func() {
					list, err := l.Feed(t.Context(), after, 1000)
					must(t, err)
					for _, p := range list {
						if p.Place <= after {
							t.Errorf("place %d after %d", p.Place, after)
						}
						after = p.Place
						told[fmt.Sprint(p.Finding.ID, p.Revision)]++
					}
				}
				var done atomic.Bool
				go func() {
					defer done.Store(true)
					together(writers, func(i int) {
						for n := range each {
							if err := l.Save(t.Context(), found(fmt.Sprint("w", i, "-"), n, n+1)); err != nil {
								t.Error(err)
							}
						}
					})
				}()
				for !done.Load() {
					read()
				}
				read()
				for i := range writers {
					for n := range each {
						if id := fmt.Sprint("w", i, "-", n+1); told[id] != 1 {
							t.Errorf("%s was told %d times, want 1", id, told[id])
						}
					}
				}
			}},
		{"of a write that succeeds and reports failure the publication is made once",
			"whoever reads again sees that it was made",
			func(t *testing.T, l Fed) {
				saveLossy(t, l, 6)
				wantFeed(t, l, 0, 10, "1 k 1", "2 k 2", "3 k 3", "4 k 4", "5 k 5", "6 k 6")
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
		Seen:       []string{"e-1", "e-2"},
		Resource:   drift.ResourceRef{Address: `aws_x.y["a"]`, Type: "aws_x", ID: "i", State: "s3://b/k"},
		Keys:       []string{"x/i", "x/arn:aws:x:::i"},
		Settled:    map[string]time.Time{"tags": at.Add(-time.Minute)},
		Generation: 7, Opened: 1,
		History:   []ledger.Step{{Status: drift.Open, Kind: drift.Modified, Actor: drift.Actor{Name: "alice"}, Event: drift.EventRef{ID: "e-2", Time: at}, At: at}},
		Operation: &ledger.Operation{Failed: true, Parts: []string{"r"}},
		Finding: &drift.Finding{
			ID: key, Status: drift.Open, Kind: drift.Modified, Severity: drift.High, Rules: []string{"r"}, Provider: drift.AWS, Account: "111122223333", Region: "eu-west-1",
			Resource: drift.ResourceRef{Address: `aws_x.y["a"]`, Type: "aws_x", ID: "i", State: "s3://b/k"},
			Changes: []drift.Attribute{
				{Name: "size", Op: drift.OpSet, Before: json.Number("1"), After: json.Number("2")},
				{Name: "password", Op: drift.OpSet, Sensitive: true},
				{Name: "env", Op: drift.OpAdd, After: []any{drift.Sealed{KeyID: "k", MAC: "m"}}},
			},
			Actor: drift.Actor{Type: "IAMUser", Name: "alice", ARN: "arn:aws:iam::111122223333:user/alice", Names: []string{"alice", "dev"}},
			Event: drift.EventRef{ID: "e-2", Name: "ModifyX", Source: "x.amazonaws.com", Time: at, Via: drift.ViaCloudTrail},
		},
	}
}

// spoil changes all that a caller may change.
func spoil(r *ledger.Record) {
	r.Observations[0] = ledger.Observation{}
	r.Seen[0], r.Keys[0], r.Settled["tags"], r.History[0] = "spoilt", "spoilt", time.Time{}, ledger.Step{}
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

// of is a record of a resource that a state manages.
func of(state, key string) ledger.Record {
	return ledger.Record{Key: key, Resource: drift.ResourceRef{State: state}}
}

// found is a record with a finding, published as often as revision says.
func found(key string, version, revision int) ledger.Record {
	return ledger.Record{Key: key, Version: version, Revision: revision, Finding: &drift.Finding{ID: key}}
}

// answerLost does what it is told, and says of every so many writes that it did not.
type answerLost struct {
	ledger.Ledger
	every, saves int
}

func (a *answerLost) Save(ctx context.Context, r ledger.Record) error {
	if err := a.Ledger.Save(ctx, r); err != nil {
		return err
	}
	if a.saves++; a.saves%a.every == 0 {
		return fmt.Errorf("the answer is lost: %w", drift.ErrRetry)
	}
	return nil
}

// saveLossy records so many events under the key k, of which every other is
// said to have failed.
func saveLossy(t *testing.T, l ledger.Ledger, events int) {
	t.Helper()
	lossy := &answerLost{Ledger: l, every: 2}
	for i := range events {
		id := fmt.Sprint("e-", i)
		for attempt := 0; ; attempt++ {
			r := load(t, lossy, "k")
			if r.Counted(id) {
				break
			}
			r.Observe(ledger.Observation{Time: time.Unix(int64(i), 0).UTC()}, id)
			r.Finding, r.Revision = &drift.Finding{ID: "k"}, r.Revision+1
			err := lossy.Save(t.Context(), r)
			if err == nil {
				break
			}
			if attempt > 2 || !errors.Is(err, drift.ErrRetry) {
				t.Fatal(err)
			}
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantOfState(t *testing.T, l ledger.Ledger, state string, want ...string) {
	t.Helper()
	got, err := l.OfState(t.Context(), state)
	must(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("records of state %q (-want +got):\n%s", state, diff)
	}
}

// wantPublished wants records as "key revision".
func wantPublished(t *testing.T, l ledger.Ledger, want ...string) {
	t.Helper()
	all, err := l.Published(t.Context())
	must(t, err)
	var got []string
	for _, r := range all {
		got = append(got, fmt.Sprint(r.Key, " ", r.Revision))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("published (-want +got):\n%s", diff)
	}
}

// wantFeed wants publications as "place key revision".
func wantFeed(t *testing.T, l ledger.Feed, after uint64, most int, want ...string) {
	t.Helper()
	list, err := l.Feed(t.Context(), after, most)
	must(t, err)
	var got []string
	for _, p := range list {
		got = append(got, fmt.Sprint(p.Place, " ", p.Finding.ID, " ", p.Revision))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("feed after %d (-want +got):\n%s", after, diff)
	}
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
