// Package bus is where the forwarder hands alerts over to: the bus from which
// native events reach the detector too. It is the port and the in-memory
// backend; others are sub-packages, and package bustest holds the contract that
// all of them keep.
//
// What is sent, and what becomes of what a bus does not take, is left to those
// who use it.
package bus

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"

	"tfdrift/internal/drift"
)

// Bus is the port. Its methods may be called concurrently.
type Bus interface {
	// Send hands messages over, each a JSON document, in one call of the bus. It
	// returns nil once the bus has all of them, or an error for each message, nil
	// for those that it has: a [drift.ErrInvalid] for what it will never take,
	// a [drift.ErrRetry] for what may be sent again. What was answered with an error
	// may have arrived all the same. The messages are as [Limits] allows.
	Send(ctx context.Context, messages [][]byte) []error

	// Limits are what one call takes.
	Limits() Limits

	// Close lets go of the connection.
	Close() error
}

// Limits of one call.
type Limits struct {
	Messages int // in one call
	Bytes    int // of all messages of one call, and of one
}

// Errors is the answer for a call that failed as a whole.
func Errors(messages [][]byte, err error) []error {
	errs := make([]error, len(messages))
	for i := range errs {
		errs[i] = err
	}
	return errs
}

// TooLarge is the error of a message that no call takes.
func (l Limits) TooLarge(message []byte) error {
	return fmt.Errorf("a message of %d bytes, of which the bus takes %d at most: %w", len(message), l.Bytes, drift.ErrInvalid)
}

// Memory is the in-memory backend: real, safe for concurrent use, gone with the
// process.
type Memory struct {
	// Refuse, where set, is asked for each message before it is taken.
	Refuse func(message []byte) error
	// Most are its limits; the zero value stands for ten messages and a megabyte.
	Most Limits

	mu       sync.Mutex
	messages [][]byte
}

// Send implements [Bus].
func (m *Memory) Send(ctx context.Context, messages [][]byte) (errs []error) {
	if err := ctx.Err(); err != nil {
		return Errors(messages, fmt.Errorf("%v: %w", err, drift.ErrRetry))
	}
	refused := make([]error, len(messages))
	for i, message := range messages {
		if len(message) > m.Limits().Bytes {
			refused[i] = m.Limits().TooLarge(message)
		} else if m.Refuse != nil {
			refused[i] = m.Refuse(message)
		}
		if refused[i] != nil {
			errs = refused
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, message := range messages {
		if refused[i] == nil {
			m.messages = append(m.messages, bytes.Clone(message))
		}
	}
	return errs
}

// Limits implements [Bus].
func (m *Memory) Limits() Limits {
	if m.Most == (Limits{}) {
		return Limits{Messages: 10, Bytes: 1 << 20}
	}
	return m.Most
}

// Close implements [Bus].
func (m *Memory) Close() error { return nil }

// Messages returns what arrived, in order.
func (m *Memory) Messages() [][]byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.messages)
}
