package event

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"

	"tfdrift/internal/drift"
)

// Reader yields the events of one input in order: documents in any framing and
// any envelope, plain or gzip. It holds one document at a time.
type Reader struct {
	// Documents counts the documents read, Skipped those of them that hold no
	// event of a kind we know: valid JSON, but nothing to judge.
	Documents, Skipped int

	name   string
	src    io.Reader
	frames *framer
	x      expander
	queue  []*drift.Event
	failed error // of the document whose events are in queue
}

// NewReader reads r. The name stands in errors: a file's path, or "-".
func NewReader(r io.Reader, name string) *Reader {
	return &Reader{name: name, src: r, x: expander{parts: &parts{}}}
}

// Next returns the next event. It returns io.EOF at the end, and a
// [*DocumentError] for a document that cannot be read; call it again to go on
// behind it. Any other error is of the input itself and final.
func (r *Reader) Next() (*drift.Event, error) {
	for {
		if len(r.queue) > 0 {
			e := r.queue[0]
			r.queue = r.queue[1:]
			return e, nil
		}
		if err := r.failed; err != nil {
			r.failed = nil
			return nil, err
		}
		if err := r.read(); err != nil {
			return nil, err
		}
	}
}

// read fills the queue from the next document.
func (r *Reader) read() error {
	if r.frames == nil {
		src, err := plain(r.src)
		if err != nil {
			return r.inputError(err)
		}
		r.frames = newFramer(src)
	}
	doc, err := r.frames.next()
	if broken := (*DocumentError)(nil); errors.As(err, &broken) {
		broken.File = r.name
		return broken
	}
	if err == io.EOF {
		if r.queue = r.x.parts.flush(); len(r.queue) > 0 {
			return nil
		}
		return io.EOF
	}
	if err != nil {
		return r.inputError(err)
	}
	r.Documents++
	r.x.reset()
	r.x.expand(doc.raw, 0, "")
	r.queue = r.x.events
	if err := errors.Join(r.x.errs...); err != nil {
		r.failed = &DocumentError{File: r.name, Line: doc.line, Offset: doc.offset, Err: err}
	} else if r.x.known == 0 {
		r.Skipped++
	}
	return nil
}

func (r *Reader) inputError(err error) error {
	if errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%s: the gzip data is damaged or cut off, fetch the file again: %w", r.name, err)
	}
	return fmt.Errorf("%s: reading failed: %w", r.name, err)
}

// plain unpacks gzip, which it knows by its first bytes.
func plain(r io.Reader) (io.Reader, error) {
	buffered := bufio.NewReaderSize(r, minBuffer)
	if head, _ := buffered.Peek(2); !isGzip(head) {
		return buffered, nil
	}
	return gzip.NewReader(buffered)
}

func isGzip(b []byte) bool { return len(b) >= 2 && b[0] == 0x1f && b[1] == 0x8b }

// DocumentError says which document cannot be read, and why. It is a
// [drift.ErrInvalid].
type DocumentError struct {
	File   string // as given to NewReader; "" from Decode
	Line   int    // the line, from 1, on which the document begins
	Offset int64  // of its first byte, after unpacking
	Err    error
}

func (e *DocumentError) Error() string {
	if e.File == "" {
		return fmt.Sprintf("line %d: %v", e.Line, e.Err)
	}
	return fmt.Sprintf("%s:%d: %v", e.File, e.Line, e.Err)
}

// Unwrap gives the cause.
func (e *DocumentError) Unwrap() []error { return []error{drift.ErrInvalid, e.Err} }

// Decode returns the events in one payload, in any envelope and framing. What
// can be read is returned also where something cannot; the error then joins a
// [*DocumentError] for each. No event and no error means valid JSON of a kind
// that is not ours.
func Decode(payload []byte) ([]*drift.Event, error) {
	x := expander{parts: &parts{}}
	x.reset()
	x.expandText(payload, 0, "")
	for i, err := range x.errs {
		if broken := (*DocumentError)(nil); !errors.As(err, &broken) {
			x.errs[i] = &DocumentError{Line: 1, Err: err}
		}
	}
	return append(x.events, x.parts.flush()...), errors.Join(x.errs...)
}
