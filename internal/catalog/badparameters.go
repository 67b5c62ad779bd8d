package catalog

import (
	"fmt"

	"tfdrift/internal/drift"
)

// BadParameters is the error for an event whose parameters cannot be read.
type BadParameters struct {
	Event *drift.Event
	Part  string // request, response or metadata
	Err   error
}

func (e *BadParameters) Error() string {
	return fmt.Sprintf("event %s (%s): its %s cannot be read as a JSON object: %v", e.Event.ID, e.Event.Name, e.Part, e.Err)
}

// Unwrap makes it drift.ErrInvalid: it will never be readable.
func (e *BadParameters) Unwrap() error { return drift.ErrInvalid }
