// Package operator is what the people who run the program may ask and tell it:
// list, show and resolve findings, silence them, see what was put away. A
// [Desk] does that on the stores themselves, or, where another process has them
// open, by its HTTP interface, which is in this package too.
package operator

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tfdrift/internal/channel"
	"tfdrift/internal/codec"
	"tfdrift/internal/drift"
	"tfdrift/internal/ledger"
	"tfdrift/internal/silence"
	"tfdrift/internal/spool"
)

// Desk is where operators turn to. What does not exist is [drift.ErrNotFound].
type Desk interface {
	// Findings returns those that stand, or with all the resolved too, the latest first.
	Findings(ctx context.Context, all bool) ([]drift.Finding, error)
	// Finding returns one with its history.
	Finding(ctx context.Context, id string) (Story, error)
	// Resolve ends a finding by hand: what is known of its resource is taken for
	// right, until an event says something new. Of one that is resolved it
	// changes nothing.
	Resolve(ctx context.Context, id string) (drift.Finding, error)
	Silences(ctx context.Context) ([]silence.Silence, error)
	Silence(ctx context.Context, s silence.Silence) (silence.Silence, error)
	Expire(ctx context.Context, id string) error
	// Buried returns events that could never be judged, the newest first, without
	// their contents, which may be secret.
	Buried(ctx context.Context, max int) ([]Buried, error)
}

// Buried is an event that could never be judged, and why.
type Buried struct {
	At    time.Time      `json:"at"`
	Why   string         `json:"why"`
	Event drift.EventRef `json:"event"` // empty where not even that can be read
}

// Story is a finding and how it came about.
type Story struct {
	Finding drift.Finding `json:"finding"`
	Opened  int           `json:"opened"` // times; more than once is flapping
	History []Step        `json:"history"`
}

// Step is one publication of a finding.
type Step struct {
	At     time.Time      `json:"at"`
	Status drift.Status   `json:"status"`
	Kind   drift.Kind     `json:"kind"`
	Actor  drift.Actor    `json:"actor"`
	Event  drift.EventRef `json:"event"`
}

// Stores is the desk on open stores. All must be set.
type Stores struct {
	Ledger   ledger.Ledger
	Muted    silence.Silences
	Spool    spool.Spool
	Now      func() time.Time
	Resolved func(f *drift.Finding) // told of what was resolved by hand; nil: nobody is
}

// Findings implements [Desk].
func (s *Stores) Findings(ctx context.Context, all bool) ([]drift.Finding, error) {
	records, err := s.Ledger.Published(ctx)
	if err != nil {
		return nil, err
	}
	findings := []drift.Finding{}
	for i := range records {
		if r := &records[i]; all || r.Live() {
			findings = append(findings, channel.Shown(*r.Finding))
		}
	}
	return findings, nil
}

// Finding implements [Desk].
func (s *Stores) Finding(ctx context.Context, id string) (Story, error) {
	r, err := s.load(ctx, id)
	if err != nil {
		return Story{}, err
	}
	story := Story{channel.Shown(*r.Finding), r.Opened, []Step{}}
	for _, h := range r.History {
		story.History = append(story.History, Step{h.At, h.Status, h.Kind, h.Actor, h.Event})
	}
	return story, nil
}

func (s *Stores) load(ctx context.Context, id string) (ledger.Record, error) {
	r, err := s.Ledger.Load(ctx, id)
	if err == nil && r.Finding == nil {
		err = fmt.Errorf("finding %.40q: %w", id, drift.ErrNotFound)
	}
	return r, err
}

// attempts is how often a record is read again after somebody else wrote it.
const attempts = 8

// Resolve implements [Desk].
func (s *Stores) Resolve(ctx context.Context, id string) (drift.Finding, error) {
	for range attempts {
		r, err := s.load(ctx, id)
		if err != nil {
			return drift.Finding{}, err
		}
		if !r.Live() {
			return channel.Shown(*r.Finding), nil
		}
		r.SettleAll(r.Last().Time)
		f := r.Publish(*r.Finding, false, s.Now())
		switch err := s.Ledger.Save(ctx, r); {
		case errors.Is(err, drift.ErrConflict):
			continue
		case err != nil:
			return drift.Finding{}, err
		}
		if s.Resolved != nil {
			s.Resolved(f)
		}
		return channel.Shown(*f), nil
	}
	return drift.Finding{}, fmt.Errorf("finding %s changes all the time: %w", id, drift.ErrRetry)
}

// Silences implements [Desk]. Those that are over are forgotten.
func (s *Stores) Silences(ctx context.Context) ([]silence.Silence, error) {
	all, err := s.Muted.List(ctx)
	if err != nil {
		return nil, err
	}
	current := []silence.Silence{}
	for _, x := range all {
		if x.Until.After(s.Now()) {
			current = append(current, x)
		} else if err := s.Muted.Drop(ctx, x.ID); err != nil && !errors.Is(err, drift.ErrNotFound) {
			return nil, err
		}
	}
	return current, nil
}

// Silence implements [Desk].
func (s *Stores) Silence(ctx context.Context, x silence.Silence) (silence.Silence, error) {
	x, err := silence.New(x, s.Now())
	if err != nil {
		return x, err
	}
	return x, s.Muted.Put(ctx, x)
}

// Expire implements [Desk].
func (s *Stores) Expire(ctx context.Context, id string) error { return s.Muted.Drop(ctx, id) }

// Buried implements [Desk].
func (s *Stores) Buried(ctx context.Context, most int) ([]Buried, error) {
	graves, err := s.Spool.Buried(ctx, most)
	if err != nil {
		return nil, err
	}
	all := make([]Buried, len(graves))
	for i, g := range graves {
		all[i] = Buried{At: g.At, Why: g.Why}
		if ev, err := codec.UnmarshalEvent(g.Data); err == nil {
			all[i].Event = drift.EventRef{ID: ev.ID, Name: ev.Name, Source: ev.Source, Time: ev.Time, Via: ev.Via}
		}
	}
	return all, nil
}
