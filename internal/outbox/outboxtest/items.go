package outboxtest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
	"tfdrift/internal/ledger"
	"tfdrift/internal/outbox"
)

// RunItems holds the items that open returns, of the channels "slack" and
// "webhook" and by the clock of [Now], to the contract.
func RunItems(t *testing.T, open func(t *testing.T) outbox.Items) {
	for _, row := range []struct {
		name   string
		reason string
		test   func(*items)
	}{
		{"an item comes back as it was", "what it means is decided above",
			func(x *items) {
				x.accept("slack", say("a", 1, drift.Open))
				x.accept("slack", say("a", 2, drift.Resolved))
				want := outbox.Item{}
				want.Accept(say("a", 1, drift.Open), Now)
				want.Accept(say("a", 2, drift.Resolved), Now)
				if diff := cmp.Diff(want, x.item("slack", "a")); diff != "" {
					x.t.Errorf("(-want +got):\n%s", diff)
				}
			}},
		{"channels and findings are apart", "each has a life of its own",
			func(x *items) {
				x.accept("slack", say("a", 1, drift.Open))
				for _, other := range [][2]string{{"webhook", "a"}, {"slack", "b"}, {"slack", "a a"}} {
					if diff := cmp.Diff(outbox.Item{}, x.item(other[0], other[1])); diff != "" {
						x.t.Errorf("%v (-want +got):\n%s", other, diff)
					}
				}
			}},
		{"what is refused is not kept", "most that come twice change nothing",
			func(x *items) {
				x.change("slack", "a", func(it *outbox.Item) bool {
					it.Accept(say("a", 1, drift.Open), Now)
					return false
				})
				if diff := cmp.Diff(outbox.Item{}, x.item("slack", "a")); diff != "" {
					x.t.Errorf("(-want +got):\n%s", diff)
				}
			}},
		{"of many who claim a message one gets it", "it is sent once",
			func(x *items) {
				x.accept("slack", say("a", 1, drift.Open))
				var all sync.WaitGroup
				var mu sync.Mutex
				won := 0
				for range 8 {
					all.Go(func() {
						got := false
						x.change("slack", "a", func(it *outbox.Item) bool {
							got = it.Take(Now, Now.Add(time.Minute)) != nil
							return got
						})
						mu.Lock()
						defer mu.Unlock()
						if got {
							won++
						}
					})
				}
				all.Wait()
				if won != 1 {
					x.t.Errorf("%d got it", won)
				}
			}},
		{"what is given up is listed until there is news", "an operator can see what was not told",
			func(x *items) {
				for _, id := range []string{"b", "a", "c"} {
					x.accept("webhook", say(id, 1, drift.Open))
					x.change("webhook", id, func(it *outbox.Item) bool {
						it.Settle(1, outbox.Outcome{GivenUp: "dead " + id, Attempt: 4})
						return true
					})
				}
				x.accept("webhook", say("c", 2, drift.Updated))
				x.accept("slack", say("a", 1, drift.Open))
				given, err := x.GivenUp(x.t.Context(), 10)
				if err != nil {
					x.t.Fatal(err)
				}
				var got []string
				for _, g := range given {
					got = append(got, fmt.Sprintf("%s %s%d %d %s", g.Channel, g.Message.Finding.ID, g.Message.Revision, g.Attempt, g.Why))
				}
				if diff := cmp.Diff([]string{"webhook a1 4 dead a", "webhook b1 4 dead b"}, got); diff != "" {
					x.t.Errorf("(-want +got):\n%s", diff)
				}
				if some, err := x.GivenUp(x.t.Context(), 1); err != nil || len(some) != 1 {
					x.t.Errorf("%d, error %v, want 1", len(some), err)
				}
			}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Cleanup(func() {
				if t.Failed() {
					t.Log("it matters because", row.reason)
				}
			})
			row.test(&items{Items: open(t), t: t})
		})
	}
}

// Now is the time at which [RunItems] works.
var Now = time.Date(2026, 8, 20, 9, 0, 0, 0, time.UTC)

// items are items under test.
type items struct {
	outbox.Items
	t *testing.T
}

func (x *items) change(channel, finding string, change func(*outbox.Item) bool) {
	if err := x.Change(x.t.Context(), channel, finding, change); err != nil {
		x.t.Error(err)
	}
}

func (x *items) accept(channel string, p ledger.Publication) {
	x.change(channel, p.Finding.ID, func(it *outbox.Item) bool {
		it.Accept(p, Now)
		return true
	})
}

func (x *items) item(channel, finding string) (found outbox.Item) {
	x.change(channel, finding, func(it *outbox.Item) bool {
		found = *it
		return false
	})
	return found
}
