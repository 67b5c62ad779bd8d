// Package pubsubbus hands messages over to a Google Cloud Pub/Sub topic, in
// batches of the client library's making. Attempts beyond the library's own
// within one call, and their pace, are left to those who use it.
package pubsubbus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"cloud.google.com/go/pubsub/v2"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"tfdrift/internal/bus"
	"tfdrift/internal/drift"
)

// Attribute marks the messages for subscriptions that take only some.
const (
	Attribute = "source"
	Source    = "tfdrift.forwarder"
)

// limits are below those of Publish (1,000 messages and 10 MB a call, of which a
// message may have all): what a detector takes is 1 MB.
var limits = bus.Limits{Messages: 100, Bytes: 1_000_000}

// Bus implements [bus.Bus].
type Bus struct {
	client *pubsub.Client
	topic  *pubsub.Publisher
}

// New returns the bus of a topic, by its id or whole name
// (projects/PROJECT/topics/TOPIC). The client is the bus's own from now on.
func New(client *pubsub.Client, topic string) (*Bus, error) {
	if topic == "" {
		return nil, fmt.Errorf("no Pub/Sub topic is given; write such as projects/acme-prod/topics/drift-events: %w", drift.ErrInvalid)
	}
	p := client.Publisher(topic)
	p.PublishSettings.CountThreshold = limits.Messages
	p.PublishSettings.DelayThreshold = time.Millisecond // the forwarder has batched already
	p.PublishSettings.FlowControlSettings.LimitExceededBehavior = pubsub.FlowControlIgnore
	return &Bus{client, p}, nil
}

// Limits implements [bus.Bus].
func (*Bus) Limits() bus.Limits { return limits }

// Close implements [bus.Bus].
func (b *Bus) Close() error {
	b.topic.Stop()
	return b.client.Close()
}

// Send implements [bus.Bus].
func (b *Bus) Send(ctx context.Context, messages [][]byte) (errs []error) {
	if err := ctx.Err(); err != nil {
		return bus.Errors(messages, fmt.Errorf("topic %s: %v: %w", b.topic.ID(), err, drift.ErrRetry))
	}
	results := make([]*pubsub.PublishResult, len(messages))
	for i, message := range messages {
		if len(message) <= limits.Bytes {
			results[i] = b.topic.Publish(ctx, &pubsub.Message{Data: message, Attributes: map[string]string{Attribute: Source}})
		}
	}
	for i, r := range results {
		err := limits.TooLarge(messages[i])
		if r != nil {
			_, err = r.Get(ctx)
			err = b.translate(err)
		}
		if err != nil && errs == nil {
			errs = make([]error, len(messages))
		}
		if err != nil {
			errs[i] = err
		}
	}
	return errs
}

// translate gives an error its sentinel and, where there is one, a remedy.
func (b *Bus) translate(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, pubsub.ErrOversizedMessage) || status.Code(err) == codes.InvalidArgument {
		return fmt.Errorf("topic %s: %v: %w", b.topic.ID(), err, drift.ErrInvalid)
	}
	remedy := ""
	switch status.Code(err) {
	case codes.NotFound:
		remedy = "; is there such a topic in this project?"
	case codes.PermissionDenied:
		remedy = "; give the forwarder's service account roles/pubsub.publisher on the topic"
	case codes.Unauthenticated:
		remedy = "; renew the credentials"
	}
	return fmt.Errorf("topic %s: %v%s: %w", b.topic.ID(), err, remedy, drift.ErrRetry)
}
