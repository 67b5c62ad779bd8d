// Package silencetest is the contract of package silence as a test suite. Every
// backend's test is one call of [Run].
package silencetest

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
	"tfdrift/internal/silence"
)

// Run holds the backends that open returns, each empty, to the contract.
func Run(t *testing.T, open func(t *testing.T) silence.Silences) {
	at := time.Date(2026, 8, 20, 9, 0, 0, 0, time.UTC)
	late := silence.Silence{ID: "late", Type: "aws_*", Address: `a.b["c"]`, Severity: drift.Low, Actor: "alice", Until: at.Add(time.Hour), Comment: "näher", Created: at}
	soon := silence.Silence{ID: "soon", Until: at}
	also := silence.Silence{ID: "also", Until: at}
	s := open(t)
	want := func(why string, want ...silence.Silence) {
		t.Helper()
		got, err := s.List(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(got) == 0 {
			got = nil
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", why, diff)
		}
	}
	want("at first there is none")
	for _, x := range []silence.Silence{late, soon, also, soon} {
		if err := s.Put(t.Context(), x); err != nil {
			t.Fatal(err)
		}
	}
	want("the operator looks for what ends next", also, soon, late)
	soon.Until = at.Add(2 * time.Hour)
	if err := s.Put(t.Context(), soon); err != nil {
		t.Fatal(err)
	}
	want("one is prolonged", also, late, soon)
	if err := s.Drop(t.Context(), "late"); err != nil {
		t.Fatal(err)
	}
	want("and one dropped", also, soon)
	if err := s.Drop(t.Context(), "late"); !errors.Is(err, drift.ErrNotFound) {
		t.Errorf("dropped once more: %v", err)
	}
}
