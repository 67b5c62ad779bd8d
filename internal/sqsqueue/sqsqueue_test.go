package sqsqueue_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"tfdrift/internal/awstest"
	"tfdrift/internal/drift"
	"tfdrift/internal/sqsqueue"
)

func TestAMessageComesOutAsItWent(t *testing.T) {
	client := sqs.NewFromConfig(awstest.Config(t))
	made, err := client.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("sqsqueue-test")})
	if err != nil {
		t.Fatal(err)
	}
	q := sqsqueue.New(client, *made.QueueUrl)
	const body = `{"channel":"slack","finding":"naïve"}`
	for _, after := range []time.Duration{-time.Hour, 300 * time.Millisecond, time.Hour} {
		if err := q.Put(t.Context(), []byte(body), after); err != nil {
			t.Fatalf("after %v: %v", after, err)
		}
	}
	out, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: made.QueueUrl, MaxNumberOfMessages: 10})
	if err != nil || len(out.Messages) != 1 || *out.Messages[0].Body != body {
		t.Errorf("%+v, error %v; want the one that is due", out.Messages, err)
	}
	got, err := client.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: made.QueueUrl, AttributeNames: []types.QueueAttributeName{"ApproximateNumberOfMessagesDelayed"}})
	if err != nil || got.Attributes["ApproximateNumberOfMessagesDelayed"] != "2" {
		t.Errorf("%v, error %v; want two that wait", got.Attributes, err)
	}
}

func TestAQueueThatIsNotThereIsSaidToBe(t *testing.T) {
	client := sqs.NewFromConfig(awstest.Config(t))
	err := sqsqueue.New(client, *client.Options().BaseEndpoint+"/111122223333/nowhere").Put(t.Context(), []byte("{}"), 0)
	if !errors.Is(err, drift.ErrRetry) || !strings.Contains(err.Error(), "nowhere: there is no such queue") {
		t.Errorf("error %v", err)
	}
}
