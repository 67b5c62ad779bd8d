package lambdatrigger

import (
	"encoding/json"
	"fmt"
	"time"

	"tfdrift/internal/drift"
)

// Event is one of EventBridge, or what one of our schedules says.
// https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
type Event struct {
	Type   string          `json:"detail-type"`
	Source string          `json:"source"`
	Time   time.Time       `json:"time"`
	Detail json.RawMessage `json:"detail"`
}

// What our own events are called.
const (
	Refresh = "tfdrift refresh" // look at all states
	Settle  = "tfdrift settle"  // judge what has waited long enough
	Accept  = "tfdrift accept"  // take up a state: detail.state
)

// ParseEvent reads an event.
func ParseEvent(body []byte) (Event, error) {
	var e Event
	if err := json.Unmarshal(body, &e); err != nil || e.Type == "" {
		return e, fmt.Errorf("this is no event of EventBridge: it has no detail-type (%v): %w", err, drift.ErrInvalid)
	}
	return e, nil
}

// Object is what S3 tells of one of its objects.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
type Object struct {
	URL  string // s3://BUCKET/KEY
	Gone bool
}

// Object is what the event tells of an object; ok is false where it tells of none.
func (e Event) Object() (o Object, ok bool, err error) {
	if e.Source != "aws.s3" || e.Type != "Object Created" && e.Type != "Object Deleted" {
		return o, false, nil
	}
	var d struct {
		Bucket struct{ Name string }
		Object struct{ Key string } // as it is; only S3's own notifications encode it
	}
	if err := json.Unmarshal(e.Detail, &d); err != nil || d.Bucket.Name == "" || d.Object.Key == "" {
		return o, true, fmt.Errorf("an event of S3 names no object (%v): %w", err, drift.ErrInvalid)
	}
	return Object{"s3://" + d.Bucket.Name + "/" + d.Object.Key, e.Type == "Object Deleted"}, true, nil
}

// Delivery is what waits in the retry queue: which finding, on which channel.
type Delivery struct {
	Channel string `json:"channel"`
	Finding string `json:"finding"`
}

// ParseDelivery reads a message of the retry queue, as SQS brings it.
func ParseDelivery(m Message) (Delivery, error) {
	var d Delivery
	var record struct{ Body string }
	err := json.Unmarshal(m.Body, &record)
	if err == nil {
		err = json.Unmarshal([]byte(record.Body), &d)
	}
	if err != nil || d.Channel == "" || d.Finding == "" {
		return d, fmt.Errorf("a message of the retry queue names no channel and finding (%v): %w", err, drift.ErrInvalid)
	}
	return d, nil
}
