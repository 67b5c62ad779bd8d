package lambdatrigger_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
	"tfdrift/internal/trigger/lambdatrigger"
	"tfdrift/internal/trigger/lambdatrigger/lambdatest"
)

// TestMain is a function on Lambda where lambdatest runs it as one.
func TestMain(m *testing.M) {
	if os.Getenv("AWS_LAMBDA_RUNTIME_API") == "" {
		os.Exit(m.Run())
	}
	h := lambdatrigger.Handler{Handle: obey, Log: slog.New(slog.NewJSONHandler(os.Stdout, nil))}
	h.Start()
}

// obey does what a message says.
func obey(ctx context.Context, m lambdatrigger.Message) error {
	var order struct{ Do, Body string }
	if err := json.Unmarshal(m.Body, &order); err != nil {
		return fmt.Errorf("%v: %w", err, drift.ErrInvalid)
	}
	do := order.Do + order.Body
	switch do {
	case "fail":
		return fmt.Errorf("cannot: %w", drift.ErrRetry)
	case "never":
		return fmt.Errorf("cannot ever: %w", drift.ErrInvalid)
	case "panic":
		var nobody *lambdatrigger.Message
		return errors.New(nobody.ID)
	case "wait":
		<-ctx.Done()
		return context.Cause(ctx)
	case "hang":
		select {}
	case "die":
		os.Exit(3)
	}
	return nil
}

func TestAnInvocationOnLambda(t *testing.T) {
	f := lambdatest.Start(t, []string{os.Args[0]})
	for _, row := range []struct {
		name, payload string
		response      string
		err           string // in the error; "" for none
		died          bool
	}{
		{name: "succeeds", payload: `{"do":"nothing"}`, response: "null"},
		{name: "fails", payload: `{"do":"fail"}`, err: "cannot: try again"},
		{name: "can never succeed", payload: `{"do":"never"}`, err: "cannot ever: invalid"},
		{name: "panics, and the process lives on", payload: `{"do":"panic"}`, err: "panicked"},
		{name: "says in time that there is not enough of it", payload: `{"do":"wait"}`, err: "context deadline exceeded"},
		{name: "is of no JSON", payload: `{"do":`, err: "the invocation is no JSON"},
		{name: "is of JSON that means nothing", payload: `[1,null]`, err: "invalid"},
		{name: "outlives its time", payload: `{"do":"hang"}`, err: "timed out", died: true},
		{name: "ends the process", payload: `{"do":"die"}`, err: "exit status 3", died: true},
		{name: "succeeds after all that", payload: `{"do":"nothing"}`, response: "null"},
	} {
		a := f.Invoke([]byte(row.payload), time.Second)
		if string(a.Response) != row.response || !strings.Contains(a.Error, row.err) || (row.err == "") != (a.Error == "") || a.Died != row.died {
			t.Errorf("an invocation that %s: %s %q, died %v", row.name, a.Response, a.Error, a.Died)
		}
	}
	if !strings.Contains(f.Log(), `"stack":"goroutine`) {
		t.Errorf("nothing in the log says where it panicked:\n%s", f.Log())
	}
}

func sqs(orders ...string) string {
	var records []string
	for i, o := range orders {
		records = append(records, fmt.Sprintf(`{"messageId":"m%d","body":%q,"eventSource":"aws:sqs"}`, i, o))
	}
	return `{"Records":[` + strings.Join(records, ",") + `]}`
}

func stream(orders ...string) string {
	var records []string
	for i, o := range orders {
		records = append(records, fmt.Sprintf(`{"eventID":"e%d","do":%q,"eventSource":"aws:dynamodb","dynamodb":{"SequenceNumber":"%d00"}}`, i, o, i+1))
	}
	return `{"Records":[` + strings.Join(records, ",") + `]}`
}

func TestOfABatchThosePartsComeAgainThatFailed(t *testing.T) {
	kinesis := strings.NewReplacer("aws:dynamodb", "aws:kinesis", `"dynamodb":{"SequenceNumber"`, `"kinesis":{"sequenceNumber"`).Replace(stream("", "fail", "fail"))
	for _, row := range []struct {
		name, payload, want, err string
		buried                   int
	}{
		{name: "SQS", payload: sqs("", "fail", "", "wait"), want: `{"batchItemFailures":[{"itemIdentifier":"m1"},{"itemIdentifier":"m3"}]}`},
		{name: "SQS, none failed", payload: sqs("", ""), want: `{"batchItemFailures":[]}`},
		{name: "a stream: the first, with which all that follow come again", payload: stream("", "fail", "", "fail"), want: `{"batchItemFailures":[{"itemIdentifier":"200"}]}`},
		{name: "Kinesis", payload: kinesis, want: `{"batchItemFailures":[{"itemIdentifier":"200"}]}`},
		{name: "what can never be done holds up nothing", payload: stream("never", "panic", "", "fail"), want: `{"batchItemFailures":[{"itemIdentifier":"400"}]}`, buried: 2},
		{name: "SNS, of which no part can fail", payload: `{"Records":[{"EventSource":"aws:sns","do":"fail"}]}`, want: "null", err: "cannot"},
		{name: "an invocation that can never be done is put away", payload: `{"do":"never"}`, want: "null", buried: 1},
		{name: "Records that are no batch are one message", payload: `{"Records":[{"eventSource":"ec2.amazonaws.com","eventName":"X"},{"eventSource":"aws:sqs","messageId":"m"}]}`, want: "null"},
	} {
		t.Run(row.name, func(t *testing.T) {
			var buried atomic.Int32
			h := lambdatrigger.Handler{Handle: obey, Log: slog.New(slog.DiscardHandler), Workers: 2, Bury: func(context.Context, lambdatrigger.Message, error) error {
				buried.Add(1)
				return nil
			}}
			ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			defer cancel()
			got, err := h.Invoke(ctx, []byte(row.payload))
			if string(got) != row.want || (err == nil) != (row.err == "") || err != nil && !strings.Contains(err.Error(), row.err) || int(buried.Load()) != row.buried {
				t.Errorf("answer %s, error %v, %d put away; want %s", got, err, buried.Load(), row.want)
			}
		})
	}
}

func TestWhatCannotBePutAwayComesAgain(t *testing.T) {
	for _, bury := range []func(context.Context, lambdatrigger.Message, error) error{nil, func(context.Context, lambdatrigger.Message, error) error { return drift.ErrRetry }} {
		h := lambdatrigger.Handler{Handle: obey, Log: slog.New(slog.DiscardHandler), Bury: bury}
		if got, err := h.Invoke(t.Context(), []byte(sqs("never"))); err != nil || string(got) != `{"batchItemFailures":[{"itemIdentifier":"m0"}]}` {
			t.Errorf("answer %s, error %v", got, err)
		}
		if _, err := h.Invoke(t.Context(), []byte(`{"do":"never"}`)); !errors.Is(err, drift.ErrInvalid) {
			t.Errorf("error %v", err)
		}
	}
}

func TestNoMessageIsBegunThatMayNotEnd(t *testing.T) {
	var mu sync.Mutex
	var begun []string
	h := lambdatrigger.Handler{Log: slog.New(slog.DiscardHandler), Reserve: time.Minute, Handle: func(_ context.Context, m lambdatrigger.Message) error {
		mu.Lock()
		defer mu.Unlock()
		begun = append(begun, m.ID)
		return nil
	}}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	got, err := h.Invoke(ctx, []byte(stream("", "", "")))
	if diff := cmp.Diff([]string{"100"}, begun); diff != "" || err != nil || string(got) != `{"batchItemFailures":[{"itemIdentifier":"200"}]}` {
		t.Errorf("answer %s, error %v, begun (-want +got):\n%s", got, err, diff)
	}
}

func TestAnObituaryIsReadAsLambdasOwnRecords(t *testing.T) {
	at := time.Date(2026, 8, 20, 9, 0, 0, 0, time.UTC)
	for body, payload := range map[string]any{`{"a":1}`: map[string]any{"a": 1.0}, `{"a`: `{"a`} {
		var got map[string]any
		if err := json.Unmarshal(lambdatrigger.Obituary(t.Context(), lambdatrigger.Message{Body: []byte(body)}, errors.New("why"), at), &got); err != nil {
			t.Fatal(err)
		}
		want := map[string]any{
			"version": "1.0", "timestamp": "2026-08-20T09:00:00Z", "requestContext": map[string]any{"condition": "Invalid", "approximateInvokeCount": 1.0},
			"requestPayload": payload, "responsePayload": map[string]any{"errorType": "invalid", "errorMessage": "why"},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestEventsOfBucketsNameTheirObject(t *testing.T) {
	const created = `{"version":"0","source":"aws.s3","time":"2026-08-20T09:00:00Z","detail-type":"Object Created","detail":{"version":"0","bucket":{"name":"acme"},"object":{"key":"env:/prod/a b+c.tfstate","size":5},"reason":"PutObject"}}`
	for _, row := range []struct {
		name, body string
		want       lambdatrigger.Object
		ok, bad    bool
	}{
		{name: "created", body: created, want: lambdatrigger.Object{URL: "s3://acme/env:/prod/a b+c.tfstate"}, ok: true},
		{name: "deleted", body: strings.Replace(created, "Object Created", "Object Deleted", 1), want: lambdatrigger.Object{URL: "s3://acme/env:/prod/a b+c.tfstate", Gone: true}, ok: true},
		{name: "of another kind", body: strings.Replace(created, "Object Created", "Object Restore Completed", 1)},
		{name: "of another source", body: strings.Replace(created, "aws.s3", "acme", 1)},
		{name: "without an object", body: strings.Replace(created, `"key"`, `"kay"`, 1), ok: true, bad: true},
		{name: "of our schedule", body: `{"detail-type":"tfdrift settle"}`},
	} {
		e, err := lambdatrigger.ParseEvent([]byte(row.body))
		if err != nil {
			t.Fatal(err)
		}
		o, ok, err := e.Object()
		if o != row.want || ok != row.ok || (err != nil) != row.bad {
			t.Errorf("%s: %+v, %v, error %v", row.name, o, ok, err)
		}
	}
	for _, body := range []string{`{}`, `[]`, `{"detail-type":1}`, `null`} {
		if _, err := lambdatrigger.ParseEvent([]byte(body)); !errors.Is(err, drift.ErrInvalid) {
			t.Errorf("%s: error %v", body, err)
		}
	}
}

func FuzzAnyInvocationIsAnswered(f *testing.F) {
	for _, seed := range []string{sqs("x"), stream("x"), `{"Records":[null]}`, `{"Records":[{"eventSource":"aws:sqs"}]}`, `[]`, `{"detail-type":"x"}`} {
		f.Add([]byte(seed))
	}
	h := lambdatrigger.Handler{Log: slog.New(slog.DiscardHandler), Handle: func(_ context.Context, m lambdatrigger.Message) error {
		_, err := lambdatrigger.ParseDelivery(m)
		_, err2 := lambdatrigger.ParseEvent(m.Body)
		return errors.Join(err, err2)
	}}
	f.Fuzz(func(t *testing.T, payload []byte) {
		if answer, err := h.Invoke(t.Context(), payload); err == nil && !json.Valid(answer) {
			t.Errorf("answer %q", answer)
		}
	})
}
