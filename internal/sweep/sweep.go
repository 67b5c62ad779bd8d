// Package sweep keeps the index equal to states for those who are woken: it
// follows what an object store tells of a state or of its lock, and looks at all
// states when somebody calls. What package watch is for a process that lives on,
// this is for functions; what it has to remember is in a roster.
//
// Whatever a notice says, the newest object counts. What cannot be taken up
// leaves the last good index in place. What of a state may replace what is
// indexed is the indexer's to decide.
package sweep

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"tfdrift/internal/applies"
	"tfdrift/internal/drift"
	"tfdrift/internal/roster"
	"tfdrift/internal/state"
)

// Indexer takes states up; [indexer.Indexer] is one.
type Indexer interface {
	Refresh(ctx context.Context, object state.Object, accept bool) (state.Header, error)
	Forget(ctx context.Context, name string) error
}

// Place is where states are watched. No two have one name.
type Place struct {
	Name   string // as the configuration gives it
	Source state.Source
}

// Sweeper follows notices and sweeps places. All but Workers and Now must be set.
type Sweeper struct {
	Places  []Place
	Indexer Indexer
	Applies applies.Applies
	Roster  roster.Roster
	Ripe    func(ctx context.Context) error // judges the events that have waited long enough; [detector.Detector.Ripe] is one
	Log     *slog.Logger
	Workers int // states read at once by a sweep; 0: one
	Now     func() time.Time
}

// Notice is what an object store tells of one of its objects.
type Notice struct {
	Name string    // the object's URL
	At   time.Time // when it was written or deleted
	Gone bool      // it was deleted
}

// Follow does what follows from a notice. One of an object that is no watched
// state is passed over.
func (s *Sweeper) Follow(ctx context.Context, n Notice) error {
	if locked, ok := strings.CutSuffix(n.Name, state.LockSuffix); ok {
		if err := s.Applies.Lock(ctx, locked, n.At, !n.Gone); err != nil {
			return err
		}
		if n.Gone { // what waited for the longest apply now waits for less
			return s.Ripe(ctx)
		}
		return nil
	}
	_, err := s.look(ctx, n.Name, false)
	return err
}

// Accept takes up a state although it is not the successor of the one indexed, or
// forgets it if it is gone. One that no place has, now or before, is
// [drift.ErrNotFound].
func (s *Sweeper) Accept(ctx context.Context, name string) error {
	ours, err := s.look(ctx, name, true)
	if err == nil && !ours {
		err = fmt.Errorf("state %s is not watched: no place of the configuration has it: %w", name, drift.ErrNotFound)
	}
	return err
}

// look has a state taken up or forgotten as it is now; ours is false where it is
// none that is watched.
func (s *Sweeper) look(ctx context.Context, name string, accept bool) (ours bool, err error) {
	known, err := s.known(ctx)
	if err != nil {
		return false, err
	}
	for _, p := range s.Places {
		object, err := p.Source.Stat(ctx, name)
		switch {
		case errors.Is(err, drift.ErrNotFound):
			continue
		case err != nil:
			return true, err
		}
		return true, s.refresh(ctx, p, object, known[name], accept)
	}
	if _, ok := known[name]; !ok {
		return false, nil
	}
	return true, s.forget(ctx, name)
}

func (s *Sweeper) known(ctx context.Context) (map[string]roster.Entry, error) {
	all, err := s.Roster.List(ctx)
	known := make(map[string]roster.Entry, len(all))
	for _, e := range all {
		known[e.State] = e
	}
	return known, err
}

// replacements is how often a state may be replaced while it is read, before the
// caller is asked to come again.
const replacements = 5

// refresh has a state indexed, and writes down what became of it.
func (s *Sweeper) refresh(ctx context.Context, p Place, object state.Object, before roster.Entry, accept bool) error {
	var header state.Header
	var err error
	for range replacements {
		header, err = s.Indexer.Refresh(ctx, object, accept)
		if err == nil || ctx.Err() != nil {
			break
		}
		now, gone := p.Source.Stat(ctx, object.Name)
		if errors.Is(gone, drift.ErrNotFound) {
			return s.forget(ctx, object.Name)
		}
		if gone != nil || now.Version == object.Version && now.Written.Equal(object.Written) && !errors.Is(err, drift.ErrConflict) {
			break
		}
		object = now // replaced, or somebody else is at it
	}
	e := roster.Entry{State: object.Name, Place: p.Name, Version: object.Version, Resources: cmp.Or(header.Entries, before.Resources)}
	switch {
	case ctx.Err() != nil:
		return cmp.Or(err, context.Cause(ctx))
	case errors.Is(err, state.ErrNotState) && p.Name != object.Name && !strings.HasSuffix(object.Name, ".tfstate"):
		return nil // it lies beside states
	case err == nil && before == e:
		return nil
	case err == nil:
		s.Log.Info("state indexed", "state", object.Name, "serial", header.Serial, "resources", header.Entries, "terraform", header.TerraformVersion)
		return s.Roster.Put(ctx, e)
	}
	return errors.Join(err, s.fail(ctx, before, e, err.Error()))
}

// fail writes down that a state cannot be taken up; what was indexed last stays.
func (s *Sweeper) fail(ctx context.Context, before, e roster.Entry, problem string) error {
	e.Version, e.Resources, e.Problem, e.Since = before.Version, before.Resources, problem, before.Since
	if e.Since.IsZero() {
		e.Since = roster.Second(s.now())
	}
	if e == before {
		return nil
	}
	s.Log.Error("alarm: a state cannot be taken up; the last good index of it stays", "state", e.State, "error", problem)
	return s.Roster.Put(ctx, e)
}

func (s *Sweeper) forget(ctx context.Context, name string) error {
	if err := s.Indexer.Forget(ctx, name); err != nil {
		return err
	}
	s.Log.Info("a state is gone, or is not watched any more, and is forgotten", "state", name)
	return s.Roster.Drop(ctx, name)
}

// Report is what a sweep found.
type Report struct {
	States    int           // that are watched
	Resources int           // that they hold
	Failed    int           // states, and places, that could not be taken up as they are
	Stalest   time.Duration // since when the one that failed first does
	SetAside  int           // events that wait for a state
}

// Sweep looks at all states, whether or not a notice came, and judges what has
// waited long enough. A state that will never do, and a place without any, are in
// the report and the log alone: calling again would not help. Other errors are
// worth it.
func (s *Sweeper) Sweep(ctx context.Context) (Report, error) {
	var r Report
	known, err := s.known(ctx)
	if err != nil {
		return r, err
	}
	var errs []error
	failed := func(err error) {
		r.Failed++
		if !errors.Is(err, drift.ErrInvalid) && !errors.Is(err, drift.ErrNotFound) {
			errs = append(errs, err)
		}
	}
	seen := map[string]bool{}
	for _, p := range s.Places {
		states, trouble := s.list(ctx, p, seen)
		for _, err := range trouble {
			s.Log.Error("a place of states cannot be read whole; what was indexed of it stays", "place", p.Name, "error", err)
			failed(err)
		}
		for _, err := range s.refreshAll(ctx, p, states, known) {
			failed(err)
		}
		if err := s.away(ctx, p, known, seen, len(states) > 0, len(trouble) > 0); err != nil {
			failed(err)
		}
	}
	for name, e := range known {
		if !slices.ContainsFunc(s.Places, func(p Place) bool { return p.Name == e.Place }) && !seen[name] {
			if err := s.forget(ctx, name); err != nil {
				failed(err)
			}
		}
	}
	if err := s.Ripe(ctx); err != nil {
		errs = append(errs, err)
	}
	return r, errors.Join(append(errs, s.report(ctx, &r))...)
}

// list finds the states of a place that no place before it has, and why it may
// not have found all.
func (s *Sweeper) list(ctx context.Context, p Place, seen map[string]bool) (states []state.Object, trouble []error) {
	for object, err := range p.Source.States(ctx) {
		switch {
		case err != nil && ctx.Err() != nil:
			return states, append(trouble, err)
		case err != nil:
			trouble = append(trouble, fmt.Errorf("%s: %w", p.Name, err))
		case !seen[object.Name]:
			seen[object.Name] = true
			states = append(states, object)
		}
	}
	return states, trouble
}

// refreshAll takes up those states of which another version is indexed, or none.
func (s *Sweeper) refreshAll(ctx context.Context, p Place, states []state.Object, known map[string]roster.Entry) (errs []error) {
	var mu sync.Mutex
	var all errgroup.Group
	all.SetLimit(max(1, s.Workers))
	for _, object := range states {
		e := known[object.Name]
		if e.Version == object.Version && e.Version != "" && e.Problem == "" && e.Place == p.Name {
			continue
		}
		all.Go(func() error {
			if err := s.refresh(ctx, p, object, e, false); err != nil {
				mu.Lock()
				defer mu.Unlock()
				errs = append(errs, err)
			}
			return nil
		})
	}
	_ = all.Wait()
	return errs
}

// away deals with the states of a place that are not there. The last one of a
// place is not let go of by itself: somebody may have emptied a bucket, or the
// configuration may name another one than before.
func (s *Sweeper) away(ctx context.Context, p Place, known map[string]roster.Entry, seen map[string]bool, others, trouble bool) error {
	var errs []error
	for name, e := range known {
		if e.Place != p.Name || seen[name] {
			continue
		}
		_, err := p.Source.Stat(ctx, name)
		switch {
		case err == nil: // written since
		case !errors.Is(err, drift.ErrNotFound):
			errs = append(errs, err)
		case others:
			errs = append(errs, s.forget(ctx, name))
		case !trouble:
			errs = append(errs, s.fail(ctx, e, e, fmt.Sprintf("state %s is gone, and no other state is left in %s; is it the right place? The last good index stays until the state is back, or until it is accepted that it is gone", name, p.Name)))
		}
	}
	return errors.Join(errs...)
}

func (s *Sweeper) report(ctx context.Context, r *Report) error {
	all, err := s.Roster.List(ctx)
	if err != nil {
		return err
	}
	waiting, err := s.Applies.Waiting(ctx)
	if err != nil {
		return err
	}
	problems := 0
	for _, e := range all {
		r.States++
		r.Resources += e.Resources
		if e.Problem != "" {
			problems++
			r.Stalest = max(r.Stalest, s.now().Sub(e.Since))
		}
	}
	r.Failed, r.SetAside = max(r.Failed, problems), len(waiting)
	return nil
}

func (s *Sweeper) now() time.Time {
	if s.Now == nil {
		return time.Now()
	}
	return s.Now()
}
