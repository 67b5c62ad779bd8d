package channel

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"tfdrift/internal/drift"
)

// Renewable is a channel whose address or credentials are kept elsewhere, and
// may be replaced there while it is in use. It is opened when it is first
// needed. When the other side refuses what it is shown, the secrets are read
// anew; if they have changed, the message is sent once more.
type Renewable struct {
	name  string
	open  func(ctx context.Context) (Channel, error)
	renew func(ctx context.Context) (changed bool, err error)

	mu      sync.Mutex
	channel Channel // nil before it was opened
}

// NewRenewable returns a channel that open opens, with the secrets as they are
// known, and renew reads the secrets of anew. Open's errors say whether another
// attempt is worth it, by [drift.ErrRetry].
func NewRenewable(name string, open func(context.Context) (Channel, error), renew func(context.Context) (changed bool, err error)) *Renewable {
	return &Renewable{name: name, open: open, renew: renew}
}

// Name implements [Channel].
func (r *Renewable) Name() string { return r.name }

// Open opens it, if it is not open, so that what is wrong with it is heard.
func (r *Renewable) Open(ctx context.Context) error {
	_, err := r.current(ctx)
	return err
}

func (r *Renewable) current(ctx context.Context) (Channel, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.channel == nil {
		c, err := r.open(ctx)
		if err != nil {
			return nil, err
		}
		r.channel = c
	}
	return r.channel, nil
}

// Send implements [Channel].
func (r *Renewable) Send(ctx context.Context, m Message) error {
	c, err := r.current(ctx)
	if err != nil {
		return r.unopened(err)
	}
	err = c.Send(ctx, m)
	if refused := (*Refusal)(nil); !errors.As(err, &refused) || !refused.Stranger {
		return err
	}
	fresh, failed := r.again(ctx, c)
	switch {
	case failed != nil:
		return r.unopened(fmt.Errorf("%w; and its secret cannot be read anew: %w", err, failed))
	case fresh == nil:
		return err
	}
	return fresh.Send(ctx, m)
}

// again returns the channel with other secrets than the one that was refused;
// nil if there are none.
func (r *Renewable) again(ctx context.Context, refused Channel) (Channel, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.channel != refused { // somebody else was refused, too
		return r.channel, nil
	}
	changed, err := r.renew(ctx)
	if err != nil || !changed {
		return nil, err
	}
	c, err := r.open(ctx)
	if err == nil {
		r.channel = c
	}
	return c, err
}

// unopened is why a message waits, or can never be sent. That a secret cannot
// be read is no fault of the message, so it is none of its attempts.
func (r *Renewable) unopened(err error) error {
	refused := &Refusal{Kind: drift.ErrInvalid, Why: r.name + ": " + err.Error()}
	if errors.Is(err, drift.ErrRetry) {
		refused.Kind, refused.Limited = drift.ErrRetry, true
	}
	return refused
}
