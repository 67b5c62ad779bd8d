package notifier

import (
	"errors"
	"sync"
	"time"

	"tfdrift/internal/channel"
	"tfdrift/internal/drift"
	"tfdrift/internal/outbox"
)

// Stat is what became of a channel's messages since the start, and how it is.
type Stat struct {
	Channel   string
	Delivered uint64
	Failed    uint64    // attempts; those asked to wait are counted too
	GivenUp   uint64    // messages
	Waiting   int       // findings with something to tell
	Paused    time.Time // no attempt before
	LastError string    // of the newest attempt, "" if it succeeded
}

// lane is a channel and what is known of how it is. Its methods may be called
// concurrently.
type lane struct {
	Route
	options *Options

	mu     sync.Mutex
	stat   Stat
	streak int // rounds in which every attempt failed, since one did not
}

func newLane(o *Options, r Route) *lane {
	return &lane{Route: r, options: o, stat: Stat{Channel: r.Channel.Name()}}
}

func (l *lane) now() time.Time { return l.options.Now() }

func (l *lane) state() Stat {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.stat
}

// paused is until when the channel is left alone.
func (l *lane) paused() time.Time { return l.state().Paused }

// result is what one attempt says of its channel.
type result struct {
	failed  bool          // no fault of the message
	limited bool          // asked to wait
	after   time.Duration // how long
}

// judge says what an attempt's error means: for the message, and for the channel.
func (l *lane) judge(d outbox.Delivery, err error) (outbox.Outcome, result) {
	if err == nil {
		return outbox.Outcome{Delivered: true}, result{}
	}
	var refused channel.Refusal
	if r := (*channel.Refusal)(nil); errors.As(err, &r) {
		refused = *r
	}
	failed := d.Attempt + 1
	switch {
	case errors.Is(err, drift.ErrInvalid):
		return outbox.Outcome{GivenUp: err.Error(), Attempt: failed}, result{}
	case refused.Limited:
		failed = d.Attempt
	case failed > l.MaxRetries:
		return outbox.Outcome{GivenUp: err.Error(), Attempt: failed}, result{true, false, refused.After}
	}
	wait := max(refused.After, l.options.Backoff.after(failed))
	return outbox.Outcome{Again: l.now().Add(wait), Attempt: failed}, result{true, refused.Limited, refused.After}
}

// pause leaves a channel alone that asks for it, or on which nothing succeeds:
// one attempt then stands for all that wait.
func (l *lane) pause(results []result) {
	var wait time.Duration
	all, limited := true, false
	for _, r := range results {
		all, limited = all && r.failed, limited || r.limited
		wait = max(wait, r.after)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if all {
		l.streak++
	} else {
		l.streak = 0
	}
	if all || limited {
		wait = max(wait, min(l.options.Backoff.after(max(l.streak, 1)), longestPause))
	}
	l.stat.Paused = l.now().Add(wait)
}

// longestPause is how late it is noticed that a channel is well again, unless
// it asked for more.
const longestPause = time.Minute

func (l *lane) count(d outbox.Delivery, o outbox.Outcome, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.options.Counted != nil {
		l.options.Counted(l.stat.Channel, o)
	}
	l.stat.LastError = ""
	if o.Delivered {
		l.stat.Delivered++
		return
	}
	l.stat.Failed++
	l.stat.LastError = err.Error()
	log := l.options.Log.With("channel", d.Channel, "finding", d.Message.Finding.ID, "revision", d.Message.Revision, "attempt", d.Attempt+1, "error", err)
	if o.GivenUp != "" {
		l.stat.GivenUp++
		log.Error("a finding could not be delivered and is given up; news of it will be tried")
		return
	}
	log.Warn("a finding could not be delivered; will try again", "again", o.Again)
}
