package ledger_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"tfdrift/internal/compare"
	"tfdrift/internal/detector"
	"tfdrift/internal/drift"
	"tfdrift/internal/index"
	"tfdrift/internal/indexer"
	"tfdrift/internal/ledger"
	"tfdrift/internal/rules"
	"tfdrift/internal/state"
)

// The protocol of docs/ledger.md, checked exhaustively over small histories:
// a few events on a few log groups, one of them twice, and the states that
// Terraform writes meanwhile, in every order, with every single fault at every
// place. Whatever happens, the ledger ends where event time and state say; the
// feed tells every step of the way, and nothing that contradicts.

// world is what exists: log groups and how long they keep their logs.
type world map[string]int

// happening is one event: a log group is made, changed or deleted.
type happening struct {
	at    int // minute
	group string
	days  int // 0: deleted
	made  bool
}

func (h happening) apply(w world) {
	if h.days == 0 {
		delete(w, h.group)
		return
	}
	w[h.group] = h.days
}

func (h happening) event() *drift.Event {
	name, request := "PutRetentionPolicy", fmt.Sprintf(`{"logGroupName":%q,"retentionInDays":%d}`, h.group, h.days)
	switch {
	case h.days == 0:
		name, request = "DeleteLogGroup", fmt.Sprintf(`{"logGroupName":%q}`, h.group)
	case h.made:
		name, request = "CreateLogGroup", fmt.Sprintf(`{"logGroupName":%q}`, h.group)
	}
	return &drift.Event{
		Provider: drift.AWS, ID: fmt.Sprintf("%s-%d", h.group, h.at), Source: "logs.amazonaws.com", Name: name, Time: at(h.at),
		Account: "111122223333", Region: "us-east-1", Actor: drift.Actor{Type: "IAMUser", Name: "alice"}, Via: drift.ViaCloudTrail,
		Request: json.RawMessage(request),
	}
}

// written is a state that Terraform wrote at a minute, with the world as it
// then was of the groups that it manages.
type written struct {
	at      int
	manages []string
}

// story is what happened, in order of event time; the histories are the orders
// in which we hear of it.
type story struct {
	name   string
	before world
	events []happening
	states []written // the first is indexed before anything is heard
	twice  int       // this event is delivered twice
}

var stories = []story{
	{"a change, its undo, and another", world{"a": 30, "b": 30}, []happening{{at: 1, group: "a", days: 7}, {at: 2, group: "a", days: 30}, {at: 3, group: "b", days: 1}}, []written{{at: 0, manages: []string{"a", "b"}}}, 0},
	{"a change that the next state takes up", world{"a": 30}, []happening{{at: 1, group: "a", days: 7}, {at: 3, group: "a", days: 30}}, []written{{at: 0, manages: []string{"a"}}, {at: 2, manages: []string{"a"}}}, 1},
	{"changes before, between and after two states", world{"a": 30, "b": 30}, []happening{{at: 1, group: "a", days: 7}, {at: 3, group: "a", days: 14}, {at: 5, group: "b", days: 3}}, []written{{at: 0, manages: []string{"a", "b"}}, {at: 2, manages: []string{"a", "b"}}, {at: 4, manages: []string{"a", "b"}}}, 1},
	{"deleted, and the next state knows", world{"a": 30, "b": 30}, []happening{{at: 1, group: "a"}, {at: 3, group: "b", days: 7}}, []written{{at: 0, manages: []string{"a", "b"}}, {at: 2, manages: []string{"b"}}}, 0},
	{"deleted and made again as it was not", world{"a": 30}, []happening{{at: 1, group: "a", days: 7}, {at: 2, group: "a"}, {at: 3, group: "a", made: true, days: 30}, {at: 4, group: "a", days: 14}}, []written{{at: 0, manages: []string{"a"}}}, 2},
	{"something new, imported", world{"a": 30}, []happening{{at: 1, group: "c", made: true, days: 30}, {at: 3, group: "a", days: 7}}, []written{{at: 0, manages: []string{"a"}}, {at: 2, manages: []string{"a", "c"}}}, 0},
	{"something new, deleted again", world{"a": 30}, []happening{{at: 1, group: "c", made: true, days: 30}, {at: 2, group: "c"}, {at: 3, group: "a", days: 7}}, []written{{at: 0, manages: []string{"a"}}}, 1},
}

// fault is one thing that goes wrong at one step of a history.
type fault int

const (
	none              fault = iota
	savedButFailed          // a write succeeds and reports failure: the event comes again
	crashInRefresh          // the indexer dies in the middle of a refresh, which is done again
	crashAfterRefresh       // the indexer dies before it has anything judged anew
	refreshInLookup         // the next state is indexed right after an event's look-up,
	refreshBeforeSave       // before its write,
	refreshAfterSave        // or after it, before the detector looks at the index again
	eventInside             // the next event is judged by another invocation before the write
	faults
)

func TestEveryHistoryEndsWhereEventTimeAndStateSay(t *testing.T) {
	histories := 0
	for _, s := range stories {
		t.Run(s.name, func(t *testing.T) {
			want := s.outcome()
			for order := range s.orders() {
				for f := none; f < faults; f++ {
					for step := range order {
						if f == none && step > 0 {
							continue // no fault is the same everywhere
						}
						histories++
						if problem := s.play(t, order, f, step, want); problem != "" {
							t.Fatalf("order %v, fault %d at step %d: %s", order, f, step, problem)
						}
					}
				}
			}
		})
	}
	t.Logf("%d histories", histories)
}

// outcome is what the oracle says: the kinds of findings that are open at last.
func (s story) outcome() map[string]drift.Kind {
	w := maps.Clone(s.before)
	last := s.states[len(s.states)-1]
	var held world
	made := map[string]bool{}
	for i := 0; i <= len(s.events); i++ {
		if held == nil && (i == len(s.events) || s.events[i].at > last.at) {
			held = maps.Clone(w)
		}
		if i < len(s.events) {
			s.events[i].apply(w)
			made[s.events[i].group] = made[s.events[i].group] || s.events[i].made
		}
	}
	open := map[string]drift.Kind{}
	for _, group := range last.manages {
		switch days, exists := w[group]; {
		case !exists:
			open[group] = drift.Deleted
		case days != held[group]:
			open[group] = drift.Modified
		}
	}
	for group := range w {
		if made[group] && !slices.Contains(last.manages, group) {
			open[group] = drift.Unmanaged
		}
	}
	return open
}

// orders yields every order of the deliveries, with the refreshes between them
// in the order in which the states were written. An order's numbers are events;
// -1 is the next refresh.
func (s story) orders() func(yield func([]int) bool) {
	var steps []int
	for i := range s.events {
		steps = append(steps, i)
	}
	steps = append(steps, s.twice)
	for range s.states[1:] {
		steps = append(steps, -1)
	}
	slices.Sort(steps)
	return func(yield func([]int) bool) { permute(nil, steps, yield) }
}

func permute(done, left []int, yield func([]int) bool) bool {
	if len(left) == 0 {
		return yield(done)
	}
	for i, step := range left {
		if i > 0 && left[i-1] == step {
			continue // the same order again
		}
		if !permute(append(slices.Clone(done), step), slices.Delete(slices.Clone(left), i, i+1), yield) {
			return false
		}
	}
	return true
}

// play runs one history and says what is wrong at its end.
func (s story) play(t *testing.T, order []int, f fault, at int, want map[string]drift.Kind) string {
	t.Helper()
	ctx := context.Background()
	book := &faultyLedger{Memory: ledger.NewMemory()}
	shelf := &faultyIndex{Index: index.NewMemory()}
	judge, err := rules.New(rules.Config{})
	if err != nil {
		t.Fatal(err)
	}
	seal, err := state.NewSealer([]byte(strings.Repeat("k", 32)), nil)
	if err != nil {
		t.Fatal(err)
	}
	d := &detector.Detector{Index: shelf, Ledger: book, Rules: judge, Compare: compare.Comparer{Seal: seal.Seal}}
	x := &indexer.Indexer{Index: shelf, Seal: seal, Ledger: book, Judge: d}
	next := 0
	refresh := func() {
		object := s.object(next)
		next++
		if _, err := x.Refresh(ctx, object, false); err != nil {
			if _, err := x.Refresh(ctx, object, false); err != nil { // the notice comes again
				t.Fatal(err)
			}
		}
	}
	deliver := func(n int) {
		ev := s.events[n].event()
		if _, err := d.Handle(ctx, ev); err != nil {
			if _, err := d.Handle(ctx, ev); err != nil { // it is delivered again
				t.Fatal(err)
			}
		}
	}
	refresh()
	for i, step := range order {
		hit := i == at
		if step < 0 {
			if next == len(s.states) {
				continue // indexed inside an event
			}
			shelf.crashInPut, book.crashInOfState = hit && f == crashInRefresh, hit && f == crashAfterRefresh
			refresh()
			continue
		}
		book.failAfterSave = hit && f == savedButFailed
		switch more := next < len(s.states); {
		case hit && f == refreshInLookup && more:
			shelf.inside = refresh
		case hit && f == refreshBeforeSave && more:
			book.before = refresh
		case hit && f == refreshAfterSave && more:
			book.after = refresh
		case hit && f == eventInside && i+1 < len(order) && order[i+1] >= 0:
			book.before = func() { deliver(order[i+1]) }
		}
		deliver(step)
		shelf.inside, book.before, book.after = nil, nil, nil // it judged without looking or writing
	}
	return s.compare(ctx, t, book, want)
}

// compare holds the ledger to the oracle, and the feed to the ledger.
func (s story) compare(ctx context.Context, t *testing.T, book *faultyLedger, want map[string]drift.Kind) string {
	records, err := book.Published(ctx)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]drift.Kind{}
	for _, r := range records {
		if r.Live() {
			got[r.Resource.ID] = r.Finding.Kind
		}
	}
	if !maps.Equal(got, want) {
		return fmt.Sprintf("open are %v, want %v", got, want)
	}
	feed, err := book.Feed(ctx, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	last := map[string]drift.Status{}
	revision := map[string]int{}
	for _, p := range feed {
		id := p.Finding.ID
		live := last[id] == drift.Open || last[id] == drift.Updated
		if (p.Finding.Status == drift.Open) == live {
			return fmt.Sprintf("%s is told to be %s after %q", p.Finding.Resource.ID, p.Finding.Status, last[id])
		}
		if p.Revision != revision[id]+1 {
			return fmt.Sprintf("%s: revision %d follows %d", p.Finding.Resource.ID, p.Revision, revision[id])
		}
		last[id], revision[id] = p.Finding.Status, p.Revision
	}
	for _, r := range records {
		if last[r.Key] != r.Finding.Status {
			return fmt.Sprintf("%s is %s, and was told to be %s", r.Resource.ID, r.Finding.Status, last[r.Key])
		}
	}
	return ""
}

// object is the n-th state as Terraform wrote it.
func (s story) object(n int) state.Object {
	w := maps.Clone(s.before)
	for _, h := range s.events {
		if h.at <= s.states[n].at {
			h.apply(w)
		}
	}
	var resources []string
	for _, group := range s.states[n].manages {
		resources = append(resources, fmt.Sprintf(`{"mode":"managed","type":"aws_cloudwatch_log_group","name":%q,"provider":"provider[\"registry.terraform.io/hashicorp/aws\"]","instances":[{"attributes":{"id":%q,"name":%q,"arn":"arn:aws:logs:us-east-1:111122223333:log-group:%s","retention_in_days":%d}}]}`,
			group, group, group, group, w[group]))
	}
	text := fmt.Sprintf(`{"version":4,"terraform_version":"1.13.4","serial":%d,"lineage":"l","resources":[%s]}`, n+1, strings.Join(resources, ","))
	return state.Object{Name: "s", Written: at(s.states[n].at), Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
}

var errFault = errors.New("a fault of the model")

// faultyLedger fails once, where it is told to, or lets something happen beside a write.
type faultyLedger struct {
	*ledger.Memory
	failAfterSave, crashInOfState bool
	before, after                 func()
}

func (l *faultyLedger) Save(ctx context.Context, r ledger.Record) error {
	if before := l.before; before != nil {
		l.before = nil
		before()
	}
	if err := l.Memory.Save(ctx, r); err != nil {
		return err
	}
	if after := l.after; after != nil {
		l.after = nil
		after()
	}
	if l.failAfterSave {
		l.failAfterSave = false
		return errFault
	}
	return nil
}

func (l *faultyLedger) OfState(ctx context.Context, name string) ([]string, error) {
	if l.crashInOfState {
		l.crashInOfState = false
		return nil, errFault
	}
	return l.Memory.OfState(ctx, name)
}

// faultyIndex crashes once in a refresh, or lets another run inside a look-up.
type faultyIndex struct {
	index.Index
	crashInPut bool
	inside     func()
}

func (x *faultyIndex) Find(ctx context.Context, keys ...string) ([]*drift.Entry, error) {
	entries, err := x.Index.Find(ctx, keys...)
	if inside := x.inside; inside != nil {
		x.inside = nil
		inside()
	}
	return entries, err
}

func (x *faultyIndex) Begin(ctx context.Context, h index.Header) (index.Refresh, error) {
	r, err := x.Index.Begin(ctx, h)
	return &faultyRefresh{r, x}, err
}

type faultyRefresh struct {
	index.Refresh
	index *faultyIndex
}

func (r *faultyRefresh) Put(ctx context.Context, e *drift.Entry, keys ...string) error {
	if err := r.Refresh.Put(ctx, e, keys...); err != nil {
		return err
	}
	if r.index.crashInPut {
		r.index.crashInPut = false
		return errFault
	}
	return nil
}
