package sweep_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/applies"
	"tfdrift/internal/catalog"
	"tfdrift/internal/drift"
	"tfdrift/internal/index"
	"tfdrift/internal/indexer"
	"tfdrift/internal/roster"
	"tfdrift/internal/state"
	"tfdrift/internal/sweep"
)

// site is a sweeper of the bucket "memory", with a clock of its own.
type site struct {
	*sweep.Sweeper
	t       *testing.T
	bucket  *state.Memory
	index   index.Index
	applies *applies.Memory
	now     time.Time
	ripe    int
}

func newSite(t *testing.T, places ...string) *site {
	s := &site{t: t, bucket: &state.Memory{}, index: index.NewMemory(), applies: applies.NewMemory(), now: time.Date(2026, 8, 20, 9, 0, 0, 0, time.UTC)}
	seal, err := state.NewSealer(make([]byte, 32), catalog.Sensitive)
	if err != nil {
		t.Fatal(err)
	}
	s.Sweeper = &sweep.Sweeper{
		Indexer: &indexer.Indexer{Index: s.index, Seal: seal}, Applies: s.applies, Roster: roster.NewMemory(), Log: slog.New(slog.DiscardHandler),
		Ripe: func(context.Context) error { s.ripe++; return nil }, Now: func() time.Time { return s.now },
	}
	s.watch(places...)
	return s
}

func (s *site) url(key string) string { return s.bucket.URL(key) }

// watch has other places configured.
func (s *site) watch(paths ...string) {
	s.Places = nil
	for _, path := range paths {
		source, err := state.In(s.bucket, path)
		if err != nil {
			s.t.Fatal(err)
		}
		s.Places = append(s.Places, sweep.Place{Name: s.url(path), Source: source})
	}
}

// notice follows a notice of an object, and returns its error.
func (s *site) notice(key string, gone bool) error {
	return s.Follow(s.t.Context(), sweep.Notice{Name: s.url(key), At: s.now, Gone: gone})
}

func (s *site) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// want compares which of the groups a to d are in the index.
func (s *site) want(groups string) {
	s.t.Helper()
	got := ""
	for _, id := range []string{"a", "b", "c", "d"} {
		found, err := s.index.Find(s.t.Context(), "ec2/sg-"+id)
		s.must(err)
		if len(found) > 0 {
			got += id
		}
	}
	if got != groups {
		s.t.Errorf("indexed: %q, want %q", got, groups)
	}
}

// text is a state of security groups.
func text(lineage string, serial int, groups string) string {
	var resources []string
	for i, id := range groups {
		resources = append(resources, fmt.Sprintf(`{"mode":"managed","type":"aws_security_group","name":"g%d","provider":"provider[\"registry.terraform.io/hashicorp/aws\"]","instances":[{"attributes":{"id":"sg-%c"}}]}`, i, id))
	}
	return fmt.Sprintf(`{"version":4,"terraform_version":"1.9.5","serial":%d,"lineage":%q,"resources":[%s]}`, serial, lineage, strings.Join(resources, ","))
}

func TestANoticeHasTheNewestObjectIndexed(t *testing.T) {
	s := newSite(t, "prod/")
	s.bucket.Write("prod/x.tfstate", text("l", 1, "a"))
	s.must(s.notice("prod/x.tfstate", false))
	s.want("a")
	s.bucket.Write("prod/x.tfstate", text("l", 2, "ab"))
	s.must(s.notice("prod/x.tfstate", true)) // late: it is there again
	s.want("ab")
	s.bucket.Remove("prod/x.tfstate")
	s.must(s.notice("prod/x.tfstate", false)) // late: it is gone
	s.want("")
	s.must(s.notice("prod/x.tfstate", true))
}

func TestNoticesOfWhatIsNotWatchedChangeNothing(t *testing.T) {
	s := newSite(t, "prod/")
	for key, content := range map[string]string{
		"test/x.tfstate": text("l", 1, "a"), "prod/x.tfstate.backup": text("l", 1, "b"), "prod/log.json": `{"a":1}`, "prod/.terraform/terraform.tfstate": text("l", 1, "c"),
	} {
		s.bucket.Write(key, content)
		s.must(s.notice(key, false))
	}
	s.must(s.notice("prod/never-seen.tfstate", true))
	s.want("")
	if r, err := s.Sweep(t.Context()); err != nil || r.States != 0 || r.Failed != 1 {
		t.Errorf("%+v, error %v; want that there is no state", r, err)
	}
}

func TestLocksAreNotedByTheirOwnTime(t *testing.T) {
	s := newSite(t, "")
	s.must(s.notice("x.tfstate.tflock", false))
	if s.ripe != 0 {
		t.Error("a lock makes nothing ripe")
	}
	from := s.now
	s.now = s.now.Add(time.Minute)
	s.must(s.notice("x.tfstate.tflock", true))
	windows, err := s.applies.Windows(t.Context(), s.url("x.tfstate"))
	s.must(err)
	if diff := cmp.Diff([]applies.Window{{From: from, To: s.now}}, windows); diff != "" || s.ripe != 1 {
		t.Errorf("ripe %d times, (-want +got):\n%s", s.ripe, diff)
	}
}

func TestASweepMakesUpForNoticesThatDidNotCome(t *testing.T) {
	s := newSite(t, "prod/", "")
	for i, key := range []string{"prod/a.tfstate", "prod/b.tfstate", "c.tfstate"} {
		s.bucket.Write(key, text("l", 1, string("abc"[i])))
	}
	sweep := func(states int) {
		t.Helper()
		r, err := s.Sweep(t.Context())
		s.must(err)
		if r.States != states || r.Resources != states || r.Failed != 0 || r.Stalest != 0 {
			t.Errorf("%+v, want %d states of a resource each", r, states)
		}
	}
	sweep(3)
	s.want("abc")
	s.bucket.Remove("prod/a.tfstate")
	s.bucket.Write("prod/b.tfstate", text("l", 2, "d"))
	sweep(2)
	s.want("cd")
	s.watch("prod/") // the other place is not configured any more
	sweep(1)
	s.want("d")
	if s.ripe != 3 {
		t.Errorf("what waited was looked at %d times", s.ripe)
	}
}

func TestWhatHasNotChangedIsNotReadAgain(t *testing.T) {
	s := newSite(t, "")
	s.bucket.Write("a.tfstate", text("l", 1, "a"))
	reads := &counting{Indexer: s.Indexer}
	s.Indexer = reads
	for range 3 {
		_, err := s.Sweep(t.Context())
		s.must(err)
	}
	if reads.n != 1 {
		t.Errorf("read %d times", reads.n)
	}
}

type counting struct {
	sweep.Indexer
	n int
}

func (c *counting) Refresh(ctx context.Context, object state.Object, accept bool) (state.Header, error) {
	c.n++
	return c.Indexer.Refresh(ctx, object, accept)
}

func TestAStateThatIsNoSuccessorStaysOutUntilItIsAccepted(t *testing.T) {
	s := newSite(t, "")
	s.bucket.Write("x.tfstate", text("l", 5, "a"))
	s.must(s.notice("x.tfstate", false))
	s.bucket.Write("x.tfstate", text("other", 1, "b"))
	if err := s.notice("x.tfstate", false); !errors.Is(err, drift.ErrInvalid) {
		t.Errorf("error %v, want %v", err, drift.ErrInvalid)
	}
	s.want("a")
	s.now = s.now.Add(time.Hour)
	r, err := s.Sweep(t.Context())
	if err != nil || r.Failed != 1 || r.Stalest != time.Hour {
		t.Errorf("%+v, error %v; want one that failed an hour ago, and no error", r, err)
	}
	s.must(s.Accept(t.Context(), s.url("x.tfstate")))
	s.want("b")
	r, err = s.Sweep(t.Context())
	if err != nil || r.Failed != 0 || r.Stalest != 0 {
		t.Errorf("%+v, error %v", r, err)
	}
	if err := s.Accept(t.Context(), s.url("y.tfstate")); !errors.Is(err, drift.ErrNotFound) {
		t.Errorf("error %v, want %v", err, drift.ErrNotFound)
	}
}

// An emptied bucket looks like one that nobody meant.
func TestTheLastStateOfAPlaceIsNotLetGoOfByASweep(t *testing.T) {
	s := newSite(t, "prod/", "test/")
	s.bucket.Write("prod/x.tfstate", text("l", 1, "a"))
	s.bucket.Write("test/x.tfstate", text("l", 1, "b"))
	_, err := s.Sweep(t.Context())
	s.must(err)
	s.bucket.Remove("prod/x.tfstate")
	if r, err := s.Sweep(t.Context()); err != nil || r.Failed != 1 {
		t.Errorf("%+v, error %v; want one that failed", r, err)
	}
	s.want("ab")
	s.must(s.Accept(t.Context(), s.url("prod/x.tfstate")))
	s.want("b")
}

func TestAStoreThatFailsChangesNothingAndIsAskedAgain(t *testing.T) {
	s := newSite(t, "")
	s.bucket.Write("x.tfstate", text("l", 1, "a"))
	s.must(s.notice("x.tfstate", false))
	s.bucket.Fail(fmt.Errorf("down: %w", drift.ErrRetry))
	for _, err := range []error{s.notice("x.tfstate", true), s.Accept(t.Context(), s.url("x.tfstate")), second(s.Sweep(t.Context()))} {
		if !errors.Is(err, drift.ErrRetry) {
			t.Errorf("error %v, want %v", err, drift.ErrRetry)
		}
	}
	s.want("a")
}

func second(_ sweep.Report, err error) error { return err }

// The state is written while it is read.
func TestAStateThatIsReplacedWhileItIsReadIsReadAgain(t *testing.T) {
	s := newSite(t, "")
	s.bucket.Write("x.tfstate", text("l", 1, "a"))
	s.Indexer = &hasty{Indexer: s.Indexer, do: func() { s.bucket.Write("x.tfstate", text("l", 2, "b")) }}
	s.must(s.notice("x.tfstate", false))
	s.want("b")
	s.Indexer.(*hasty).do = func() { s.bucket.Remove("x.tfstate") }
	s.bucket.Write("x.tfstate", text("l", 3, "c"))
	s.must(s.notice("x.tfstate", false))
	s.want("")
}

// hasty does something before the first reading.
type hasty struct {
	sweep.Indexer
	do func()
}

func (h *hasty) Refresh(ctx context.Context, object state.Object, accept bool) (state.Header, error) {
	if h.do != nil {
		h.do()
		h.do = nil
	}
	return h.Indexer.Refresh(ctx, object, accept)
}
