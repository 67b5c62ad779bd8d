package detector

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tfdrift/internal/applies"
	"tfdrift/internal/drift"
)

// Terraform's own applies are not drift, but neither its user agent nor a lock
// proves anything: anybody can send the one and hold the other. They are reason
// to wait. Such an event is set aside and judged against the state that the
// apply writes: if it agrees, nothing is said. If no state is written, it is
// judged when Settle has passed since the lock's release, or since the end of the
// longest apply that is believed in.

// slack is how far the clocks of audit log and lock may be apart.
const slack = 5 * time.Second

// wait sets an event aside if it may be an apply's own.
func (d *Detector) wait(ctx context.Context, ev *drift.Event, subjects []subject) (aside bool, err error) {
	if d.Applies == nil || len(subjects) == 0 {
		return false, nil
	}
	states := statesOf(subjects)
	own := byTerraform(ev)
	for _, state := range states {
		if own {
			break
		}
		windows, err := d.Applies.Windows(ctx, state)
		if err != nil {
			return false, fmt.Errorf("lock windows of %s: %w", state, err)
		}
		own = slices.ContainsFunc(windows, func(w applies.Window) bool { return w.Holds(ev.Time, slack) })
	}
	if !own {
		return false, nil
	}
	d.explain(func() string { return "  set aside: Terraform may be at work; the next state will tell" })
	a := applies.Aside{Event: *ev, States: states}
	if err := d.Applies.SetAside(ctx, a); err != nil {
		return false, fmt.Errorf("set aside event %s: %w", ev.ID, err)
	}
	if d.Wake == nil {
		return true, nil
	}
	due, err := d.due(ctx, &a)
	if err != nil {
		return true, err
	}
	return true, d.wake(ctx, due)
}

// statesOf are the states that manage what an event touched.
func statesOf(subjects []subject) (states []string) {
	for _, s := range subjects {
		if state := s.state(); state != "" && !slices.Contains(states, state) {
			states = append(states, state)
		}
	}
	return states
}

// byTerraform reports whether an event's agent says that it is Terraform or OpenTofu.
func byTerraform(ev *drift.Event) bool {
	for _, name := range [...]string{"Terraform/", "OpenTofu/", "terraform-provider-", "HashiCorp Terraform"} {
		if strings.Contains(ev.Actor.UserAgent, name) {
			return true
		}
	}
	return false
}

// StateWritten judges the events that waited for a state, now that it is
// indexed as it was written at a time.
func (d *Detector) StateWritten(ctx context.Context, state string, written time.Time) error {
	return d.judgeWaiting(ctx, func(a applies.Aside) (bool, error) {
		switch {
		case a.Event.Time.After(written.Add(slack)):
			return false, nil
		case len(a.States) > 0:
			return slices.Contains(a.States, state), nil
		}
		subjects, err := d.subjects(ctx, &a.Event) // something new: does the state know it now?
		return len(statesOf(subjects)) > 0, err
	})
}

// Ripe judges the events that have waited long enough: Settle since the event,
// and since the locks of its states ended. For those that have not, it has itself
// woken again.
func (d *Detector) Ripe(ctx context.Context) error {
	var next time.Time
	err := d.judgeWaiting(ctx, func(a applies.Aside) (bool, error) {
		due, err := d.due(ctx, &a)
		if err != nil || !d.now().Before(due) {
			return err == nil, err
		}
		if next.IsZero() || due.Before(next) {
			next = due
		}
		return false, nil
	})
	return errors.Join(err, d.wake(ctx, next))
}

// due is when an event has waited long enough, as the locks are now.
func (d *Detector) due(ctx context.Context, a *applies.Aside) (time.Time, error) {
	since := a.Event.Time
	for _, state := range a.States {
		windows, err := d.Applies.Windows(ctx, state)
		if err != nil {
			return since, fmt.Errorf("lock windows of %s: %w", state, err)
		}
		for _, w := range windows {
			if w.Holds(a.Event.Time, slack) && w.End().After(since) {
				since = w.End()
			}
		}
	}
	return since.Add(d.Settle), nil
}

// wake has [Detector.Ripe] called at a time, zero for never.
func (d *Detector) wake(ctx context.Context, at time.Time) error {
	if d.Wake == nil || at.IsZero() {
		return nil
	}
	if err := d.Wake(ctx, at); err != nil {
		return fmt.Errorf("to judge what was set aside at %s: %w", at.Format(time.RFC3339), err)
	}
	return nil
}

func (d *Detector) judgeWaiting(ctx context.Context, due func(applies.Aside) (bool, error)) error {
	if d.Applies == nil {
		return nil
	}
	waiting, err := d.Applies.Waiting(ctx)
	if err != nil {
		return fmt.Errorf("events set aside: %w", err)
	}
	var errs []error // of one event, which holds up no other
	for _, a := range waiting {
		if err := d.judgeDue(ctx, &a, due); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func (d *Detector) judgeDue(ctx context.Context, a *applies.Aside, due func(applies.Aside) (bool, error)) error {
	if ok, err := due(*a); !ok || err != nil {
		return err
	}
	if _, err := d.Judge(ctx, &a.Event); err != nil {
		return fmt.Errorf("event %s, set aside: %w", a.Event.ID, err)
	}
	if err := d.Applies.Done(ctx, a.Event.ID); err != nil {
		return fmt.Errorf("event %s was judged and still waits: %w", a.Event.ID, err)
	}
	return nil
}
