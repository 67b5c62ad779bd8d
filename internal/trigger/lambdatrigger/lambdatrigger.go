// Package lambdatrigger turns an invocation of AWS Lambda into messages, and
// their errors into the answer that its source wants: an error of the invocation,
// or the ids of those messages of a batch that are to come again. One event of
// EventBridge is an invocation; SQS, Kinesis and streams of DynamoDB bring batches
// of which a part may fail alone; SNS brings one that cannot.
//
// What a message means is left to the function.
package lambdatrigger

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"golang.org/x/sync/errgroup"

	"tfdrift/internal/drift"
)

// Message is what of an invocation succeeds or fails by itself.
type Message struct {
	Source Source
	ID     string // by which the source knows it: a message id, a sequence number; "" for an invocation
	Body   []byte // JSON, as it came: the invocation, or an element of its Records
}

// Source is where messages come from.
type Source string

// The sources. An Invocation is a message whole, whoever made it.
const (
	Invocation Source = ""
	SQS        Source = "aws:sqs"
	SNS        Source = "aws:sns"
	Kinesis    Source = "aws:kinesis"
	DynamoDB   Source = "aws:dynamodb"
)

// alone reports whether a message may fail alone, and ordered whether all that
// follow it come again with it.
func (s Source) alone() bool   { return s == SQS || s == Kinesis || s == DynamoDB }
func (s Source) ordered() bool { return s == Kinesis || s == DynamoDB }

// Handler is a function. Handle and Log must be set.
type Handler struct {
	Handle func(ctx context.Context, m Message) error
	Log    *slog.Logger

	// Workers is how many messages of a batch are handled at once; 0: one.
	Workers int
	// Reserve is how much time of the invocation must be left for another message
	// to be begun.
	Reserve time.Duration
	// Bury, where set, keeps what can never be done where it can be listed.
	Bury func(ctx context.Context, m Message, why error) error
	// Retried and Buried, where set, are told what became of a message that failed.
	Retried, Buried func()
	// Ended, where set, is called at the end of every invocation.
	Ended func()
}

// Start serves invocations until the process is ended.
func (h *Handler) Start() { lambda.Start(h) }

// verdicts is what an error means for its message; the first that it is counts,
// and any other is tried again.
var verdicts = []struct {
	is     error
	again  bool
	reason string
}{
	{drift.ErrRetry, true, "nothing is wrong with it"},
	{drift.ErrConflict, true, "somebody else was faster"},
	{drift.ErrInvalid, false, "it can never be understood"},
}

func again(err error) bool {
	for _, v := range verdicts {
		if errors.Is(err, v.is) {
			return v.again
		}
	}
	return true
}

// Invoke handles one invocation; aws-lambda-go calls it.
func (h *Handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	if h.Ended != nil {
		defer h.Ended()
	}
	source, messages, err := split(payload)
	if err != nil {
		return nil, h.settle(ctx, Message{Body: payload}, err)
	}
	errs := h.handleAll(ctx, messages)
	if !source.alone() {
		return []byte("null"), errors.Join(errs...)
	}
	return answer(source, messages, errs)
}

// margin is how long before its end an invocation is given up, so that there is
// time to say so.
const margin = time.Second

// handleAll handles messages, and returns why they are to come again.
func (h *Handler) handleAll(ctx context.Context, messages []Message) []error {
	inTime := ctx
	if end, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		inTime, cancel = context.WithDeadline(ctx, end.Add(-min(margin, time.Until(end)/10)))
		defer cancel()
	}
	errs := make([]error, len(messages))
	var all errgroup.Group
	all.SetLimit(max(1, h.Workers))
	for i, m := range messages {
		all.Go(func() error {
			if end, ok := inTime.Deadline(); ok && i > 0 && time.Until(end) < h.Reserve {
				errs[i] = h.settle(ctx, m, fmt.Errorf("there is no time left for it: %w", drift.ErrRetry))
				return nil
			}
			errs[i] = h.settle(ctx, m, h.attempt(inTime, m))
			return nil
		})
	}
	_ = all.Wait()
	return errs
}

// attempt handles a message. A panic is the message's fault as far as the others
// are concerned.
func (h *Handler) attempt(ctx context.Context, m Message) (err error) {
	defer func() {
		if r := recover(); r != nil {
			h.Log.Error("a fault of this program; please report it", "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			err = fmt.Errorf("handling it panicked: %w", drift.ErrInvalid)
		}
	}()
	return h.Handle(ctx, m)
}

// settle does what an error asks for, and returns it where the message is to come
// again, or where that is all that can be done with it.
func (h *Handler) settle(ctx context.Context, m Message, err error) error {
	if err == nil {
		return nil
	}
	log := h.Log.With("source", string(m.Source), "message", m.ID, "error", err)
	switch {
	case again(err):
	case h.Bury == nil:
		log.Error("a message can never be done with")
		tell(h.Buried)
		return err
	default:
		failed := h.Bury(context.WithoutCancel(ctx), m, err)
		if failed == nil {
			log.Error("a message can never be done with, and is put away")
			tell(h.Buried)
			return nil
		}
		log = log.With("put away", failed)
	}
	log.Warn("a message could not be done with; it is tried again")
	tell(h.Retried)
	return err
}

func tell(hook func()) {
	if hook != nil {
		hook()
	}
}

// split finds the messages of an invocation.
func split(payload []byte) (Source, []Message, error) {
	var envelope struct {
		Records []json.RawMessage
	}
	if err := json.Unmarshal(payload, &envelope); err != nil && !json.Valid(payload) {
		return Invocation, nil, fmt.Errorf("the invocation is no JSON (%v); AWS sends nothing else, what does? %w", err, drift.ErrInvalid)
	}
	var messages []Message
	source := Invocation
	for i, raw := range envelope.Records {
		m, ok := record(raw)
		if !ok || i > 0 && m.Source != source {
			source, messages = Invocation, nil // not of a source that we know
			break
		}
		source, messages = m.Source, append(messages, m)
	}
	if len(messages) == 0 {
		return Invocation, []Message{{Body: payload}}, nil
	}
	return source, messages, nil
}

// record reads an element of Records by what its source is called in it.
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html
func record(raw []byte) (m Message, ok bool) {
	var r struct {
		EventSource string // of SNS with a capital; encoding/json takes either
		MessageID   string `json:"messageId"`
		Kinesis     struct{ SequenceNumber string }
		DynamoDB    struct{ SequenceNumber string }
	}
	if json.Unmarshal(raw, &r) != nil {
		return m, false
	}
	m = Message{Source: Source(r.EventSource), Body: bytes.TrimSpace(raw)}
	switch m.Source {
	case SQS:
		m.ID = r.MessageID
	case Kinesis:
		m.ID = r.Kinesis.SequenceNumber
	case DynamoDB:
		m.ID = r.DynamoDB.SequenceNumber
	case SNS:
		return m, true
	}
	return m, m.ID != ""
}

// answer names the messages that are to come again. Of an ordered source the
// first one is enough: it comes with all that follow.
func answer(source Source, messages []Message, errs []error) ([]byte, error) {
	type failure struct {
		ID string `json:"itemIdentifier"`
	}
	out := struct {
		Failures []failure `json:"batchItemFailures"`
	}{[]failure{}}
	for i, err := range errs {
		if err == nil {
			continue
		}
		out.Failures = append(out.Failures, failure{messages[i].ID})
		if source.ordered() {
			break
		}
	}
	return json.Marshal(out)
}

// Obituary is how a message is put away, with the reason: in the shape of
// Lambda's own records of failed invocations, so that one reader reads both.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
func Obituary(ctx context.Context, m Message, why error, now time.Time) []byte {
	type of map[string]any
	request := of{"condition": "Invalid", "approximateInvokeCount": 1}
	if c, ok := lambdacontext.FromContext(ctx); ok {
		request["requestId"], request["functionArn"] = c.AwsRequestID, c.InvokedFunctionArn
	}
	var body any = json.RawMessage(m.Body)
	if !json.Valid(m.Body) {
		body = string(m.Body)
	}
	raw, _ := json.Marshal(of{ // texts, and JSON
		"version": "1.0", "timestamp": now.UTC().Format(time.RFC3339), "requestContext": request, "requestPayload": body,
		"responsePayload": of{"errorType": "invalid", "errorMessage": why.Error()},
	})
	return raw
}
