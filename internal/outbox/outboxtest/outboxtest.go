// Package outboxtest is the contract of package outbox as a test suite. Every
// backend's test is one call of [Run].
package outboxtest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
	"tfdrift/internal/ledger"
	"tfdrift/internal/outbox"
)

// Run holds the outboxes that open returns, each empty, to the contract.
func Run(t *testing.T, open func(t *testing.T) outbox.Outbox) {
	for _, row := range []struct {
		name   string
		reason string
		test   func(*box)
	}{
		{"an empty outbox has nothing", "a new deployment begins at the first publication",
			func(b *box) {
				b.wantCursor(0)
				b.wantDue("slack")
				b.wantWaiting("slack", 0)
				b.wantGivenUp()
			}},
		{"what is accepted is due on every channel, in order", "people read what happened in the order in which it happened",
			func(b *box) {
				b.accept(open1("b"), open1("a"), open1("c"))
				b.wantCursor(3)
				b.wantDue("slack", "b1 open", "a1 open", "c1 open")
				b.wantDue("webhook", "b1 open", "a1 open", "c1 open")
				b.wantWaiting("slack", 3)
				b.wantDue("console")
			}},
		{"asking takes nothing away", "a process that was killed while it sent asks again",
			func(b *box) {
				b.accept(open1("a"))
				b.wantDue("slack", "a1 open")
				b.wantDue("slack", "a1 open")
			}},
		{"no more than asked for", "a worker takes what it can send at once",
			func(b *box) {
				b.accept(open1("a"), open1("b"), open1("c"))
				due, next, err := b.Due(b.t.Context(), "slack", b.now, 2)
				if err != nil {
					b.t.Fatal(err)
				}
				if diff := cmp.Diff([]string{"a1 open", "b1 open"}, told(due)); diff != "" || !next.Equal(b.now) {
					b.t.Errorf("next %v, (-want +got):\n%s", next, diff)
				}
			}},
		{"what was delivered is not due again, whatever comes twice", "the feed gives each publication at least once",
			func(b *box) {
				b.accept(open1("a"))
				b.deliver("slack", "a1 open")
				b.wantDue("slack")
				b.again(ledger.Publication{Place: 1, Revision: 1, Finding: finding("a", drift.Open)})
				b.wantDue("slack")
				b.wantDue("webhook", "a1 open")
				b.wantCursor(1)
			}},
		{"the cursor does not go back", "it would deliver all anew",
			func(b *box) {
				b.accept(open1("a"), open1("b"))
				b.again(ledger.Publication{Place: 1, Revision: 1, Finding: finding("a", drift.Open)})
				b.wantCursor(2)
			}},
		{"a newer update takes the place of an older one", "a channel that was dead tells how things stand, not how they stood",
			func(b *box) {
				b.accept(open1("a"))
				b.deliver("slack", "a1 open")
				b.accept(say("a", 2, drift.Updated), say("a", 3, drift.Updated))
				b.wantDue("slack", "a3 updated")
			}},
		{"an update of an opening not told is the opening", "nobody knows what is updated",
			func(b *box) {
				b.accept(open1("a"), say("a", 2, drift.Updated))
				b.wantDue("slack", "a2 open")
				b.deliver("slack", "a2 open")
				b.accept(say("a", 3, drift.Updated))
				b.wantDue("slack", "a3 updated")
			}},
		{"an opening not told comes before its resolution", "drift that was put back while nobody was told is still news",
			func(b *box) {
				b.accept(open1("a"), say("a", 2, drift.Updated), say("a", 3, drift.Resolved))
				b.wantDue("slack", "a2 open")
				b.deliver("slack", "a2 open")
				b.wantDue("slack", "a3 resolved")
				b.deliver("slack", "a3 resolved")
				b.wantDue("slack")
			}},
		{"a resolution overtakes an update", "the update is history",
			func(b *box) {
				b.accept(open1("a"))
				b.deliver("slack", "a1 open")
				b.accept(say("a", 2, drift.Updated), say("a", 3, drift.Resolved))
				b.wantDue("slack", "a3 resolved")
			}},
		{"flapping while a channel is dead is one opening", "a channel that comes back is not flooded",
			func(b *box) {
				b.accept(open1("a"), say("a", 2, drift.Resolved), say("a", 3, drift.Open), say("a", 4, drift.Resolved), say("a", 5, drift.Open), say("a", 6, drift.Updated))
				b.wantDue("slack", "a6 open")
				b.wantWaiting("slack", 1)
			}},
		{"to a channel that is new an update is an opening", "it has not heard of the finding",
			func(b *box) {
				b.accept(say("a", 7, drift.Updated))
				b.wantDue("slack", "a7 open")
			}},
		{"what comes while a message is on its way is sent after it", "the answer to the old one says nothing of the new one",
			func(b *box) {
				b.accept(open1("a"))
				sent := b.due("slack")[0]
				b.accept(say("a", 2, drift.Updated))
				b.settle(sent, outbox.Outcome{Delivered: true})
				b.wantDue("slack", "a2 updated")
			}},
		{"a message that failed on its way leaves the newer one an opening", "the older one was the opening, and was not told",
			func(b *box) {
				b.accept(open1("a"))
				sent := b.due("slack")[0]
				b.accept(say("a", 2, drift.Updated))
				b.settle(sent, outbox.Outcome{Again: b.now, Attempt: 1})
				b.wantDue("slack", "a2 open, attempt 1")
			}},
		{"what is postponed waits, and delays nothing else", "each finding has a retry queue of its own on each channel",
			func(b *box) {
				b.accept(open1("a"), open1("b"))
				b.settle(b.due("slack")[0], outbox.Outcome{Again: b.now.Add(time.Minute), Attempt: 2})
				b.wantDue("slack", "b1 open")
				b.wantDue("webhook", "a1 open", "b1 open")
				b.wantWaiting("slack", 2)
				b.deliver("slack", "b1 open")
				if _, next, _ := b.Due(b.t.Context(), "slack", b.now, 10); !next.Equal(b.now.Add(time.Minute)) {
					b.t.Errorf("next is due at %v", next)
				}
				b.now = b.now.Add(time.Minute)
				b.wantDue("slack", "a1 open, attempt 2")
			}},
		{"news of what is postponed do not hurry it", "else a finding that changes all the time hammers a dead channel",
			func(b *box) {
				b.accept(open1("a"))
				b.settle(b.due("slack")[0], outbox.Outcome{Again: b.now.Add(time.Minute), Attempt: 2})
				b.accept(say("a", 2, drift.Updated))
				b.wantDue("slack")
				b.now = b.now.Add(time.Minute)
				b.wantDue("slack", "a2 open, attempt 2")
			}},
		{"what is given up is listed, and not due", "an operator can see what was not told",
			func(b *box) {
				b.accept(open1("b"), open1("a"))
				b.giveUp("slack", "b1 open", "status 404")
				b.giveUp("slack", "a1 open", "status 400")
				b.wantDue("slack")
				b.wantWaiting("slack", 0)
				b.wantGivenUp("slack a1 open: status 400", "slack b1 open: status 404")
				b.wantDue("webhook", "b1 open", "a1 open")
			}},
		{"news of what was given up are tried, as an opening", "the channel still has not heard of it, and may be well again",
			func(b *box) {
				b.accept(open1("a"))
				b.settle(b.due("slack")[0], outbox.Outcome{GivenUp: "dead", Attempt: 4})
				b.accept(say("a", 2, drift.Updated))
				b.wantGivenUp()
				b.wantDue("slack", "a2 open")
				b.giveUp("slack", "a2 open", "dead")
				b.accept(say("a", 3, drift.Resolved))
				b.wantDue("slack", "a2 open")
				b.deliver("slack", "a2 open")
				b.wantDue("slack", "a3 resolved")
			}},
		{"what overtook a message that was given up is tried", "it may be another that the channel takes",
			func(b *box) {
				b.accept(open1("a"))
				sent := b.due("slack")[0]
				b.accept(say("a", 2, drift.Updated))
				b.settle(sent, outbox.Outcome{GivenUp: "status 400", Attempt: 1})
				b.wantGivenUp()
				b.wantDue("slack", "a2 open")
			}},
		{"content comes out as it went in, without secrets", "numbers keep their text; sealed values stay inside",
			func(b *box) {
				f := finding("a", drift.Open)
				f.Rules, f.Resource = []string{"r"}, drift.ResourceRef{Address: `aws_x.y["a"]`, Type: "aws_x", ID: "i", State: "s3://b/k"}
				f.Event.Time = time.Date(2026, 8, 20, 11, 52, 4, 123456789, time.UTC)
				f.Changes = []drift.Attribute{
					{Name: "size", Op: drift.OpSet, Before: json.Number("1"), After: json.Number("12345678901234567890.10")},
					{Name: "ingress", Op: drift.OpAdd, After: map[string]any{"a": []any{true, nil, "naïve\x00"}, "key": drift.Sealed{KeyID: "k", MAC: "m"}}},
					{Name: "password", Op: drift.OpSet, Before: drift.Sealed{KeyID: "k", MAC: "m"}, After: "x"},
				}
				b.again(ledger.Publication{Place: 1, Revision: 1, Finding: f})
				want := f
				want.Changes = slices.Clone(f.Changes)
				want.Changes[1].After = map[string]any{"a": []any{true, nil, "naïve\x00"}}
				want.Changes[2] = drift.Attribute{Name: "password", Op: drift.OpSet, Sensitive: true}
				f.Rules[0], f.Changes[0].Name = "spoilt", "spoilt"
				want.Rules = []string{"r"}
				if diff := cmp.Diff(want, b.due("slack")[0].Message.Finding); diff != "" {
					b.t.Errorf("(-want +got):\n%s", diff)
				}
			}},
		{"names of findings and channels are apart", "keys of one must not be the beginning of another's",
			func(b *box) {
				b.channels = []string{"a", "ab"}
				b.accept(open1("bc"), open1("c"))
				b.deliver("a", "bc1 open")
				b.wantDue("a", "c1 open")
				b.wantDue("ab", "bc1 open", "c1 open")
			}},
		{"workers of several channels settle at once", "each channel has its own",
			func(b *box) {
				const n = 50
				for i := range n {
					b.accept(open1(fmt.Sprint("f", i)))
				}
				var all sync.WaitGroup
				for _, c := range b.channels {
					due := b.due(c)
					all.Go(func() {
						for _, d := range due {
							b.settle(d, outbox.Outcome{Delivered: true})
						}
					})
				}
				all.Go(func() { b.accept(open1("late")) })
				all.Wait()
				for _, c := range b.channels {
					b.wantDue(c, "late1 open")
				}
				b.wantCursor(n + 1)
			}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Cleanup(func() {
				if t.Failed() {
					t.Log("it matters because", row.reason)
				}
			})
			row.test(&box{Outbox: open(t), t: t, channels: []string{"slack", "webhook"}, now: time.Date(2026, 8, 20, 9, 0, 0, 0, time.UTC)})
		})
	}
}

// box is an outbox under test and the clock.
type box struct {
	outbox.Outbox
	t        *testing.T
	channels []string
	now      time.Time
	place    uint64
}

func finding(id string, status drift.Status) drift.Finding {
	return drift.Finding{
		ID: id, Status: status, Kind: drift.Modified, Rules: []string{}, Changes: []drift.Attribute{},
		Actor: drift.Actor{Name: "alice", Names: []string{"alice"}, AccessKeyID: "ASIAEXAMPLE", Console: true}, // what the public form does not say, channels and silences look at
	}
}

func open1(id string) ledger.Publication { return say(id, 1, drift.Open) }

func say(id string, revision int, status drift.Status) ledger.Publication {
	return ledger.Publication{Revision: revision, Finding: finding(id, status)}
}

// accept accepts publications at the next places.
func (b *box) accept(publications ...ledger.Publication) {
	b.t.Helper()
	for i := range publications {
		b.place++
		publications[i].Place = b.place
	}
	b.again(publications...)
}

func (b *box) again(publications ...ledger.Publication) {
	b.t.Helper()
	if err := b.Accept(b.t.Context(), b.channels, publications, b.now); err != nil {
		b.t.Fatal(err)
	}
}

func (b *box) due(channel string) []outbox.Delivery {
	b.t.Helper()
	due, _, err := b.Due(b.t.Context(), channel, b.now, 1000)
	if err != nil {
		b.t.Fatal(err)
	}
	return due
}

func (b *box) settle(d outbox.Delivery, o outbox.Outcome) {
	b.t.Helper()
	if err := b.Settle(b.t.Context(), d, o); err != nil {
		b.t.Error(err)
	}
}

// find returns the delivery that reads so.
func (b *box) find(channel, text string) outbox.Delivery {
	b.t.Helper()
	due := b.due(channel)
	i := slices.Index(told(due), text)
	if i < 0 {
		b.t.Fatalf("%q is not due on %s, but %q", text, channel, told(due))
	}
	return due[i]
}

func (b *box) deliver(channel, text string) {
	b.t.Helper()
	b.settle(b.find(channel, text), outbox.Outcome{Delivered: true})
}

func (b *box) giveUp(channel, text, why string) {
	b.t.Helper()
	b.settle(b.find(channel, text), outbox.Outcome{GivenUp: why, Attempt: 1})
}

// told is "FINDING REVISION STATUS" of each delivery.
func told(due []outbox.Delivery) []string {
	all := []string{}
	for _, d := range due {
		s := fmt.Sprintf("%s%d %s", d.Message.Finding.ID, d.Message.Revision, d.Message.Finding.Status)
		if d.Attempt > 0 {
			s += fmt.Sprint(", attempt ", d.Attempt)
		}
		all = append(all, s)
	}
	return all
}

func (b *box) wantDue(channel string, want ...string) {
	b.t.Helper()
	if diff := cmp.Diff(append([]string{}, want...), told(b.due(channel))); diff != "" {
		b.t.Errorf("due on %s (-want +got):\n%s", channel, diff)
	}
}

func (b *box) wantCursor(want uint64) {
	b.t.Helper()
	if got, err := b.Cursor(b.t.Context()); err != nil || got != want {
		b.t.Errorf("cursor %d, %v, want %d", got, err, want)
	}
}

func (b *box) wantWaiting(channel string, want int) {
	b.t.Helper()
	if got, err := b.Waiting(b.t.Context(), channel); err != nil || got != want {
		b.t.Errorf("%d wait on %s, %v, want %d", got, channel, err, want)
	}
}

func (b *box) wantGivenUp(want ...string) {
	b.t.Helper()
	given, err := b.GivenUp(b.t.Context(), 1000)
	if err != nil {
		b.t.Fatal(err)
	}
	got := []string{}
	for _, a := range given {
		text, _, _ := strings.Cut(told([]outbox.Delivery{a.Delivery})[0], ",")
		got = append(got, a.Channel+" "+text+": "+a.Why)
	}
	if diff := cmp.Diff(append([]string{}, want...), got); diff != "" {
		b.t.Errorf("given up (-want +got):\n%s", diff)
	}
}
