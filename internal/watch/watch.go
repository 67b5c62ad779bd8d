// Package watch keeps the index equal to states in local files: it looks at
// them every second, has those that were written indexed, and notes when
// Terraform holds their locks. It trusts no single look: a file is read when it
// stands still, a state that is gone is forgotten when it stays away, and what
// cannot be taken up leaves the last good index in place, with an alarm.
//
// What of a state may replace what is indexed is the indexer's to decide.
package watch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
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
	Places  []string // files, and folders below which every state is watched
	Indexer Indexer
	Applies applies.Applies
	Dir     string // where it keeps which states it watches, and where [Accept] leaves word
	Log     *slog.Logger

	Workers int           // states read at once; 0: one
	Every   time.Duration // between two looks; 0: a second
	Sweep   time.Duration // after which a state is read although nothing seems to have changed; 0: an hour
	Now     func() time.Time

	mu      sync.Mutex
	states  map[string]*watched
	places  map[string]string // what is wrong with a place
	listed  time.Time
	reading sync.WaitGroup
	slots   chan struct{}
	saved   string
}

// watched is what is known of one state. The watcher's lock guards it.
type watched struct {
	place  string
	object state.Object

	seen    print // at the last look
	still   bool  // it was the same at the look before
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

// print tells one content of a file from another.
type print struct {
	written time.Time
	size    int64
}

// How patient it is.
const (
	awayLooks  = 3                // at which a state must be absent before it is forgotten
	listEvery  = 10               // looks between two listings of the folders
	retryAfter = 10 * time.Second // before what failed for another reason than the file's own is tried again
	longLock   = time.Hour        // after which a lock is worth a word
)

// Run watches until ctx ends.
func (w *Watcher) Run(ctx context.Context) {
	tick := time.NewTicker(w.every())
	defer tick.Stop()
	defer w.reading.Wait()
	for {
		w.look(ctx)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// Look looks once, and returns when all that it found to read is read.
func (w *Watcher) Look(ctx context.Context) {
	w.look(ctx)
	w.reading.Wait()
}

func (w *Watcher) look(ctx context.Context) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.states == nil {
		w.begin(ctx)
	}
	if now := w.now(); w.listed.IsZero() || now.Sub(w.listed) >= listEvery*w.every() {
		w.list(ctx)
		w.listed = now
	}
	accepted := w.accepted()
	present := map[string]int{} // states of a place that are there
	for _, s := range w.states {
		if w.stat(s) {
			present[s.place]++
		}
	}
	for _, s := range w.states {
		w.watchLock(ctx, s)
		accept := accepted(s.object.Name)
		switch {
		case s.busy: // the marker stays until it can be followed
		case s.absent > 0:
			w.away(ctx, s, present[s.place] > 0, accept)
		case w.worthReading(s) || accept:
			w.read(ctx, s, accept)
		case s.seen == s.indexed:
			s.synced, s.problem = w.now(), ""
		}
	}
	w.save()
}

// begin takes up what an earlier process watched: a state that is gone
// meanwhile, or is not watched any more, must not stay in the index.
func (w *Watcher) begin(ctx context.Context) {
	w.states, w.places, w.slots = map[string]*watched{}, map[string]string{}, make(chan struct{}, max(1, w.Workers))
	for _, k := range w.load() {
		if !slices.Contains(w.Places, k.Place) {
			if err := w.Indexer.Forget(ctx, k.State); err != nil {
				w.Log.Error("a state that is not watched any more cannot be forgotten", "state", k.State, "error", err)
				continue
			}
			w.Log.Info("a state is not watched any more, and is forgotten", "state", k.State)
			continue
		}
		w.add(ctx, k.Place, fileAt(k.State))
		w.states[k.State].resources = k.Resources
	}
}

func fileAt(name string) state.Object {
	source, err := state.Open(name)
	if err == nil {
		for object, err := range source.States(context.Background()) {
			if err == nil && object.Name == name {
				return object
			}
		}
	}
	return state.Object{Name: name}
}

// list finds the states of all places.
func (w *Watcher) list(ctx context.Context) {
	for _, place := range w.Places {
		problem := ""
		source, err := state.Open(place)
		if err != nil {
			problem = err.Error()
		} else {
			for object, err := range source.States(ctx) {
				if err != nil {
					problem = err.Error()
					continue
				}
				w.add(ctx, place, object)
			}
		}
		if problem != "" && problem != w.places[place] && ctx.Err() == nil {
			w.Log.Error("a place of states cannot be read whole; what was indexed of it stays", "place", place, "error", problem)
		}
		w.places[place] = problem
	}
}

// add watches one more state. If a lock was open when it was last watched, and
// is not any more, the window is closed now: later than it was, never earlier.
func (w *Watcher) add(ctx context.Context, place string, object state.Object) {
	if s := w.states[object.Name]; s != nil {
		s.object.Open = object.Open
		return
	}
	s := &watched{place: place, object: object}
	w.states[object.Name] = s
	windows, err := w.Applies.Windows(ctx, object.Name)
	if err != nil {
		w.Log.Error("lock windows cannot be read", "state", object.Name, "error", err)
		return
	}
	for _, open := range windows {
		if open.To.IsZero() {
			s.locked, s.lockAt = true, open.From
		}
	}
}

// stat looks at a state's file and reports whether it is there.
func (w *Watcher) stat(s *watched) bool {
	info, err := os.Stat(s.object.Name)
	if err != nil || !info.Mode().IsRegular() {
		s.absent++
		return false
	}
	if s.object.Open == nil {
		s.object.Open = fileAt(s.object.Name).Open
	}
	now := print{info.ModTime(), info.Size()}
	s.still = s.seen == now || s.seen == print{}
	if s.seen != now {
		s.next = time.Time{}
	}
	s.seen, s.absent = now, 0
	return true
}

// worthReading reports whether a state's file stands still and holds, or may
// hold, something else than the index.
func (w *Watcher) worthReading(s *watched) bool {
	now := w.now()
	sweep := now.Sub(s.tried) >= w.sweep()
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
	object, before := s.object, s.seen
	object.Written = before.written
	w.reading.Go(func() {
		w.slots <- struct{}{}
		defer func() { <-w.slots }()
		header, err := w.Indexer.Refresh(ctx, object, accept)
		w.mu.Lock()
		defer w.mu.Unlock()
		s.busy = false
		if ctx.Err() != nil {
			return
		}
		if accept {
			w.dropMarker(object.Name)
		}
		w.settle(s, header, before, err)
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
	info, statErr := os.Stat(s.object.Name)
	if statErr != nil || (print{info.ModTime(), info.Size()}) != before {
		w.Log.Debug("a state was replaced while it was read; it is read again", "state", s.object.Name, "error", err)
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

// away deals with a state whose file is not there. The last one of a place is
// not let go of by itself: a folder that is not mounted looks the same as one
// whose states were all deleted.
func (w *Watcher) away(ctx context.Context, s *watched, others, accept bool) {
	if s.absent < awayLooks && !accept {
		return
	}
	if !others && !accept {
		problem := fmt.Sprintf("state %s: its file is gone, and no other state is left in %s; is it mounted? The last good index stays until the file is back, or until `tfdrift state accept %s`",
			s.object.Name, s.place, s.object.Name)
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
	w.Log.Info("a state's file is gone, and the state is forgotten", "state", s.object.Name)
	delete(w.states, s.object.Name)
}

// watchLock notes when a state's lock comes and goes.
func (w *Watcher) watchLock(ctx context.Context, s *watched) {
	at, locked := lockedAt(s.object.Name)
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
		w.Log.Warn("a state is locked for long, and what is changed meanwhile waits to be judged; if no apply is running, `terraform force-unlock`", "state", s.object.Name, "since", s.lockAt)
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

// lockedAt is since when a state is locked. Terraform and OpenTofu lock
// "dir/NAME" by "dir/.NAME.lock.info" (backend "local"), the object stores by
// "NAME.tflock" (backend "s3", use_lockfile).
func lockedAt(name string) (at time.Time, locked bool) {
	for _, lock := range [...]string{filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+".lock.info"), name + ".tflock"} {
		if info, err := os.Stat(lock); err == nil && (!locked || info.ModTime().Before(at)) {
			at, locked = info.ModTime(), true
		}
	}
	return at, locked
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
	for _, problem := range w.places {
		if problem != "" {
			problems = append(problems, problem)
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

func (w *Watcher) every() time.Duration {
	if w.Every == 0 {
		return time.Second
	}
	return w.Every
}

func (w *Watcher) sweep() time.Duration {
	if w.Sweep == 0 {
		return time.Hour
	}
	return w.Sweep
}

func (w *Watcher) now() time.Time {
	if w.Now == nil {
		return time.Now()
	}
	return w.Now()
}
