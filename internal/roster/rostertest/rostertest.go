// Package rostertest is the contract of package roster as a test suite. Every
// backend's test is one call of [Run].
package rostertest

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/roster"
)

// Run holds the rosters that open returns, each empty, to the contract.
func Run(t *testing.T, open func(t *testing.T) roster.Roster) {
	at := time.Date(2026, 8, 20, 9, 0, 0, 0, time.UTC)
	a := roster.Entry{State: "s3://acme/a.tfstate", Place: "s3://acme/", Version: `"e1"`, Resources: 7}
	b := roster.Entry{State: "s3://acme/b.tfstate", Place: "s3://acme/", Version: `"e2"`, Problem: "its lineage is another", Since: at}
	long := roster.Entry{State: "s3://acme/" + strings.Repeat("x", 1500), Place: "s3://acme/"}
	for _, row := range []struct {
		name   string
		reason string
		do     func(r roster.Roster) error
		want   []roster.Entry
	}{
		{"an empty roster has no state", "a new deployment forgets nothing", func(roster.Roster) error { return nil }, nil},
		{"entries come back as they were, in order", "a sweep compares them with what is there", func(r roster.Roster) error {
			return put(t, r, long, b, a)
		}, []roster.Entry{a, b, long}},
		{"the newer entry of a state counts", "it was looked at again", func(r roster.Roster) error {
			worse := a
			worse.Problem, worse.Since = "it is gone", at.Add(time.Hour)
			return put(t, r, worse, a)
		}, []roster.Entry{a}},
		{"a time is kept to the second", "it is shown, and no more", func(r roster.Roster) error {
			finer := b
			finer.Since = at.Add(999 * time.Millisecond).In(time.FixedZone("", 3600))
			return put(t, r, finer)
		}, []roster.Entry{b}},
		{"what is dropped is gone, and dropping it again is no error", "two sweeps may do it", func(r roster.Roster) error {
			if err := put(t, r, a, b); err != nil {
				return err
			}
			for range 2 {
				if err := r.Drop(t.Context(), a.State); err != nil {
					return err
				}
			}
			return nil
		}, []roster.Entry{b}},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := open(t)
			if err := row.do(r); err != nil {
				t.Fatal(err)
			}
			got, err := r.List(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(append([]roster.Entry{}, row.want...), append([]roster.Entry{}, got...)); diff != "" {
				t.Errorf("(-want +got):\n%s\nit matters because %s", diff, row.reason)
			}
		})
	}
}

func put(t *testing.T, r roster.Roster, all ...roster.Entry) error {
	for _, e := range all {
		if err := r.Put(t.Context(), e); err != nil {
			return err
		}
	}
	return nil
}
