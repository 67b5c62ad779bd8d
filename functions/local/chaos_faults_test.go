package main

import (
	"context"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// people change the cloud by hand until ctx ends, and then finish what they
// began.
func (w *world) people(ctx context.Context, dice *rand.Rand, send func([]byte)) {
	for pause(ctx, time.Duration(50+dice.IntN(100))*time.Millisecond) {
		w.act(dice, send)
	}
	for w.leftUnfinished(send) {
		time.Sleep(100 * time.Millisecond)
	}
}

func (w *world) act(dice *rand.Rand, send func([]byte)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if dice.IntN(40) == 0 && w.strays() < 15 {
		o := w.create([...]kind{logGroup, queue, securityGroup}[dice.IntN(3)])
		o.made = true
		w.tell(o, []call{o.make()}, byHand, send)
		return
	}
	o := w.objects[dice.IntN(len(w.objects))]
	if time.Now().Before(o.next) {
		return
	}
	n := dice.IntN(100)
	switch {
	case o.unfinished:
		w.tell(o, o.set(w.other(o, dice)), byHand, send)
	case !o.exists && o.kind == securityGroup:
		// its id never comes again
	case !o.exists:
		if n < 30 {
			o.made = true
			w.tell(o, []call{o.make()}, byHand, send)
		}
	case o.held == nil: // it is left alone: what is done to it leaves no trace that a later import could be told from
		if n < 5 {
			w.tell(o, []call{o.remove()}, byHand, send)
		}
	case n < 6:
		w.tell(o, []call{o.remove()}, byHand, send)
	case n < 30 && o.held != nil:
		w.tell(o, o.set(o.held), byHand, send)
	case n < 40:
		w.tell(o, o.set(o.now), byHand, send) // the same once more
	default:
		w.tell(o, o.set(w.other(o, dice)), byHand, send)
	}
}

// burst changes everything that nobody works on, at once.
func (w *world) burst(dice *rand.Rand) (events [][]byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, o := range w.objects {
		if o.exists && o.held != nil && !o.unfinished && time.Now().After(o.next) {
			w.tell(o, o.set(w.other(o, dice)), byHand, func(event []byte) { events = append(events, event) })
		}
	}
	return events
}

// tell has calls made by somebody, one a second: events of one resource in one
// second have no order that the log would tell.
func (w *world) tell(o *object, calls []call, agent string, send func([]byte)) {
	at := time.Now().Truncate(time.Second)
	o.unmanaged = o.unmanaged || o.held == nil
	for i, c := range calls {
		send(w.event(o, c, agent, at.Add(time.Duration(i)*time.Second)))
	}
	o.next = at.Add(time.Duration(max(1, len(calls))) * time.Second)
}

// other are settings of which one is another than now.
func (w *world) other(o *object, dice *rand.Rand) settings { return differently(o.kind, o.now, dice) }

func differently(k kind, from settings, dice *rand.Rand) settings {
	to := maps.Clone(from)
	names := slices.Sorted(maps.Keys(choices[k]))
	name := names[dice.IntN(len(names))]
	if k == securityGroup {
		to[name] = 1 - to[name]
		return to
	}
	for to[name] == from[name] {
		to[name] = choices[k][name][dice.IntN(len(choices[k][name]))]
	}
	return to
}

func (w *world) strays() (n int) {
	for _, o := range w.objects {
		if o.exists && o.held == nil {
			n++
		}
	}
	return n
}

func (w *world) leftUnfinished(send func([]byte)) (left bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, o := range w.objects {
		if !o.unfinished {
			continue
		}
		if left = true; time.Now().After(o.next) {
			w.tell(o, o.set(w.other(o, w.dice)), byHand, send)
		}
	}
	return left
}

// stateFile is one state and what becomes of it.
type stateFile struct {
	path, lineage string
	ballast       bool
	world         *world
	product       *product
	dice          *rand.Rand
	send          func([]byte)
	editions      []edition // written so far; the last is the newest readable
	at            time.Time // when it was written
	did           map[string]int
}

func (s *stateFile) String() string { return filepath.Base(s.path) }

func (s *stateFile) newest() edition { return s.editions[len(s.editions)-1] }

// terraform works on a state until ctx ends; what it has begun it brings to an end.
func (s *stateFile) terraform(ctx context.Context) {
	for pause(ctx, time.Duration(500+s.dice.IntN(3000))*time.Millisecond) {
		var err error
		what := ""
		switch n := s.dice.IntN(100); {
		case n < 20:
			what, err = "refreshed", s.refresh(nil)
		case n < 35:
			what, err = "replaced", s.replace()
		case n < 60:
			what, err = "applied", s.apply()
		case n < 70:
			what, err = "planned", s.plan()
		case n < 85:
			what, err = "truncated", s.truncate()
		default:
			what, err = "put back", s.putBack()
		}
		if s.did[what]++; err != nil {
			s.product.problems.add("state %s could not be %s: %v", s.path, what, err)
			return
		}
	}
}

// begin takes the objects of this state into its hands, once nothing happens to
// them, and those that are to be imported; more are others that it holds.
func (s *stateFile) begin(more map[*object]settings) (mine []*object) {
	for {
		s.world.mu.Lock()
		ours := func(o *object) bool {
			_, old := more[o]
			return o.state == s || o.state == nil && old
		}
		free, now := true, time.Now()
		mine = nil
		for _, o := range s.world.objects {
			imported := o.state == nil && o.claimed == nil && o.exists && !o.next.After(now) && s.dice.IntN(6) == 0
			if !ours(o) && !imported {
				continue
			}
			mine = append(mine, o)
			free = free && !o.next.After(now)
		}
		if free {
			for _, o := range mine {
				o.next = forever
			}
			s.world.mu.Unlock()
			return mine
		}
		s.world.mu.Unlock()
		time.Sleep(20 * time.Millisecond)
	}
}

// snapshot is the next edition: what there is of some objects.
func (s *stateFile) snapshot(mine []*object) edition {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	e := edition{serial: s.newest().serial + 1, holds: map[*object]settings{}}
	for _, o := range mine {
		if o.exists {
			e.holds[o] = maps.Clone(o.now)
		}
	}
	return e
}

// strange is an edition that holds what the newest does, each thing otherwise.
func (s *stateFile) strange(serial int) edition {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	e := edition{serial: serial, holds: map[*object]settings{}}
	for _, o := range s.world.objects { // in this order, for the dice's sake
		if held, ok := s.newest().holds[o]; ok {
			e.holds[o] = differently(o.kind, held, s.dice)
		}
	}
	return e
}

// written makes an edition the newest readable one and lets go of objects. What
// it manages anew is held on to until the product can know of it: what is done
// to a thing that no state manages leaves no trace.
func (s *stateFile) written(e edition, mine []*object) error {
	if err := s.note(); err != nil {
		return err
	}
	later := s.at.Truncate(time.Second).Add(time.Second) // so that the next event is of a later second
	anew := s.manage(e, mine, later)
	if len(anew) == 0 {
		return nil
	}
	s.product.synced(s.at)
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	for _, o := range anew {
		o.next = later
	}
	return nil
}

// note writes down when the file was written.
func (s *stateFile) note() error {
	info, err := os.Stat(s.path)
	if err == nil {
		s.at = info.ModTime()
	}
	return err
}

// manage writes down what an edition holds, and returns what none held before.
func (s *stateFile) manage(e edition, mine []*object, later time.Time) (anew []*object) {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	s.editions = append(s.editions, e)
	for _, o := range mine {
		if _, holds := e.holds[o]; holds && o.state == nil {
			anew = append(anew, o)
			continue
		}
		o.next = later
	}
	for _, o := range s.world.objects {
		if o.claimed == s {
			o.claimed = nil
		}
		if held, ok := e.holds[o]; ok {
			o.held, o.state = held, s
		} else if o.state == s {
			o.held, o.state, o.unmanaged = nil, nil, true
		}
	}
	return anew
}

// write writes a file at one stroke, or with a pause in the middle.
func (s *stateFile) write(content []byte) error {
	if s.dice.IntN(2) == 0 {
		if err := os.WriteFile(s.path+".new", content, 0o600); err != nil {
			return err
		}
		return os.Rename(s.path+".new", s.path)
	}
	f, err := os.Create(s.path)
	if err != nil {
		return err
	}
	defer f.Close()
	half := s.dice.IntN(len(content))
	if _, err := f.Write(content[:half]); err != nil {
		return err
	}
	time.Sleep(time.Duration(s.dice.IntN(2500)) * time.Millisecond)
	if _, err = f.Write(content[half:]); err != nil {
		return err
	}
	return f.Sync()
}

// refresh writes the world as it is, like `terraform apply -refresh-only`.
func (s *stateFile) refresh(more map[*object]settings) error {
	mine := s.begin(more)
	e := s.snapshot(mine)
	if err := s.write(s.text(e)); err != nil {
		return err
	}
	return s.written(e, mine)
}

// replace writes one thing, and what is true while that is read.
func (s *stateFile) replace() error {
	mine := s.begin(nil)
	e := s.snapshot(mine)
	if err := s.write(s.text(s.strange(e.serial))); err != nil {
		return err
	}
	e.serial++
	text := s.text(e)
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if s.product.reads(s.path) {
			s.did["replaced in its reading"]++
			break
		}
	}
	if err := s.write(text); err != nil {
		return err
	}
	return s.written(e, mine)
}

func (s *stateFile) lock() string {
	return filepath.Join(filepath.Dir(s.path), "."+filepath.Base(s.path)+".lock.info")
}

// apply makes the world as the configuration says, under a lock.
func (s *stateFile) apply() error {
	if err := os.WriteFile(s.lock(), []byte("{}"), 0o600); err != nil {
		return err
	}
	mine := s.begin(nil)
	s.world.mu.Lock()
	for _, o := range slices.Clone(mine) {
		var calls []call
		switch {
		case !o.exists && o.kind == securityGroup: // made again, and then it is another
			o = s.world.create(securityGroup)
			o.now, mine = settings{}, append(mine, o)
			fallthrough
		case !o.exists:
			calls = append(calls, o.make())
			if o.kind != queue {
				calls = append(calls, o.set(s.world.other(o, s.dice))...)
			}
		case s.dice.IntN(5) == 0:
			calls = o.set(s.world.other(o, s.dice))
		case len(differing(o.kind, o.held, o.now)) > 0 && o.held != nil:
			calls = o.set(o.held)
		}
		s.world.tell(o, calls, byTerraform, s.send)
		o.next = forever
	}
	s.world.mu.Unlock()
	time.Sleep(4 * time.Second) // an object takes three calls at most, one a second
	e := s.snapshot(mine)
	if err := s.write(s.text(e)); err != nil {
		return err
	}
	if err := os.Remove(s.lock()); err != nil {
		return err
	}
	return s.written(e, mine)
}

// plan locks, and writes nothing.
func (s *stateFile) plan() error {
	if err := os.WriteFile(s.lock(), []byte("{}"), 0o600); err != nil {
		return err
	}
	time.Sleep(time.Duration(s.dice.IntN(4000)) * time.Millisecond)
	return os.Remove(s.lock())
}

// truncate leaves a part of a next state there, until the product says that it
// cannot be taken up. Then the last good one is put back, or a next one written.
func (s *stateFile) truncate() error {
	s.product.synced(s.at) // what was never indexed is no last good one
	text := s.text(s.strange(s.newest().serial + 1))
	cut := 1 + s.dice.IntN(len(text)-4)
	switch s.dice.IntN(3) {
	case 0:
		cut = 1 + s.dice.IntN(3000)
	case 1:
		cut = late(text, s.dice)
	}
	if err := os.WriteFile(s.path, text[:cut], 0o600); err != nil {
		return err
	}
	s.product.ready(s.path, false)
	if s.dice.IntN(2) == 0 {
		return s.restore()
	}
	if err := s.refresh(nil); err != nil {
		return err
	}
	s.product.ready(s.path, true)
	return nil
}

// late is a place near a text's end: most entries stand before it.
func late(text []byte, dice *rand.Rand) int { return len(text) - 3 - dice.IntN(3000) }

// restore writes the newest readable edition again.
func (s *stateFile) restore() error {
	s.did["restored"]++
	if err := s.write(s.text(s.newest())); err != nil {
		return err
	}
	if err := s.note(); err != nil {
		return err
	}
	s.product.ready(s.path, true)
	return nil
}

// breakOff leaves a next state there without its end.
func (s *stateFile) breakOff() error {
	text := s.text(s.strange(s.newest().serial + 1))
	if err := os.WriteFile(s.path, text[:late(text, s.dice)], 0o600); err != nil {
		return err
	}
	s.product.ready(s.path, false)
	return nil
}

// goBack leaves an older state there.
func (s *stateFile) goBack() error {
	if err := s.write(s.text(s.strange(s.newest().serial - 1))); err != nil {
		return err
	}
	s.product.ready(s.path, false)
	return nil
}

// putBack puts an older edition in the state's place; it is not taken up, until
// it is accepted, or until the newest is back.
func (s *stateFile) putBack() error {
	if len(s.editions) < 2 {
		return nil
	}
	s.product.synced(s.at) // what was never indexed has no older one
	older := max(0, len(s.editions)-2-s.dice.IntN(3))
	old := s.editions[older]
	if err := os.WriteFile(s.path, s.text(old), 0o600); err != nil {
		return err
	}
	s.product.ready(s.path, false)
	if s.dice.IntN(2) == 0 || !s.claim(old) {
		return s.restore()
	}
	if err := s.product.accept(s.path); err != nil {
		return err
	}
	s.product.ready(s.path, true)
	s.did["accepted"]++
	// From here on Terraform works on with the old edition.
	s.editions = slices.Clone(s.editions[:older+1])
	return s.refresh(old.holds)
}

// claim keeps other states from importing what an old edition holds. false: one
// has done so already, or the old edition lets go of something, and then what
// is done to that meanwhile would leave no trace.
func (s *stateFile) claim(old edition) bool {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	for _, o := range s.world.objects {
		_, holds := old.holds[o]
		switch {
		case o.state == s && !holds && o.exists,
			holds && (o.state != nil && o.state != s || o.claimed != nil || o.state == nil && o.next.Equal(forever)):
			return false
		}
	}
	for o := range old.holds {
		o.claimed = s
	}
	return true
}
