package state_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tfdrift/internal/drift"
	"tfdrift/internal/state"
	"tfdrift/internal/state/statetest"
)

func TestFilesKeepTheContract(t *testing.T) {
	statetest.Run(t, func(t *testing.T) statetest.Place {
		root := t.TempDir() + "/"
		return statetest.Place{
			Root: root,
			Open: func(path string) (state.Source, error) {
				return state.Schemes{}.Open(strings.TrimSuffix(root+path, "/"))
			},
			Write: func(t *testing.T, path, content string) {
				if err := errors.Join(os.MkdirAll(filepath.Dir(root+path), 0o700), os.WriteFile(root+path, []byte(content), 0o600)); err != nil {
					t.Fatal(err)
				}
			},
			Remove: func(t *testing.T, path string) {
				if err := os.Remove(root + path); err != nil {
					t.Fatal(err)
				}
			},
		}
	})
}

func TestMemoryKeepsTheContract(t *testing.T) {
	statetest.Run(t, func(t *testing.T) statetest.Place {
		m := &state.Memory{}
		return statetest.Place{
			Root: m.URL(""), Bucket: true,
			Open:   func(path string) (state.Source, error) { return state.In(m, path) },
			Write:  func(_ *testing.T, path, content string) { m.Write(path, content) },
			Remove: func(_ *testing.T, path string) { m.Remove(path) },
		}
	})
}

func TestAPrefixOfStrangersIsNotReadWhole(t *testing.T) {
	m := &state.Memory{}
	m.Write("z.tfstate", statetest.State(1))
	for i := range 10_050 {
		m.Write(fmt.Sprintf("logs/%d.json", i), "{}")
	}
	source, err := state.In(m, "")
	if err != nil {
		t.Fatal(err)
	}
	states, failures := 0, 0
	for _, err := range source.States(t.Context()) {
		switch {
		case err == nil:
			states++
		case !errors.Is(err, drift.ErrInvalid) || !strings.Contains(err.Error(), "longer prefix"):
			t.Error(err)
		default:
			failures++
		}
	}
	if states != 1 || failures != 1 {
		t.Errorf("%d states, %d errors; want one of each", states, failures)
	}
}

func TestABucketThatDoesNotAnswerHasNoStates(t *testing.T) {
	m := &state.Memory{}
	m.Write("a.tfstate", statetest.State(1))
	m.Fail(drift.ErrRetry)
	for _, path := range []string{"", "a.tfstate"} {
		source, err := state.In(m, path)
		if err != nil {
			t.Fatal(err)
		}
		for object, err := range source.States(t.Context()) {
			if !errors.Is(err, drift.ErrRetry) {
				t.Errorf("%q: state %q, error %v", path, object.Name, err)
			}
		}
	}
}
