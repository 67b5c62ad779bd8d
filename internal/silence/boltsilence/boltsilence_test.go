package boltsilence_test

import (
	"path/filepath"
	"testing"

	"tfdrift/internal/embedded"
	"tfdrift/internal/silence"
	"tfdrift/internal/silence/boltsilence"
	"tfdrift/internal/silence/silencetest"
)

func TestTheEmbeddedStoreKeepsTheContract(t *testing.T) {
	silencetest.Run(t, func(t *testing.T) silence.Silences {
		db, err := embedded.Open(filepath.Join(t.TempDir(), "store"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		s, err := boltsilence.New(db)
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}
