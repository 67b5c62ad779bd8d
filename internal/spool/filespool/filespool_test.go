package filespool_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
	"tfdrift/internal/spool"
	"tfdrift/internal/spool/filespool"
	"tfdrift/internal/spool/spooltest"
)

func open(t *testing.T, dir string, o filespool.Options) *filespool.Spool {
	t.Helper()
	s, err := filespool.Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestFilesKeepTheContract(t *testing.T) {
	for name, segment := range map[string]int64{"one segment": 0, "many segments": 1} {
		t.Run(name, func(t *testing.T) {
			spooltest.Run(t, func(t *testing.T, capacity int) spool.Spool {
				return open(t, t.TempDir(), filespool.Options{MaxBytes: int64(capacity) * 1100, SegmentBytes: segment})
			})
		})
	}
}

func appendItems(t *testing.T, s *filespool.Spool, items ...string) {
	t.Helper()
	for _, it := range items {
		if err := s.Append(t.Context(), []byte(it)); err != nil {
			t.Fatal(err)
		}
	}
}

func take(t *testing.T, s *filespool.Spool) spool.Item {
	t.Helper()
	it, err := s.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return it
}

func wantAll(t *testing.T, s *filespool.Spool, want ...string) {
	t.Helper()
	var got []string
	for range s.Waiting() {
		got = append(got, string(take(t, s).Data))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what waits (-want +got):\n%s", diff)
	}
}

// A process that is killed closes nothing: the next one opens what it left.
func TestWhatWasNotDoneComesAgainAfterAKill(t *testing.T) {
	for name, segment := range map[string]int64{"one segment": 0, "many segments": 1} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			killed := open(t, dir, filespool.Options{SegmentBytes: segment})
			appendItems(t, killed, "a", "b", "c", "d")
			take(t, killed)
			if err := killed.Done(t.Context(), take(t, killed)); err != nil {
				t.Fatal(err)
			}
			if err := killed.Bury(t.Context(), take(t, killed), "poison"); err != nil {
				t.Fatal(err)
			}
			s := open(t, dir, filespool.Options{})
			wantAll(t, s, "a", "d")
			graves, err := s.Buried(t.Context(), 9)
			if err != nil || len(graves) != 1 || string(graves[0].Data) != "c" {
				t.Errorf("buried %v, error %v", graves, err)
			}
		})
	}
}

func TestFilesOfWhatIsDoneAreRemoved(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, filespool.Options{SegmentBytes: 1})
	appendItems(t, s, "a", "b", "c")
	for range 3 {
		if err := s.Done(t.Context(), take(t, s)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, error %v", left, err)
	}
}

func TestAnItemThatWasBeingWrittenIsNone(t *testing.T) {
	whole := func(t *testing.T) (dir, name string) {
		dir = t.TempDir()
		appendItems(t, open(t, dir, filespool.Options{}), "first", "second")
		names, err := filepath.Glob(filepath.Join(dir, "*.items"))
		if err != nil || len(names) != 1 {
			t.Fatalf("%v %v", names, err)
		}
		return dir, names[0]
	}
	for cut := range int64(14) {
		t.Run(fmt.Sprintf("%d bytes missing", cut), func(t *testing.T) {
			dir, name := whole(t)
			if err := os.Truncate(name, 2*8+11-cut); err != nil {
				t.Fatal(err)
			}
			want := []string{"first", "second"}[:1+max(0, 1-int(cut))]
			s := open(t, dir, filespool.Options{})
			wantAll(t, s, want...)
			if len(s.Damaged) > 0 {
				t.Errorf("damage is told: %v", s.Damaged)
			}
		})
	}
	t.Run("a byte turned over is told", func(t *testing.T) {
		dir, name := whole(t)
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		raw[9] ^= 1
		if err := os.WriteFile(name, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		s := open(t, dir, filespool.Options{})
		wantAll(t, s)
		if len(s.Damaged) != 1 {
			t.Errorf("damage: %v", s.Damaged)
		}
	})
}

// After a power failure a file may be longer than what got to it: zeros follow.
func TestZerosAreNoItems(t *testing.T) {
	dir := t.TempDir()
	appendItems(t, open(t, dir, filespool.Options{}), "first", "", "third")
	names, err := filepath.Glob(filepath.Join(dir, "*.items"))
	if err != nil || len(names) != 1 {
		t.Fatalf("%v %v", names, err)
	}
	if err := os.Truncate(names[0], 4096); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir, filespool.Options{})
	wantAll(t, s, "first", "", "third")
	if len(s.Damaged) > 0 {
		t.Errorf("damage is told: %v", s.Damaged)
	}
}

func BenchmarkAppend(b *testing.B) {
	s, err := filespool.Open(b.TempDir(), filespool.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	item := make([]byte, 1500)
	b.SetParallelism(32)
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if err := s.Append(b.Context(), item); err != nil {
				b.Error(err)
				return
			}
			it, err := s.Next(b.Context())
			if err == nil {
				err = s.Done(b.Context(), it)
			}
			if err != nil {
				b.Error(err)
				return
			}
		}
	})
}

// A full disk refuses what it cannot keep, loses nothing that it kept, and when
// it has room again there is nothing to do.
func TestAFullDiskIsNoEnd(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=256k"); err != nil {
		t.Skip("a small disk cannot be made here:", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	s := open(t, filepath.Join(dir, "spool"), filespool.Options{SegmentBytes: 64 << 10})
	kept := 0
	for item := make([]byte, 10_000); ; kept++ {
		if err := s.Append(t.Context(), item); err != nil {
			if !errors.Is(err, drift.ErrRetry) || s.Ready() == nil {
				t.Fatalf("error %v, ready %v", err, s.Ready())
			}
			break
		}
	}
	if kept < 10 || s.Waiting() != kept {
		t.Fatalf("%d wait of %d", s.Waiting(), kept)
	}
	for range 10 { // a segment and more
		if err := s.Done(t.Context(), take(t, s)); err != nil {
			t.Fatal(err)
		}
	}
	appendItems(t, s, "again")
	if err := s.Ready(); err != nil {
		t.Error(err)
	}
	next := open(t, filepath.Join(dir, "spool"), filespool.Options{})
	if want := kept - 10 + 1; next.Waiting() != want || len(next.Damaged) > 0 {
		t.Errorf("after a kill %d wait, want %d; damaged: %v", next.Waiting(), want, next.Damaged)
	}
}
