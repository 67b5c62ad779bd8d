package ledger_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
	"tfdrift/internal/ledger"
	"tfdrift/internal/ledger/ledgertest"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	ledgertest.Run(t, func(*testing.T) ledger.Ledger { return ledger.NewMemory() })
	ledgertest.RunFeed(t, func(*testing.T) ledgertest.Fed { return ledger.NewMemory() })
}

func at(minute int) time.Time { return time.Date(2026, 8, 20, 11, minute, 0, 0, time.UTC) }

// set is an observation that one attribute has a value since a minute.
func set(minute int, attribute, value string) ledger.Observation {
	return ledger.Observation{Time: at(minute), Effect: drift.Set, Facts: []drift.Fact{{Attribute: attribute, Op: drift.OpSet, Value: value}}}
}

func effect(minute int, e drift.Effect) ledger.Observation {
	return ledger.Observation{Time: at(minute), Effect: e}
}

func touched(minute int) ledger.Observation {
	return ledger.Observation{Time: at(minute), Effect: drift.Set, Touched: true}
}

func TestKnown(t *testing.T) {
	type known struct {
		Existence ledger.Existence
		Facts     string
		Touched   bool
	}
	tests := []struct {
		name         string
		observations []ledger.Observation // in order of arrival
		want         known
	}{
		{"nothing", nil, known{}},
		{"facts in order of event time", []ledger.Observation{set(1, "a", "1"), set(2, "a", "2")}, known{Facts: "a=1 a=2 "}},
		{"one that arrives late is overtaken by what is known", []ledger.Observation{set(2, "a", "2"), set(1, "a", "1")}, known{Facts: "a=1 a=2 "}},
		{"of one instant, the later arrival counts last", []ledger.Observation{set(1, "a", "1"), set(1, "a", "2")}, known{Facts: "a=1 a=2 "}},
		{"touched, who knows where", []ledger.Observation{touched(1), set(2, "a", "2")}, known{Facts: "a=2 ", Touched: true}},
		{"made", []ledger.Observation{effect(1, drift.Create)}, known{Existence: ledger.Made}},
		{"made and changed", []ledger.Observation{effect(1, drift.Create), set(2, "a", "2")}, known{Existence: ledger.Made, Facts: "a=2 "}},
		{"deleted: what was before says nothing", []ledger.Observation{set(1, "a", "1"), touched(1), effect(2, drift.Delete)}, known{Existence: ledger.Removed}},
		{"deleted and made again", []ledger.Observation{effect(1, drift.Delete), effect(2, drift.Create), set(3, "a", "3")}, known{Existence: ledger.Made, Facts: "a=3 "}},
		{"the deletion arrives after the new making", []ledger.Observation{effect(2, drift.Create), set(3, "a", "3"), effect(1, drift.Delete)}, known{Existence: ledger.Made, Facts: "a=3 "}},
		{"a change from before the deletion arrives after it", []ledger.Observation{effect(2, drift.Delete), set(1, "a", "1")}, known{Existence: ledger.Removed}},
		{"made and deleted", []ledger.Observation{effect(1, drift.Create), effect(2, drift.Delete)}, known{Existence: ledger.Removed}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var r ledger.Record
			for i, o := range test.observations {
				r.Observe(o, fmt.Sprint(i))
			}
			var got known
			var facts []drift.Fact
			got.Existence, facts, got.Touched = r.Known()
			for _, f := range facts {
				got.Facts += fmt.Sprintf("%s=%v ", f.Attribute, f.Value)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestCounted(t *testing.T) {
	var r ledger.Record
	r.Observe(set(1, "a", "1"), "insert-id", "derived-id")
	r.Observe(set(2, "a", "2"), "")
	for id, want := range map[string]bool{"insert-id": true, "derived-id": true, "other": false, "": false} {
		if got := r.Counted(id); got != want {
			t.Errorf("Counted(%q) = %v", id, got)
		}
	}
	if !r.Counted("other", "derived-id") {
		t.Error("one known id is enough")
	}
}

func TestWithdrawTakesBackOneOperation(t *testing.T) {
	var r ledger.Record
	part := set(2, "a", "2")
	part.Operation = "operation-1"
	r.Observe(set(1, "a", "1"), "1")
	r.Observe(part, "2")
	r.Observe(set(3, "b", "3"), "3")
	r.Withdraw("operation-1", "4")
	want := ledger.Record{Observations: []ledger.Observation{set(1, "a", "1"), set(3, "b", "3")}, Seen: []string{"1", "2", "3", "4"}}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestObserveLeavesACopyAlone(t *testing.T) {
	var r ledger.Record
	r.Observe(set(1, "a", "1"), "1")
	kept := r
	r.Observe(set(0, "a", "0"), "0")
	want := ledger.Record{Observations: []ledger.Observation{set(1, "a", "1")}, Seen: []string{"1"}}
	if diff := cmp.Diff(want, kept); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestARecordIsBoundedAndForgetsTheLeastTelling(t *testing.T) {
	const events = 1000
	facts := func(r *ledger.Record) map[string]any {
		last := map[string]any{}
		_, all, _ := r.Known()
		for _, f := range all {
			last[f.Attribute] = f.Value
		}
		return last
	}
	tests := []struct {
		name   string
		events func(i int) ledger.Observation
		want   map[string]any
	}{
		{"an attribute set over and over forgets no other", func(i int) ledger.Observation {
			if i == 0 {
				return set(0, "memory", "256")
			}
			return set(i, "code", fmt.Sprint(i))
		}, map[string]any{"memory": "256", "code": fmt.Sprint(events - 1)}},
		{"a touch over and over forgets no fact", func(i int) ledger.Observation {
			if i == 0 {
				return set(0, "memory", "256")
			}
			return touched(i)
		}, map[string]any{"memory": "256"}},
		{"what was before a deletion is forgotten first", func(i int) ledger.Observation {
			switch {
			case i < 90:
				return set(i, fmt.Sprint(i), "x")
			case i == 90:
				return effect(90, drift.Delete)
			case i == 91:
				return set(91, "memory", "256")
			}
			return set(i, "code", fmt.Sprint(i))
		}, map[string]any{"memory": "256", "code": fmt.Sprint(events - 1)}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var r ledger.Record
			for i := range events {
				r.Observe(test.events(i), fmt.Sprint(i))
			}
			if len(r.Observations) > 100 || len(r.Seen) > 100 {
				t.Errorf("%d observations and %d ids are kept", len(r.Observations), len(r.Seen))
			}
			if !r.Counted(fmt.Sprint(events - 1)) {
				t.Error("the latest event is not known")
			}
			if diff := cmp.Diff(test.want, facts(&r)); diff != "" {
				t.Errorf("last facts (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPublish(t *testing.T) {
	change := func(after string) drift.Finding {
		return drift.Finding{Kind: drift.Modified, Changes: []drift.Attribute{{Name: "a", Op: drift.OpSet, After: after}}}
	}
	published := func(status drift.Status) *drift.Finding {
		f := change("1")
		f.Status = status
		return &f
	}
	tests := []struct {
		name    string
		before  *drift.Finding
		differs bool
		now     drift.Finding
		want    drift.Status // "" is silence
	}{
		{"a first difference", nil, true, change("1"), drift.Open},
		{"no difference", nil, false, change(""), ""},
		{"differs again", published(drift.Resolved), true, change("1"), drift.Open},
		{"agrees still", published(drift.Resolved), false, change(""), ""},
		{"differs as before", published(drift.Open), true, change("1"), ""},
		{"differs otherwise", published(drift.Open), true, change("2"), drift.Updated},
		{"differs otherwise once more", published(drift.Updated), true, change("2"), drift.Updated},
		{"agrees again", published(drift.Open), false, change(""), drift.Resolved},
		{"agrees again after an update", published(drift.Updated), false, change(""), drift.Resolved},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := ledger.Record{Finding: test.before}
			f := r.Publish(test.now, test.differs, at(0))
			var got drift.Status
			if f != nil {
				got = f.Status
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if want := map[bool]int{true: 1}[test.want != ""]; r.Revision != want || len(r.History) != want {
				t.Errorf("revision %d, history of %d; want %d", r.Revision, len(r.History), want)
			}
		})
	}
}

func TestKeyTellsResourcesApart(t *testing.T) {
	keys := map[string]string{}
	for _, parts := range [][]string{
		{"1", "eu-west-1", "aws_x", "a"}, {"2", "eu-west-1", "aws_x", "a"}, {"1", "eu-west-2", "aws_x", "a"}, {"1", "eu-west-1", "aws_y", "a"},
		{"1", "eu-west-1", "aws_x", "b"}, {"1", "", "eu-west-1aws_x", "a"}, {"", "1", "eu-west-1", "aws_xa"},
	} {
		for _, provider := range []drift.Provider{drift.AWS, drift.GCP} {
			key := ledger.Key(provider, parts[0], parts[1], parts[2], parts[3])
			if other, ok := keys[key]; ok {
				t.Errorf("%s %v has the key of %s", provider, parts, other)
			}
			keys[key] = fmt.Sprint(provider, parts)
		}
	}
}
