// Package appliestest is the contract of package applies as a test suite. Every
// backend's test is one call of [Run].
package appliestest

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/applies"
	"tfdrift/internal/drift"
)

func at(minute int) time.Time { return time.Date(2026, 8, 20, 9, minute, 0, 0, time.UTC) }

// Run holds the backends that open returns, each empty, to the contract.
func Run(t *testing.T, open func(t *testing.T) applies.Applies) {
	type notice struct {
		minute int
		locked bool
	}
	for _, row := range []struct {
		name, reason string
		notices      []notice
		want         []applies.Window
	}{
		{"never locked", "most states rest most of the time", nil, nil},
		{"locked", "an apply of hours keeps its window open for hours", []notice{{1, true}}, []applies.Window{{From: at(1)}}},
		{"locked and unlocked", "an apply's events are in between", []notice{{1, true}, {3, false}}, []applies.Window{{From: at(1), To: at(3)}}},
		{"notices twice", "object events are delivered at least once", []notice{{1, true}, {1, true}, {3, false}, {3, false}}, []applies.Window{{From: at(1), To: at(3)}}},
		{"unlock first", "object events have no order", []notice{{3, false}, {1, true}}, []applies.Window{{From: at(1), To: at(3)}}},
		{"two applies", "audit events of the first may arrive in the second", []notice{{1, true}, {2, false}, {5, true}}, []applies.Window{{From: at(1), To: at(2)}, {From: at(5)}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			a := open(t)
			for _, n := range row.notices {
				must(t, a.Lock(t.Context(), "s", at(n.minute), n.locked))
			}
			must(t, a.Lock(t.Context(), "other", at(9), true))
			got, err := a.Windows(t.Context(), "s")
			must(t, err)
			if len(got) == 0 {
				got = nil
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", row.reason, diff)
			}
		})
	}
	t.Run("events wait in order of event time, once each, until they are done", func(t *testing.T) {
		a := open(t)
		for _, minute := range []int{2, 1, 2} {
			must(t, a.SetAside(t.Context(), example(minute)))
		}
		wantWaiting(t, a, example(1), example(2))
		must(t, a.Done(t.Context(), example(1).Event.ID))
		must(t, a.Done(t.Context(), "nobody"))
		wantWaiting(t, a, example(2))
	})
}

// example has every member of an event that judgement needs.
func example(minute int) applies.Aside {
	return applies.Aside{States: []string{"s"}, Event: drift.Event{
		Provider: drift.AWS, ID: at(minute).String(), Source: "ec2.amazonaws.com", Name: "ModifyVpcAttribute", Time: at(minute), Account: "111122223333", Region: "us-east-1",
		Actor:   drift.Actor{Type: "AssumedRole", Name: "ci", ARN: "arn:aws:sts::111122223333:assumed-role/ci/run", Names: []string{"ci", "run"}},
		Via:     drift.ViaCloudTrail,
		Request: json.RawMessage(`{"vpcId":"vpc-1"}`), Labels: map[string]string{"zone": "a"},
	}}
}

func wantWaiting(t *testing.T, a applies.Applies, want ...applies.Aside) {
	t.Helper()
	got, err := a.Waiting(t.Context())
	must(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("waiting (-want +got):\n%s", diff)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
