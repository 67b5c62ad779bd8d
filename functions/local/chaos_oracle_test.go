package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/catalog"
	"tfdrift/internal/channel"
	"tfdrift/internal/channel/slack"
	"tfdrift/internal/drift"
	"tfdrift/internal/embedded"
	"tfdrift/internal/index"
	"tfdrift/internal/index/boltindex"
	"tfdrift/internal/indexer"
	"tfdrift/internal/ledger"
	"tfdrift/internal/outbox/boltoutbox"
	"tfdrift/internal/spool/filespool"
	"tfdrift/internal/state"
)

// expected are the findings that must stand, by their resource's id: what the
// world is, against what the newest readable states hold.
func (w *world) expected() map[string]string {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := map[string]string{}
	for _, o := range w.objects {
		switch differ := differing(o.kind, o.held, o.now); {
		case o.held == nil && o.exists && o.made:
			all[o.id] = string(drift.Unmanaged)
		case o.held == nil:
		case !o.exists:
			all[o.id] = string(drift.Deleted)
		case len(differ) > 0:
			all[o.id] = said(drift.Modified, differ)
		}
	}
	return all
}

func said(kind drift.Kind, changes []string) string {
	return strings.TrimSpace(string(kind) + " " + strings.Join(changes, ", "))
}

// says is a finding in the oracle's words.
func says(f *drift.Finding) string {
	var changes []string
	for _, c := range f.Changes {
		switch c.Op {
		case drift.OpSet:
			changes = append(changes, fmt.Sprintf("%s %v→%v", c.Name, c.Before, c.After))
		case drift.OpAdd:
			changes = append(changes, "+"+port(c.After))
		case drift.OpRemove:
			changes = append(changes, "-"+port(c.Before))
		}
	}
	slices.Sort(changes)
	return said(f.Kind, changes)
}

func port(rule any) string {
	block, _ := rule.(map[string]any)
	return fmt.Sprint(block["from_port"])
}

// checkFindings holds findings to those expected.
func checkFindings(want map[string]string, findings []drift.Finding) (problems []string) {
	got := map[string]string{}
	for _, f := range findings {
		if f.Status == drift.Resolved {
			continue
		}
		if got[f.Resource.ID] != "" {
			problems = append(problems, fmt.Sprintf("%s: two findings", f.Resource.ID))
		}
		got[f.Resource.ID] = says(&f)
	}
	for _, id := range slices.Sorted(maps.Keys(want)) {
		if got[id] != want[id] {
			problems = append(problems, fmt.Sprintf("%s: found is %q, want %q", id, got[id], want[id]))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(got)) {
		if want[id] == "" {
			problems = append(problems, fmt.Sprintf("%s: found is %q, want nothing", id, got[id]))
		}
	}
	return problems
}

// guarantee counts what may have been told twice: a message may come again where
// its answer was lost, or where the process was killed before it could write down
// the answer; of the messages of one channel, as many as are on their way at once.
type guarantee struct {
	kills   []time.Time
	used    map[time.Time]int
	doubled int
}

// excuses reports whether one message may be told again, or its opening anew, by
// another.
func (g *guarantee) excuses(first, again heard) bool {
	g.doubled++
	if first.lost {
		return true
	}
	for _, k := range g.kills {
		// It is the first kill after it that left no mark. What was on its way then may
		// be taken in a little later.
		if k.After(first.at.Add(-time.Second)) && k.Before(again.at) {
			if g.used == nil {
				g.used = map[time.Time]int{}
			}
			g.used[k]++
			return g.used[k] <= senders
		}
	}
	return false
}

// between tells when two messages came, and what each kill has excused so far.
func (g *guarantee) between(first, again heard) string {
	const clock = "15:04:05.000"
	text := "at " + first.at.Format(clock) + " and " + again.at.Format(clock) + "; kills"
	for _, k := range g.kills {
		text += fmt.Sprintf(" %s (%d)", k.Format(clock), g.used[k])
	}
	return text
}

// checkWebhook holds what the webhook took to the findings: of each it was told,
// from an opening on and in order, up to what stands, and nothing twice beyond
// the guarantee. opened is how often a finding did.
func checkWebhook(log []heard, findings []drift.Finding, opened map[string]int, g *guarantee) (problems []string) {
	type message struct {
		heard
		revision int
		finding  drift.Finding
	}
	all := map[string][]message{}
	for _, h := range log {
		m := message{heard: h}
		id, revision, _ := strings.Cut(h.id, ".")
		n, err := strconv.Atoi(revision)
		if err == nil {
			err = decode(h.body, &m.finding)
		}
		if m.revision = n; err != nil || m.finding.ID != id {
			problems = append(problems, fmt.Sprintf("the webhook got %q of %q: %v", h.body, h.id, err))
			continue
		}
		all[id] = append(all[id], m)
	}
	for _, f := range findings {
		complain := func(format string, args ...any) {
			problems = append(problems, "webhook: "+f.Resource.ID+": "+fmt.Sprintf(format, args...))
		}
		var last message
		var perhaps [][2]heard // openings told anew, or new ones: that it was resolved was overtaken
		opens := 0
		for i, m := range all[f.ID] {
			live := i > 0 && last.finding.Status != drift.Resolved
			switch {
			case m.revision < last.revision:
				complain("revision %d was told after revision %d", m.revision, last.revision)
				continue
			case m.revision == last.revision:
				if !g.excuses(last.heard, m.heard) {
					complain("revision %d was told twice, %s", m.revision, g.between(last.heard, m.heard))
				}
			case m.finding.Status == drift.Open && live && m.revision == last.revision+1: // there was news before its opening was told again
				if !g.excuses(last.heard, m.heard) {
					complain("it was told to be open in revision %d, and again in revision %d, %s", last.revision, m.revision, g.between(last.heard, m.heard))
				}
			case m.finding.Status == drift.Open:
				if opens++; live {
					perhaps = append(perhaps, [2]heard{last.heard, m.heard})
				}
			case !live:
				complain("it was told to be %s in revision %d, after %q", m.finding.Status, m.revision, last.finding.Status)
			}
			last = m
		}
		for _, p := range perhaps {
			if opens > opened[f.ID] && g.excuses(p[0], p[1]) {
				opens--
			}
		}
		if opens > opened[f.ID] || opens == 0 {
			complain("it opened %d times, and was told to have opened %d times", opened[f.ID], opens)
		}
		told := last.finding
		if told.Status == drift.Open && f.Status == drift.Updated { // an opening that was overtaken is told with the newest content
			told.Status = drift.Updated
		}
		if !same(told, f) {
			complain("last told was %s %q in revision %d, found is %s %q", told.Status, says(&told), last.revision, f.Status, says(&f))
		}
	}
	return problems
}

func same(a, b drift.Finding) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// checkSlack holds what Slack took, which is text for people, to the findings:
// the last of each is what stands, and no text comes twice beyond the guarantee.
// write is how Slack is told a finding; subject tells which one a text is about.
func checkSlack(log []heard, findings []drift.Finding, write func(drift.Finding) []byte, subject func(text []byte) string, g *guarantee) (problems []string) {
	last := map[string]heard{}
	for _, h := range log {
		id := subject(h.body)
		if was, ok := last[id]; ok && bytes.Equal(was.body, h.body) && !g.excuses(was, h) {
			problems = append(problems, fmt.Sprintf("slack: %s: the same was told twice, %s: %s", id, g.between(was, h), h.body))
		}
		last[id] = h
	}
	for _, f := range findings {
		h, asOpen := last[f.Resource.ID], f
		if f.Status == drift.Updated { // an opening that was overtaken is told with the newest content
			asOpen.Status = drift.Open
		}
		if !bytes.Equal(h.body, write(f)) && !bytes.Equal(h.body, write(asOpen)) {
			problems = append(problems, fmt.Sprintf("slack: %s: last told was %q, found is %s %q", f.Resource.ID, h.body, f.Status, says(&f)))
		}
	}
	return problems
}

// checkIndex holds an index to one that was made anew of the newest readable
// states: under all keys that anything ever had, and of each state as a whole.
func checkIndex(ctx context.Context, got, want index.Index, keys, states []string) (problems []string) {
	for _, key := range keys {
		found, err := got.Find(ctx, key)
		expected, err2 := want.Find(ctx, key)
		if diff := cmp.Diff(expected, found); diff != "" || err != nil || err2 != nil {
			problems = append(problems, fmt.Sprintf("index: %s, errors %v and %v (-want +got):\n%s", key, err, err2, diff))
		}
	}
	for _, name := range states {
		found, err := got.State(ctx, name)
		expected, err2 := want.State(ctx, name)
		found.Generation, found.Complete = expected.Generation, expected.Complete // one that broke off counts as begun
		if diff := cmp.Diff(expected, found); diff != "" || err != nil || err2 != nil {
			problems = append(problems, fmt.Sprintf("index: state %s, errors %v and %v (-want +got):\n%s", filepath.Base(name), err, err2, diff))
		}
	}
	return problems
}

// checkCounted holds that each event was judged, or put away and listed.
func checkCounted(r ledger.Record, events, buried []string) (problems []string) {
	for _, id := range events {
		if !r.Counted(id) && !slices.Contains(buried, id) {
			problems = append(problems, fmt.Sprintf("%s: event %s was accepted, and neither counted nor put away", r.Resource.ID, id))
		}
	}
	return problems
}

// calm waits until nothing waits any more: no event, no notification, no state,
// but for those that cannot be taken up.
func (h *harness) calm(ctx context.Context, when string, unreadable int) {
	want := map[string]int{"tfdrift_events_waiting": 0, "tfdrift_events_set_aside": 0, "tfdrift_notifications_waiting": 0, "tfdrift_states_failed": unreadable}
	var last string
	for quiet := 0; quiet < 3; {
		if !pause(ctx, 300*time.Millisecond) {
			h.problems.add("%s: it does not come to rest: %s", when, last)
			return
		}
		last = ""
		for name, n := range want {
			is, err := h.product.metric(name)
			if err != nil {
				last = err.Error()
			} else if int(is) != n {
				last = fmt.Sprintf("%s is %v, not %d", name, is, n)
			}
		}
		if quiet++; last != "" {
			quiet = 0
		}
	}
	if status, body, err := h.product.get("/ready"); err != nil || (status == http.StatusOK) != (unreadable == 0) {
		h.problems.add("%s: /ready answers with status %d %q, error %v", when, status, body, err)
	}
}

// compare holds the findings to what is expected, and what the channels were
// told to the findings.
func (h *harness) compare(ctx context.Context, when string) {
	desk := h.product.desk()
	findings, err := desk.Findings(ctx, true)
	if err != nil {
		h.problems.add("%s: findings: %v", when, err)
		return
	}
	h.product.findings = len(findings)
	opened := map[string]int{}
	for _, f := range findings {
		story, err := desk.Finding(ctx, f.ID)
		if err != nil {
			h.problems.add("%s: %v", when, err)
		}
		opened[f.ID] = story.Opened
	}
	webhook, slack := &guarantee{kills: h.product.killed()}, &guarantee{kills: h.product.killed()}
	problems := slices.Concat(checkFindings(h.world.expected(), findings),
		checkWebhook(h.channels[0].log(), findings, opened, webhook),
		checkSlack(h.channels[1].log(), findings, h.slackText, h.world.subject, slack))
	h.doubled = webhook.doubled + slack.doubled
	for _, p := range problems {
		h.problems.add("%s: %s", when, p)
		h.describe(ctx, p, findings)
	}
}

// slackText is how Slack is told a finding.
func (h *harness) slackText(f drift.Finding) (body []byte) {
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { body, _ = io.ReadAll(r.Body) }))
	defer s.Close()
	c, err := slack.New(s.URL, "", time.Minute)
	if err == nil {
		err = c.Send(h.t.Context(), channel.Message{Finding: f})
	}
	if err != nil {
		h.problems.add("slack: %v", err)
	}
	return body
}

// subject is the id of the object that a text is about.
func (w *world) subject(text []byte) string {
	var message struct{ Text string }
	if err := json.Unmarshal(text, &message); err != nil {
		return err.Error()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, o := range w.objects {
		if strings.Contains(message.Text, o.address()) || strings.Contains(message.Text, o.id) {
			return o.id
		}
	}
	return message.Text
}

// describe adds what there is to know of the object that a problem is about.
func (h *harness) describe(ctx context.Context, problem string, findings []drift.Finding) {
	h.world.mu.Lock()
	id := ""
	for _, o := range h.world.objects {
		if strings.Contains(problem, o.id+":") {
			id = o.id
			h.problems.add("  in the world: exists %v, made %v, now %v, held %v by %v, events to %s", o.exists, o.made, o.now, o.held, o.state, strings.Join(o.events[max(0, len(o.events)-1):], ""))
		}
	}
	h.world.mu.Unlock()
	for _, f := range findings {
		if f.Resource.ID != id {
			continue
		}
		story, err := h.product.desk().Finding(ctx, f.ID)
		if err != nil {
			h.problems.add("  %s: %v", f.ID, err)
			return
		}
		for _, s := range story.History[max(0, len(story.History)-6):] {
			h.problems.add("  %s %s %s by %s %s of %s", s.At.Format(time.TimeOnly), s.Status, s.Kind, s.Event.Name, s.Event.ID, s.Event.Time.Format(time.TimeOnly))
		}
	}
}

// rest is when the newest event of all is over.
func (w *world) rest() (at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, o := range w.objects {
		if o.next.After(at) {
			at = o.next
		}
	}
	return at
}

// probe posts an event on everything that is there and managed, settings being
// what it sets, and holds what follows to the oracle.
func (h *harness) probe(ctx context.Context, when string, settings func(o *object) settings, unreadable int) {
	time.Sleep(time.Until(h.world.rest())) // after the newest event of all
	h.world.mu.Lock()
	for _, o := range h.world.objects {
		if o.held != nil && o.exists {
			h.world.tell(o, o.set(settings(o)), byHand, h.courier.send)
		}
	}
	h.world.mu.Unlock()
	h.courier.on.Wait()
	h.calm(ctx, when, unreadable)
	h.compare(ctx, when)
}

// inspect holds the stores, once the process has ended, to the oracle.
func (h *harness) inspect() {
	ctx := h.t.Context()
	db, err := embedded.Open(filepath.Join(h.product.data(), storeName))
	if err != nil {
		h.problems.add("%v", err)
		return
	}
	defer db.Close()
	stores, err := openStores(db)
	got, err2 := boltindex.New(db)
	box, err3 := boltoutbox.New(db)
	spool, err4 := filespool.Open(filepath.Join(h.product.data(), spoolName), filespool.Options{})
	want, keys, err5 := h.fresh(ctx)
	if err := errors.Join(err, err2, err3, err4, err5); err != nil {
		h.problems.add("the stores: %v", err)
		return
	}
	defer spool.Close()
	var names []string
	for _, s := range h.states {
		names = append(names, s.path)
	}
	problems := checkIndex(ctx, got, want, keys, names)
	graves, err := spool.Buried(ctx, 1000)
	if n := spool.Waiting(); n > 0 || len(spool.Damaged) > 0 || len(graves) > 0 || err != nil {
		problems = append(problems, fmt.Sprintf("the spool: %d events wait, %d were put away, damaged is %q, error %v", n, len(graves), spool.Damaged, err))
	}
	given, err := box.GivenUp(ctx, 1000)
	if err != nil || len(given) > 0 {
		problems = append(problems, fmt.Sprintf("the outbox: %d messages were given up, error %v", len(given), err))
	}
	counted := 0
	for _, o := range h.world.objects {
		if o.unmanaged {
			continue
		}
		r, err := stores.Ledger.Load(ctx, ledger.Key(drift.AWS, account, region, string(o.kind), o.id))
		if err != nil {
			h.problems.add("%v", err)
		}
		latest := o.events[max(0, len(o.events)-40):] // a record knows the last hundred that came
		counted += len(latest)
		problems = append(problems, checkCounted(r, latest, nil)...)
	}
	h.t.Logf("the index is compared under %d keys, %d events are looked up one by one", len(keys), counted)
	for _, p := range problems {
		h.problems.add("at last: %s", p)
	}
}

// fresh is an index made of the newest readable states, and all keys that
// anything may have.
func (h *harness) fresh(ctx context.Context) (*index.Memory, []string, error) {
	key, err := os.ReadFile(filepath.Join(h.product.data(), keyName))
	if err != nil {
		return nil, nil, err
	}
	seal, err := state.NewSealer(key, catalog.Sensitive)
	if err != nil {
		return nil, nil, err
	}
	x := index.NewMemory()
	everything := edition{holds: map[*object]settings{}}
	for _, s := range h.states {
		open := func(context.Context) (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(s.text(s.newest()))), nil
		}
		if _, err := (&indexer.Indexer{Index: x, Seal: seal}).Refresh(ctx, state.Object{Name: s.path, Written: s.at, Open: open}, false); err != nil {
			return nil, nil, err
		}
	}
	for _, o := range h.world.objects {
		everything.holds[o] = o.now
	}
	keys := map[string]bool{}
	_, err = state.Read(bytes.NewReader((&stateFile{lineage: "all"}).text(everything)), "all", seal, func(e *drift.Entry) error {
		for _, k := range catalog.Keys(e) {
			keys[k] = true
		}
		return nil
	})
	return x, slices.Sorted(maps.Keys(keys)), err
}

func TestTheOracleSeesWhatIsWrong(t *testing.T) {
	at := func(second int) time.Time { return time.Unix(int64(second), 0) }
	finding := func(status drift.Status, after int) drift.Finding {
		f := drift.Finding{ID: "f", Status: status, Kind: drift.Modified, Rules: []string{}, Resource: drift.ResourceRef{ID: "logs-001"}, Changes: []drift.Attribute{}}
		if status != drift.Resolved {
			f.Changes = append(f.Changes, drift.Attribute{Name: "retention_in_days", Op: drift.OpSet, Before: json.Number("30"), After: json.Number(strconv.Itoa(after))})
		}
		return f
	}
	message := func(second, revision int, f drift.Finding) heard {
		body, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		return heard{at: at(second), id: fmt.Sprint(f.ID, ".", revision), body: body}
	}
	lost := func(m heard) heard { m.lost = true; return m }
	open, updated, resolved := finding(drift.Open, 7), finding(drift.Updated, 14), finding(drift.Resolved, 0)
	want := map[string]string{"logs-001": "modified retention_in_days 30→7"}
	webhook := func(kills []time.Time, f drift.Finding, opened int, log ...heard) func() []string {
		return func() []string {
			return checkWebhook(log, []drift.Finding{f}, map[string]int{"f": opened}, &guarantee{kills: kills})
		}
	}
	slack := func(kills []time.Time, f drift.Finding, log ...heard) func() []string {
		return func() []string {
			write := func(f drift.Finding) []byte { return message(0, 0, f).body }
			return checkSlack(log, []drift.Finding{f}, write, func([]byte) string { return "logs-001" }, &guarantee{kills: kills})
		}
	}
	many := func(n int) (log []heard, findings []drift.Finding, opened map[string]int) { // told twice, of n findings
		opened = map[string]int{}
		for i := range n {
			f := open
			f.ID = fmt.Sprint("f", i)
			log = append(log, message(1, 1, f), message(9, 1, f))
			findings, opened[f.ID] = append(findings, f), 1
		}
		return log, findings, opened
	}
	entry := func(x *index.Memory, address string, days int) {
		known, err := x.State(t.Context(), "s")
		if err != nil && !errors.Is(err, drift.ErrNotFound) {
			t.Fatal(err)
		}
		r, err := x.Begin(t.Context(), index.Header{State: "s", Serial: 1, Generation: known.Generation})
		if err == nil && address != "" {
			err = r.Put(t.Context(), &drift.Entry{State: "s", Address: address, Attributes: map[string]any{"days": days}}, "key")
		}
		if err == nil {
			err = r.Commit(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	indexes := func(address string, days int) func() []string {
		return func() []string {
			got, want := index.NewMemory(), index.NewMemory()
			entry(want, "a", 30)
			entry(got, address, days)
			return checkIndex(t.Context(), got, want, []string{"key"}, []string{"s"})
		}
	}
	tests := []struct {
		name  string
		check func() []string
		want  string // "": nothing is wrong
	}{
		{"a finding", func() []string { return checkFindings(want, []drift.Finding{open}) }, ""},
		{"a finding that is lost", func() []string { return checkFindings(want, nil) }, `found is "", want "modified`},
		{"a finding that should be resolved", func() []string { return checkFindings(nil, []drift.Finding{open}) }, "want nothing"},
		{"a finding of another value", func() []string { return checkFindings(want, []drift.Finding{updated}) }, "30→14"},
		{"a finding resolved too early", func() []string { return checkFindings(want, []drift.Finding{resolved}) }, `found is ""`},
		{"two findings of one resource", func() []string { return checkFindings(want, []drift.Finding{open, open}) }, "two findings"},

		{"a life", webhook(nil, resolved, 1, message(1, 1, open), message(2, 2, updated), message(3, 3, resolved)), ""},
		{"an update that was overtaken", webhook(nil, resolved, 1, message(1, 1, open), message(3, 3, resolved)), ""},
		{"nothing told", webhook(nil, open, 1), "told to have opened 0 times"},
		{"an opening that was passed over", webhook(nil, resolved, 1, message(3, 3, resolved)), "told to be resolved"},
		{"a resolution that was not told", webhook(nil, resolved, 1, message(1, 1, open)), "last told was open"},
		{"told out of order", webhook(nil, resolved, 1, message(1, 1, open), message(3, 3, resolved), message(4, 2, updated)), "revision 2 was told after revision 3"},
		{"told twice", webhook(nil, open, 1, message(1, 1, open), message(2, 1, open)), "told twice, at"},
		{"told twice, its answer lost", webhook(nil, open, 1, lost(message(1, 1, open)), message(2, 1, open)), ""},
		{"told twice, a kill between", webhook([]time.Time{at(2)}, open, 1, message(1, 1, open), message(3, 1, open)), ""},
		{"told twice, a kill before", webhook([]time.Time{at(1)}, open, 1, message(3, 1, open), message(4, 1, open)), "told twice"},
		{"told twice, taken in after a kill that it was sent before", webhook([]time.Time{at(1)}, open, 1, message(1, 1, open), message(4, 1, open)), ""},
		{"opened once and told twice, with news", webhook(nil, updated, 1, message(1, 1, open), message(2, 2, finding(drift.Open, 14))), "and again in revision 2"},
		{"more told twice after a kill than was on its way", func() []string {
			log, findings, opened := many(senders + 1)
			return checkWebhook(log, findings, opened, &guarantee{kills: []time.Time{at(5)}})
		}, "told twice"},
		{"as many told twice after a kill as were on their way", func() []string {
			log, findings, opened := many(senders)
			return checkWebhook(log, findings, opened, &guarantee{kills: []time.Time{at(5)}})
		}, ""},
		{"told more openings than there were", webhook(nil, open, 1, message(1, 1, open), message(2, 2, resolved), message(3, 3, open)), "opened 1 times, and was told to have opened 2"},
		{"an opening told again, some news later", webhook(nil, updated, 1, lost(message(1, 1, open)), message(2, 3, finding(drift.Open, 14))), ""},
		{"opened again, that it was resolved overtaken", webhook(nil, open, 2, message(1, 1, open), message(2, 3, open)), ""},
		{"no finding at all", webhook(nil, open, 1, heard{id: "f.1", body: []byte("{")}), "the webhook got"},

		{"a life, by Slack", slack(nil, resolved, message(1, 1, open), message(3, 3, resolved)), ""},
		{"nothing told, by Slack", slack(nil, open), "last told was"},
		{"an older one told last, by Slack", slack(nil, resolved, message(1, 3, resolved), message(3, 1, open)), "last told was"},
		{"told twice, by Slack", slack(nil, open, message(1, 1, open), message(2, 1, open)), "told twice"},
		{"told twice by Slack, a kill between", slack([]time.Time{at(2)}, open, message(1, 1, open), message(3, 1, open)), ""},

		{"an index", indexes("a", 30), ""},
		{"an index that lacks an entry", indexes("", 0), "index: key"},
		{"an index with another entry", indexes("b", 30), "index: key"},
		{"an index with an older value", indexes("a", 7), "index: key"},

		{"an event that is counted", func() []string { return checkCounted(ledger.Record{Seen: []string{"e"}}, []string{"e"}, nil) }, ""},
		{"an event that was put away", func() []string { return checkCounted(ledger.Record{}, []string{"e"}, []string{"e"}) }, ""},
		{"an event that is lost", func() []string { return checkCounted(ledger.Record{}, []string{"e"}, nil) }, "event e was accepted"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := strings.Join(test.check(), "\n")
			if (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}
