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
	"reflect"
	"slices"
	"strings"

	"tfdrift/internal/catalog"
	"tfdrift/internal/compare"
	"tfdrift/internal/drift"
	"tfdrift/internal/event"
	"tfdrift/internal/identity"
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
	// Explain, where set, is told every step of the judgement, for people.
	Explain func(step string)
}

// subject is one resource that an event speaks of, and what it says.
type subject struct {
	target *drift.Target
	entry  *drift.Entry // nil where no state manages it
	ledger.Observation
}

// Handle judges one event and returns the findings that opened, changed or
// were resolved by it. Handling an event twice returns nothing the second time.
func (d *Detector) Handle(ctx context.Context, ev *drift.Event) ([]drift.Finding, error) {
	d.explain(func() string {
		return fmt.Sprintf("%s %s at %s by %s", ev.Source, ev.Name, ev.Time.Format("2006-01-02T15:04:05Z07:00"), ev.Actor.Name)
	})
	if ev.Silent != "" {
		d.explain(func() string { return fmt.Sprintf("  no change: %s", ev.Silent) })
		return nil, nil
	}
	if ok, why := d.Rules.InScope(ev); !ok {
		d.explain(func() string { return fmt.Sprintf("  out of scope: %s", why) })
		return nil, nil
	}
	change, err := catalog.Understand(ev)
	if err != nil {
		return nil, err
	}
	if !change.Known {
		d.explain(func() string { return "  the catalog does not know this operation" })
		return nil, nil
	}
	if len(change.Choices) == 0 {
		d.explain(func() string { return "  changes nothing that state holds, or names no resource" })
	}
	var subjects []subject
	for _, choice := range change.Choices {
		chosen, err := d.choose(ctx, ev, choice)
		if err != nil {
			return nil, err
		}
		subjects = gather(subjects, chosen)
	}
	var findings []drift.Finding
	for _, s := range subjects {
		f, err := d.record(ctx, ev, s)
		if err != nil {
			return findings, err
		}
		if f != nil {
			findings = append(findings, *f)
		}
	}
	return findings, nil
}

// gather brings together what one event says of one resource in several
// places, since a record counts an event once.
func gather(subjects, more []subject) []subject {
next:
	for _, m := range more {
		for i := range subjects {
			s := &subjects[i]
			if s.entry != m.entry || s.entry == nil && (s.target.Type != m.target.Type || s.id() != m.id()) {
				continue
			}
			s.Facts = append(s.Facts, m.Facts...)
			s.Touched = s.Touched || m.Touched
			if m.Effect == drift.Delete {
				s.Effect = drift.Delete
			}
			continue next
		}
		subjects = append(subjects, m)
	}
	return subjects
}

// choose picks, of the targets that could hold one setting, those that state
// manages: the specific ones, else the parent that shows it, else, of a
// creation, the new resource itself.
func (d *Detector) choose(ctx context.Context, ev *drift.Event, choice drift.Choice) ([]subject, error) {
	var specific, parents []subject
	for i := range choice {
		t := &choice[i]
		entries, err := d.Index.Find(ctx, t.Key)
		if err != nil {
			return nil, fmt.Errorf("index lookup %s: %w", t.Key, err)
		}
		d.explain(func() string {
			return fmt.Sprintf("  candidate %s (%s), identity %v: %d entries under %s", t.Type, t.Effect, t.Match, len(entries), t.Key)
		})
		for _, e := range entries {
			if !catalog.Meant(t, ev, e) {
				continue
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

// eventIDs are the ids under which an event is counted. Falco's Google Cloud
// plugin does not know a log entry's insertId, so that such an event is counted
// by what it says as well, and the same event by the other way is known again.
func eventIDs(ev *drift.Event) []string {
	if ev.Provider == drift.GCP {
		return []string{ev.ID, event.DerivedID(ev)}
	}
	return []string{ev.ID}
}

// attempts is how often a record is read again after somebody else wrote it.
const attempts = 8

// record writes what the event says of a resource to the ledger and returns
// the finding to publish, or nil.
func (d *Detector) record(ctx context.Context, ev *drift.Event, s subject) (*drift.Finding, error) {
	key := ledger.Key(ev.Provider, ev.Account, d.region(ev, s), s.kind(), s.fingerprint())
	for range attempts {
		r, err := d.Ledger.Load(ctx, key)
		if err != nil {
			return nil, fmt.Errorf("ledger record %s: %w", key, err)
		}
		if r.Counted(eventIDs(ev)...) {
			d.explain(func() string { return fmt.Sprintf("  event %s was counted before", ev.ID) })
			return nil, nil
		}
		f := d.judge(ev, s, &r)
		if f == nil && s.entry == nil {
			return nil, nil // nothing is kept of what no state manages
		}
		if f != nil {
			r.Finding = f
		}
		switch err := d.Ledger.Save(ctx, r); {
		case errors.Is(err, drift.ErrConflict):
			continue
		case err != nil:
			return nil, fmt.Errorf("ledger record %s: %w", key, err)
		}
		return f, nil
	}
	return nil, fmt.Errorf("ledger record %s: written by others %d times in a row: %w", key, attempts, drift.ErrRetry)
}

// kind is the resource's type.
func (s subject) kind() string {
	if s.entry != nil {
		return s.entry.Type
	}
	return s.target.Type
}

// id is the resource's id as Terraform has it, or would have it.
func (s subject) id() string {
	switch {
	case s.entry != nil:
		return s.entry.ID
	case s.target.NewID != "":
		return s.target.NewID
	case len(s.target.Match) > 0:
		return s.target.Match[0].Value
	}
	return s.target.Key
}

// fingerprint is what tells the resource from others of its type: its id, or,
// of a part that no state manages, all that the call names it by, in which
// making and unmaking it agree.
func (s subject) fingerprint() string {
	if s.entry != nil {
		return s.id()
	}
	if len(s.target.Match) < 2 {
		return catalog.Fingerprint(s.target, s.id())
	}
	parts := make([]string, len(s.target.Match))
	for i, m := range s.target.Match {
		parts[i] = identity.Short(m.Value)
	}
	return strings.Join(parts, "|")
}

// region of a resource: its own, or the event's; the ids of Google's resources
// hold theirs.
func (d *Detector) region(ev *drift.Event, s subject) string {
	if ev.Provider == drift.GCP {
		return ""
	}
	if s.entry != nil && s.entry.Region != "" {
		return s.entry.Region
	}
	return ev.Region
}

// judge adds the observation to the record and tells the finding to publish,
// or nil: nothing differs, nothing is new, or the rules let it pass.
func (d *Detector) judge(ev *drift.Event, s subject, r *ledger.Record) *drift.Finding {
	kept := *r
	r.Observe(s.Observation, eventIDs(ev)...)
	existence, facts, touched := r.Known()
	f := d.finding(ev, s, r.Key)
	differs := false
	switch {
	case s.entry == nil:
		f.Kind, differs = drift.Unmanaged, existence == ledger.Made
	case existence == ledger.Removed:
		f.Kind, differs = drift.Deleted, true
	default:
		f.Kind, f.Changes = drift.Modified, d.Compare.Changes(s.entry, facts)
		differs = len(f.Changes) > 0 || touched
	}
	if differs {
		var passed bool
		if differs, passed = d.rule(ev, s.entry, &f); passed {
			*r = kept
			return nil
		}
	}
	status, say := ledger.Next(r.Finding, differs, r.Finding != nil && !sameSaying(r.Finding, &f))
	if !say {
		d.explain(func() string { return fmt.Sprintf("  %s %s: nothing new", s.kind(), s.id()) })
		return nil
	}
	f.Status = status
	if status == drift.Resolved {
		f.Resource, f.Kind, f.Severity, f.Rules, f.Environment = r.Finding.Resource, r.Finding.Kind, r.Finding.Severity, r.Finding.Rules, r.Finding.Environment
	}
	if f.Changes == nil || f.Kind != drift.Modified || status == drift.Resolved {
		f.Changes = []drift.Attribute{}
	}
	return &f
}

// rule applies the user's rules to a finding. It differs no more for the user
// where they report nothing of it; passed is true where that is because of who
// did it, and then the event leaves no trace.
func (d *Detector) rule(ev *drift.Event, e *drift.Entry, f *drift.Finding) (differs, passed bool) {
	if e != nil && d.autoscaled(ev, e, f) {
		d.explain(func() string { return "  scaled by an autoscaler within its bounds" })
		return false, true
	}
	verdict, steps := d.verdict(f)
	for _, step := range steps {
		d.explain(func() string { return fmt.Sprintf("  rules: %s", step) })
	}
	f.Severity, f.Changes, f.Environment = verdict.Severity, verdict.Changes, verdict.Environment
	if verdict.Names != nil {
		f.Rules = verdict.Names
	}
	if verdict.Report {
		return true, false
	}
	anonymous := *f
	anonymous.Actor = drift.Actor{}
	return false, d.Rules.Judge(&anonymous).Report
}

func (d *Detector) verdict(f *drift.Finding) (rules.Verdict, []string) {
	if d.Explain == nil {
		return d.Rules.Judge(f), nil
	}
	return d.Rules.Explain(f)
}

// sameSaying reports whether two findings tell the same of their resource.
func sameSaying(a, b *drift.Finding) bool {
	return a.Kind == b.Kind && len(a.Changes) == len(b.Changes) && (len(a.Changes) == 0 || reflect.DeepEqual(a.Changes, b.Changes))
}

func (d *Detector) finding(ev *drift.Event, s subject, key string) drift.Finding {
	f := drift.Finding{
		ID: key, Rules: []string{}, Provider: ev.Provider, Account: ev.Account, Region: ev.Region,
		Resource: drift.ResourceRef{Type: s.kind(), ID: s.id()},
		Actor:    ev.Actor,
		Event:    drift.EventRef{ID: ev.ID, Name: ev.Name, Source: ev.Source, Time: ev.Time, Via: ev.Via},
	}
	if e := s.entry; e != nil {
		f.Resource.Address, f.Resource.State = e.Address, e.State
		if ev.Provider == drift.AWS && e.Region != "" {
			f.Region = e.Region
		}
	}
	return f
}

// explain makes a step's text only where somebody listens.
func (d *Detector) explain(step func() string) {
	if d.Explain != nil {
		d.Explain(step())
	}
}
