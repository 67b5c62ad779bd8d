package embedded_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tfdrift/internal/drift"
	"tfdrift/internal/embedded"
)

func TestAStoreHasOneProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	db, err := embedded.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := embedded.Open(path); !errors.Is(err, drift.ErrRetry) || !strings.Contains(err.Error(), "another process") {
		t.Errorf("second open: error %v", err)
	}
}

func TestAStoreIsItsOwnersAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	db, err := embedded.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, error %v", info.Mode(), err)
	}
}

func TestWhatIsNoStoreIsAnErrorWithCauseAndRemedy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	if err := os.WriteFile(path, []byte(strings.Repeat("no store ", 4096)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := embedded.Open(path); !errors.Is(err, drift.ErrInvalid) {
		t.Errorf("foreign file: error %v", err)
	}
	if _, err := embedded.Open(filepath.Join(t.TempDir(), "no", "store")); err == nil || !strings.Contains(err.Error(), "folder") {
		t.Errorf("no folder: error %v", err)
	}
}
