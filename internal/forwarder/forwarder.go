// Package forwarder relays Falco's alerts to the bus from which native events
// reach the detector too. Falco neither buffers nor asks again, so an alert is
// accepted only once it is safe: the bus has it, or the spool.
//
// The bus is tried at once, in batches. What it does not acknowledge in time
// goes to the spool, and from there to the bus, again and again, in the order in
// which it came. Where alerts come from, and which bus it is, is left to others;
// so is understanding them.
package forwarder

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"

	"tfdrift/internal/bus"
	"tfdrift/internal/drift"
	"tfdrift/internal/event"
	"tfdrift/internal/spool"
)

// Forwarder is the way from Falco to the bus. Make one with [New].
type Forwarder struct {
	bus     bus.Bus
	spool   spool.Spool
	log     *slog.Logger
	options Options
	limits  bus.Limits

	fresh   fresh       // the batch that is being filled
	batches chan []item // of them
	spooled chan []spool.Item

	prompt   atomic.Bool         // the bus acknowledges in time: it is tried first
	failures atomic.Int64        // of sending from the spool, in a row
	room     *semaphore.Weighted // for bytes on their way
	turn     chan struct{}       // held by who tries a bus that fails
	ended    chan struct{}       // closed when Run has
}

// Options of a forwarder; the zero value works.
type Options struct {
	Filter Filter
	// Patience is how long the bus may take before an alert goes to the spool;
	// 0: a quarter of a second.
	Patience time.Duration
	// Timeout is how long a call may take for what is in the spool already; 0: ten seconds.
	Timeout time.Duration
	// Hold is how long an alert is kept waiting for room in the spool before it is
	// refused; 0: ten seconds. Falco takes a refusal for a success, and waits for
	// an answer.
	Hold time.Duration
	// MaxAge is how long an alert may wait in the spool before it is put away; 0: three days.
	MaxAge time.Duration
	// Backoff is how long to wait after the nth failure in a row, from 0; nil: a
	// tenth of a second at first, half a minute at last.
	Backoff func(n int) time.Duration
	// Meter is told what becomes of alerts.
	Meter Meter
	// Now is the clock; nil: the system's.
	Now func() time.Time
}

// Meter is told what becomes of alerts. Its methods may be called concurrently.
type Meter interface {
	Accepted(alerts int)                  // they are safe
	Relayed(alerts int)                   // the bus has them
	Spooled(alerts int)                   // the spool has them
	Dropped(reason string, alerts int)    // they go nowhere; for the reasons see [NoAlert]
	Cut()                                 // one was too large and has lost what detection does not read
	Refused(alerts int)                   // neither bus nor spool took them: their sender was told so
	Sent(took time.Duration, failed bool) // a call of the bus
}

// How much is sent at once. Ways are calls of the bus; the detector's bus takes
// some 20 ms for one.
const (
	freshWays   = 32
	spooledWays = 16
	linger      = 2 * time.Millisecond // that a batch waits to be full
	atOnce      = 4 << 20              // bytes on their way, about
	batchBytes  = atOnce / freshWays
)

// item is one alert on its way while its sender waits.
type item struct {
	data   []byte
	number int
	of     *parcel
}

// parcel is what one sender waits for.
type parcel struct {
	left atomic.Int32
	errs []error // by number
	done chan struct{}
}

func (it item) end(err error) {
	it.of.errs[it.number] = err
	if it.of.left.Add(-1) == 0 {
		close(it.of.done)
	}
}

// New returns a forwarder that relays once [Forwarder.Run] runs.
func New(b bus.Bus, s spool.Spool, log *slog.Logger, o Options) *Forwarder {
	set := func(d *time.Duration, standard time.Duration) {
		if *d == 0 {
			*d = standard
		}
	}
	set(&o.Patience, 250*time.Millisecond)
	set(&o.Timeout, 10*time.Second)
	set(&o.Hold, 10*time.Second)
	set(&o.MaxAge, 72*time.Hour)
	if o.Backoff == nil {
		o.Backoff = func(n int) time.Duration {
			wait := min(30*time.Second, 100*time.Millisecond<<min(n, 10))
			return wait/2 + rand.N(wait/2)
		}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Meter == nil {
		o.Meter = unmetered{}
	}
	f := &Forwarder{
		bus: b, spool: s, log: log, options: o, limits: b.Limits(),
		batches: make(chan []item), spooled: make(chan []spool.Item), room: semaphore.NewWeighted(atOnce), turn: make(chan struct{}, 1), ended: make(chan struct{}),
	}
	f.fresh.due = time.AfterFunc(time.Hour, func() { f.dispatch(f.fresh.take(), nil) })
	f.fresh.due.Stop()
	f.prompt.Store(true)
	return f
}

// Accept makes the alerts among some documents safe; what the filter passes over
// is dropped and counted. An error, a [drift.ErrRetry], means that not all are
// safe, and that they should be sent again.
func (f *Forwarder) Accept(ctx context.Context, documents ...[]byte) error {
	alerts := make([][]byte, 0, len(documents))
	for _, doc := range documents {
		if alert := f.sift(doc); alert != nil {
			alerts = append(alerts, alert)
		}
	}
	if len(alerts) == 0 {
		return nil
	}
	left := alerts
	if f.prompt.Load() {
		left = f.relay(ctx, alerts)
	}
	if len(left) > 0 {
		if err := f.keep(ctx, left); err != nil {
			f.options.Meter.Refused(len(left))
			return err
		}
	}
	f.options.Meter.Accepted(len(alerts))
	return nil
}

// sift returns what is to be relayed of a document, or nil.
func (f *Forwarder) sift(doc []byte) []byte {
	alert, ok := event.ReadAlert(doc)
	if !ok {
		f.options.Meter.Dropped(NoAlert, 1)
		return nil
	}
	if why := f.options.Filter.drops(alert); why != "" {
		f.options.Meter.Dropped(why, 1)
		f.log.Debug("an alert is not relayed", "reason", why, "rule", alert.Rule, "source", alert.Source, "calls", alert.Calls)
		return nil
	}
	shrunk, without, ok := event.ShrinkAlert(doc, f.limits.Bytes)
	if ok && len(without) > 0 {
		f.options.Meter.Cut()
		f.log.Warn("an alert is larger than the bus takes; it is relayed without some fields", "rule", alert.Rule, "calls", alert.Calls, "bytes", len(doc), "without", without)
	}
	if !ok {
		return doc // the bus refuses it, and it is put away where it can be listed
	}
	return shrunk
}

// relay tries the bus and returns the alerts that it did not acknowledge in time.
func (f *Forwarder) relay(ctx context.Context, alerts [][]byte) (left [][]byte) {
	p := &parcel{errs: make([]error, len(alerts)), done: make(chan struct{})}
	p.left.Store(int32(len(alerts)))
	for i, data := range alerts {
		f.dispatch(f.fresh.add(item{data, i, p}, f.limits), ctx.Done())
	}
	<-p.done // a batch under way is bounded by the same patience
	for i, err := range p.errs {
		if err != nil {
			left = append(left, alerts[i])
		}
	}
	f.options.Meter.Relayed(len(alerts) - len(left))
	return left
}

var errLate = fmt.Errorf("not in time: %w", drift.ErrRetry)

// keep puts alerts into the spool, and waits for room there for a while.
func (f *Forwarder) keep(ctx context.Context, alerts [][]byte) error {
	at := uint64(f.options.Now().UnixNano())
	items := make([][]byte, len(alerts))
	for i, alert := range alerts {
		items[i] = append(binary.BigEndian.AppendUint64(make([]byte, 0, stampSize+len(alert)), at), alert...)
	}
	ctx, cancel := context.WithTimeout(ctx, f.options.Hold)
	defer cancel()
	for {
		err := f.spool.Append(ctx, items...)
		if err == nil {
			f.options.Meter.Spooled(len(items))
			return nil
		}
		if errors.Is(err, spool.ErrClosed) || pause(ctx, 50*time.Millisecond) != nil {
			return err
		}
	}
}

// stampSize is the length of the time, in nanoseconds since 1970, at which an
// alert came to the spool; it stands before the alert.
const stampSize = 8

// Unspooled is an item of the spool as it was accepted, and when.
func Unspooled(data []byte) (alert []byte, at time.Time) {
	if len(data) < stampSize {
		return data, time.Time{}
	}
	return data[stampSize:], time.Unix(0, int64(binary.BigEndian.Uint64(data)))
}

// Ready tells why alerts could not be made safe now, or nil. That the bus fails
// is no reason as long as the spool takes them.
func (f *Forwarder) Ready() error { return f.spool.Ready() }

// Answers reports whether the bus takes alerts.
func (f *Forwarder) Answers() bool { return f.failures.Load() == 0 && f.prompt.Load() }

// Run relays until ctx ends. What is in the spool then, stays there.
func (f *Forwarder) Run(ctx context.Context) {
	var all sync.WaitGroup
	for range freshWays {
		all.Go(func() {
			for {
				select {
				case batch := <-f.batches:
					f.sendFresh(ctx, batch)
				case <-ctx.Done():
					return
				}
			}
		})
	}
	for range spooledWays {
		all.Go(func() {
			for batch := range f.spooled {
				f.bring(ctx, batch)
			}
		})
	}
	all.Go(func() { f.drain(ctx) })
	all.Wait()
	close(f.ended)
}

// Drain returns when nothing waits in the spool any more, or with ctx's error.
func (f *Forwarder) Drain(ctx context.Context) error {
	for f.spool.Waiting() > 0 {
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			return fmt.Errorf("%d alerts are left in the spool for the next start: %w", f.spool.Waiting(), err)
		}
	}
	return nil
}

// fresh is the batch that is being filled. It is sent when it is full, or a
// little after its first alert came.
type fresh struct {
	mu    sync.Mutex
	batch []item
	size  int
	due   *time.Timer // dispatches it
}

// add adds an alert, and returns the batch that is full with it.
func (b *fresh) add(it item, limits bus.Limits) (full []item) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.batch) > 0 && b.size+len(it.data) > limits.Bytes {
		full, b.batch, b.size = b.batch, nil, 0
	}
	if b.batch == nil {
		b.batch = make([]item, 0, limits.Messages)
		b.due.Reset(linger)
	}
	b.batch = append(b.batch, it)
	if b.size += len(it.data); full == nil && (len(b.batch) == limits.Messages || b.size >= batchBytes) {
		full, b.batch, b.size = b.batch, nil, 0
		b.due.Stop()
	}
	return full
}

// take takes what there is of it.
func (b *fresh) take() (batch []item) {
	b.mu.Lock()
	defer b.mu.Unlock()
	batch, b.batch, b.size = b.batch, nil, 0
	return batch
}

// dispatch has a batch sent, where there is somebody to send it in time.
func (f *Forwarder) dispatch(batch []item, gone <-chan struct{}) {
	if len(batch) == 0 {
		return
	}
	select {
	case f.batches <- batch:
		return
	default:
	}
	late := time.NewTimer(f.options.Patience)
	defer late.Stop()
	select {
	case f.batches <- batch:
		return
	case <-late.C:
	case <-gone:
	case <-f.ended:
	}
	for _, it := range batch {
		it.end(errLate)
	}
}

// sendFresh sends a batch once, and has its senders know.
func (f *Forwarder) sendFresh(ctx context.Context, batch []item) {
	messages := make([][]byte, len(batch))
	for i, it := range batch {
		messages[i] = it.data
	}
	errs := f.send(ctx, messages, f.options.Patience)
	if err := firstRetry(errs); err != nil && f.prompt.Swap(false) {
		f.log.Warn("the bus does not acknowledge in time; alerts go to the spool until it does", "error", err)
	}
	for i, it := range batch {
		if errs == nil {
			it.end(nil)
		} else {
			it.end(errs[i])
		}
	}
}

// send is one call of the bus.
func (f *Forwarder) send(ctx context.Context, messages [][]byte, patience time.Duration) []error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	size := 0
	for _, m := range messages {
		size += len(m)
	}
	room := min(int64(size), atOnce)
	if err := f.room.Acquire(ctx, room); err != nil {
		return bus.Errors(messages, errLate)
	}
	defer f.room.Release(room)
	began := time.Now()
	errs := f.bus.Send(ctx, messages)
	took := time.Since(began)
	failed := firstRetry(errs) != nil
	f.options.Meter.Sent(took, failed)
	if !failed && took <= f.options.Patience && !f.prompt.Swap(true) {
		f.log.Info("the bus acknowledges in time again", "waiting", f.spool.Waiting())
	}
	return errs
}

// firstRetry is the first error that is not the message's own fault.
func firstRetry(errs []error) error {
	for _, err := range errs {
		if err != nil && !errors.Is(err, drift.ErrInvalid) {
			return err
		}
	}
	return nil
}

// drain makes batches of what is in the spool, in order.
func (f *Forwarder) drain(ctx context.Context) {
	defer close(f.spooled)
	var first []spool.Item // what did not fit any more
	for {
		if len(first) == 0 {
			it, err := f.next(ctx)
			switch {
			case ctx.Err() != nil, errors.Is(err, spool.ErrClosed):
				return
			case err != nil:
				continue
			}
			first = append(first, it)
		}
		batch, rest := f.fill(ctx, first)
		select {
		case f.spooled <- batch:
		case <-ctx.Done():
			return
		}
		first = rest
	}
}

// fill adds to a batch what comes at once.
func (f *Forwarder) fill(ctx context.Context, batch []spool.Item) (full, rest []spool.Item) {
	short, cancel := context.WithTimeout(ctx, linger)
	defer cancel()
	for size := len(batch[0].Data); len(batch) < f.limits.Messages && size < min(batchBytes, f.limits.Bytes); {
		it, err := f.next(short)
		if err != nil {
			break
		}
		if size += len(it.Data); size > f.limits.Bytes {
			return batch, []spool.Item{it}
		}
		batch = append(batch, it)
	}
	return batch, nil
}

func (f *Forwarder) next(ctx context.Context) (spool.Item, error) {
	it, err := f.spool.Next(ctx)
	if err != nil && ctx.Err() == nil && !errors.Is(err, spool.ErrClosed) { // the item comes again after a restart
		f.log.Error("an accepted alert cannot be read back from the spool", "error", err)
		_ = pause(ctx, time.Second)
	}
	return it, err
}

// bring sends what waited until the bus has it or will never take it, or ctx
// ends: then it is left for the next start.
func (f *Forwarder) bring(ctx context.Context, batch []spool.Item) {
	for throttled := 0; len(batch) > 0; {
		batch = f.withoutExpired(ctx, batch)
		messages := make([][]byte, len(batch))
		for i, it := range batch {
			messages[i], _ = Unspooled(it.Data)
		}
		errs, ok := f.attempt(ctx, messages)
		if !ok {
			return
		}
		var left []spool.Item
		relayed := 0
		for i, it := range batch {
			switch {
			case errs == nil || errs[i] == nil:
				relayed++
				f.forget(f.spool.Done(ctx, it))
			case errors.Is(errs[i], drift.ErrInvalid):
				f.bury(ctx, it, Refused, errs[i].Error())
			default:
				left = append(left, it)
			}
		}
		f.options.Meter.Relayed(relayed)
		if len(left) > 0 && len(left) < len(batch) { // the bus takes some: it is only slower
			if pause(ctx, f.options.Backoff(min(throttled, maxThrottled))) != nil {
				return
			}
			throttled++
		}
		batch = left
	}
}

// maxThrottled bounds how long what a bus throttles waits, as a number of
// failures: some seconds, by the standard backoff.
const maxThrottled = 5

// attempt is one call of the bus for what waited. While the bus fails, one
// caller at a time tries it, after a pause. Not ok: ctx has ended.
func (f *Forwarder) attempt(ctx context.Context, messages [][]byte) (errs []error, ok bool) {
	if len(messages) == 0 {
		return nil, true
	}
	if f.failures.Load() > 0 {
		select {
		case f.turn <- struct{}{}:
			defer func() { <-f.turn }()
		case <-ctx.Done():
			return nil, false
		}
		if n := f.failures.Load(); n > 0 && pause(ctx, f.options.Backoff(int(n-1))) != nil {
			return nil, false
		}
	}
	errs = f.send(ctx, messages, f.options.Timeout)
	if ctx.Err() != nil && errs != nil {
		return nil, false
	}
	if taken(errs) {
		f.failures.Store(0)
		return errs, true
	}
	err := firstRetry(errs)
	if n := f.failures.Add(1); n == 1 || n%10 == 0 {
		f.log.Warn("the bus does not take alerts; they wait in the spool", "failures", n, "waiting", f.spool.Waiting(), "error", err)
	}
	return errs, true
}

// taken reports whether the bus dealt with some of a call's messages.
func taken(errs []error) bool {
	return errs == nil || slices.ContainsFunc(errs, func(err error) bool { return err == nil || errors.Is(err, drift.ErrInvalid) })
}

// withoutExpired puts away what has waited too long.
func (f *Forwarder) withoutExpired(ctx context.Context, batch []spool.Item) (left []spool.Item) {
	oldest := f.options.Now().Add(-f.options.MaxAge)
	for _, it := range batch {
		if _, at := Unspooled(it.Data); at.Before(oldest) {
			f.bury(ctx, it, Expired, fmt.Sprintf("it waited for the bus since %s, longer than %s", at.UTC().Format(time.RFC3339), f.options.MaxAge))
			continue
		}
		left = append(left, it)
	}
	return left
}

func (f *Forwarder) bury(ctx context.Context, it spool.Item, reason, why string) {
	f.options.Meter.Dropped(reason, 1)
	f.log.Error("an accepted alert cannot be relayed and is put away", "reason", reason, "error", why)
	f.forget(f.spool.Bury(ctx, it, why))
}

// forget tells that the end of an item could not be written down: it comes
// again after a restart, which the detector knows.
func (f *Forwarder) forget(err error) {
	if err != nil {
		f.log.Warn("that an alert was relayed could not be written down; it will be relayed again", "error", err)
	}
}

// pause waits, or returns ctx's error.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

type unmetered struct{}

func (unmetered) Accepted(int)             {}
func (unmetered) Relayed(int)              {}
func (unmetered) Spooled(int)              {}
func (unmetered) Dropped(string, int)      {}
func (unmetered) Cut()                     {}
func (unmetered) Refused(int)              {}
func (unmetered) Sent(time.Duration, bool) {}
