// Package eventbridgebus hands messages over to an Amazon EventBridge bus, by
// PutEvents. An entry that EventBridge refuses is told apart from its
// neighbours; attempts and their pace are left to those who use it.
package eventbridgebus

import (
	"context"
	"fmt"
	"net/http"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tfdrift/internal/amazon"
	"tfdrift/internal/bus"
	"tfdrift/internal/drift"
)

// Source and DetailType are what rules on the bus match the messages by.
const (
	Source     = "tfdrift.forwarder"
	DetailType = "Falco Alert"
)

// limits are those of PutEvents: ten entries and one megabyte a call, in which
// names and an entry's 14 bytes of time count too.
var limits = bus.Limits{Messages: 10, Bytes: 1_000_000}

// connections that stay open; more are made and closed where calls are many.
const connections = 64

// Bus implements [bus.Bus].
type Bus struct {
	client *eventbridge.Client
	name   string
}

// nameForm is what EventBusName may be: a name or an ARN.
var nameForm = regexp.MustCompile(`^(arn:aws[a-z-]*:events:[a-z0-9-]+:[0-9]{12}:event-bus/)?[/.\-_A-Za-z0-9]{1,256}$`)

// New returns the bus of a name or ARN, in the account and region of a
// configuration. A name that can be none is [drift.ErrInvalid].
func New(config aws.Config, name string) (*Bus, error) {
	if !nameForm.MatchString(name) {
		return nil, fmt.Errorf("%q is no name or ARN of an event bus; write such as default, or arn:aws:events:us-east-1:111122223333:event-bus/drift: %w", name, drift.ErrInvalid)
	}
	client := eventbridge.NewFromConfig(config, func(o *eventbridge.Options) {
		o.Retryer = aws.NopRetryer{} // the forwarder's spool waits, not a call
		o.HTTPClient = awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
			t.MaxIdleConns, t.MaxIdleConnsPerHost = connections, connections
		})
	})
	return &Bus{client, name}, nil
}

// Limits implements [bus.Bus].
func (*Bus) Limits() bus.Limits { return limits }

// Close implements [bus.Bus].
func (*Bus) Close() error { return nil }

// Send implements [bus.Bus].
func (b *Bus) Send(ctx context.Context, messages [][]byte) []error {
	if len(messages) == 0 {
		return nil
	}
	entries := make([]types.PutEventsRequestEntry, len(messages))
	for i, message := range messages {
		if len(message) > limits.Bytes && len(messages) == 1 {
			return []error{limits.TooLarge(message)}
		}
		entries[i] = types.PutEventsRequestEntry{Detail: aws.String(string(message)), DetailType: aws.String(DetailType), EventBusName: &b.name, Source: aws.String(Source)}
	}
	out, err := b.client.PutEvents(ctx, &eventbridge.PutEventsInput{Entries: entries})
	switch {
	case isValidation(err) && len(messages) > 1: // one of them spoils the call
		var errs []error
		for _, message := range messages {
			if alone := b.Send(ctx, [][]byte{message}); alone != nil {
				errs = append(errs, alone...)
			} else {
				errs = append(errs, nil)
			}
		}
		return errs
	case err != nil:
		return bus.Errors(messages, b.translate(err))
	case len(out.Entries) != len(messages):
		return bus.Errors(messages, fmt.Errorf("event bus %s: an answer for %d of %d entries: %w", b.name, len(out.Entries), len(messages), drift.ErrRetry))
	case out.FailedEntryCount == 0:
		return nil
	}
	errs := make([]error, len(messages))
	for i, e := range out.Entries {
		if e.ErrorCode != nil {
			errs[i] = fmt.Errorf("event bus %s: %s: %s: %w", b.name, *e.ErrorCode, aws.ToString(e.ErrorMessage), sentinel(*e.ErrorCode))
		}
	}
	return errs
}

// sentinel is what an entry's error code asks for. The codes are those of
// PutEventsResultEntry: what is of the entry's own form can never be taken.
func sentinel(code string) error {
	switch code {
	case "MalformedDetail", "InvalidArgument", "ValidationException", "InvalidEventPattern":
		return drift.ErrInvalid
	}
	return drift.ErrRetry
}

func isValidation(err error) bool {
	return err != nil && amazon.AnswerOf(err).Code == "ValidationException"
}

// translate gives a failed call its sentinel and, where there is one, a remedy.
func (b *Bus) translate(err error) error {
	a := amazon.AnswerOf(err)
	switch {
	case isValidation(err):
		return fmt.Errorf("event bus %s: %v: %w", b.name, err, drift.ErrInvalid)
	case a.Code == "AccessDeniedException":
		return fmt.Errorf("event bus %s: %s; allow events:PutEvents on the bus to the forwarder's role: %w", b.name, a.Message, drift.ErrRetry)
	case a.Code == "ResourceNotFoundException":
		return fmt.Errorf("event bus %s: %s; is there such a bus in this account and region? %w", b.name, a.Message, drift.ErrRetry)
	}
	return fmt.Errorf("event bus %s: %w", b.name, amazon.Explain("EventBridge", err))
}
