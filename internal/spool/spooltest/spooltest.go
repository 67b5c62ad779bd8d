// Package spooltest is the contract of package spool as a test suite. Every
// backend's test is one call of [Run].
package spooltest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
	"tfdrift/internal/spool"
)

// size of the suite's large items.
const size = 1000

// Run holds the backends that open returns to the contract. Each is empty, and
// has room for a number of items of 1,000 bytes, 0: for all.
func Run(t *testing.T, open func(t *testing.T, capacity int) spool.Spool) {
	t.Run("items come in the order in which they were appended", func(t *testing.T) {
		s := open(t, 0)
		must(t, s.Append(t.Context(), []byte("a"), []byte("b")))
		must(t, s.Append(t.Context(), []byte("c"), nil))
		wantWaiting(t, s, 4)
		for _, want := range []string{"a", "b", "c", ""} {
			it := next(t, s)
			if string(it.Data) != want {
				t.Errorf("got %q, want %q", it.Data, want)
			}
			must(t, s.Done(t.Context(), it))
		}
		wantWaiting(t, s, 0)
	})
	t.Run("what is taken waits until it is done", func(t *testing.T) {
		s := open(t, 0)
		must(t, s.Append(t.Context(), []byte("a"), []byte("b")))
		a, b := next(t, s), next(t, s)
		wantWaiting(t, s, 2)
		must(t, s.Done(t.Context(), b)) // in whatever order
		must(t, s.Done(t.Context(), a))
		wantWaiting(t, s, 0)
	})
	t.Run("who finds nothing waits for it", func(t *testing.T) {
		s := open(t, 0)
		got := make(chan string)
		go func() {
			it, err := s.Next(t.Context())
			got <- fmt.Sprint(string(it.Data), err)
		}()
		time.Sleep(10 * time.Millisecond)
		must(t, s.Append(t.Context(), []byte("late")))
		if g := <-got; g != "late<nil>" {
			t.Error(g)
		}
	})
	t.Run("waiting ends with the context", func(t *testing.T) {
		s := open(t, 0)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		if _, err := s.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("a full spool keeps nothing of what it refuses, and has room again", func(t *testing.T) {
		s := open(t, 3)
		item := []byte(strings.Repeat("x", size))
		must(t, s.Append(t.Context(), item, item))
		must(t, s.Ready())
		if err := s.Append(t.Context(), item, item); !errors.Is(err, spool.ErrFull) || !errors.Is(err, drift.ErrRetry) {
			t.Errorf("error %v, want that it is full", err)
		}
		wantWaiting(t, s, 2)
		for range 2 {
			must(t, s.Done(t.Context(), next(t, s)))
		}
		must(t, s.Append(t.Context(), item, item))
	})
	t.Run("what cannot be judged is buried with its reason", func(t *testing.T) {
		s := open(t, 0)
		must(t, s.Append(t.Context(), []byte("first"), []byte("second")))
		for _, why := range []string{"no time", "no name"} {
			must(t, s.Bury(t.Context(), next(t, s), why))
		}
		wantWaiting(t, s, 0)
		graves, err := s.Buried(t.Context(), 10)
		must(t, err)
		var got []string
		for _, g := range graves {
			got = append(got, string(g.Data)+": "+g.Why)
		}
		if diff := cmp.Diff([]string{"second: no name", "first: no time"}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if graves, err = s.Buried(t.Context(), 1); err != nil || len(graves) != 1 {
			t.Errorf("%d graves, error %v; asked for one", len(graves), err)
		}
	})
	t.Run("many who append and many who take lose and double nothing", func(t *testing.T) {
		s := open(t, 0)
		const writers, each = 8, 50
		var appending, taking sync.WaitGroup
		var mu sync.Mutex
		seen := map[string]int{}
		for w := range writers {
			appending.Go(func() {
				for i := range each {
					if err := s.Append(t.Context(), fmt.Appendf(nil, "%d-%d", w, i)); err != nil {
						t.Error(err)
					}
				}
			})
			taking.Go(func() {
				for range each {
					it, err := s.Next(t.Context())
					if err == nil {
						err = s.Done(t.Context(), it)
					}
					if err != nil {
						t.Error(err)
					}
					mu.Lock()
					seen[string(it.Data)]++
					mu.Unlock()
				}
			})
		}
		appending.Wait()
		taking.Wait()
		if len(seen) != writers*each {
			t.Errorf("%d of %d items came", len(seen), writers*each)
		}
		wantWaiting(t, s, 0)
	})
	t.Run("a closed spool says so", func(t *testing.T) {
		s := open(t, 0)
		must(t, s.Close())
		if _, err := s.Next(t.Context()); !errors.Is(err, spool.ErrClosed) {
			t.Errorf("Next: %v", err)
		}
		if err := s.Append(t.Context(), []byte("x")); !errors.Is(err, spool.ErrClosed) {
			t.Errorf("Append: %v", err)
		}
		if s.Ready() == nil {
			t.Error("it is ready")
		}
	})
}

func next(t *testing.T, s spool.Spool) spool.Item {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	it, err := s.Next(ctx)
	must(t, err)
	return it
}

func wantWaiting(t *testing.T, s spool.Spool, want int) {
	t.Helper()
	if got := s.Waiting(); got != want {
		t.Errorf("%d wait, want %d", got, want)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
