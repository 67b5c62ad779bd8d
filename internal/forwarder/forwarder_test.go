package forwarder_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/bus"
	"tfdrift/internal/drift"
	"tfdrift/internal/forwarder"
	"tfdrift/internal/rules"
	"tfdrift/internal/spool"
)

// alert is a Falco alert about a call that the catalog knows.
func alert(id string) []byte {
	return fmt.Appendf(nil, `{"rule":"Terraform resource changed","priority":"Notice","source":"aws_cloudtrail","output_fields":{"ct.id":%q,"ct.src":"ec2.amazonaws.com","ct.name":"StopInstances","ct.request":"{}"}}`, id)
}

func alerts(n int) (all [][]byte) {
	for i := range n {
		all = append(all, alert(fmt.Sprintf("e%04d", i)))
	}
	return all
}

// counts is a meter that remembers.
type counts struct {
	mu                                             sync.Mutex
	accepted, relayed, spooled, cut, refused, sent int
	dropped                                        map[string]int
}

func (c *counts) add(n *int, by int)              { c.mu.Lock(); defer c.mu.Unlock(); *n += by }
func (c *counts) Accepted(n int)                  { c.add(&c.accepted, n) }
func (c *counts) Relayed(n int)                   { c.add(&c.relayed, n) }
func (c *counts) Spooled(n int)                   { c.add(&c.spooled, n) }
func (c *counts) Cut()                            { c.add(&c.cut, 1) }
func (c *counts) Refused(n int)                   { c.add(&c.refused, n) }
func (c *counts) Sent(took time.Duration, _ bool) { c.add(&c.sent, 1) }
func (c *counts) Dropped(reason string, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dropped == nil {
		c.dropped = map[string]int{}
	}
	c.dropped[reason] += n
}

// running is a forwarder at work.
type running struct {
	*forwarder.Forwarder
	*counts
	stop func()
}

func start(t *testing.T, b bus.Bus, s spool.Spool, o forwarder.Options) *running {
	t.Helper()
	c := &counts{}
	o.Meter = c
	if o.Backoff == nil {
		o.Backoff = func(int) time.Duration { return time.Millisecond }
	}
	r := &running{forwarder.New(b, s, slog.New(slog.NewTextHandler(io.Discard, nil)), o), c, nil}
	ctx, cancel := context.WithCancel(t.Context())
	var working sync.WaitGroup
	working.Go(func() { r.Run(ctx) })
	r.stop = func() { cancel(); working.Wait() }
	t.Cleanup(r.stop)
	return r
}

func (r *running) drained(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := r.Drain(ctx); err != nil {
		t.Fatal(err)
	}
}

func wantMessages(t *testing.T, b *bus.Memory, want [][]byte) {
	t.Helper()
	lines := func(all [][]byte) []string {
		out := strings.Split(string(bytes.Join(all, []byte{'\n'})), "\n")
		slices.Sort(out)
		return slices.Compact(out)
	}
	if diff := cmp.Diff(lines(want), lines(b.Messages())); diff != "" {
		t.Errorf("arrived (-want +got):\n%s", diff)
	}
}

func TestAnAlertIsOnTheBusWhenItIsAccepted(t *testing.T) {
	b := &bus.Memory{}
	r := start(t, b, spool.NewMemory(), forwarder.Options{Patience: time.Minute})
	if err := r.Accept(t.Context(), alerts(25)...); err != nil {
		t.Fatal(err)
	}
	wantMessages(t, b, alerts(25))
	if r.accepted != 25 || r.relayed != 25 || r.spooled != 0 {
		t.Errorf("accepted %d, relayed %d, spooled %d", r.accepted, r.relayed, r.spooled)
	}
	if r.sent > 5 {
		t.Errorf("%d calls for 25 alerts, of which ten fit in one", r.sent)
	}
}

func TestWhatTheBusDoesNotTakeWaitsInTheSpool(t *testing.T) {
	var down atomic.Bool
	down.Store(true)
	b := &bus.Memory{Refuse: func([]byte) error {
		if down.Load() {
			return fmt.Errorf("no route: %w", drift.ErrRetry)
		}
		return nil
	}}
	s := spool.NewMemory()
	r := start(t, b, s, forwarder.Options{})
	for _, a := range alerts(30) {
		if err := r.Accept(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	if s.Waiting() != 30 || r.accepted != 30 || r.Ready() != nil || r.Answers() {
		t.Errorf("%d wait of 30; ready: %v, answers: %v", s.Waiting(), r.Ready(), r.Answers())
	}
	down.Store(false)
	r.drained(t)
	wantMessages(t, b, alerts(30))
	if len(b.Messages()) != 30 {
		t.Errorf("%d messages of 30", len(b.Messages()))
	}
	if err := r.Accept(t.Context(), alert("later")); err != nil || s.Waiting() != 0 {
		t.Errorf("a bus that is back is not tried first: %d wait, error %v", s.Waiting(), err)
	}
}

// silent is a bus that does not answer until it is told to.
type silent struct {
	bus.Memory
	answer chan struct{}
}

func (s *silent) Send(ctx context.Context, messages [][]byte) []error {
	select {
	case <-s.answer:
		return s.Memory.Send(ctx, messages)
	case <-ctx.Done():
		return bus.Errors(messages, fmt.Errorf("%v: %w", ctx.Err(), drift.ErrRetry))
	}
}

func TestABusThatHangsKeepsNobodyWaiting(t *testing.T) {
	b := &silent{answer: make(chan struct{})}
	s := spool.NewMemory()
	r := start(t, b, s, forwarder.Options{Patience: 5 * time.Millisecond, Timeout: time.Minute})
	var all sync.WaitGroup
	for _, a := range alerts(200) {
		all.Go(func() {
			if err := r.Accept(t.Context(), a); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if s.Waiting() != 200 {
		t.Errorf("%d wait of 200", s.Waiting())
	}
	close(b.answer)
	r.drained(t)
	wantMessages(t, &b.Memory, alerts(200))
}

func TestOnlyWhatWasRefusedIsSentAgain(t *testing.T) {
	var mu sync.Mutex
	tries := map[string]int{}
	b := &bus.Memory{Refuse: func(m []byte) error {
		mu.Lock()
		defer mu.Unlock()
		tries[string(m)]++
		if bytes.Contains(m, []byte("e0003")) && tries[string(m)] < 4 {
			return fmt.Errorf("throttled: %w", drift.ErrRetry)
		}
		return nil
	}}
	r := start(t, b, spool.NewMemory(), forwarder.Options{Patience: time.Minute})
	if err := r.Accept(t.Context(), alerts(10)...); err != nil {
		t.Fatal(err)
	}
	r.drained(t)
	if len(b.Messages()) != 10 {
		t.Errorf("%d messages of 10", len(b.Messages()))
	}
	for m, n := range tries {
		if want := 1 + 3*strings.Count(m, "e0003"); n != want {
			t.Errorf("%d tries instead of %d: %s", n, want, m)
		}
	}
}

func TestWhatIsInTheSpoolIsSentInOrder(t *testing.T) {
	s := spool.NewMemory()
	early := forwarder.New(&bus.Memory{}, s, slog.New(slog.NewTextHandler(io.Discard, nil)), forwarder.Options{Patience: time.Nanosecond})
	for _, a := range alerts(300) { // nothing relays: each goes to the spool
		if err := early.Accept(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	b := &bus.Memory{Most: bus.Limits{Messages: 300, Bytes: 1 << 20}}
	r := start(t, b, s, forwarder.Options{})
	r.drained(t)
	if diff := cmp.Diff(bytes.Join(alerts(300), []byte{'\n'}), bytes.Join(b.Messages(), []byte{'\n'})); diff != "" {
		t.Error("not in order")
	}
}

func TestWhatTheBusWillNeverTakeIsPutAway(t *testing.T) {
	b := &bus.Memory{Refuse: func(m []byte) error {
		if bytes.Contains(m, []byte("e0001")) {
			return fmt.Errorf("malformed: %w", drift.ErrInvalid)
		}
		return nil
	}}
	s := spool.NewMemory()
	r := start(t, b, s, forwarder.Options{Patience: time.Minute})
	if err := r.Accept(t.Context(), alerts(3)...); err != nil {
		t.Fatal(err)
	}
	r.drained(t)
	graves, err := s.Buried(t.Context(), 9)
	if err != nil || len(graves) != 1 || !strings.Contains(graves[0].Why, "malformed") {
		t.Errorf("graves %v, error %v", graves, err)
	}
	if r.dropped[forwarder.Refused] != 1 || len(b.Messages()) != 2 || !r.Answers() {
		t.Errorf("dropped %v, %d messages", r.dropped, len(b.Messages()))
	}
}

func TestWhatWaitsTooLongIsPutAway(t *testing.T) {
	var ahead atomic.Int64
	var down atomic.Bool
	down.Store(true)
	b := &bus.Memory{Refuse: func([]byte) error {
		if down.Load() {
			return fmt.Errorf("down: %w", drift.ErrRetry)
		}
		return nil
	}}
	s := spool.NewMemory()
	r := start(t, b, s, forwarder.Options{MaxAge: time.Hour, Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }})
	if err := r.Accept(t.Context(), alert("old")); err != nil {
		t.Fatal(err)
	}
	ahead.Store(int64(2 * time.Hour))
	if err := r.Accept(t.Context(), alert("young")); err != nil {
		t.Fatal(err)
	}
	down.Store(false)
	r.drained(t)
	wantMessages(t, b, [][]byte{alert("young")})
	if r.dropped[forwarder.Expired] != 1 {
		t.Errorf("dropped %v", r.dropped)
	}
}

func TestAFullSpoolWaitsForRoomThenRefuses(t *testing.T) {
	b := &silent{answer: make(chan struct{})}
	s := spool.NewMemory()
	s.Capacity = 2
	r := start(t, b, s, forwarder.Options{Patience: time.Millisecond, Timeout: time.Minute, Hold: 20 * time.Millisecond})
	for _, a := range alerts(2) {
		if err := r.Accept(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Accept(t.Context(), alert("refused")); !errors.Is(err, spool.ErrFull) || r.Ready() == nil || r.refused != 1 {
		t.Errorf("error %v, ready %v, refused %d", err, r.Ready(), r.refused)
	}
	patient := forwarder.New(b, s, slog.New(slog.NewTextHandler(io.Discard, nil)), forwarder.Options{Patience: time.Nanosecond, Hold: time.Minute})
	held := make(chan error)
	go func() { held <- patient.Accept(t.Context(), alert("held")) }()
	close(b.answer)
	if err := <-held; err != nil {
		t.Errorf("one that waited for room: %v", err)
	}
	r.drained(t)
	wantMessages(t, &b.Memory, append(alerts(2), alert("held")))
}

func TestAnEndLosesNothingOfWhatIsAccepted(t *testing.T) {
	b := &bus.Memory{}
	s := spool.NewMemory()
	r := start(t, b, s, forwarder.Options{Patience: 50 * time.Millisecond})
	var all sync.WaitGroup
	for _, a := range alerts(400) {
		all.Go(func() {
			if err := r.Accept(t.Context(), a); err != nil {
				t.Error(err)
			}
		})
	}
	r.stop()
	all.Wait()
	again := start(t, b, s, forwarder.Options{})
	again.drained(t)
	wantMessages(t, b, alerts(400))
}

func patterns(t *testing.T, texts ...string) (all []rules.Pattern) {
	t.Helper()
	for _, text := range texts {
		var p rules.Pattern
		if err := p.UnmarshalText([]byte(text)); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

func TestTheFilterCountsWhatItDrops(t *testing.T) {
	call := func(src, name string) []byte {
		return fmt.Appendf(nil, `{"rule":"Terraform resource changed","priority":"Notice","source":"aws_cloudtrail","output_fields":{"ct.src":%q,"ct.name":%q}}`, src, name)
	}
	for _, test := range []struct {
		name   string
		filter forwarder.Filter
		doc    []byte
		reason string // "": relayed
	}{
		{"a call that the catalog knows", forwarder.Filter{}, alert("e"), ""},
		{"a call that it does not", forwarder.Filter{}, call("ec2.amazonaws.com", "DescribeInstances"), forwarder.Unmapped},
		{"one of nobody's", forwarder.Filter{}, call("acme.example", "Frob"), forwarder.Unmapped},
		{"the same, when all is wanted", forwarder.Filter{Unmapped: true}, call("acme.example", "Frob"), ""},
		{"an alert on a system call", forwarder.Filter{}, []byte(`{"rule":"Shell","priority":"Notice","source":"syscall","output_fields":{"proc.name":"bash"}}`), forwarder.Unmapped},
		{"no alert", forwarder.Filter{}, []byte(`{"hello":"world"}`), forwarder.NoAlert},
		{"a source on the list", forwarder.Filter{Sources: patterns(t, "aws_*")}, alert("e"), ""},
		{"a source that is not", forwarder.Filter{Sources: patterns(t, "gcp_auditlog")}, alert("e"), forwarder.BySource},
		{"a rule on the list", forwarder.Filter{Rules: patterns(t, "Other", "Terraform resource *")}, alert("e"), ""},
		{"a rule that is not", forwarder.Filter{Rules: patterns(t, "Other"), Unmapped: true}, alert("e"), forwarder.ByRule},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := &bus.Memory{}
			r := start(t, b, spool.NewMemory(), forwarder.Options{Filter: test.filter, Patience: time.Minute})
			if err := r.Accept(t.Context(), test.doc); err != nil {
				t.Fatal(err)
			}
			want := map[string]int(nil)
			if test.reason != "" {
				want = map[string]int{test.reason: 1}
			}
			if diff := cmp.Diff(want, r.dropped); diff != "" || len(b.Messages()) != 1-len(want) {
				t.Errorf("%d messages, dropped (-want +got):\n%s", len(b.Messages()), diff)
			}
		})
	}
}

func TestALargeAlertLosesWhatDetectionDoesNotRead(t *testing.T) {
	b := &bus.Memory{Most: bus.Limits{Messages: 10, Bytes: 1000}}
	r := start(t, b, spool.NewMemory(), forwarder.Options{Patience: time.Minute})
	large := bytes.Replace(alert("e"), []byte(`"rule"`), []byte(`"output":"`+strings.Repeat("x", 2000)+`","rule"`), 1)
	if err := r.Accept(t.Context(), large); err != nil {
		t.Fatal(err)
	}
	if got := b.Messages(); len(got) != 1 || len(got[0]) > 1000 || !bytes.Contains(got[0], []byte(`"ct.id":"e"`)) || r.cut != 1 {
		t.Errorf("%s, cut %d", got, r.cut)
	}
}
