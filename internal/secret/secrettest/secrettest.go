// Package secrettest is the contract of package secret as a test suite. Every
// backend's test is one call of [Run].
package secrettest

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"tfdrift/internal/drift"
	"tfdrift/internal/secret"
)

// Place is an empty store, and what writes to it.
type Place struct {
	Store  secret.Store
	Set    func(name, value string) // "" takes it away
	Refuse func(bool)               // whether reading is refused; nil: it never is
}

// Run holds the stores of places that open returns to the contract.
func Run(t *testing.T, open func(t *testing.T) Place) {
	const name = "TFDRIFT_TEST"
	t.Run("a value comes as it is", func(t *testing.T) {
		p := open(t)
		for _, value := range []string{"hunter2", " two\nlines\n", "{\"a\": 1}", "ä€😀", strings.Repeat("x", 60_000)} {
			p.Set(name, value)
			got, err := p.Store.Read(t.Context(), name)
			if err != nil || got != value {
				t.Errorf("%.20q came as %.20q, error %v", value, got, err)
			}
		}
	})
	t.Run("one that is not there, or is empty, is not found", func(t *testing.T) {
		p := open(t)
		p.Set("OTHER", "hunter2")
		for range 2 {
			if got, err := p.Store.Read(t.Context(), name); !errors.Is(err, drift.ErrNotFound) || !strings.Contains(err.Error(), name) || got != "" {
				t.Errorf("%q, error %v", got, err)
			}
			p.Set(name, "")
		}
	})
	t.Run("a value that was replaced is seen", func(t *testing.T) {
		p := open(t)
		for _, value := range []string{"old", "new"} {
			p.Set(name, value)
			if got, err := p.Store.Read(t.Context(), name); err != nil || got != value {
				t.Errorf("%q, error %v; want %q", got, err, value)
			}
		}
	})
	t.Run("one that may not be read is worth another attempt", func(t *testing.T) {
		p := open(t)
		if p.Refuse == nil {
			t.Skip("nothing is refused here")
		}
		p.Set(name, "hunter2")
		p.Refuse(true)
		if got, err := p.Store.Read(t.Context(), name); !errors.Is(err, drift.ErrRetry) || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), "hunter2") || got != "" {
			t.Errorf("%q, error %v", got, err)
		}
		p.Refuse(false)
		if got, err := p.Store.Read(t.Context(), name); err != nil || got != "hunter2" {
			t.Errorf("%q, error %v", got, err)
		}
	})
	t.Run("many read at once", func(t *testing.T) {
		p := open(t)
		p.Set(name, "v")
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if got, err := p.Store.Read(t.Context(), name); err != nil || got != "v" {
					t.Errorf("%q, error %v", got, err)
				}
			})
		}
		all.Wait()
	})
}
