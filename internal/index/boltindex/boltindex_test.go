package boltindex_test

import (
	"path/filepath"
	"testing"

	"tfdrift/internal/embedded"
	"tfdrift/internal/index"
	"tfdrift/internal/index/boltindex"
	"tfdrift/internal/index/indextest"
)

func TestKeepsTheContract(t *testing.T) {
	indextest.Run(t, func(t *testing.T) index.Index {
		x, _ := open(t, filepath.Join(t.TempDir(), "store"))
		return x
	})
}

// open returns the index in a file, and what closes the file.
func open(t testing.TB, path string) (*boltindex.Index, func()) {
	t.Helper()
	db, err := embedded.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	x, err := boltindex.New(db)
	if err != nil {
		t.Fatal(err)
	}
	return x, func() {
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
