package outbox_test

import (
	"fmt"
	"testing"
	"time"

	"tfdrift/internal/channel"
	"tfdrift/internal/drift"
	"tfdrift/internal/ledger"
	"tfdrift/internal/outbox"
)

// Every history of a finding and its channel up to a length: publications,
// messages that set out, arrive or fail, and are given up, in every order. At
// its end the channel is well; then it must know what the ledger knows.
func TestWhateverHappensTheChannelHearsHowThingsStand(t *testing.T) {
	histories := 0
	var walk func(h history, left int)
	walk = func(h history, left int) {
		histories++
		h.check(t)
		if left == 0 || t.Failed() {
			return
		}
		for _, step := range steps {
			if next, ok := step.take(h); ok {
				next.trace += " " + step.name
				walk(next, left-1)
			}
		}
	}
	walk(history{}, 12)
	t.Logf("%d histories", histories)
}

// history is a finding, its item, and what the channel heard.
type history struct {
	item      outbox.Item
	revision  int
	status    drift.Status // as published last
	openings  int          // revision of the latest opening
	flying    *channel.Message
	heard     drift.Status // by the channel, last
	heardRev  int
	heardOpen int // newest revision heard as an opening
	trace     string
}

var now = time.Date(2026, 8, 20, 9, 0, 0, 0, time.UTC)

var steps = []struct {
	name string
	take func(h history) (history, bool)
}{
	{"open", func(h history) (history, bool) {
		return h.publish(drift.Open), h.status == "" || h.status == drift.Resolved
	}},
	{"update", func(h history) (history, bool) {
		return h.publish(drift.Updated), h.status == drift.Open || h.status == drift.Updated
	}},
	{"resolve", func(h history) (history, bool) {
		return h.publish(drift.Resolved), h.status == drift.Open || h.status == drift.Updated
	}},
	{"send", func(h history) (history, bool) {
		if h.flying != nil || h.item.Due.IsZero() {
			return h, false
		}
		h.flying = h.item.Next()
		return h, true
	}},
	{"arrive", func(h history) (history, bool) {
		if h.flying == nil {
			return h, false
		}
		return h.arrive(), true
	}},
	{"fail", func(h history) (history, bool) { return h.settle(outbox.Outcome{Again: now, Attempt: 1}) }},
	{"give-up", func(h history) (history, bool) { return h.settle(outbox.Outcome{GivenUp: "dead", Attempt: 1}) }},
}

func (h history) publish(status drift.Status) history {
	h.revision++
	h.status = status
	if status == drift.Open {
		h.openings = h.revision
	}
	h.item.Accept(ledger.Publication{Place: uint64(h.revision), Revision: h.revision, Finding: drift.Finding{ID: "f", Status: status}}, now)
	return h
}

func (h history) arrive() history {
	h.heard, h.heardRev = h.flying.Finding.Status, h.flying.Revision
	if h.heard == drift.Open {
		h.heardOpen = h.heardRev
	}
	h, _ = h.settle(outbox.Outcome{Delivered: true})
	return h
}

func (h history) settle(o outbox.Outcome) (history, bool) {
	if h.flying == nil {
		return h, false
	}
	h.item.Settle(h.flying.Revision, o)
	h.flying = nil
	return h, true
}

func (h history) check(t *testing.T) {
	if waits := h.item.Next() != nil; waits != (!h.item.Due.IsZero() || h.item.GivenUp != "") {
		t.Fatalf("%s: something waits %v, due %v, given up %q", h.trace, waits, h.item.Due, h.item.GivenUp)
	}
	if h.item.GivenUp != "" {
		return // listed until there is news
	}
	sent := 0
	for h.flying != nil || h.item.Next() != nil {
		if h.flying == nil {
			h.flying = h.item.Next()
		}
		before := h.heardRev
		h = h.arrive()
		if sent++; h.heardRev <= before || sent > 3 {
			t.Fatalf("%s: message %d, of revision %d, after %d", h.trace, sent, h.heardRev, before)
		}
	}
	told := fmt.Sprintf("%s at revision %d, opened at %d", h.heard, h.heardRev, h.heardOpen)
	switch {
	case h.heardRev != h.revision:
		t.Fatalf("%s: the channel knows %s, of %d", h.trace, told, h.revision)
	case (h.heard == drift.Resolved) != (h.status == drift.Resolved):
		t.Fatalf("%s: the channel knows %s, not that it is %s", h.trace, told, h.status)
	case h.heardOpen < h.openings:
		t.Fatalf("%s: the channel knows %s, not the opening at %d", h.trace, told, h.openings)
	}
}
