package event

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
)

// The envelopes, each a function of what it carries.
var (
	eventBridge = func(detailType string) func(string) string {
		return func(doc string) string {
			return `{"version":"0","id":"e","detail-type":"` + detailType + `","source":"aws.s3","account":"111122223333","time":"2026-08-20T09:04:07Z","region":"eu-west-1","resources":[],"detail":` + doc + `}`
		}
	}
	sqs = func(doc string) string {
		return `{"Records":[{"messageId":"1","receiptHandle":"h","body":` + quote(doc) + `,"attributes":{},"eventSource":"aws:sqs","awsRegion":"eu-west-1"}]}`
	}
	snsLambda = func(doc string) string {
		return `{"Records":[{"EventVersion":"1.0","EventSource":"aws:sns","Sns":{"Type":"Notification","Message":` + quote(doc) + `}}]}`
	}
	snsPost = func(doc string) string {
		return `{"Type":"Notification","TopicArn":"arn:aws:sns:eu-west-1:1:t","Message":` + quote(doc) + `}`
	}
	pubsubPush = func(doc string) string {
		return `{"message":{"attributes":{"a":"b"},"data":"` + b64(doc) + `","messageId":"1"},"subscription":"projects/p/subscriptions/s"}`
	}
	pubsubCloudEvent = func(doc string) string {
		return `{"specversion":"1.0","type":"google.cloud.pubsub.topic.v1.messagePublished","source":"//pubsub.googleapis.com/projects/p/topics/t","id":"1","data":{"message":{"data":"` + b64(doc) + `"},"subscription":"s"}}`
	}
	cloudEvent = func(doc string) string {
		return `{"specversion":"1.0","type":"google.cloud.audit.log.v1.written","source":"x","id":"1","datacontenttype":"application/json","data":` + doc + `}`
	}
	cloudEventBase64 = func(doc string) string { return `{"specversion":"1.0","data_base64":"` + b64(doc) + `"}` }
	cloudEventText   = func(doc string) string { return `{"specversion":"1.0","data":` + quote(doc) + `}` }
	pubsubMessage    = func(doc string) string { return `{"data":"` + b64(doc) + `","attributes":null}` }
	subscribed       = func(doc string) string {
		inner := `{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"g","logEvents":[{"id":"1","timestamp":1,"message":` + quote(doc) + `}]}`
		return `{"awslogs":{"data":"` + base64.StdEncoding.EncodeToString(zip(inner)) + `"}}`
	}
	kinesis = func(doc string) string {
		return `{"Records":[{"kinesis":{"data":"` + b64(doc) + `"},"eventSource":"aws:kinesis","eventName":"aws:kinesis:record","eventID":"s:1"}]}`
	}
	lookup = func(doc string) string {
		return `{"Events":[{"EventId":"1","CloudTrailEvent":` + quote(doc) + `}]}`
	}
)

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func zip(s string) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(s))
	w.Close()
	return b.Bytes()
}

func TestEnvelopes(t *testing.T) {
	in := func(envelopes ...func(string) string) func(string) string {
		return func(doc string) string {
			for _, wrap := range envelopes {
				doc = wrap(doc)
			}
			return doc
		}
	}
	api, relayed := eventBridge("AWS API Call via CloudTrail"), eventBridge("Falco Alert")
	for _, tt := range []struct {
		name string
		wrap func(string) string
	}{
		{"bare", in()},
		{"EventBridge", api},
		{"EventBridge in SQS", in(api, sqs)},
		{"EventBridge in SNS in SQS", in(api, snsPost, sqs)},
		{"EventBridge in SNS for a function", in(api, snsLambda)},
		{"relayed on EventBridge", relayed},
		{"relayed on EventBridge in SQS", in(relayed, sqs)},
		{"SNS by HTTP", snsPost},
		{"Pub/Sub push", pubsubPush},
		{"Pub/Sub CloudEvent", pubsubCloudEvent},
		{"Pub/Sub message", pubsubMessage},
		{"pulled from Pub/Sub", in(pubsubPush, func(doc string) string { return "[" + doc + "]" })},
		{"Eventarc", cloudEvent},
		{"CloudEvent in base64", cloudEventBase64},
		{"CloudEvent with text", cloudEventText},
		{"CloudWatch Logs subscription", subscribed},
		{"Kinesis", kinesis},
		{"aws cloudtrail lookup-events", lookup},
		{"a log file in SQS", in(func(doc string) string { return `{"Records":[` + doc + `]}` }, sqs)},
		{"Cloud Logging's copy", func(doc string) string { return `{"insertId":"x","jsonPayload":` + doc + `}` }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, sample := range []struct {
				doc, id string
				via     drift.Via
			}{
				{trailSample, "02e62b4f-a2e3-445a-3c0c-ceb274e801aa", drift.ViaCloudTrail},
				{falcoSample, "02e62b4f-a2e3-445a-3c0c-ceb274e801aa", drift.ViaFalco},
				{auditSample, "ins34", drift.ViaGCPAudit},
			} {
				events, err := Decode([]byte(tt.wrap(sample.doc)))
				if err != nil || len(events) != 1 {
					t.Fatalf("%d events, %v", len(events), err)
				}
				if e := events[0]; e.ID != sample.id || e.Via != sample.via {
					t.Errorf("got %s via %s, want %s via %s", e.ID, e.Via, sample.id, sample.via)
				}
				ids, broken := readAll(t, NewReader(strings.NewReader(tt.wrap(sample.doc)), "x"))
				if diff := cmp.Diff([]string{sample.id}, ids); diff != "" || broken != nil {
					t.Errorf("Reader: %v\n%s", broken, diff)
				}
			}
		})
	}
}

func TestEnvelopeCompletesTheRecord(t *testing.T) {
	events, err := Decode([]byte(eventBridge("AWS API Call via CloudTrail")(record("a"))))
	if err != nil || events[0].Account != "111122223333" || events[0].Region != "eu-west-1" {
		t.Errorf("got %+v, %v", events, err)
	}
}

func TestDocumentsThatAreNoEvents(t *testing.T) {
	for name, doc := range map[string]string{
		"EC2 state change":          eventBridge("EC2 Instance State-change Notification")(`{"instance-id":"i-1","state":"running"}`),
		"SNS text":                  snsPost("hello"),
		"SNS subscription":          `{"Type":"SubscriptionConfirmation","Message":"You have chosen to subscribe"}`,
		"S3 notification":           `{"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","eventName":"ObjectCreated:Put","eventTime":"2026-08-20T09:04:07Z","awsRegion":"eu-west-1","s3":{}}]}`,
		"DynamoDB stream":           `{"Records":[{"eventID":"1","eventName":"INSERT","eventVersion":"1.1","eventSource":"aws:dynamodb","dynamodb":{}}]}`,
		"Falco system call alert":   `{"rule":"Terminal shell in container","priority":"Notice","source":"syscall","time":"2026-08-20T09:04:07Z","output_fields":{"proc.name":"bash","user.name":"root"}}`,
		"Falco Kubernetes alert":    `{"rule":"x","priority":"Notice","source":"k8s_audit","output_fields":{"ka.verb":"create"}}`,
		"App Engine request log":    `{"protoPayload":{"@type":"type.googleapis.com/google.appengine.logging.v1.RequestLog"},"logName":"x"}`,
		"Pub/Sub with binary data":  `{"message":{"data":"AAEC/w=="}}`,
		"Pub/Sub without data":      `{"message":{"attributes":{"a":"b"},"messageId":"1"}}`,
		"a Terraform state":         `{"version":4,"resources":[{"type":"aws_instance","instances":[]}]}`,
		"the empty object":          `{}`,
		"a scalar":                  `true`,
		"envelope members mistyped": `{"detail":1,"message":[],"data":{},"Records":{},"output_fields":[],"rule":1,"protoPayload":"x","Sns":null}`,
	} {
		if events, err := Decode([]byte(doc)); len(events) != 0 || err != nil {
			t.Errorf("%s: %v, %v", name, events, err)
		}
	}
}

func TestEnvelopesAreBounded(t *testing.T) {
	nested := record("a")
	for range maxNesting + 2 {
		nested = cloudEvent(nested)
	}
	huge := strings.Repeat(" ", MaxDocument+1)
	three := `{"awslogs":{"data":"` + base64.StdEncoding.EncodeToString(zip(strings.Repeat(" ", MaxDocument-1))) + `"}}`
	for _, tt := range []struct{ name, doc, want string }{
		{"nesting", nested, "line 1: more than 10 envelopes in one another"},
		{"one payload", `{"awslogs":{"data":"` + base64.StdEncoding.EncodeToString(zip(huge)) + `"}}`, "larger than 32 MB"},
		{"all payloads", `{"x":0,"Records":[` + three + "," + three + "," + three + "]}", "unpack to more than 64 MB"},
		{"damaged gzip", `{"awslogs":{"data":"` + base64.StdEncoding.EncodeToString(zip("{}")[:20]) + `"}}`, "gzip in the payload is damaged"},
		{"no base64", `{"message":{"data":"***"}}`, "not base64"},
		{"broken body", sqs(`{"eventID":`), "the document is not closed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := NewReader(strings.NewReader(tt.doc), "x").Next()
			if err == nil || !strings.Contains(err.Error(), strings.TrimPrefix(tt.want, "line 1: ")) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestOneBrokenMessageOfABatchLeavesTheOthers(t *testing.T) {
	doc := fmt.Sprintf(`{"x":1,"Records":[{"body":%s},{"body":%s},{"body":%s}]}`, quote(record("a")), quote(`{"eventID":`), quote(record("c")))
	ids, broken := readAll(t, NewReader(strings.NewReader(doc), "x"))
	if diff := cmp.Diff([]string{"a", "c"}, ids); diff != "" || len(broken) != 1 {
		t.Errorf("%v\n%s", broken, diff)
	}
	if events, err := Decode([]byte(doc)); len(events) != 2 || err == nil {
		t.Errorf("Decode: %v, %v", events, err)
	}
}
