package detector

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"tfdrift/internal/drift"
	"tfdrift/internal/ledger"
	"tfdrift/internal/rules"
)

// attempts is how often a record is read again after somebody else wrote it.
const attempts = 8

// record writes what the event says of a resource to the ledger and returns
// the finding to publish, or nil. If the state was indexed anew meanwhile, the
// record is judged anew: whoever is second sees the other's work.
func (d *Detector) record(ctx context.Context, ev *drift.Event, s subject) (finding *drift.Finding, err error) {
	generation, _, err := d.generation(ctx, s.state())
	if err != nil {
		return nil, err
	}
	if moved, err := d.moved(ctx, s); moved || err != nil {
		return nil, cmp.Or(err, error(errMoved))
	}
	key, err := d.key(ctx, ev, s)
	if err != nil {
		return nil, err
	}
	var written ledger.Record
	err = d.change(ctx, key, func(r *ledger.Record) (keep bool, err error) {
		finding = nil
		if r.Counted(eventIDs(ev)...) {
			d.explain(func() string { return fmt.Sprintf("  event %s was counted before", ev.ID) })
			return false, nil
		}
		finding, keep = d.judge(ctx, ev, s, r)
		r.Generation = generation
		written = *r
		return keep, nil
	})
	if err != nil || written.Key == "" {
		return finding, err
	}
	d.published(finding)
	return finding, d.recheck(ctx, written)
}

// errMoved: the index has another entry by now than the one that an event was
// matched with.
var errMoved = errors.New("the state was indexed anew")

// moved reports whether the index has another entry by now. It is asked after
// the generation was read: an entry that was found before a refresh must not
// pass for one of the generation after it.
func (d *Detector) moved(ctx context.Context, s subject) (bool, error) {
	if s.entry == nil {
		return false, nil
	}
	entries, err := d.Index.Find(ctx, s.target.Key)
	if err != nil {
		return false, fmt.Errorf("index lookup %s: %w", s.target.Key, err)
	}
	for _, e := range entries {
		if e == s.entry || e.State == s.entry.State && e.Address == s.entry.Address && reflect.DeepEqual(e, s.entry) {
			return false, nil
		}
	}
	return true, nil
}

// change reads a record, alters it and writes it, anew where somebody else was
// faster; what alter refuses is not written.
func (d *Detector) change(ctx context.Context, key string, alter func(*ledger.Record) (bool, error)) error {
	done, err := d.Turns.take(ctx, key)
	if err != nil {
		return err
	}
	defer done()
	for range attempts {
		r, err := d.Ledger.Load(ctx, key)
		if err != nil {
			return fmt.Errorf("ledger record %s: %w", key, err)
		}
		write, err := alter(&r)
		if err != nil || !write {
			return err
		}
		switch err := d.Ledger.Save(ctx, r); {
		case errors.Is(err, drift.ErrConflict):
			continue
		case err != nil:
			return fmt.Errorf("ledger record %s: %w", key, err)
		}
		return nil
	}
	return fmt.Errorf("ledger record %s: written by others %d times in a row: %w", key, attempts, drift.ErrRetry)
}

// recheck judges a record anew if the index moved while it was judged.
func (d *Detector) recheck(ctx context.Context, r ledger.Record) error {
	now, _, err := d.generation(ctx, r.Resource.State)
	if err != nil || now == r.Generation && r.Resource.State != "" {
		return err
	}
	if r.Resource.State == "" { // a state may have come to manage it
		e, err := d.current(ctx, &r)
		if err != nil || e == nil {
			return err
		}
	}
	_, err = d.Rejudge(ctx, r.Key)
	return err
}

// generation is that of a state's index, and when the state was written; of no
// state, zero.
func (d *Detector) generation(ctx context.Context, state string) (uint64, time.Time, error) {
	if state == "" {
		return 0, time.Time{}, nil
	}
	h, err := d.Index.State(ctx, state)
	switch {
	case errors.Is(err, drift.ErrNotFound):
		return 0, time.Time{}, nil
	case err != nil:
		return 0, time.Time{}, fmt.Errorf("index of state %s: %w", state, err)
	}
	generation := 2 * h.Generation
	if h.Complete {
		generation++
	}
	return generation, h.Written, nil
}

// key is that of a resource's record. What a call deletes it may name otherwise
// than the call that made it did: then the record with something to resolve is
// the one, else the last.
func (d *Detector) key(ctx context.Context, ev *drift.Event, s subject) (key string, err error) {
	names := s.fingerprints()
	for _, identity := range names {
		key = ledger.Key(ev.Provider, ev.Account, s.region(ev), s.kind(), identity)
		if len(names) == 1 {
			break
		}
		r, err := d.Ledger.Load(ctx, key)
		if err != nil {
			return "", fmt.Errorf("ledger record %s: %w", key, err)
		}
		if r.Finding != nil {
			break
		}
	}
	return key, nil
}

// judge adds what an event said to a record and tells the finding to publish,
// or nil: nothing differs, nothing is new, or the rules let it pass. keep is
// false where the event leaves no trace.
func (d *Detector) judge(ctx context.Context, ev *drift.Event, s subject, r *ledger.Record) (f *drift.Finding, keep bool) {
	if ev.Pair == drift.PairFirst {
		s.Operation = ev.PairID
	}
	s.Actor, s.Event = ev.Actor, reference(ev)
	r.Observe(s.Observation, eventIDs(ev)...)
	r.Provider, r.Account, r.Region = ev.Provider, ev.Account, ev.Region
	if s.entry != nil && ev.Provider == drift.AWS && s.entry.Region != "" {
		r.Region = s.entry.Region
	}
	r.Resource, r.Keys = s.resource(), s.keys()
	f, passed := d.conclude(ctx, s.entry, r, finding(r, ev.Actor, reference(ev)))
	// Of what no state manages, only that it is gone is kept: its creation may still arrive.
	return f, !passed && (f != nil || s.entry != nil || s.Effect == drift.Delete)
}

// conclude makes next what follows from a record and an entry, nil for none,
// and returns it if there is news in it. passed is true where the rules let it
// pass because of who did it.
func (d *Detector) conclude(ctx context.Context, e *drift.Entry, r *ledger.Record, next drift.Finding) (f *drift.Finding, passed bool) {
	differs := d.stand(e, r, &next)
	if differs {
		if differs, passed = d.rule(ctx, e, &next); passed {
			return nil, true
		}
	}
	f = r.Publish(next, differs, d.now())
	if f == nil {
		d.explain(func() string {
			if differs {
				return fmt.Sprintf("  %s %s: told already", r.Resource.Type, r.Resource.ID)
			}
			return fmt.Sprintf("  %s %s is as its state says", r.Resource.Type, r.Resource.ID)
		})
	}
	return f, false
}

// stand says what a record amounts to against what state holds now: the kind
// and changes of a finding, and whether there is one.
func (d *Detector) stand(e *drift.Entry, r *ledger.Record, f *drift.Finding) (differs bool) {
	existence, facts, touched := r.Known()
	switch {
	case e == nil:
		f.Kind = drift.Unmanaged
		return existence == ledger.Made
	case existence == ledger.Removed:
		f.Kind = drift.Deleted
		return true
	}
	f.Kind, f.Changes = drift.Modified, d.Compare.Changes(e, facts)
	return len(f.Changes) > 0 || touched
}

// Rejudge judges a record against the index as it is now, after a refresh of
// its state, and returns the finding to publish, or nil. What the state has
// taken up is settled: docs/ledger.md has the table.
func (d *Detector) Rejudge(ctx context.Context, key string) (finding *drift.Finding, err error) {
	var judged ledger.Record
	err = d.change(ctx, key, func(r *ledger.Record) (bool, error) {
		finding, judged = nil, ledger.Record{}
		if r.Version == 0 {
			return false, nil
		}
		e, err := d.current(ctx, r)
		if err != nil {
			return false, err
		}
		state := r.Resource.State
		if e != nil {
			state = e.State
		}
		generation, written, err := d.generation(ctx, state)
		if err != nil {
			return false, err
		}
		finding = d.rebase(ctx, r, e, written)
		r.Generation, judged = generation, *r
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	d.published(finding)
	if judged.Key == "" || judged.Resource.State == "" {
		return finding, nil
	}
	if now, _, err := d.generation(ctx, judged.Resource.State); err != nil || now == judged.Generation {
		return finding, err
	}
	return d.Rejudge(ctx, key) // refreshed once more meanwhile
}

// rebase takes a record from the state it was judged with to the entry that
// state has now, nil for none.
func (d *Detector) rebase(ctx context.Context, r *ledger.Record, e *drift.Entry, written time.Time) *drift.Finding {
	managed, live := r.Resource.State != "", r.Live()
	told := r.Last().Time // up to when the state may have taken up what was done
	if told.After(written) && !written.IsZero() {
		told = written
	}
	switch {
	case e == nil && managed: // let go, or its deletion was taken up
		r.SettleAll(told)
		r.Resource.State, r.Resource.Address = "", ""
	case e != nil && !managed: // imported
		r.SettleAll(told)
	case e != nil:
		_, facts, _ := r.Known()
		differ := map[string]bool{}
		for _, c := range d.Compare.Changes(e, facts) {
			differ[c.Name] = true
		}
		r.Settle(written, func(f drift.Fact, at time.Time) bool {
			if at.After(written) && !written.IsZero() {
				return true // it cannot have been taken up
			}
			return differ[f.Attribute] && (live || written.IsZero())
		})
	}
	if e != nil {
		r.Resource = drift.ResourceRef{Address: e.Address, Type: e.Type, ID: e.ID, State: e.State}
	}
	next := finding(r, r.Last().Actor, r.Last().Event)
	if r.Finding != nil && r.Last().Event.ID == "" {
		next.Actor, next.Event = r.Finding.Actor, r.Finding.Event // the state itself has the last word
	}
	f, _ := d.conclude(ctx, e, r, next)
	return f
}

// current is the entry of a record's resource as the index has it now.
func (d *Detector) current(ctx context.Context, r *ledger.Record) (*drift.Entry, error) {
	entries, err := d.Index.Find(ctx, r.Keys...)
	if err != nil {
		return nil, fmt.Errorf("index lookup %v: %w", r.Keys, err)
	}
	var found *drift.Entry
	for _, e := range entries {
		if e.Type != r.Resource.Type || e.ID != r.Resource.ID {
			continue
		}
		if found == nil || e.State == r.Resource.State {
			found = e
		}
	}
	return found, nil
}

// rule applies the user's rules to a finding. It differs no more for the user
// where they report nothing of it; passed is true where that is because of who
// did it, and then the event leaves no trace.
func (d *Detector) rule(ctx context.Context, e *drift.Entry, f *drift.Finding) (differs, passed bool) {
	if e != nil && d.autoscaled(ctx, e, f) {
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

// finding is one on a record's resource, by an actor and an event, that says
// nothing yet.
func finding(r *ledger.Record, actor drift.Actor, event drift.EventRef) drift.Finding {
	return drift.Finding{
		ID: r.Key, Rules: []string{}, Provider: r.Provider, Account: r.Account, Region: r.Region, Resource: r.Resource,
		Actor: actor, Event: event,
	}
}

func reference(ev *drift.Event) drift.EventRef {
	return drift.EventRef{ID: ev.ID, Name: ev.Name, Source: ev.Source, Time: ev.Time, Via: ev.Via}
}

func (d *Detector) now() time.Time {
	if d.Now == nil {
		return time.Now()
	}
	return d.Now()
}
