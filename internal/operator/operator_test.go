package operator_test

import (
	"encoding/json"
	"errors"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/codec"
	"tfdrift/internal/drift"
	"tfdrift/internal/ledger"
	"tfdrift/internal/operator"
	"tfdrift/internal/silence"
	"tfdrift/internal/spool"
)

var now = time.Date(2026, 8, 20, 9, 0, 0, 0, time.UTC)

// stores hold one finding that stands, one that is resolved, and a mark.
func stores(t *testing.T) *operator.Stores {
	t.Helper()
	s := &operator.Stores{Ledger: ledger.NewMemory(), Muted: silence.NewMemory(), Spool: spool.NewMemory(), Now: func() time.Time { return now }}
	raw, err := codec.MarshalEvent(&drift.Event{ID: "poison", Request: json.RawMessage(`{"password":"hunter2"}`)})
	must(t, err)
	must(t, s.Spool.Append(t.Context(), raw))
	it, err := s.Spool.Next(t.Context())
	must(t, err)
	must(t, s.Spool.Bury(t.Context(), it, "no time"))
	for _, key := range []string{"stands", "resolved", "mark"} {
		r := ledger.Record{Key: key}
		r.Observe(ledger.Observation{Time: now, Effect: drift.Set, Facts: []drift.Fact{{Attribute: "a", Op: drift.OpSet, Value: json.Number("2")}}}, "e")
		if key != "mark" {
			r.Publish(drift.Finding{ID: key, Kind: drift.Modified, Rules: []string{}, Changes: []drift.Attribute{
				{Name: "a", Op: drift.OpSet, Before: json.Number("1"), After: json.Number("2")},
				{Name: "s", Op: drift.OpSet, Before: drift.Sealed{KeyID: "k", MAC: "before"}, After: drift.Sealed{KeyID: "k", MAC: "after"}},
			}}, true, now)
		}
		if key == "resolved" {
			r.Publish(*r.Finding, false, now)
		}
		if err := s.Ledger.Save(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// Both desks are one and the same to those who turn to them.
func TestDesks(t *testing.T) {
	for name, open := range map[string]func(t *testing.T) operator.Desk{
		"on the stores": func(t *testing.T) operator.Desk { return stores(t) },
		"by HTTP": func(t *testing.T) operator.Desk {
			server := httptest.NewServer(operator.Handler(stores(t)))
			t.Cleanup(server.Close)
			return operator.Client{URL: server.URL}
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t)
			wantFindings(t, d, false, "stands open")
			wantFindings(t, d, true, "resolved resolved", "stands open")

			story, err := d.Finding(t.Context(), "stands")
			must(t, err)
			want := []drift.Attribute{{Name: "a", Op: drift.OpSet, Before: json.Number("1"), After: json.Number("2")}, {Name: "s", Op: drift.OpSet, Sensitive: true}}
			if diff := cmp.Diff(want, story.Finding.Changes); diff != "" || story.Opened != 1 || len(story.History) != 1 || !story.History[0].At.Equal(now) {
				t.Errorf("%+v (-want +got):\n%s", story, diff)
			}

			for range 2 { // the second time it is resolved already
				f, err := d.Resolve(t.Context(), "stands")
				must(t, err)
				if f.Status != drift.Resolved {
					t.Errorf("status %s", f.Status)
				}
			}
			wantFindings(t, d, false)
			for _, id := range []string{"mark", "nobody", "a/b"} {
				if _, err := d.Finding(t.Context(), id); !errors.Is(err, drift.ErrNotFound) {
					t.Errorf("Finding(%s): %v", id, err)
				}
				if _, err := d.Resolve(t.Context(), id); !errors.Is(err, drift.ErrNotFound) {
					t.Errorf("Resolve(%s): %v", id, err)
				}
			}

			s, err := d.Silence(t.Context(), silence.Silence{Type: "aws_*", Until: now.Add(time.Hour)})
			must(t, err)
			if _, err := d.Silence(t.Context(), silence.Silence{Until: now.Add(time.Hour)}); !errors.Is(err, drift.ErrInvalid) {
				t.Errorf("a silence of everything: %v", err)
			}
			all, err := d.Silences(t.Context())
			must(t, err)
			if diff := cmp.Diff([]silence.Silence{s}, all); diff != "" {
				t.Errorf("silences (-want +got):\n%s", diff)
			}
			must(t, d.Expire(t.Context(), s.ID))
			if err := d.Expire(t.Context(), s.ID); !errors.Is(err, drift.ErrNotFound) {
				t.Errorf("expired once more: %v", err)
			}
			buried, err := d.Buried(t.Context(), 10)
			must(t, err)
			if len(buried) != 1 || buried[0].Why != "no time" || buried[0].Event.ID != "poison" {
				t.Errorf("buried %+v", buried)
			}
		})
	}
}

func wantFindings(t *testing.T, d operator.Desk, all bool, want ...string) {
	t.Helper()
	findings, err := d.Findings(t.Context(), all)
	must(t, err)
	var got []string
	for _, f := range findings {
		got = append(got, f.ID+" "+string(f.Status))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("all %v (-want +got):\n%s", all, diff)
	}
}

func TestWhatAnOperatorResolvedStaysResolvedUntilThereIsNews(t *testing.T) {
	s := stores(t)
	if _, err := s.Resolve(t.Context(), "stands"); err != nil {
		t.Fatal(err)
	}
	r, err := s.Ledger.Load(t.Context(), "stands")
	must(t, err)
	if _, facts, touched := r.Known(); len(facts) > 0 || touched || r.Revision != 2 {
		t.Errorf("still known: %v; revision %d", facts, r.Revision)
	}
}

func TestSilencesThatAreOverAreForgotten(t *testing.T) {
	s := stores(t)
	must(t, s.Muted.Put(t.Context(), silence.Silence{ID: "over", Until: now}))
	if all, err := s.Silences(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("%v, error %v", all, err)
	}
	if all, err := s.Muted.List(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("kept: %v, error %v", all, err)
	}
}

func TestAProcessThatIsGoneIsAskedLater(t *testing.T) {
	server := httptest.NewServer(nil)
	server.Close()
	if _, err := (operator.Client{URL: server.URL}).Findings(t.Context(), true); !errors.Is(err, drift.ErrRetry) {
		t.Errorf("error %v", err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
