// Package watch keeps the index equal to states where they live: it looks at
// local files every second and at buckets every half minute, has those that
// were written indexed, and notes when Terraform holds their locks. It trusts
// no single look: a file is read when it stands still, a state that is gone is
// forgotten when it stays away, and what cannot be taken up leaves the last
// good index in place, with an alarm.
//
// What of a state may replace what is indexed is the indexer's to decide.
package watch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"tfdrift/internal/applies"
	"tfdrift/internal/drift"
	"tfdrift/internal/state"
)

// Indexer takes states up; [indexer.Indexer] is one.
type Indexer interface {
	Refresh(ctx context.Context, object state.Object, accept bool) (state.Header, error)
	Forget(ctx context.Context, name string) error
}

// Watcher watches the states of some places.
type Watcher struct {
	Places  []Place
	Indexer Indexer
	Applies applies.Applies
	Dir     string // where it keeps which states it watches, and where [Accept] leaves word
	Log     *slog.Logger

	Workers int // states read at once; 0: one
	Now     func() time.Time

	mu      sync.Mutex
	states  map[string]*watched
	places  map[string]error     // what is wrong with a place
	listed  map[string]time.Time // when a place was
	reading sync.WaitGroup
	slots   chan struct{}
	saved   string
}

// Place is where states are watched. No two have one name.
type Place struct {
	Name   string // as the configuration gives it
	Source state.Source
	// Remote: a look is a request that costs time and money, and shows all the
	// states at once.
	Remote bool
	Sweep  time.Duration // after which a state is read although nothing seems to have changed; 0: an hour
}

func (p Place) sweep() time.Duration {
	if p.Sweep == 0 {
		return time.Hour
	}
	return p.Sweep
}

// every is how long it is between two looks.
func (p Place) every() time.Duration {
	if p.Remote {
		return min(remoteEvery, p.sweep())
	}
	return localEvery
}

// watched is what is known of one state. The watcher's lock guards it.
type watched struct {
	place  Place
	object state.Object // at the last look

	seen    print // at the last look
	still   bool  // it was the same at the look before, or is never half written
	indexed print // of what the index holds
	failed  print // of what could not be taken up
	tried   time.Time
	next    time.Time // not to be tried before
	busy    bool
	absent  int // looks in a row at which it was not there
	locked  bool
	lockAt  time.Time
	warned  time.Time // of a lock that stays

	resources int // that it held when it was last read whole

	synced  time.Time // when the index was last known to hold what the file holds
	problem string    // why it is not taken up as it is now
}

// print tells one content of a state from another.
type print struct {
	version string
	written time.Time
	size    int64
}

func printOf(o state.Object) print { return print{o.Version, o.Written, o.Size} }

// How patient it is. Terraform's own events wait 15 minutes (settle) for the
// state that explains them, so a bucket is looked at more often than that; half
// a minute costs a dollar a month or less.
const (
	localEvery  = time.Second
	remoteEvery = 30 * time.Second
	listEvery   = 10 * time.Second // between two listings of a folder; its known states are looked at more often

	awayLooks  = 3                // at which a state must be absent before it is forgotten
	retryAfter = 10 * time.Second // before what failed for another reason than the file's own is tried again
	longLock   = time.Hour        // after which a lock is worth a word
)

// Run watches until ctx ends.
func (w *Watcher) Run(ctx context.Context) { w.each(ctx, w.watch) }

// each does something with all places, side by side, and returns when all that is
// to be read by it is read.
func (w *Watcher) each(ctx context.Context, do func(context.Context, Place)) {
	w.begin(ctx)
	var all sync.WaitGroup
	for _, p := range w.Places {
		all.Go(func() { do(ctx, p) })
	}
	all.Wait()
	w.reading.Wait()
}

func (w *Watcher) watch(ctx context.Context, p Place) {
	tick := time.NewTicker(p.every())
	defer tick.Stop()
	for {
		w.look(ctx, p)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// Look looks once at all places, and returns when all that it found to read is
// read.
func (w *Watcher) Look(ctx context.Context) { w.each(ctx, w.look) }

// begin takes up what an earlier process watched: a state that is gone
// meanwhile, or is not watched any more, must not stay in the index.
func (w *Watcher) begin(ctx context.Context) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.states != nil {
		return
	}
	w.states, w.places, w.listed, w.slots = map[string]*watched{}, map[string]error{}, map[string]time.Time{}, make(chan struct{}, max(1, w.Workers))
	for _, k := range w.load() {
		i := slices.IndexFunc(w.Places, func(p Place) bool { return p.Name == k.Place })
		if i < 0 {
			if err := w.Indexer.Forget(ctx, k.State); err != nil {
				w.Log.Error("a state that is not watched any more cannot be forgotten", "state", k.State, "error", err)
				continue
			}
			w.Log.Info("a state is not watched any more, and is forgotten", "state", k.State)
			continue
		}
		w.add(ctx, w.Places[i], k.State).resources = k.Resources
	}
	w.save()
}

// look looks at a place once. Places are looked at without the lock: one that
// does not answer holds up nobody.
func (w *Watcher) look(ctx context.Context, p Place) {
	seen, unseen := w.sight(ctx, p)
	if ctx.Err() != nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for name, object := range seen {
		s := w.states[name]
		if s == nil {
			s = w.add(ctx, p, name)
		}
		if s.place.Name == p.Name { // else it is in two places, and is another one's
			s.see(object)
			w.watchLock(ctx, s)
		}
	}
	accepted := w.accepted()
	for name, s := range w.states {
		if s.place.Name != p.Name {
			continue
		}
		accept := accepted(name)
		err, missed := unseen[name]
		if missed {
			w.miss(s, err)
		}
		switch {
		case s.busy: // the marker stays until it can be followed
		case s.absent > 0:
			w.away(ctx, s, len(seen) > 0, accept)
		case missed:
		case w.worthReading(s) || accept:
			w.read(ctx, s, accept)
		case s.seen == s.indexed:
			s.synced, s.problem = w.now(), ""
		}
	}
	w.save()
}

// sight looks at the states of a place: what is there, and why what was there
// was not seen.
func (w *Watcher) sight(ctx context.Context, p Place) (seen map[string]state.Object, unseen map[string]error) {
	seen, unseen = map[string]state.Object{}, map[string]error{}
	w.mu.Lock()
	var known []string
	for name, s := range w.states {
		if s.place.Name == p.Name {
			known = append(known, name)
		}
	}
	due := p.Remote || w.listed[p.Name].IsZero() || w.now().Sub(w.listed[p.Name]) >= listEvery
	w.mu.Unlock()
	var trouble error
	if due {
		trouble = w.list(ctx, p, seen)
	}
	for _, name := range known {
		if _, listed := seen[name]; listed {
			continue
		}
		if p.Remote && errors.Is(trouble, drift.ErrRetry) { // nothing follows from what such a listing lacks
			unseen[name] = trouble
			continue
		}
		if object, err := p.Source.Stat(ctx, name); err != nil {
			unseen[name] = err
		} else {
			seen[name] = object
		}
	}
	return seen, unseen
}

// list finds the states of a place, and returns why it may not have found all.
func (w *Watcher) list(ctx context.Context, p Place, seen map[string]state.Object) (trouble error) {
	for object, err := range p.Source.States(ctx) {
		if err != nil {
			trouble = errors.Join(trouble, err)
			continue
		}
		seen[object.Name] = object
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if before := w.places[p.Name]; trouble != nil && ctx.Err() == nil && (before == nil || before.Error() != trouble.Error()) {
		w.Log.Error("a place of states cannot be read whole; what was indexed of it stays", "place", p.Name, "error", trouble)
	}
	w.places[p.Name], w.listed[p.Name] = trouble, w.now()
	return trouble
}

// add watches one more state. If a lock was open when it was last watched, and
// is not any more, the window is closed now: later than it was, never earlier.
func (w *Watcher) add(ctx context.Context, p Place, name string) *watched {
	s := &watched{place: p, object: state.Object{Name: name}}
	w.states[name] = s
	windows, err := w.Applies.Windows(ctx, name)
	if err != nil {
		w.Log.Error("lock windows cannot be read", "state", name, "error", err)
		return s
	}
	for _, open := range windows {
		if open.To.IsZero() {
			s.locked, s.lockAt = true, open.From
		}
	}
	return s
}

func (s *watched) see(object state.Object) {
	now := printOf(object)
	s.still = object.Version != "" || s.seen == now || s.seen == print{}
	if s.seen != now {
		s.next = time.Time{}
	}
	s.object, s.seen, s.absent = object, now, 0
}

// miss notes that a state was not seen: it is gone, or nobody knows.
func (w *Watcher) miss(s *watched, err error) {
	if errors.Is(err, drift.ErrNotFound) {
		s.absent++
		return
	}
	if problem := err.Error(); problem != s.problem {
		s.problem = problem
		w.Log.Error("a state cannot be looked at; what was indexed of it stays", "state", s.object.Name, "error", err)
	}
}

// worthReading reports whether a state stands still and holds, or may hold,
// something else than the index.
func (w *Watcher) worthReading(s *watched) bool {
	now := w.now()
	sweep := now.Sub(s.tried) >= s.place.sweep()
	switch {
	case !s.still || now.Before(s.next):
		return false
	case s.seen == s.failed: // only something beside the file can have changed
		return sweep
	}
	return s.seen != s.indexed || sweep
}

// read has a state indexed, in a goroutine of its own.
func (w *Watcher) read(ctx context.Context, s *watched, accept bool) {
	s.busy, s.tried = true, w.now()
	object := s.object
	w.reading.Go(func() {
		w.slots <- struct{}{}
		defer func() { <-w.slots }()
		header, err := w.Indexer.Refresh(ctx, object, accept)
		replaced := false
		if err != nil {
			now, gone := s.place.Source.Stat(ctx, object.Name)
			replaced = errors.Is(gone, drift.ErrNotFound) || gone == nil && printOf(now) != printOf(object)
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		s.busy = false
		if ctx.Err() != nil {
			return
		}
		if accept {
			w.dropMarker(object.Name)
		}
		if replaced {
			w.Log.Debug("a state was replaced while it was read; it is read again", "state", object.Name, "error", err)
			return
		}
		w.settle(s, header, printOf(object), err)
	})
}

// settle writes down what became of reading a state.
func (w *Watcher) settle(s *watched, header state.Header, before print, err error) {
	if err == nil {
		if header.Entries > 0 || s.indexed != before && s.indexed != (print{}) {
			s.resources = header.Entries
		}
		if s.indexed != before {
			w.Log.Info("state indexed", "state", s.object.Name, "serial", header.Serial, "resources", header.Entries, "terraform", header.TerraformVersion)
		}
		if header.Flat > 0 && s.indexed != before {
			w.Log.Warn("resources in the form of Terraform before 0.12 are not watched; `terraform apply -refresh-only` renews them", "state", s.object.Name, "resources", header.Flat)
		}
		s.indexed, s.failed, s.synced, s.problem = before, print{}, w.now(), ""
		return
	}
	problem := err.Error()
	if errors.Is(err, drift.ErrInvalid) {
		s.failed = before
	} else {
		s.next = w.now().Add(retryAfter)
	}
	if problem != s.problem {
		w.Log.Error("alarm: a state cannot be taken up; the last good index of it stays", "state", s.object.Name, "error", problem)
	}
	s.problem = problem
}

// away deals with a state that is not there. The last one of a place is
// not let go of by itself: a folder that is not mounted looks the same as one
// whose states were all deleted.
func (w *Watcher) away(ctx context.Context, s *watched, others, accept bool) {
	if s.absent < awayLooks && !accept {
		return
	}
	if !others && !accept {
		problem := fmt.Sprintf("state %s is gone, and no other state is left in %s; is it mounted, is it the right place? The last good index stays until the state is back, or until `tfdrift state accept %s`",
			s.object.Name, s.place.Name, s.object.Name)
		if s.problem != problem {
			w.Log.Error("alarm: a state is gone; the last good index of it stays", "state", s.object.Name, "error", problem)
		}
		s.problem = problem
		return
	}
	if err := w.Indexer.Forget(ctx, s.object.Name); err != nil {
		s.problem = err.Error()
		w.Log.Error("a state that is gone cannot be forgotten; trying again", "state", s.object.Name, "error", err)
		return
	}
	if accept {
		w.dropMarker(s.object.Name)
	}
	w.Log.Info("a state is gone, and is forgotten", "state", s.object.Name)
	delete(w.states, s.object.Name)
}

// watchLock notes when a state's lock comes and goes.
func (w *Watcher) watchLock(ctx context.Context, s *watched) {
	at, locked := s.object.Locked, !s.object.Locked.IsZero()
	if locked && s.locked && !at.Equal(s.lockAt) { // another one in its place
		if !w.note(ctx, s, at, false) {
			return
		}
	}
	switch {
	case locked && !s.locked:
		w.note(ctx, s, at, true)
	case !locked && s.locked:
		w.note(ctx, s, w.now(), false)
	case locked && w.now().Sub(s.lockAt) > longLock && w.now().Sub(s.warned) > longLock:
		s.warned = w.now()
		w.Log.Warn("a state is locked for long, and what is changed meanwhile waits to be judged; if no apply is running, `terraform force-unlock`", "state", s.object.Name, "since", s.lockAt, "believed", s.lockAt.Add(applies.MaxApply))
	}
}

func (w *Watcher) note(ctx context.Context, s *watched, at time.Time, locked bool) bool {
	if err := w.Applies.Lock(ctx, s.object.Name, at, locked); err != nil {
		w.Log.Error("a lock cannot be noted; trying again", "state", s.object.Name, "error", err)
		return false
	}
	s.locked, s.lockAt = locked, at
	return true
}

// Problems are the reasons why something that is to be watched is not seen as
// it is now; before the first look, that there was none.
func (w *Watcher) Problems() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.states == nil {
		return []string{"the states were not read yet"}
	}
	var problems []string
	for _, trouble := range w.places {
		if trouble != nil {
			problems = append(problems, trouble.Error())
		}
	}
	for _, s := range w.states {
		switch {
		case s.problem != "":
			problems = append(problems, s.problem)
		case s.synced.IsZero():
			problems = append(problems, "state "+s.object.Name+": not read yet")
		}
	}
	if len(w.Places) == 0 {
		problems = append(problems, "no state is watched; give --state, or providers.<cloud>.state in the configuration")
	}
	slices.SortFunc(problems, strings.Compare)
	return slices.Compact(problems)
}

// Unanswered reports whether there is a bucket of which nothing is indexed
// because it did not answer yet: what is judged now is judged without it.
func (w *Watcher) Unanswered() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.ContainsFunc(w.Places, func(p Place) bool {
		if !p.Remote || !errors.Is(w.places[p.Name], drift.ErrRetry) {
			return false
		}
		for _, s := range w.states {
			if s.place.Name == p.Name && s.resources > 0 {
				return false
			}
		}
		return true
	})
}

// Failed is how many states are not in the index as they are now.
func (w *Watcher) Failed() (n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.states {
		if s.problem != "" {
			n++
		}
	}
	return n
}

// Watched is how many states are watched, and how many resources they hold.
func (w *Watcher) Watched() (states, resources int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.states {
		resources += s.resources
	}
	return len(w.states), resources
}

// Synced is when the index was last known to hold what the states hold, of the
// stalest state; zero if one of them was never read, or there is none.
func (w *Watcher) Synced() (at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.states {
		if s.synced.IsZero() {
			return time.Time{}
		}
		if at.IsZero() || s.synced.Before(at) {
			at = s.synced
		}
	}
	return at
}

func (w *Watcher) now() time.Time {
	if w.Now == nil {
		return time.Now()
	}
	return w.Now()
}
