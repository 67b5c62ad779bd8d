package embedded_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"tfdrift/internal/embedded"
)

// resident is how much of files this process has resident, in MB.
func resident(t *testing.T) int {
	t.Helper()
	raw, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	var size, all, files int
	if _, err := fmt.Sscan(string(raw), &size, &all, &files); err != nil {
		t.Fatal(err)
	}
	return files * os.Getpagesize() >> 20
}

func TestWhatWasReadOfAStoreDoesNotStayResident(t *testing.T) {
	db, err := embedded.Open(filepath.Join(t.TempDir(), "store"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	const values, size = 160, 1 << 20
	value := func(i int) []byte { return bytes.Repeat([]byte{byte(i)}, size) }
	bucket := []byte("b")
	for from := 0; from < values; from += 20 {
		if err := db.Update(func(tx *bbolt.Tx) error {
			b, err := tx.CreateBucketIfNotExists(bucket)
			for i := from; i < from+20 && err == nil; i++ {
				err = b.Put(binary.BigEndian.AppendUint32(nil, uint32(i)), value(i))
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 { // what was given back reads as before
		if err := db.View(func(tx *bbolt.Tx) error {
			for i := range values {
				if got := tx.Bucket(bucket).Get(binary.BigEndian.AppendUint32(nil, uint32(i))); !bytes.Equal(got, value(i)) {
					return fmt.Errorf("value %d is another", i)
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for end := time.Now().Add(10 * time.Second); resident(t) > 60; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%d MB of files stay resident", resident(t))
			}
		}
	}
}
