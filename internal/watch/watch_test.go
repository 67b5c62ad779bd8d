package watch_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/applies"
	"tfdrift/internal/catalog"
	"tfdrift/internal/drift"
	"tfdrift/internal/index"
	"tfdrift/internal/indexer"
	"tfdrift/internal/state"
	"tfdrift/internal/watch"
)

// site is a watcher of a folder, with a clock that each look moves on.
type site struct {
	*watch.Watcher
	t       *testing.T
	dir     string // of the states
	index   index.Index
	applies *applies.Memory
	log     bytes.Buffer
	now     time.Time
}

func newSite(t *testing.T) *site {
	s := &site{t: t, dir: t.TempDir(), index: index.NewMemory(), applies: applies.NewMemory(), now: time.Now()}
	s.restart(s.dir, t.TempDir())
	return s
}

// restart is another process over the same stores.
func (s *site) restart(place, dir string) {
	seal, err := state.NewSealer(make([]byte, 32), catalog.Sensitive)
	if err != nil {
		s.t.Fatal(err)
	}
	s.Watcher = &watch.Watcher{
		Places: []watch.Place{{Name: place, Source: state.Local(place)}}, Dir: dir, Applies: s.applies, Indexer: &indexer.Indexer{Index: s.index, Seal: seal},
		Log: slog.New(slog.NewTextHandler(&s.log, nil)), Now: func() time.Time { return s.now },
	}
}

func (s *site) looks(n int) {
	for range n {
		s.Look(s.t.Context())
		s.now = s.now.Add(time.Second)
	}
}

func (s *site) path(name string) string { return filepath.Join(s.dir, name) }

func (s *site) write(name, content string) {
	s.t.Helper()
	if err := os.WriteFile(s.path(name), []byte(content), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) remove(name string) {
	s.t.Helper()
	if err := os.Remove(s.path(name)); err != nil {
		s.t.Fatal(err)
	}
}

// want compares which of the groups a, b, c are in the index.
func (s *site) want(groups string) {
	s.t.Helper()
	got := ""
	for _, id := range []string{"a", "b", "c"} {
		if found, err := s.index.Find(s.t.Context(), "ec2/sg-"+id); err != nil {
			s.t.Fatal(err)
		} else if len(found) > 0 {
			got += id
		}
	}
	if got != groups {
		s.t.Errorf("indexed: %q, want %q", got, groups)
	}
}

// wantProblem wants one problem that holds words, or none.
func (s *site) wantProblem(words string) {
	s.t.Helper()
	problems := strings.Join(s.Problems(), "\n")
	if words == "" && problems != "" || !strings.Contains(problems, words) {
		s.t.Errorf("problems: %q, want %q in it", problems, words)
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

func TestAStateIsIndexedWhenItIsWritten(t *testing.T) {
	s := newSite(t)
	s.wantProblem("not read yet")
	s.write("x.tfstate", text("l", 1, "a"))
	s.looks(1)
	s.want("a")
	s.wantProblem("")
	s.write("x.tfstate", text("l", 2, "ab"))
	s.looks(1)
	s.want("a") // it may still be being written
	s.looks(1)
	s.want("ab")
	s.write("y.tfstate", text("m", 1, "c"))
	s.looks(11)
	s.want("abc")
	for range 2 { // also after a restart, which reads nothing anew
		if states, resources := s.Watched(); states != 2 || resources != 3 || s.Synced().IsZero() {
			t.Errorf("%d watched with %d resources, synced %v", states, resources, s.Synced())
		}
		s.restart(s.dir, s.Dir)
		s.looks(1)
	}
}

func TestWhatCannotBeTakenUpLeavesTheLastGoodIndex(t *testing.T) {
	for _, test := range []struct{ name, content, problem string }{
		{"truncated", text("l", 2, "bc")[:150], "truncated"},
		{"emptied", "", "x.tfstate"},
		{"of another lineage", text("m", 2, "b"), "lineage"},
		{"gone back", text("l", 0, "b"), "serial went back"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSite(t)
			s.write("x.tfstate", text("l", 1, "a"))
			s.looks(1)
			s.write("x.tfstate", test.content)
			s.looks(5)
			s.want("a")
			s.wantProblem(test.problem)
			if s.Failed() != 1 || strings.Count(s.log.String(), "alarm:") != 1 {
				t.Errorf("%d failed; log: %s", s.Failed(), s.log.String())
			}
			s.write("x.tfstate", text("l", 3, "c"))
			s.looks(2)
			s.want("c")
			s.wantProblem("")
		})
	}
}

func TestTheOperatorAccepts(t *testing.T) {
	s := newSite(t)
	s.write("x.tfstate", text("l", 5, "a"))
	s.looks(1)
	s.write("x.tfstate", text("m", 1, "b"))
	s.looks(3)
	s.want("a")
	if err := watch.Accept(s.Dir, s.path("x.tfstate")); err != nil {
		t.Fatal(err)
	}
	s.looks(1)
	s.want("b")
	s.wantProblem("")
	s.write("x.tfstate", text("l", 6, "c")) // accepted once is not for ever
	s.looks(3)
	s.want("b")
	if err := watch.Accept(s.Dir, "elsewhere"); err != nil {
		t.Fatal(err)
	}
	s.looks(1)
	if !strings.Contains(s.log.String(), "accepted that is not watched") {
		t.Error(s.log.String())
	}
}

func TestAStateIsForgottenWhenItStaysAway(t *testing.T) {
	s := newSite(t)
	s.write("x.tfstate", text("l", 1, "a"))
	s.write("y.tfstate", text("m", 1, "b"))
	s.looks(1)
	s.remove("x.tfstate")
	s.looks(2)
	s.want("ab")
	s.write("x.tfstate", text("l", 2, "a")) // put away and back, as editors do
	s.looks(4)
	s.want("ab")
	s.remove("x.tfstate")
	s.looks(3)
	s.want("b")
	s.wantProblem("")
}

func TestTheLastStateOfAPlaceIsNotForgottenByItself(t *testing.T) {
	s := newSite(t)
	s.write("x.tfstate", text("l", 1, "a"))
	s.looks(1)
	s.remove("x.tfstate")
	s.looks(20)
	s.want("a")
	s.wantProblem("mounted")
	if err := watch.Accept(s.Dir, s.path("x.tfstate")); err != nil {
		t.Fatal(err)
	}
	s.looks(1)
	s.want("")
}

func TestAStateThatWentWhileNobodyLookedIsForgotten(t *testing.T) {
	s := newSite(t)
	s.write("x.tfstate", text("l", 1, "a"))
	s.write("y.tfstate", text("m", 1, "b"))
	s.looks(1)
	s.remove("x.tfstate")
	s.restart(s.dir, s.Dir)
	s.looks(3)
	s.want("b")

	other := t.TempDir() // and the configuration names another place now
	if err := os.WriteFile(filepath.Join(other, "z.tfstate"), []byte(text("n", 1, "c")), 0o600); err != nil {
		t.Fatal(err)
	}
	s.restart(other, s.Dir)
	s.looks(1)
	s.want("c")
}

func TestLocksMakeWindows(t *testing.T) {
	for _, lock := range []string{".x.tfstate.lock.info", "x.tfstate.tflock"} {
		s := newSite(t)
		s.write("x.tfstate", text("l", 1, "a"))
		s.looks(1)
		s.write(lock, `{"ID":"1"}`)
		began := s.now.Add(-time.Minute).Truncate(time.Millisecond)
		if err := os.Chtimes(s.path(lock), began, began); err != nil {
			t.Fatal(err)
		}
		s.looks(2)
		s.remove(lock)
		ended := s.now
		s.restart(s.dir, s.Dir) // which changes nothing
		s.looks(2)
		got, err := s.applies.Windows(t.Context(), s.path("x.tfstate"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]applies.Window{{From: began, To: ended}}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", lock, diff)
		}
	}
}

// newBucket is a site whose states are in a bucket.
func newBucket(t *testing.T) (*site, *state.Memory) {
	s := newSite(t)
	m := &state.Memory{Now: func() time.Time { return s.now }}
	source, err := state.In(m, "")
	if err != nil {
		t.Fatal(err)
	}
	s.Places = []watch.Place{{Name: m.URL(""), Source: source, Remote: true}}
	return s, m
}

func TestAStateInABucketIsIndexedAtTheNextLook(t *testing.T) {
	s, m := newBucket(t)
	m.Write("x.tfstate", text("l", 1, "a"))
	s.looks(1)
	s.want("a")
	m.Write("x.tfstate", text("l", 2, "ab"))
	m.Write("y.tfstate", text("m", 1, "c"))
	s.looks(1)
	s.want("abc")
	m.Remove("y.tfstate")
	s.looks(2)
	s.want("abc")
	s.looks(1)
	s.want("ab")
	s.wantProblem("")
	m.Remove("x.tfstate")
	s.looks(5)
	s.want("ab")
	s.wantProblem("is gone, and no other state is left")
	if err := watch.Accept(s.Dir, m.URL("x.tfstate")); err != nil {
		t.Fatal(err)
	}
	s.looks(1)
	s.want("")
}

func TestABucketThatDoesNotAnswerLeavesTheLastGoodIndex(t *testing.T) {
	s, m := newBucket(t)
	m.Write("x.tfstate", text("l", 1, "a"))
	m.Write("y.tfstate", text("m", 1, "b"))
	down := fmt.Errorf("the bucket is down: %w", drift.ErrRetry)
	m.Fail(down)
	s.looks(1)
	if !s.Unanswered() {
		t.Error("it is said to have answered")
	}
	m.Fail(nil)
	s.looks(1)
	before := s.Synced()
	m.Remove("y.tfstate")
	m.Fail(down)
	s.looks(10)
	s.want("ab")
	s.wantProblem("the bucket is down")
	if s.Unanswered() || s.Synced() != before {
		t.Errorf("unanswered %v; synced %v, then %v", s.Unanswered(), before, s.Synced())
	}
	m.Fail(nil)
	s.looks(3)
	s.want("a")
	s.wantProblem("")
}

func TestLocksInABucketMakeWindows(t *testing.T) {
	s, m := newBucket(t)
	m.Write("x.tfstate", text("l", 1, "a"))
	s.looks(1)
	began := s.now.Truncate(time.Second).UTC()
	m.Write("x.tfstate.tflock", "{}")
	s.looks(2)
	ended := s.now
	m.Remove("x.tfstate.tflock")
	s.looks(2)
	got, err := s.applies.Windows(t.Context(), m.URL("x.tfstate"))
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || !got[0].From.Equal(began) || !got[0].To.Equal(ended) {
		t.Errorf("windows %v, want %v to %v", got, began, ended)
	}
}

// hung is a source that does not answer till the watching ends.
type hung struct{ state.Source }

func (hung) States(ctx context.Context) iter.Seq2[state.Object, error] {
	<-ctx.Done()
	return func(yield func(state.Object, error) bool) { yield(state.Object{}, ctx.Err()) }
}

func TestAPlaceThatHangsHoldsUpNoOther(t *testing.T) {
	s := newSite(t)
	s.Now = nil
	s.Places = append(s.Places, watch.Place{Name: "hung://x/", Source: hung{}, Remote: true})
	s.write("x.tfstate", text("l", 1, "a"))
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { s.Run(ctx) })
	for end := time.Now().Add(10 * time.Second); s.Synced().IsZero() && time.Now().Before(end); time.Sleep(time.Millisecond) {
	}
	s.want("a")
	stop()
	running.Wait()
}

// flaky fails for a reason that is not the file's.
type flaky struct {
	watch.Indexer
	failures int
}

func (f *flaky) Refresh(ctx context.Context, o state.Object, accept bool) (state.Header, error) {
	if f.failures--; f.failures >= 0 {
		return state.Header{}, fmt.Errorf("store: %w", drift.ErrRetry)
	}
	return f.Indexer.Refresh(ctx, o, accept)
}

func TestWhatFailsForAnotherReasonIsTriedAgain(t *testing.T) {
	s := newSite(t)
	s.Indexer = &flaky{s.Indexer, 2}
	s.write("x.tfstate", text("l", 1, "a"))
	s.looks(3)
	s.want("")
	s.wantProblem("store")
	s.looks(30)
	s.want("a")
	s.wantProblem("")
}

func TestAPlaceThatIsNotThereIsAProblem(t *testing.T) {
	s := newSite(t)
	s.restart(filepath.Join(s.dir, "absent"), s.Dir)
	s.looks(1)
	s.wantProblem("no such file")
	s.Places = nil
	s.wantProblem("no state is watched")
}

func TestBackupsAreCopiesThatOnlyTheUserReads(t *testing.T) {
	s := newSite(t)
	dir := filepath.Join(t.TempDir(), "backup")
	s.Indexer.(*indexer.Indexer).Backup = watch.Backup(dir)
	for serial := range 3 {
		s.write("x.tfstate", text("l", serial, "a"))
		s.looks(2)
		time.Sleep(2 * time.Millisecond)
	}
	copies, err := filepath.Glob(filepath.Join(dir, "*", "*.tfstate"))
	if err != nil || len(copies) != 3 {
		t.Fatalf("%v, error %v", copies, err)
	}
	raw, err := os.ReadFile(copies[2])
	if err != nil || string(raw) != text("l", 2, "a") {
		t.Errorf("copy %q, error %v", raw, err)
	}
	info, err := os.Stat(copies[0])
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, error %v", info.Mode(), err)
	}
	if errors.Is(err, os.ErrNotExist) {
		t.Error("no copy")
	}
}
