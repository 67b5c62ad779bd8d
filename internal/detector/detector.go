// Package detector is the core that turns one event into findings: it asks the
// catalog what the event may have touched, the index what state holds of that,
// compares, records the outcome in the ledger under the user's rules. It knows
// no cloud and no platform; the same code runs in every function and in the
// tfdrift command.
package detector

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"tfdrift/internal/applies"
	"tfdrift/internal/catalog"
	"tfdrift/internal/compare"
	"tfdrift/internal/drift"
	"tfdrift/internal/event"
	"tfdrift/internal/index"
	"tfdrift/internal/ledger"
	"tfdrift/internal/rules"
)

// Detector judges events. Index, Ledger and Rules must be set.
type Detector struct {
	Index   index.Index
	Ledger  ledger.Ledger
	Rules   *rules.Rules
	Compare compare.Comparer
	Now     func() time.Time // nil: the clock

	// Applies, where set, lets events that may be Terraform's own wait for the
	// next state, or Settle after the lock's release. Without it nothing waits.
	Applies applies.Applies
	Settle  time.Duration
	// Wake, where set, has [Detector.Ripe] called soon after a time. Those who call
	// that all the time need none.
	Wake func(ctx context.Context, at time.Time) error

	// Published, where set, is told every finding that was published, by an event
	// or by a refresh, after the ledger has it; Unmapped every event of an
	// operation that the catalog does not know. They must not block.
	Published func(f *drift.Finding)
	Unmapped  func(ev *drift.Event)

	// Turns, where set, keeps judgements that share it from disturbing each other
	// on one record. An Index or Ledger must then not judge in their midst.
	Turns *Turns

	// Explain, where set, is told every step of the judgement, for people.
	Explain func(step string)
}

// Handle judges one event and returns the findings that opened, changed or
// were resolved by it. Handling an event twice returns nothing the second time.
// What may be Terraform's own doing is set aside, see [Detector.StateWritten].
func (d *Detector) Handle(ctx context.Context, ev *drift.Event) ([]drift.Finding, error) {
	return d.judgeEvent(ctx, ev, d.wait)
}

// Take handles all events of a document, in any envelope: what functions are woken
// with. It returns how many there were, and how many parts of it cannot be read.
// What is wrong with one holds up no other.
func (d *Detector) Take(ctx context.Context, document []byte) (events, unreadable int, err error) {
	all, err := event.Decode(document)
	errs := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		unreadable = len(joined.Unwrap())
	}
	for _, ev := range all {
		if _, err := d.Handle(ctx, ev); err != nil {
			errs = append(errs, fmt.Errorf("event %s, %s %s: %w", ev.ID, ev.Source, ev.Name, err))
		}
	}
	return len(all), unreadable, errors.Join(errs...)
}

// Judge is Handle for an event that has waited.
func (d *Detector) Judge(ctx context.Context, ev *drift.Event) ([]drift.Finding, error) {
	return d.judgeEvent(ctx, ev, func(context.Context, *drift.Event, []subject) (bool, error) { return false, nil })
}

func (d *Detector) judgeEvent(ctx context.Context, ev *drift.Event, wait func(context.Context, *drift.Event, []subject) (bool, error)) ([]drift.Finding, error) {
	d.explain(func() string {
		return fmt.Sprintf("%s %s at %s by %s", ev.Source, ev.Name, ev.Time.Format("2006-01-02T15:04:05Z07:00"), ev.Actor.Name)
	})
	if ev.Silent == drift.SilentFailed && ev.Pair == drift.PairLast {
		return d.withdraw(ctx, ev)
	}
	subjects, err := d.subjects(ctx, ev)
	if err != nil {
		return nil, err
	}
	if aside, err := wait(ctx, ev, subjects); aside || err != nil {
		return nil, err
	}
	if ev.Pair == drift.PairFirst && len(subjects) > 0 {
		failed, err := d.begin(ctx, ev, subjects)
		if failed || err != nil {
			return nil, err
		}
	}
	var findings []drift.Finding
	for _, s := range subjects {
		f, err := d.record(ctx, ev, s)
		if errors.Is(err, errMoved) { // what was recorded already is counted, and said once
			again, err := d.judgeEvent(ctx, ev, wait)
			return append(findings, again...), err
		}
		if err != nil {
			return findings, err
		}
		if f != nil {
			findings = append(findings, *f)
		}
	}
	return findings, nil
}

// subjects are the resources that an event speaks of, and what it says of each.
func (d *Detector) subjects(ctx context.Context, ev *drift.Event) (subjects []subject, err error) {
	switch ok, why := d.Rules.InScope(ev); {
	case ev.Silent != "":
		d.explain(func() string { return fmt.Sprintf("  no change: %s", ev.Silent) })
		return nil, nil
	case ev.Pair == drift.PairLast && bodyless(ev):
		d.explain(func() string { return "  no change: the end of an operation whose beginning said what it does" })
		return nil, nil
	case !ok:
		d.explain(func() string { return fmt.Sprintf("  out of scope: %s", why) })
		return nil, nil
	}
	change, err := catalog.Understand(ev)
	if err != nil {
		return nil, err
	}
	if !change.Known {
		d.explain(func() string { return "  the catalog does not know this operation" })
		if d.Unmapped != nil {
			d.Unmapped(ev)
		}
		return nil, nil
	}
	if len(change.Choices) == 0 {
		d.explain(func() string { return "  changes nothing that state holds, or names no resource" })
	}
	found, err := d.lookUp(ctx, change.Choices)
	if err != nil {
		return nil, err
	}
	for _, choice := range change.Choices {
		chosen, err := d.choose(ctx, ev, choice, found)
		if err != nil {
			return nil, err
		}
		subjects = gather(subjects, chosen)
	}
	return subjects, nil
}

// lookups are what stands in the index under each of some keys.
type lookups map[string][]*drift.Entry

// lookUp finds all that an event may mean: in one round trip, since the keys are
// looked up side by side.
func (d *Detector) lookUp(ctx context.Context, choices []drift.Choice) (lookups, error) {
	found := lookups{}
	for _, choice := range choices {
		for i := range choice {
			found[choice[i].Key] = nil
		}
	}
	var mu sync.Mutex
	var all errgroup.Group
	keys := slices.Collect(maps.Keys(found)) // found is written from here on
	for _, key := range keys {
		look := func() error {
			entries, err := d.Index.Find(ctx, key)
			if err != nil {
				return fmt.Errorf("index lookup %s: %w", key, err)
			}
			mu.Lock()
			defer mu.Unlock()
			found[key] = entries
			return nil
		}
		if len(keys) == 1 {
			return found, look()
		}
		all.Go(look)
	}
	return found, all.Wait()
}

// choose picks, of the targets that could hold one setting, those that state
// manages: the specific ones, else the parent that shows it, else, of a
// creation, the new resource itself.
func (d *Detector) choose(ctx context.Context, ev *drift.Event, choice drift.Choice, found lookups) ([]subject, error) {
	var specific, parents []subject
	for i := range choice {
		t := &choice[i]
		entries := found[t.Key]
		d.explain(func() string {
			return fmt.Sprintf("  candidate %s (%s), identity %v: %d entries under %s", t.Type, t.Effect, t.Match, len(entries), t.Key)
		})
		for _, e := range entries {
			if !catalog.Meant(t, ev, e) {
				continue
			}
			if err := d.Compare.Prepare(ctx, e); err != nil {
				return nil, err
			}
			s, ok := d.observe(ev, t, e)
			switch {
			case !ok:
			case t.Parent:
				parents = append(parents, s)
			default:
				specific = append(specific, s)
			}
		}
	}
	switch {
	case len(specific) > 0:
		return specific, nil
	case len(parents) > 0:
		return parents, nil
	}
	return d.unmanaged(ctx, ev, choice)
}

// observe says what the event means for one entry; ok is false where it says
// nothing of it.
func (d *Detector) observe(ev *drift.Event, t *drift.Target, e *drift.Entry) (subject, bool) {
	s := subject{target: t, entry: e, Observation: ledger.Observation{Time: ev.Time, Effect: t.Effect, Facts: t.Facts}}
	if t.Tell != nil {
		s.Effect, s.Facts = t.Tell(e)
		s.Facts = d.Compare.Conceal(e, s.Facts)
		d.explain(func() string {
			return fmt.Sprintf("    %s: the event says %q, %d facts", e.Address, s.Effect, len(s.Facts))
		})
		return s, s.Effect != ""
	}
	if s.Effect == drift.Delete {
		d.explain(func() string { return fmt.Sprintf("    %s: deleted", e.Address) })
		return s, true
	}
	matched := compare.Match(t, e)
	s.Facts = d.Compare.Conceal(e, slices.Concat(s.Facts, matched.Facts))
	if t.Parent { // it counts only where it shows the setting
		s.Facts = slices.DeleteFunc(slices.Clone(s.Facts), func(f drift.Fact) bool {
			_, shown := e.Attributes[f.Attribute]
			return !shown
		})
	}
	unsure := len(matched.Unmatched) > 0 || len(s.Facts) == 0
	s.Touched = unsure && !t.Parent && s.Effect != drift.Create
	if ev.Omitted {
		s.Touched = true
	}
	for _, f := range s.Facts {
		d.explain(func() string { return fmt.Sprintf("    %s: %s %s %s", e.Address, f.Op, f.Attribute, d.fact(e, f)) })
	}
	if len(matched.Unmatched) > 0 {
		d.explain(func() string { return fmt.Sprintf("    %s: matched by no attribute: %v", e.Address, matched.Unmatched) })
	}
	return s, s.Touched || len(s.Facts) > 0 || s.Effect == drift.Create && !t.Parent
}

func (d *Detector) fact(e *drift.Entry, f drift.Fact) string {
	if d.Explain == nil {
		return ""
	}
	if len(d.Compare.Changes(e, []drift.Fact{f})) > 0 {
		return "differs"
	}
	return "equal"
}

// unmanaged says what a call means for resources that no state manages: the
// creation of one is news, and its deletion ends that.
func (d *Detector) unmanaged(ctx context.Context, ev *drift.Event, choice drift.Choice) ([]subject, error) {
	for i := range choice {
		t := &choice[i]
		if t.Effect != drift.Create || t.Parent || t.NewID == "" {
			continue
		}
		ok, err := d.within(ctx, ev, t.Within)
		if err != nil {
			return nil, err
		}
		if !ok {
			d.explain(func() string {
				return fmt.Sprintf("  %s %s: no watched state manages what it is part of", t.Type, t.NewID)
			})
			continue
		}
		return []subject{{target: t, Observation: ledger.Observation{Time: ev.Time, Effect: drift.Create}}}, nil
	}
	var gone []subject
	for i := range choice {
		if t := &choice[i]; t.Effect == drift.Delete {
			gone = append(gone, subject{target: t, Observation: ledger.Observation{Time: ev.Time, Effect: drift.Delete}})
		}
	}
	return gone, nil
}

// within reports whether a watched state manages the parent of a part.
func (d *Detector) within(ctx context.Context, ev *drift.Event, w *drift.Within) (bool, error) {
	if w == nil {
		return true, nil
	}
	if w.Type == "" {
		return d.Index.Manages(ctx, ev.Provider, ev.Account)
	}
	if w.Key == "" {
		return false, nil
	}
	entries, err := d.Index.Find(ctx, w.Key)
	if err != nil {
		return false, fmt.Errorf("index lookup %s: %w", w.Key, err)
	}
	for _, e := range entries {
		if catalog.Parent(w, ev, e) {
			return true, nil
		}
	}
	return false, nil
}

// published tells of a finding, if there is one.
func (d *Detector) published(f *drift.Finding) {
	if f != nil && d.Published != nil {
		d.Published(f)
	}
}

// explain makes a step's text only where somebody listens.
func (d *Detector) explain(step func() string) {
	if d.Explain != nil {
		d.Explain(step())
	}
}
