package embedded

import (
	"bytes"
	"os"
	"strconv"
	"time"

	"go.etcd.io/bbolt"
	"golang.org/x/sys/unix"
)

// A store is read through a mapping of its file. What was read once stays
// resident until the system wants the memory back, so that a process looks as
// large as its store, to whoever bounds or bills it. mostMapped is how much of
// files a process may have resident, in bytes, before the store gives back its
// part: nothing is lost, for the pages remain in the system's cache of the
// file, and what is read again is there at once.
const mostMapped = 48 << 20

// lookEvery is short beside the time in which a busy process reads that much.
const lookEvery = 20 * time.Millisecond

// giveBack keeps the resident part of a store small until the store is closed,
// or a system refuses: then all is as it would be without.
func giveBack(db *bbolt.DB) {
	for err := error(nil); err == nil; {
		time.Sleep(lookEvery)
		err = db.View(func(tx *bbolt.Tx) error { // the mapping stays where it is meanwhile
			if mapped() <= mostMapped {
				return nil
			}
			// https://man7.org/linux/man-pages/man2/madvise.2.html: of a shared
			// mapping of a file, it only forgets which pages are mapped.
			_, _, failed := unix.Syscall(unix.SYS_MADVISE, db.Info().Data, uintptr(tx.Size()), unix.MADV_DONTNEED)
			if failed != 0 {
				return failed
			}
			return nil
		})
	}
}

// mapped is how much of files this process has resident, in bytes; 0 where the
// system does not say.
func mapped() int {
	raw, err := os.ReadFile("/proc/self/statm") // size, resident, shared … in pages
	if err != nil {
		return 0
	}
	fields := bytes.Fields(raw)
	if len(fields) < 3 {
		return 0
	}
	pages, _ := strconv.Atoi(string(fields[2]))
	return pages * os.Getpagesize()
}
