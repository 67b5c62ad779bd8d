// Package channel is the port of the places that notifications go to, and what
// they share: what is said of a finding beside the finding itself, in text that
// is harmless wherever it is shown, and which refusals are worth another
// attempt. Each channel is a package below; when to send, and how often, is
// left to the notifier.
package channel

import (
	"context"

	"tfdrift/internal/drift"
)

// Message is one publication of a finding, on its way to one channel.
type Message struct {
	Finding  drift.Finding `json:"finding"`
	Revision int           `json:"revision"` // of the finding: 1 at its first publication
}

// Channel is a place that notifications go to. Its methods may be called
// concurrently.
type Channel interface {
	// Name is the channel's key in the configuration, such as "slack". Marks
	// of what was delivered are kept under it, so it never changes.
	Name() string

	// Send makes one attempt to deliver a message, and ends by itself where the
	// other side does not answer. A [Refusal] says what to do about a failure;
	// any other error is worth another attempt. The same message may be sent
	// twice: after an error the other side may have it all the same.
	Send(ctx context.Context, m Message) error
}

// Shown is a finding as it may leave the deployment: sensitive attributes have
// no values, and sealed ones within a block are left out.
func Shown(f drift.Finding) drift.Finding {
	changes := make([]drift.Attribute, len(f.Changes))
	for i, a := range f.Changes {
		if a.Sensitive || isSealed(a.Before) || isSealed(a.After) {
			a.Before, a.After, a.Sensitive = nil, nil, true
		}
		a.Before, a.After = unsealed(a.Before), unsealed(a.After)
		changes[i] = a
	}
	f.Changes = changes
	if f.Rules == nil {
		f.Rules = []string{}
	}
	return f
}

func isSealed(v any) bool {
	_, ok := v.(drift.Sealed)
	return ok
}

func unsealed(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			if !isSealed(e) {
				out[k] = unsealed(e)
			}
		}
		return out
	case []any:
		out := make([]any, 0, len(v))
		for _, e := range v {
			if !isSealed(e) {
				out = append(out, unsealed(e))
			}
		}
		return out
	}
	return v
}
