// Package sqsqueue puts messages in a queue of Amazon SQS: deliveries that wait
// for another attempt, and what can never be done. It takes sqs:SendMessage.
package sqsqueue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"tfdrift/internal/amazon"
	"tfdrift/internal/drift"
)

// Longest is how long a message can be kept back. Who wants more puts it back
// when it comes.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-delay-queues.html
const Longest = 15 * time.Minute

// Queue is a queue. Its methods may be called concurrently.
type Queue struct {
	client *sqs.Client
	url    string
}

// New returns the queue of a URL.
func New(client *sqs.Client, url string) *Queue { return &Queue{client, url} }

// Put puts a message in the queue, to come out after a time, [Longest] at most.
func (q *Queue) Put(ctx context.Context, body []byte, after time.Duration) error {
	after = min(max(after, 0), Longest)
	_, err := q.client.SendMessage(ctx, &sqs.SendMessageInput{
		QueueUrl: &q.url, MessageBody: aws.String(string(body)), DelaySeconds: int32((after + time.Second - 1) / time.Second),
	})
	if err != nil {
		return fmt.Errorf("queue %s: %w", q.url, explain(err))
	}
	return nil
}

// explain says what an error means. The codes are those of the SQS API Reference,
// "SendMessage".
func explain(err error) error {
	switch a := amazon.AnswerOf(err); a.Code {
	case "AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist":
		return fmt.Errorf("there is no such queue; is the stack deployed whole? %w", drift.ErrRetry)
	case "AccessDenied", "AccessDeniedException":
		return fmt.Errorf("access denied (%s); allow sqs:SendMessage on it: %w", a.Message, drift.ErrRetry)
	case "InvalidParameterValue", "InvalidMessageContents":
		return fmt.Errorf("it takes no such message (%s): %w", a.Message, drift.ErrInvalid)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("out of time (%w): %w", err, drift.ErrRetry)
	}
	return amazon.Explain("SQS", err)
}
