package detector_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/applies"
	"tfdrift/internal/drift"
)

// clock is a time of the day of the calls.
func clock(t *testing.T, hours string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, "2026-08-20T"+hours+"Z")
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// What may be Terraform's own doing waits for the next state; where none comes,
// for settle after the end of the lock, or of an apply that nobody believes in.
func TestOwnAppliesWaitForTheirState(t *testing.T) {
	const terraform = "APN/1.0 HashiCorp/1.0 Terraform/1.9.5 (+https://www.terraform.io)"
	type lock struct{ from, to string } // "": it still stands
	for _, test := range []struct {
		name  string
		agent string
		lock  lock
		event string         // when it happened
		told  map[string]int // findings, by the time until which the ripe are judged; "": at once
	}{
		{"somebody else is judged at once", "aws-cli/2.17.0", lock{}, "09:00:00", map[string]int{"": 1}},
		{"Terraform without a lock waits settle", terraform, lock{}, "09:00:00", map[string]int{"": 0, "09:14:59": 0, "09:15:00": 1}},
		{"somebody else in an apply waits settle after it", "aws-cli/2.17.0", lock{"08:59:00", "09:30:00"}, "09:00:00", map[string]int{"": 0, "09:44:59": 0, "09:45:00": 1}},
		{"before the lock it is judged at once", "aws-cli/2.17.0", lock{"09:00:30", "09:30:00"}, "09:00:00", map[string]int{"": 1}},
		{"after the lock it is judged at once", "aws-cli/2.17.0", lock{"08:30:00", "08:59:00"}, "09:00:00", map[string]int{"": 1}},
		{"an apply may take hours", "aws-cli/2.17.0", lock{"08:00:00", ""}, "09:00:00", map[string]int{"": 0, "19:59:00": 0}},
		{"a lock that was left behind does not blind for ever", "aws-cli/2.17.0", lock{"08:00:00", ""}, "09:00:00", map[string]int{"": 0, "20:14:59": 0, "20:15:00": 1}},
		{"nor what comes later", "aws-cli/2.17.0", lock{"08:00:00", ""}, "20:01:00", map[string]int{"": 1}},
		{"nor Terraform itself", terraform, lock{"08:00:00", ""}, "20:01:00", map[string]int{"": 0, "20:16:00": 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDetector(t, stateOf(group), "")
			d.Applies, d.Settle = applies.NewMemory(), 15*time.Minute
			var told int
			d.Published = func(*drift.Finding) { told++ }
			for _, notice := range []struct {
				at     string
				locked bool
			}{{test.lock.from, true}, {test.lock.to, false}} {
				if notice.at == "" {
					continue
				}
				if err := d.Applies.Lock(t.Context(), "inline.tfstate", clock(t, notice.at), notice.locked); err != nil {
					t.Fatal(err)
				}
			}
			ev := ingress(test.event, "Authorize").decode(t)
			ev.Actor.UserAgent = test.agent
			got := map[string]int{}
			for _, now := range slices.Sorted(maps.Keys(test.told)) {
				if now == "" {
					if _, err := d.Handle(t.Context(), ev); err != nil {
						t.Fatal(err)
					}
				} else {
					d.Now = func() time.Time { return clock(t, now) }
					if err := d.Ripe(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				got[now] = told
			}
			if diff := cmp.Diff(test.told, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}
