// Package filespool keeps a spool in files of a folder: segments, to which
// items are only ever appended, and beside each the marks of those that are
// done. What comes at once shares its way to the disk. A segment whose items are
// all done is removed.
//
// Marks are not forced to the disk: after a power failure some items come
// again, none is lost. A folder belongs to one process at a time; whoever opens
// it sees to that.
package filespool

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"tfdrift/internal/drift"
	"tfdrift/internal/spool"
)

// Options of a spool; the zero value works.
type Options struct {
	MaxBytes     int64 // of what waits; 0: 1 GiB. The files may be some segments larger.
	SegmentBytes int64 // from which on a new segment is begun; 0: 8 MiB
}

// Spool implements [spool.Spool].
type Spool struct {
	// Damaged says what of the folder could not be read when it was opened, and
	// is lost.
	Damaged []string

	dir     string
	options Options
	queue   *spool.Queue[place]
	waiting atomic.Int64

	mu     sync.Mutex // of what follows, and of the segments' counts
	active *segment
	bytes  int64 // of what is neither done nor buried
	number uint64
	broken error // why nothing could be appended the last time it was tried
	closed bool

	syncing sync.Mutex // held while the disk is written to; taken before mu

	graves sync.Mutex
}

// place is where an item stands.
type place struct {
	segment *segment
	number  uint32
	offset  int64
	length  int
}

func (p place) size() int64 { return headSize + int64(p.length) }

// Open opens the spool in a folder, which it makes where there is none. What
// was not done when it was last used is given out again.
func Open(dir string, options Options) (*Spool, error) {
	if options.MaxBytes == 0 {
		options.MaxBytes = 1 << 30
	}
	if options.SegmentBytes == 0 {
		options.SegmentBytes = 8 << 20
	}
	s := &Spool{dir: dir, options: options, queue: spool.NewQueue[place]()}
	if err := s.load(); err != nil {
		return nil, fmt.Errorf("spool %s: %w; is the disk full, or the folder somebody else's?", dir, err)
	}
	return s, nil
}

func (s *Spool) load() error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	names, err := filepath.Glob(filepath.Join(s.dir, "*"+itemsSuffix))
	if err != nil {
		return err
	}
	slices.Sort(names)
	for _, name := range names {
		g, places, damage, err := openSegment(name)
		if err != nil {
			return err
		}
		if damage != "" {
			s.Damaged = append(s.Damaged, damage)
		}
		s.number = max(s.number, g.id)
		if g.remains == 0 {
			if err := g.remove(); err != nil {
				return err
			}
			continue
		}
		for _, p := range places {
			s.bytes += p.size()
		}
		s.waiting.Add(int64(g.remains))
		s.queue.Put(places...)
	}
	return s.begin()
}

// begin makes a new segment the active one.
func (s *Spool) begin() error {
	g, err := createSegment(s.dir, s.number+1)
	if err != nil {
		return err
	}
	s.number++
	s.active = g
	return nil
}

// Append implements [spool.Spool].
func (s *Spool) Append(_ context.Context, items ...[]byte) error {
	if len(items) == 0 {
		return nil
	}
	places, upTo, err := s.write(items)
	if err != nil {
		return err
	}
	if err := s.sync(places[0].segment, upTo); err != nil {
		s.forget(places)
		return err
	}
	s.queue.Put(places...)
	return nil
}

// forget takes back items that did not get to the disk.
func (s *Spool) forget(places []place) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range places {
		s.bytes -= p.size()
		p.segment.remains--
	}
	s.waiting.Add(-int64(len(places)))
}

// write puts items at the end of the active segment, not on the disk yet.
func (s *Spool) write(items [][]byte) (places []place, upTo int64, err error) {
	block := encode(items)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refuses(); err != nil {
		return nil, 0, err
	}
	if s.bytes+int64(len(block)) > s.options.MaxBytes {
		return nil, 0, fmt.Errorf("spool %s: %d of %d bytes are taken: %w", s.dir, s.bytes, s.options.MaxBytes, spool.ErrFull)
	}
	if s.active.failed != nil || s.active.size >= s.options.SegmentBytes {
		if err := s.rotate(); err != nil {
			return nil, 0, s.breaks(err)
		}
	}
	places, err = s.active.append(block, items)
	if err != nil {
		return nil, 0, s.breaks(err)
	}
	s.bytes += int64(len(block))
	s.waiting.Add(int64(len(items)))
	return places, s.active.size, nil
}

// rotate seals the active segment and begins another.
func (s *Spool) rotate() error {
	old := s.active
	if old.failed == nil {
		if err := old.items.Sync(); err != nil {
			old.failed = err
			return err
		}
		old.synced.Store(old.size)
	}
	if err := s.begin(); err != nil {
		return err
	}
	if old.remains == 0 {
		return old.remove()
	}
	return nil
}

// sync returns once a segment is on the disk up to an offset. One call of the
// disk serves all who wait.
func (s *Spool) sync(g *segment, upTo int64) error {
	s.syncing.Lock()
	defer s.syncing.Unlock()
	if g.synced.Load() >= upTo {
		return nil
	}
	s.mu.Lock()
	written, err := g.size, g.failed
	s.mu.Unlock()
	if err == nil {
		err = g.items.Sync()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil { // a second call would succeed without having written anything
		g.failed = err
		return s.breaks(err)
	}
	s.broken = nil
	g.synced.Store(max(g.synced.Load(), written))
	return nil
}

// breaks tells that something could not be kept, until something can be.
func (s *Spool) breaks(err error) error {
	s.broken = fmt.Errorf("spool %s: %v; free the disk: %w", s.dir, err, drift.ErrRetry)
	return s.broken
}

func (s *Spool) refuses() error {
	if s.closed {
		return spool.ErrClosed
	}
	return nil
}

// Next implements [spool.Spool].
func (s *Spool) Next(ctx context.Context) (spool.Item, error) {
	p, err := s.queue.Take(ctx)
	if err != nil {
		return spool.Item{}, err
	}
	data, err := p.segment.read(p)
	if err != nil {
		return spool.Item{}, fmt.Errorf("spool %s: %v: %w", s.dir, err, drift.ErrRetry)
	}
	return spool.Item{Data: data, Place: p}, nil
}

// Done implements [spool.Spool].
func (s *Spool) Done(_ context.Context, it spool.Item) error {
	p, ok := it.Place.(place)
	if !ok {
		return fmt.Errorf("spool %s: an item of another spool: %w", s.dir, drift.ErrInvalid)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return spool.ErrClosed
	}
	p.segment.done(p.number)
	s.waiting.Add(-1)
	s.bytes -= p.size()
	if p.segment.remains > 0 || p.segment == s.active {
		return nil
	}
	if err := p.segment.remove(); err != nil {
		return fmt.Errorf("spool %s: %w", s.dir, err)
	}
	return nil
}

// Bury implements [spool.Spool].
func (s *Spool) Bury(ctx context.Context, it spool.Item, why string) error {
	if err := s.bury(spool.Grave{Data: it.Data, Why: why, At: time.Now()}); err != nil {
		return fmt.Errorf("spool %s: %v: %w", s.dir, err, drift.ErrRetry)
	}
	return s.Done(ctx, it)
}

// Graves are lines of two files: when one has a full count, it becomes the old one.
const gravesName, oldGravesName = "buried.jsonl", "buried.old.jsonl"

func (s *Spool) bury(g spool.Grave) error {
	s.graves.Lock()
	defer s.graves.Unlock()
	name := filepath.Join(s.dir, gravesName)
	if list, err := readGraves(name); err == nil && len(list) >= spool.MaxBuried {
		if err := os.Rename(name, filepath.Join(s.dir, oldGravesName)); err != nil {
			return err
		}
	}
	line, err := json.Marshal(g)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Sync(), f.Close())
}

// Buried implements [spool.Spool].
func (s *Spool) Buried(_ context.Context, most int) (graves []spool.Grave, err error) {
	s.graves.Lock()
	defer s.graves.Unlock()
	for _, name := range [...]string{oldGravesName, gravesName} {
		list, err := readGraves(filepath.Join(s.dir, name))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("spool %s: what was buried: %w", s.dir, err)
		}
		graves = append(graves, list...)
	}
	slices.Reverse(graves)
	return graves[:min(len(graves), most)], nil
}

func readGraves(name string) (list []spool.Grave, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewReader(f)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil { // also of a line that a crash cut off
			return list, nil
		}
		var g spool.Grave
		if json.Unmarshal(line, &g) == nil {
			list = append(list, g)
		}
	}
}

// Waiting implements [spool.Spool].
func (s *Spool) Waiting() int { return int(s.waiting.Load()) }

// Ready implements [spool.Spool].
func (s *Spool) Ready() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return spool.ErrClosed
	case s.broken != nil:
		return s.broken
	case s.bytes >= s.options.MaxBytes:
		return fmt.Errorf("spool %s: %w", s.dir, spool.ErrFull)
	}
	return nil
}

// Close implements [spool.Spool].
func (s *Spool) Close() error {
	s.syncing.Lock()
	defer s.syncing.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	s.queue.Close()
	if s.active.remains == 0 {
		return s.active.remove()
	}
	return s.active.close()
}
