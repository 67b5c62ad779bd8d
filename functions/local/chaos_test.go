package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestChaos runs tfdrift run as a process under trouble and holds it to an
// oracle: events come twice, late and in another order; states are replaced
// while they are read, truncated, put back, locked; channels hang, refuse, ask
// to wait and break off; and the process is killed at random points. When all is
// calm again, the findings must be what event time and the newest readable
// states say, each channel must have been told so, once, the index must hold
// those states, and every event must be counted.
//
// What happens is drawn from a seed; when it happens is the clock's, so that a
// seed repeats the story and not the race. `make chaos` runs ten minutes of it,
// of a new seed; TFDRIFT_CHAOS says how long there is trouble, TFDRIFT_CHAOS_SEED
// which.
func TestChaos(t *testing.T) {
	h := &harness{t: t, long: 30 * time.Second, seed: 1}
	if testing.Short() {
		h.long = 4 * time.Second
	}
	if text := os.Getenv("TFDRIFT_CHAOS"); text != "" {
		var err error
		if h.long, err = time.ParseDuration(text); err != nil {
			t.Fatalf("TFDRIFT_CHAOS is how long there is trouble, like 10m: %v", err)
		}
		h.seed = uint64(time.Now().UnixNano())
	}
	if text := os.Getenv("TFDRIFT_CHAOS_SEED"); text != "" {
		var err error
		if h.seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("TFDRIFT_CHAOS_SEED: %v", err)
		}
	}
	h.kills = min(20, 2+int(h.long/(7*time.Second)))
	t.Logf("%v of trouble, %d kills; again with TFDRIFT_CHAOS=%v TFDRIFT_CHAOS_SEED=%d", h.long, h.kills, h.long, h.seed)
	h.prepare()
	began := time.Now()
	h.trouble()
	troubled := time.Since(began)
	if !h.product.broken() {
		h.judge()
	}
	h.report(troubled, time.Since(began)-troubled)
	if found := h.problems.list(); len(found) > 0 {
		t.Fatalf("%d differences, TFDRIFT_CHAOS=%v TFDRIFT_CHAOS_SEED=%d\n%s\nof the log:\n%s",
			len(found), h.long, h.seed, strings.Join(found, "\n"), h.product.complaints())
	}
}

// harness is all that plays a part.
type harness struct {
	t        *testing.T
	long     time.Duration
	seed     uint64
	kills    int
	dir      string
	problems *problems
	world    *world
	states   []*stateFile
	channels []*listener // the webhook, and Slack
	product  *product
	courier  *courier
	doubled  int // messages told twice, with an excuse
}

// dice are one part's own, so that the parts do not disturb each other's story.
func (h *harness) dice(part uint64) *rand.Rand { return rand.New(rand.NewPCG(h.seed, part)) }

// prepare makes the world, its states and channels.
func (h *harness) prepare() {
	h.dir, h.problems, h.world = h.t.TempDir(), &problems{}, &world{dice: h.dice(1)}
	turns := &turns{span: max(2*time.Second, h.long/12)}
	h.channels = []*listener{newListener(h.t, turns, 0, h.dice(2)), newListener(h.t, turns, 1, h.dice(6))}
	folder := filepath.Join(h.dir, "states")
	if err := os.Mkdir(folder, 0o700); err != nil {
		h.t.Fatal(err)
	}
	config := filepath.Join(h.dir, "tfdrift.yaml")
	// Nothing is given up: everything must arrive in the end.
	err := os.WriteFile(config, fmt.Appendf(nil, "settle: 1s\nperformance:\n  notifier_workers: %d\nnotifications:\n  webhook:\n    url: %s\n    timeout: 3s\n    max_retries: 100\n  slack:\n    webhook_url: %s\n    timeout: 3s\n    max_retries: 100\n",
		senders, h.channels[0].URL, h.channels[1].URL), 0o600)
	if err != nil {
		h.t.Fatal(err)
	}
	h.product = &product{dir: h.dir, states: folder, config: config, problems: h.problems}
	h.t.Cleanup(h.product.stop)
	h.courier = &courier{to: h.product, late: min(15*time.Second, h.long/6), dice: h.dice(3)}
	for i, name := range []string{"network", "queues", "logs"} {
		s := &stateFile{
			path: filepath.Join(folder, name+".tfstate"), lineage: "lineage-" + name, world: h.world, product: h.product, dice: h.dice(uint64(10 + i)),
			send: h.courier.send, did: map[string]int{}, ballast: i == 0,
		}
		e := edition{serial: 10, holds: map[*object]settings{}}
		for range 17 {
			o := h.world.create([...]kind{logGroup, queue, securityGroup}[h.world.dice.IntN(3)])
			o.exists, o.held, o.state = true, o.now, s
			e.holds[o] = o.now
		}
		if err := os.WriteFile(s.path, s.text(e), 0o600); err != nil {
			h.t.Fatal(err)
		}
		if err := s.written(e, nil); err != nil {
			h.t.Fatal(err)
		}
		h.states = append(h.states, s)
	}
	if err := h.product.start(); err != nil {
		h.t.Fatal(err)
	}
}

// trouble lets everything happen at once for as long as it is to last, and
// returns when all that was begun is at its end and all events are accepted.
func (h *harness) trouble() {
	begin := time.Now()
	ctx, stop := context.WithTimeout(h.t.Context(), h.long)
	defer stop()
	context.AfterFunc(ctx, h.channels[0].turns.end)
	posting, arrived := context.WithCancel(context.WithoutCancel(ctx))
	defer arrived()
	var parts, couriers sync.WaitGroup
	parts.Go(func() { h.world.people(ctx, h.dice(4), h.courier.send) })
	for _, s := range h.states {
		parts.Go(func() { s.terraform(ctx) })
	}
	for range 4 {
		couriers.Go(func() { h.courier.run(posting) })
	}
	parts.Go(func() { h.reap(ctx, h.dice(5), begin, 1+h.kills/5) })
	go h.progress(posting, begin)
	parts.Wait()
	h.courier.on.Wait()
	arrived()
	couriers.Wait()
}

// reap kills the process, or ends it in order, at random points of the time there
// is, and starts it again.
func (h *harness) reap(ctx context.Context, dice *rand.Rand, begin time.Time, ends int) {
	points := make([]time.Duration, h.kills+ends)
	for i := range points {
		points[i] = time.Duration(dice.Int64N(int64(h.long)))
	}
	slices.Sort(points)
	orderly := map[int]bool{}
	for _, i := range dice.Perm(len(points))[:ends] {
		orderly[i] = true
	}
	for i, point := range points {
		pause(ctx, time.Until(begin.Add(point))) // at the end, those that are left follow at once
		if h.product.broken() {
			return
		}
		if orderly[i] {
			h.product.end()
		} else {
			h.kill(context.WithoutCancel(ctx), dice)
		}
		time.Sleep(time.Duration(dice.Int64N(int64(time.Second))))
		if err := h.product.start(); err != nil {
			h.problems.add("start: %v", err)
			return
		}
	}
}

// kill kills the process: while it ends, while it has many events to judge, while
// it indexes a state, or whatever it does.
func (h *harness) kill(ctx context.Context, dice *rand.Rand) {
	kills, wait := len(h.product.killed()), 50*time.Millisecond
	switch kills % 4 {
	case 0:
		h.courier.post(ctx, h.world.burst(dice))
	case 1:
		for end := time.Now().Add(5 * time.Second); time.Now().Before(end) && !slices.ContainsFunc(h.states, func(s *stateFile) bool { return h.product.reads(s.path) }); {
			time.Sleep(time.Millisecond)
		}
		wait = 300 * time.Millisecond
	case 2:
		h.product.signal(syscall.SIGTERM, true) // which it may not even listen for yet
		wait = 300 * time.Millisecond
	}
	time.Sleep(time.Duration(dice.Int64N(int64(wait))))
	h.product.kill()
}

// progress tells how far it is, of what lasts.
func (h *harness) progress(ctx context.Context, begin time.Time) {
	if h.long < 2*time.Minute {
		return
	}
	for pause(ctx, 30*time.Second) {
		h.t.Logf("%4.0fs  %d events, %d and %d messages, %d kills, %d ends in order, %d differences so far", time.Since(begin).Seconds(),
			h.world.count(), h.channels[0].count(), h.channels[1].count(), len(h.product.killed()), h.product.inOrder(), len(h.problems.list()))
	}
}

// judge waits for calm, and then holds everything to the oracle.
func (h *harness) judge() {
	ctx, stop := context.WithTimeout(h.t.Context(), 5*time.Minute)
	defer stop()
	h.courier.late = 0
	var couriers sync.WaitGroup
	posting, done := context.WithCancel(ctx)
	couriers.Go(func() { h.courier.run(posting) })
	h.product.synced(time.Now())
	h.calm(ctx, "afterwards", 0)
	h.compare(ctx, "afterwards")
	// What the findings cannot show, the index may still have wrong: nothing may be
	// said of what is as the newest states hold it, and everything of what is not.
	asHeld := func(o *object) settings { return o.held }
	otherwise := func(o *object) settings { return h.world.other(o, h.world.dice) }
	if !testing.Short() {
		h.probe(ctx, "after everything was set as its state says", asHeld, 0)
		told := h.channels[0].count()
		h.probe(ctx, "after the same once more", asHeld, 0)
		if more := h.channels[0].count() - told; more > 0 {
			h.problems.add("%d messages although everything was as its state says", more)
		}
	}
	unreadable := h.spoil()
	h.product.kill()
	if err := h.product.start(); err != nil {
		h.problems.add("start: %v", err)
	}
	h.probe(ctx, "with states that cannot be taken up, after everything was set otherwise", otherwise, unreadable)
	done()
	couriers.Wait()
	h.product.end()
	h.inspect()
}

// spoil leaves states behind that cannot be taken up, and returns how many: the
// last good ones hold.
func (h *harness) spoil() (n int) {
	for i, spoil := range []func() error{h.states[0].breakOff, h.states[1].goBack} {
		if err := spoil(); err != nil {
			h.problems.add("state %s could not be spoilt: %v", h.states[i], err)
		}
		n++
	}
	return n
}

func (h *harness) report(troubled, calmed time.Duration) {
	kills, ends := len(h.product.killed()), h.product.inOrder()
	h.t.Logf("seed %d: %d events in %d deliveries, %d posts repeated; %d kills, %d ends in order; %v of trouble, %v until all was judged",
		h.seed, h.world.events, h.courier.sent, h.courier.again, kills, ends, troubled.Round(time.Second), calmed.Round(time.Second))
	for _, s := range h.states {
		h.t.Logf("%s: %v", s, s.did)
	}
	log, err := os.ReadFile(filepath.Join(h.dir, logName))
	if err != nil {
		h.problems.add("%v", err)
	}
	h.t.Logf("%d findings; webhook: %v; Slack: %v; %d told twice after a kill or a lost answer; %d states replaced while they were read", h.product.findings, h.channels[0], h.channels[1], h.doubled,
		strings.Count(string(log), "replaced while it was read"))
	for _, fault := range []string{"a fault of this program", "accepted events are lost"} {
		if strings.Contains(string(log), fault) {
			h.problems.add("the log tells of %q", fault)
		}
	}
}

// problems are what differs from what must be, as it is found out.
type problems struct {
	mu  sync.Mutex
	all []string
}

func (p *problems) add(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all = append(p.all, time.Now().Format(time.TimeOnly)+" "+fmt.Sprintf(format, args...))
}

func (p *problems) list() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string{}, p.all...)
}

// pause waits; false: ctx ended.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
