package boltledger_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"

	"tfdrift/internal/drift"
	"tfdrift/internal/embedded"
	"tfdrift/internal/ledger"
	"tfdrift/internal/ledger/boltledger"
	"tfdrift/internal/ledger/ledgertest"
)

// open returns the ledger in a file, and what closes the file.
func open(t *testing.T, path string) (*boltledger.Ledger, func()) {
	t.Helper()
	db, err := embedded.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	l, err := boltledger.New(db)
	if err != nil {
		t.Fatal(err)
	}
	return l, func() {
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestKeepsTheContract(t *testing.T) {
	ledgertest.Run(t, func(t *testing.T) ledger.Ledger {
		l, _ := open(t, filepath.Join(t.TempDir(), "store"))
		return l
	})
	ledgertest.RunFeed(t, func(t *testing.T) ledgertest.Fed {
		l, _ := open(t, filepath.Join(t.TempDir(), "store"))
		return l
	})
}

func TestWhatWasWrittenIsThereAfterARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	l, shut := open(t, path)
	r := ledger.Record{Key: "k", Resource: drift.ResourceRef{State: "s"}}
	for i := range 3 {
		r.Version, r.Revision, r.Finding = i, i+1, &drift.Finding{ID: "k"}
		if err := l.Save(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Trim(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	shut()

	l, _ = open(t, path)
	r.Version = 3
	got, err := l.Load(t.Context(), "k")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, got); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
	r.Revision = 4
	if err := l.Save(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	list, err := l.Feed(t.Context(), 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]ledger.Publication{{Place: 4, Revision: 4, Finding: drift.Finding{ID: "k"}}}, list); diff != "" {
		t.Errorf("feed (-want +got):\n%s", diff)
	}
}

func BenchmarkSave(b *testing.B) {
	db, err := embedded.Open(filepath.Join(b.TempDir(), "store"))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	l, err := boltledger.New(db)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("alone", func(b *testing.B) {
		for i := range b.N {
			save(b, l, "alone", i)
		}
	})
	b.Run("by 64 at once", func(b *testing.B) {
		b.SetParallelism(32)
		b.RunParallel(func(pb *testing.PB) {
			for i := 0; pb.Next(); i++ {
				save(b, l, "many", i)
			}
		})
	})
}

func save(b *testing.B, l ledger.Ledger, prefix string, i int) {
	key := ledger.Key(drift.AWS, prefix, "", "", fmt.Sprint(rand.Uint64(), i))
	if err := l.Save(b.Context(), ledger.Record{Key: key, Revision: 1, Finding: &drift.Finding{ID: key}}); err != nil {
		b.Error(err)
	}
}

func TestALedgerInAnotherFormIsAnErrorWithCauseAndRemedy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	db, err := embedded.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Update(func(tx *bbolt.Tx) error { // as it was before rows had a form
		b, err := tx.CreateBucket([]byte("ledger.records"))
		if err != nil {
			return err
		}
		return b.Put([]byte("k"), []byte("\x00\x00\x00\x00\x00\x00\x00\x01{\"Key\":\"k\"}"))
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := boltledger.New(db); !errors.Is(err, drift.ErrInvalid) || !strings.Contains(err.Error(), "data folder") {
		t.Errorf("error %v", err)
	}
}
