// Package statetest is the contract of package state's sources as a test
// suite. Every backend's test is one call of [Run].
package statetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
	"tfdrift/internal/state"
)

// Place is an empty place of states, and what writes to it.
type Place struct {
	Root   string                                   // what all names begin with, "/" or so at its end
	Open   func(path string) (state.Source, error)  // below the root; "" and what ends in "/" is all below it
	Write  func(t *testing.T, path, content string) // below the root
	Remove func(t *testing.T, path string)
	Bucket bool // it is one of an object store: its states have versions, and patterns are understood
}

// State is a state of a serial number.
func State(serial int) string {
	return fmt.Sprintf(`{"version":4,"terraform_version":"1.9.5","serial":%d,"lineage":"l","outputs":{},"resources":[]}`, serial)
}

// Run holds the sources of places that open returns to the contract.
func Run(t *testing.T, open func(t *testing.T) Place) {
	for _, row := range []struct {
		name   string
		reason string
		test   func(*testing.T, Place)
	}{
		{"all below a place is every state there, in order", "hundreds of states in one bucket are normal: workspaces, Terragrunt's trees", everyState},
		{"what lies beside states is passed over", "locks, backups and plans are no states", besides},
		{"more states than fit a page are listed", "object stores list a thousand at a time", pages},
		{"a place without a state says so", "a mistyped prefix watches nothing", func(t *testing.T, p Place) {
			p.Write(t, "a/main.tf", `resource "x" "y" {}`)
			for _, path := range []string{"a/", "nowhere/"} {
				if _, err := names(t, p, path); !errors.Is(err, drift.ErrNotFound) || !strings.Contains(err.Error(), strings.TrimSuffix(path, "/")) {
					t.Errorf("%s: error %v", path, err)
				}
			}
		}},
		{"what is named is listed whatever it is", "the reader says what is wrong with it", func(t *testing.T, p Place) {
			p.Write(t, "main.tf", `resource "x" "y" {}`)
			p.Write(t, "main.tf.tfstate", State(1))
			got, err := names(t, p, "main.tf")
			if diff := cmp.Diff([]string{"main.tf"}, got); err != nil || diff != "" {
				t.Errorf("error %v; states (-want +got):\n%s", err, diff)
			}
		}},
		{"what is named and not there is not found", "a mistyped key watches nothing", func(t *testing.T, p Place) {
			if _, err := names(t, p, "gone.tfstate"); !errors.Is(err, drift.ErrNotFound) || !strings.Contains(err.Error(), p.Root+"gone.tfstate") {
				t.Errorf("error %v", err)
			}
		}},
		{"names may hold anything", "keys are Terraform's users' to choose", func(t *testing.T, p Place) {
			want := []string{"a b+c%20d&e=f/ä/x.tfstate", "env:/prod/x.tfstate", "p?q#r.tfstate"}
			for _, name := range want {
				p.Write(t, name, State(1))
			}
			got, err := names(t, p, "")
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("error %v; states (-want +got):\n%s", err, diff)
			}
			for _, name := range want {
				if got := content(t, stat(t, p, "", name)); got != State(1) {
					t.Errorf("%s holds %q", name, got)
				}
			}
		}},
		{"a state tells its size and when it was written", "by these a watcher sees that it must be read", func(t *testing.T, p Place) {
			p.Write(t, "x.tfstate", State(1))
			listed, looked := only(t, p, ""), stat(t, p, "x.tfstate", "x.tfstate")
			if listed.Size != int64(len(State(1))) || time.Since(listed.Written).Abs() > time.Minute || p.Bucket == (listed.Version == "") {
				t.Errorf("%+v", listed)
			}
			listed.Open, looked.Open = nil, nil
			if diff := cmp.Diff(listed, looked); diff != "" {
				t.Errorf("looked at once more it is another (-listed +looked):\n%s", diff)
			}
		}},
		{"a state that was written anew is another one, or fails as changed", "half of the old and half of the new is no state", func(t *testing.T, p Place) {
			p.Write(t, "x.tfstate", State(1))
			old := only(t, p, "")
			p.Write(t, "x.tfstate", State(22))
			now := stat(t, p, "", "x.tfstate")
			if now.Size == old.Size || p.Bucket == (now.Version == old.Version) {
				t.Errorf("before %+v, now %+v", old, now)
			}
			if got := content(t, now); got != State(22) {
				t.Errorf("it holds %q", got)
			}
			if !p.Bucket {
				return
			}
			if _, err := old.Open(t.Context()); !errors.Is(err, drift.ErrConflict) {
				t.Errorf("the old version: error %v", err)
			}
		}},
		{"a state that is gone is not found", "a watcher forgets it only then", func(t *testing.T, p Place) {
			p.Write(t, "x.tfstate", State(1))
			p.Write(t, "y.tfstate", State(1))
			source := source(t, p, "")
			old := only(t, p, "x.tfstate")
			p.Remove(t, "x.tfstate")
			if _, err := source.Stat(t.Context(), p.Root+"x.tfstate"); !errors.Is(err, drift.ErrNotFound) {
				t.Errorf("error %v", err)
			}
			if r, err := old.Open(t.Context()); err == nil {
				r.Close()
				t.Error("it can be read")
			}
			if got, err := names(t, p, ""); err != nil || len(got) != 1 {
				t.Errorf("%v are left, error %v", got, err)
			}
		}},
		{"what a bucket's source does not mean is not found by its name", "a notice tells of any object", func(t *testing.T, p Place) {
			if !p.Bucket {
				return
			}
			for _, name := range []string{"a/x.tfstate", "a/x.tfstate.tflock", "b/x.tfstate", "a/.terraform/terraform.tfstate", "a/x.tfstate.backup"} {
				p.Write(t, name, State(1))
			}
			for _, path := range []string{"a/", "a/*.tfstate", "a/x.tfstate"} {
				for _, name := range []string{"a/x.tfstate.tflock", "b/x.tfstate", "a/.terraform/terraform.tfstate", "a/x.tfstate.backup"} {
					if _, err := source(t, p, path).Stat(t.Context(), p.Root+name); !errors.Is(err, drift.ErrNotFound) {
						t.Errorf("%s of %s: error %v", name, path, err)
					}
				}
				stat(t, p, path, "a/x.tfstate")
			}
		}},
		{"a lock is seen beside its state, until it goes", "what happens meanwhile may be Terraform's own", func(t *testing.T, p Place) {
			p.Write(t, "x.tfstate", State(1))
			p.Write(t, "x.tfstate.tflock", `{"ID":"1"}`)
			p.Write(t, "y.tfstate", State(1))
			source := source(t, p, "")
			for object, err := range source.States(t.Context()) {
				if locked := !object.Locked.IsZero(); err != nil || locked != (object.Name == p.Root+"x.tfstate") || locked && time.Since(object.Locked).Abs() > time.Minute {
					t.Errorf("%s: locked since %v, error %v", object.Name, object.Locked, err)
				}
			}
			if o := only(t, p, "x.tfstate"); o.Locked.IsZero() {
				t.Error("named alone, it is not locked")
			}
			p.Remove(t, "x.tfstate.tflock")
			if o := stat(t, p, "", "x.tfstate"); !o.Locked.IsZero() {
				t.Errorf("locked still, since %v", o.Locked)
			}
		}},
		{"a source that is kept sees what is new", "a watcher asks it again and again", func(t *testing.T, p Place) {
			p.Write(t, "a", State(1))
			p.Write(t, "b", "no state")
			source := source(t, p, "")
			for i, want := range []int{1, 1, 2} {
				n := 0
				for _, err := range source.States(t.Context()) {
					if err != nil {
						t.Error(err)
					}
					n++
				}
				if n != want {
					t.Errorf("listing %d: %d states, want %d", i, n, want)
				}
				if i == 1 {
					p.Write(t, "b", State(2))
				}
			}
		}},
		{"listing stops when it is told", "nobody waits for a large bucket in vain", func(t *testing.T, p Place) {
			p.Write(t, "a.tfstate", State(1))
			p.Write(t, "b.tfstate", State(1))
			source := source(t, p, "")
			for range source.States(t.Context()) {
				break
			}
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			for _, err := range source.States(ctx) {
				if !errors.Is(err, context.Canceled) {
					t.Errorf("error %v, want that of the context", err)
				}
			}
		}},
		{"a pattern is every state whose key matches", "env:/*/network.tfstate is the same state of all workspaces", func(t *testing.T, p Place) {
			if !p.Bucket {
				t.Skip("shells do this for files")
			}
			for _, name := range []string{"env:/dev/network.tfstate", "env:/prod/network.tfstate", "env:/prod/dns.tfstate", "network.tfstate"} {
				p.Write(t, name, State(1))
			}
			got, err := names(t, p, "env:/*/network.tfstate")
			if diff := cmp.Diff([]string{"env:/dev/network.tfstate", "env:/prod/network.tfstate"}, got); err != nil || diff != "" {
				t.Errorf("error %v; states (-want +got):\n%s", err, diff)
			}
			if _, err := p.Open("env:/[x"); !errors.Is(err, drift.ErrInvalid) {
				t.Errorf("a malformed pattern: error %v", err)
			}
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Log("because " + row.reason)
			row.test(t, open(t))
		})
	}
}

func everyState(t *testing.T, p Place) {
	want := []string{
		"env:/dev/prod/network.tfstate", "env:/prod/prod/network.tfstate", "live/eu/db/terraform.tfstate", "live/eu/vpc/terraform.tfstate",
		"no-suffix", "shown.json", "terraform.tfstate",
	}
	for _, name := range want {
		p.Write(t, name, State(1))
	}
	p.Write(t, "shown.json", `{"format_version":"1.0"}`)
	got, err := names(t, p, "")
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("error %v; states (-want +got):\n%s", err, diff)
	}
	got, err = names(t, p, "live/")
	if diff := cmp.Diff(want[2:4], got); err != nil || diff != "" {
		t.Errorf("error %v; states below live/ (-want +got):\n%s", err, diff)
	}
}

func besides(t *testing.T, p Place) {
	for name, content := range map[string]string{
		"good.tfstate":                State(1),
		"good.tfstate.backup":         State(1),
		"good.tfstate.tflock":         `{"ID":"x","Operation":"apply","Who":"me"}`,
		"x/.terraform/terraform.json": State(1),
		"x/empty.tfstate":             "",
		"x/main.tf":                   `resource "x" "y" {}`,
		"x/plan.json":                 `{"format_version":"1.2","planned_values":{}}`,
		"x/package.json":              `{"version":"1.0.0","name":"x"}`,
		"y/broken.tfstate":            `{"vers`,
		"y/old.json":                  `{"version":3,"serial":1,"lineage":"l","modules":[]}`,
	} {
		p.Write(t, name, content)
	}
	got, err := names(t, p, "")
	if diff := cmp.Diff([]string{"good.tfstate", "y/broken.tfstate", "y/old.json"}, got); err != nil || diff != "" {
		t.Errorf("error %v; states (-want +got):\n%s", err, diff)
	}
}

func pages(t *testing.T, p Place) {
	const states = 1_100
	var want []string
	for i := range states {
		name := fmt.Sprintf("live/%04d/terraform.tfstate", i)
		p.Write(t, name, State(1))
		want = append(want, name)
	}
	got, err := names(t, p, "")
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("error %v; %d states (-want +got):\n%.2000s", err, len(got), diff)
	}
}

func source(t *testing.T, p Place, path string) state.Source {
	t.Helper()
	s, err := p.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// names are those of the states of a path, without the root, and the first error.
func names(t *testing.T, p Place, path string) (names []string, err error) {
	t.Helper()
	for object, err := range source(t, p, path).States(t.Context()) {
		if err != nil {
			return names, err
		}
		name, ok := strings.CutPrefix(object.Name, p.Root)
		if !ok {
			t.Errorf("state %s is not below %s", object.Name, p.Root)
		}
		names = append(names, name)
	}
	return names, nil
}

// only is the one state of a path.
func only(t *testing.T, p Place, path string) (only state.Object) {
	t.Helper()
	for object, err := range source(t, p, path).States(t.Context()) {
		if err != nil || only.Open != nil {
			t.Fatalf("%s beside %s, error %v", object.Name, only.Name, err)
		}
		only = object
	}
	return only
}

func stat(t *testing.T, p Place, path, name string) state.Object {
	t.Helper()
	object, err := source(t, p, path).Stat(t.Context(), p.Root+name)
	if err != nil {
		t.Fatal(err)
	}
	return object
}

func content(t *testing.T, object state.Object) string {
	t.Helper()
	r, err := object.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	raw, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
