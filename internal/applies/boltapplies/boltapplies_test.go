package boltapplies_test

import (
	"path/filepath"
	"testing"

	"tfdrift/internal/applies"
	"tfdrift/internal/applies/appliestest"
	"tfdrift/internal/applies/boltapplies"
	"tfdrift/internal/embedded"
)

func TestTheEmbeddedStoreKeepsTheContract(t *testing.T) {
	appliestest.Run(t, func(t *testing.T) applies.Applies {
		db, err := embedded.Open(filepath.Join(t.TempDir(), "store"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		a, err := boltapplies.New(db)
		if err != nil {
			t.Fatal(err)
		}
		return a
	})
}
