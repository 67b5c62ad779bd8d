package state

import (
	"errors"
	"sync/atomic"

	"tfdrift/internal/drift"
)

// batchBytes is how much of instances is read before they are handed over:
// handing over each would cost more than it gains.
const batchBytes = 256 << 10

// beside makes entries of instances while the next are read, and hands them on
// while the next are made, in their order: each of the three takes its time.
type beside struct {
	emit   func(*drift.Entry) error
	batch  *batch // being filled
	free   chan *batch
	work   chan *batch
	made   chan *batch
	done   chan struct{}
	failed atomic.Bool
	err    error // the first, in the order of the state; after done
}

// batch is instances as they are written, in one piece, what is to be done with
// them, and what came of it.
type batch struct {
	raw     []byte
	jobs    []job
	text    []byte // of what the entries leave as it is written
	entries []*drift.Entry
	err     error // of the job after those that made the entries
}

// job makes an entry, or nil where there is no need to. What the entry leaves as
// it is written is in the batch's text.
type job func(*batch) (*drift.Entry, error)

// errFailed ends the reading after a job has failed.
var errFailed = errors.New("a job has failed")

// theirs is the error of a caller's function, which comes back as it is.
type theirs struct{ error }

func begin(emit func(*drift.Entry) error) *beside {
	const batches = 5 // filled, waiting, worked on, waiting, handed on
	b := &beside{
		emit: emit, batch: &batch{}, free: make(chan *batch, batches), work: make(chan *batch, 1), made: make(chan *batch, 1), done: make(chan struct{}),
	}
	for range batches - 1 {
		b.free <- &batch{}
	}
	go b.make()
	go b.hand()
	return b
}

func (b *beside) make() {
	defer close(b.made)
	for batch := range b.work {
		for _, job := range batch.jobs {
			if b.failed.Load() {
				break
			}
			entry, err := job(batch)
			if err != nil {
				batch.err = err
				b.failed.Store(true)
			} else if entry != nil {
				batch.entries = append(batch.entries, entry)
			}
		}
		b.made <- batch
	}
}

func (b *beside) hand() {
	defer close(b.done)
	for batch := range b.made {
		for _, entry := range batch.entries {
			if b.err == nil {
				if err := b.emit(entry); err != nil {
					b.err = theirs{err}
					b.failed.Store(true)
				}
			}
		}
		if b.err == nil {
			b.err = batch.err
		}
		batch.empty()
		b.free <- batch
	}
}

func (b *batch) empty() {
	clear(b.jobs)
	clear(b.entries)
	b.jobs, b.entries, b.err = b.jobs[:0], b.entries[:0], nil
	if b.raw, b.text = b.raw[:0], b.text[:0]; cap(b.raw) > 16*batchBytes {
		b.raw, b.text = nil, nil // of a giant
	}
}

// keep keeps a copy of what was read till the jobs begun before the next do are
// done.
func (b *beside) keep(raw []byte) []byte {
	start := len(b.batch.raw)
	b.batch.raw = append(b.batch.raw, raw...)
	return b.batch.raw[start:len(b.batch.raw):len(b.batch.raw)]
}

// do has a job done after those before it.
func (b *beside) do(j job) error {
	b.batch.jobs = append(b.batch.jobs, j)
	if len(b.batch.raw) < batchBytes && len(b.batch.jobs) < batchBytes>>10 {
		return nil
	}
	b.work <- b.batch
	b.batch = <-b.free
	if b.failed.Load() {
		return errFailed
	}
	return nil
}

// end waits for all jobs and returns the error of the first that failed.
func (b *beside) end() error {
	b.work <- b.batch
	close(b.work)
	<-b.done
	return b.err
}
