package page

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"tfdrift/internal/ledger"
)

// Bell tells open pages that findings changed. It carries no news itself: a
// page that hears it asks again. It is safe for concurrent use.
type Bell struct {
	mu     sync.Mutex
	rings  int64
	next   chan struct{} // closed by the next ring
	closed chan struct{}
	once   sync.Once
}

// NewBell returns a bell.
func NewBell() *Bell {
	// A count that no bell before had, so that a page which outlived a restart asks again.
	return &Bell{rings: time.Now().UnixMicro(), next: make(chan struct{}), closed: make(chan struct{})}
}

// Ring says that findings changed. It never waits.
func (b *Bell) Ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rings++
	close(b.next)
	b.next = make(chan struct{})
}

// Close ends what waits for the bell, which a server that shuts down would
// otherwise wait for: give it to http.Server.RegisterOnShutdown.
func (b *Bell) Close() { b.once.Do(func() { close(b.closed) }) }

// listen returns the count of rings and a channel that the next one closes.
func (b *Bell) listen() (rings int64, next <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.rings, b.next
}

// heard is the count as pages keep it; of no bell, nothing.
func (b *Bell) heard() string {
	if b == nil {
		return ""
	}
	rings, _ := b.listen()
	return strconv.FormatInt(rings, 10)
}

// Announce is a ledger that rings a bell after each publication saved.
func Announce(l ledger.Ledger, b *Bell) ledger.Ledger { return announced{l, b} }

type announced struct {
	ledger.Ledger
	bell *Bell
}

// Save rings after failures too: a write may succeed and report one.
func (a announced) Save(ctx context.Context, r ledger.Record) error {
	err := a.Ledger.Save(ctx, r)
	if r.Finding != nil {
		a.bell.Ring()
	}
	return err
}

const (
	// calm is how often at most an open page asks again; a burst of findings is one change to the eye.
	calm = time.Second
	// pulse keeps proxies from closing a connection on which nothing happens.
	pulse = 25 * time.Second
	// patience is how long a reader may take to accept a line.
	patience = 10 * time.Second
)

// live writes the bell's count at once and after every change, as server-sent
// events (WHATWG HTML, section "Server-sent events").
func (s *site) live(w http.ResponseWriter, r *http.Request) {
	if s.Bell == nil {
		s.refuse(w, http.StatusNotFound)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no") // nginx would hold the events back
	control := http.NewResponseController(w)
	write := func(format string, a ...any) bool {
		control.SetWriteDeadline(time.Now().Add(patience)) // unsupported: then the server's own holds
		_, err := fmt.Fprintf(w, format, a...)
		return err == nil && control.Flush() == nil
	}
	alive := time.NewTicker(pulse)
	defer alive.Stop()
	ok, told := true, int64(0)
	for ok {
		rings, next := s.Bell.listen()
		if rings != told {
			ok, told = write("event: changed\ndata: %d\n\n", rings), rings
			if !pause(r.Context(), s.Bell.closed, calm) {
				return
			}
			continue
		}
		select {
		case <-next:
		case <-alive.C:
			ok = write(": still here\n\n")
		case <-r.Context().Done():
			return
		case <-s.Bell.closed:
			return
		}
	}
}

// pause waits, and reports whether there is a reason to go on.
func pause(ctx context.Context, closed <-chan struct{}, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
	case <-closed:
	}
	return false
}
