package state

import (
	"errors"
	"sync/atomic"
)

// batchBytes is how much of instances is read before they are handed over:
// handing over each would cost more than it gains.
const batchBytes = 256 << 10

// beside makes entries of instances while the next are read, in their order:
// the two halves cost about the same.
type beside struct {
	batch  *batch // being filled
	free   chan *batch
	work   chan *batch
	done   chan struct{}
	failed atomic.Bool
	err    error // of the first job that failed; after done
}

// batch is instances as they are written, in one piece, and what is to be done
// with them.
type batch struct {
	raw  []byte
	jobs []func() error
}

// errFailed ends the reading after a job has failed.
var errFailed = errors.New("a job has failed")

func begin() *beside {
	const batches = 3 // filled, waiting, worked on
	b := &beside{batch: &batch{}, free: make(chan *batch, batches), work: make(chan *batch, 1), done: make(chan struct{})}
	for range batches - 1 {
		b.free <- &batch{}
	}
	go b.run()
	return b
}

func (b *beside) run() {
	defer close(b.done)
	for batch := range b.work {
		for _, job := range batch.jobs {
			if b.err == nil {
				b.err = job()
			}
		}
		b.failed.Store(b.err != nil)
		clear(batch.jobs)
		batch.jobs = batch.jobs[:0]
		if batch.raw = batch.raw[:0]; cap(batch.raw) > 16*batchBytes {
			batch.raw = nil // of a giant
		}
		b.free <- batch
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
func (b *beside) do(job func() error) error {
	b.batch.jobs = append(b.batch.jobs, job)
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
