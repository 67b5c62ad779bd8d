// Package httptrigger takes events in over HTTP: many documents in a body, in
// any envelope and framing, and Falco's alerts as its http_output posts them.
// An answer of 202 means that the events are safe. It also says who may ask,
// whether the program is alive and ready, and how a server bears with slow or
// many clients.
package httptrigger

import (
	"bytes"
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
	// Answered, where set, is told of every answer.
	Answered func(status int, a Answer)

	// take reads a body and has what is in it accepted.
	take func(ctx context.Context, body io.Reader, length int64) (Answer, error)
	room *semaphore.Weighted
}

// NewEvents returns a handler that has events accepted: made safe, all of a body
// or none. [spool.ErrFull] and other errors ask the sender to come again.
func NewEvents(accept func(ctx context.Context, events []*drift.Event) error) *Events {
	return &Events{room: semaphore.NewWeighted(room), take: func(ctx context.Context, body io.Reader, _ int64) (Answer, error) {
		events, a, err := read(body)
		if err != nil {
			return a, err
		}
		a.Accepted = len(events)
		if len(events) == 0 {
			return a, nil
		}
		return a, refused(accept(ctx, events))
	}}
}

// NewDocuments returns a handler that has documents accepted as they stand in
// the body, whatever they are; else as [NewEvents].
func NewDocuments(accept func(ctx context.Context, documents [][]byte) error) *Events {
	return &Events{room: semaphore.NewWeighted(room), take: func(ctx context.Context, body io.Reader, length int64) (a Answer, err error) {
		payload := bytes.NewBuffer(make([]byte, 0, min(max(length, 0), MaxBody)+bytes.MinRead))
		if _, err := payload.ReadFrom(body); err != nil {
			return a, err
		}
		var documents [][]byte
		unpacked := 0
		for doc, err := range event.Documents(payload.Bytes()) {
			if err != nil {
				a.broken(err)
				continue
			}
			if unpacked += len(doc); unpacked > maxUnpacked {
				return Answer{}, errUnpacked
			}
			documents = append(documents, doc)
		}
		a.Accepted = len(documents)
		if len(documents) == 0 {
			return a, nil
		}
		return a, refused(accept(ctx, documents))
	}}
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

var isJSON = []string{"application/json"}

// onlyAccepted reports whether there is nothing else to tell, as is usual.
func (a *Answer) onlyAccepted() bool {
	return a.PassedOver == 0 && a.Unreadable == 0 && a.Errors == nil && a.Error == ""
}

// broken adds a document that cannot be read.
func (a *Answer) broken(err error) {
	var broken *event.DocumentError
	if a.Unreadable++; a.Unreadable <= shownErrors && errors.As(err, &broken) {
		a.Errors = append(a.Errors, Broken{broken.Line, broken.Offset, broken.Err.Error()})
	}
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
	status, a := h.answer(w, r)
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", strconv.Itoa(int(retryAfter.Seconds())))
	}
	w.Header()["Content-Type"] = isJSON
	w.WriteHeader(status)
	if a.onlyAccepted() {
		w.Write(append(strconv.AppendInt([]byte(`{"accepted":`), int64(a.Accepted), 10), "}\n"...))
	} else {
		json.NewEncoder(w).Encode(a) // the sender may be gone; the events are safe nevertheless
	}
	if h.Answered != nil {
		h.Answered(status, a)
	}
}

func (h *Events) answer(w http.ResponseWriter, r *http.Request) (status int, a Answer) {
	size := min(max(r.ContentLength, leastRoom), MaxBody)
	if r.ContentLength < 0 {
		size = MaxBody
	}
	if !h.room.TryAcquire(size) {
		waiting, cancel := context.WithTimeout(r.Context(), maxWait)
		defer cancel()
		if err := h.room.Acquire(waiting, size); err != nil {
			return http.StatusTooManyRequests, Answer{Error: "many events are being taken in; nothing of this body was accepted, send it again"}
		}
	}
	defer h.room.Release(size)

	a, err := h.take(r.Context(), http.MaxBytesReader(w, r.Body, MaxBody), r.ContentLength)
	var large *http.MaxBytesError
	var refusal refusal
	switch {
	case errors.As(err, &large), errors.Is(err, errUnpacked):
		return http.StatusRequestEntityTooLarge, Answer{Error: fmt.Sprintf("the body, or what it unpacks to, is larger than %d MiB; nothing of it was accepted, send it in parts", MaxBody>>20)}
	case errors.Is(err, spool.ErrFull):
		return http.StatusTooManyRequests, Answer{Error: "more events wait than there is room for; nothing of this body was accepted, send it again"}
	case errors.As(err, &refusal):
		return http.StatusServiceUnavailable, Answer{Error: "the events cannot be made safe now, see the log and /ready; send them again"}
	case err != nil:
		return http.StatusBadRequest, Answer{Error: "the body cannot be read to its end: nothing of it was accepted, send it again"}
	case a.Unreadable > 0:
		return http.StatusBadRequest, a
	}
	return http.StatusAccepted, a
}

// refusal is the error of events that were read and could not be made safe.
type refusal struct{ error }

func (r refusal) Unwrap() error { return r.error }

func refused(err error) error {
	if err != nil {
		err = refusal{err}
	}
	return err
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
			a.broken(broken)
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
