// Package stdoutbus writes messages to a pipe, a line each, for pipelines and
// for trying the forwarder out. A message is taken when it was written.
package stdoutbus

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"sync"

	"tfdrift/internal/bus"
	"tfdrift/internal/drift"
)

// Bus implements [bus.Bus].
type Bus struct {
	mu sync.Mutex
	w  io.Writer
}

// New returns a bus that writes to w.
func New(w io.Writer) *Bus { return &Bus{w: w} }

// Limits implements [bus.Bus].
func (*Bus) Limits() bus.Limits { return bus.Limits{Messages: 100, Bytes: 1 << 20} }

// Send implements [bus.Bus].
func (b *Bus) Send(ctx context.Context, messages [][]byte) (errs []error) {
	if err := ctx.Err(); err != nil {
		return bus.Errors(messages, fmt.Errorf("standard output: %v: %w", err, drift.ErrRetry))
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, message := range messages {
		if err := b.line(message); err != nil {
			if errs == nil {
				errs = make([]error, len(messages))
			}
			errs[i] = err
		}
	}
	return errs
}

func (b *Bus) line(message []byte) error {
	if limits := b.Limits(); len(message) > limits.Bytes {
		return limits.TooLarge(message)
	}
	var line bytes.Buffer
	if err := json.Compact(&line, message); err != nil { // an alert may have been posted over several lines
		return fmt.Errorf("standard output: %v: %w", err, drift.ErrInvalid)
	}
	line.WriteByte('\n')
	if _, err := b.w.Write(line.Bytes()); err != nil {
		return fmt.Errorf("standard output: %v: %w", err, drift.ErrRetry)
	}
	return nil
}

// Close implements [bus.Bus].
func (*Bus) Close() error { return nil }
