// Package httptrigger takes events in over HTTP: many documents in a body, in
// any envelope and framing, and Falco's alerts as its http_output posts them.
// An answer of 202 means that the events are safe. It also says who may ask,
// and whether the program is alive and ready.
package httptrigger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/sync/semaphore"

	"tfdrift/internal/drift"
	"tfdrift/internal/event"
	"tfdrift/internal/spool"
)

// Bounds of what is read at once. A body larger than MaxBody is refused. Bodies
// that are being read take room by their size, since their documents are held
// until all are safe; who finds none waits a little, then is asked to come again.
const (
	MaxBody    = 8 << 20
	room       = 32 << 20
	leastRoom  = 32 << 10
	maxWait    = 5 * time.Second
	retryAfter = 2 * time.Second
	// maxUnpacked bounds the events of one body, which may be gzip.
	maxUnpacked = 2 * MaxBody
	// shownErrors is how many broken documents of a body are told one by one.
	shownErrors = 20
)

// Events is the handler of events on one path.
type Events struct {
	// Accept makes events safe, all or none. [spool.ErrFull] and other errors
	// ask the sender to come again.
	Accept func(ctx context.Context, events []*drift.Event) error
	// Answered, where set, is told of every answer.
	Answered func(status int, a Answer)

	room *semaphore.Weighted
}

// NewEvents returns a handler that has events accepted.
func NewEvents(accept func(ctx context.Context, events []*drift.Event) error) *Events {
	return &Events{Accept: accept, room: semaphore.NewWeighted(room)}
}

// Answer is what the sender is told, as JSON.
type Answer struct {
	Accepted   int      `json:"accepted"`              // events that are safe now
	PassedOver int      `json:"passed_over,omitempty"` // documents that are JSON and no event of a kind we know
	Unreadable int      `json:"unreadable,omitempty"`  // documents
	Errors     []Broken `json:"errors,omitempty"`      // of the first unreadable documents
	Error      string   `json:"error,omitempty"`       // why nothing was accepted
}

// Broken is one document that cannot be read, and where it begins.
type Broken struct {
	Line   int    `json:"line"`
	Offset int64  `json:"offset"` // of its first byte, after unpacking
	Error  string `json:"error"`
}

// ServeHTTP answers 202 where everything was accepted, 400 where a document
// could not be read, and all others of the body were accepted; 413 and 429
// where nothing was.
func (h *Events) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "tfdrift: events are posted", http.StatusMethodNotAllowed)
		return
	}
	status, a := h.take(w, r)
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", strconv.Itoa(int(retryAfter.Seconds())))
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(a) // the sender may be gone; the events are safe nevertheless
	if h.Answered != nil {
		h.Answered(status, a)
	}
}

func (h *Events) take(w http.ResponseWriter, r *http.Request) (status int, a Answer) {
	size := min(max(r.ContentLength, leastRoom), MaxBody)
	if r.ContentLength < 0 {
		size = MaxBody
	}
	waiting, cancel := context.WithTimeout(r.Context(), maxWait)
	defer cancel()
	if err := h.room.Acquire(waiting, size); err != nil {
		return http.StatusTooManyRequests, Answer{Error: "many events are being taken in; nothing of this body was accepted, send it again"}
	}
	defer h.room.Release(size)

	events, a, err := read(http.MaxBytesReader(w, r.Body, MaxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large), errors.Is(err, errUnpacked):
		return http.StatusRequestEntityTooLarge, Answer{Error: fmt.Sprintf("the body, or what it unpacks to, is larger than %d MiB; nothing of it was accepted, send it in parts", MaxBody>>20)}
	case err != nil:
		return http.StatusBadRequest, Answer{Error: "the body cannot be read to its end: nothing of it was accepted, send it again"}
	}
	if len(events) > 0 {
		switch err := h.Accept(r.Context(), events); {
		case errors.Is(err, spool.ErrFull):
			return http.StatusTooManyRequests, Answer{Error: "more events wait than there is room for; nothing of this body was accepted, send it again"}
		case err != nil:
			return http.StatusServiceUnavailable, Answer{Error: "the events cannot be made safe now, see the log and /ready; send them again"}
		}
	}
	a.Accepted = len(events)
	if a.Unreadable > 0 {
		return http.StatusBadRequest, a
	}
	return http.StatusAccepted, a
}

var errUnpacked = errors.New("too large unpacked")

// read returns the events of a body, and what else is in it.
func read(body io.Reader) (events []*drift.Event, a Answer, err error) {
	documents := event.NewReader(body, "body")
	for unpacked := 0; ; {
		ev, err := documents.Next()
		var broken *event.DocumentError
		switch {
		case errors.Is(err, io.EOF):
			a.PassedOver = documents.Skipped
			return events, a, nil
		case errors.As(err, &broken):
			if a.Unreadable++; a.Unreadable <= shownErrors {
				a.Errors = append(a.Errors, Broken{broken.Line, broken.Offset, broken.Err.Error()})
			}
			continue
		case err != nil:
			return nil, a, err
		}
		if unpacked += len(ev.Request) + len(ev.Response) + len(ev.Extra); unpacked > maxUnpacked {
			return nil, a, errUnpacked
		}
		events = append(events, ev)
	}
}
