package event

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"io"

	"tfdrift/internal/drift"
)

// maxNesting is how many envelopes may lie in one another. SNS in SQS in a
// Records array around EventBridge around Falco are six.
const maxNesting = 10

// maxExpansion bounds, for one document, the bytes that its encoded payloads
// unpack to.
const maxExpansion = 2 * MaxDocument

// expander opens the envelopes of one document at a time.
type expander struct {
	events []*drift.Event
	errs   []error
	known  int // records of a known kind, parts of split entries too
	budget int
	parts  *parts
}

func (x *expander) reset() {
	x.events, x.errs, x.known, x.budget = nil, nil, 0, maxExpansion
}

func (x *expander) fail(err error) { x.errs = append(x.errs, err) }

// add adds an event, brought the way that an envelope says, if one does.
func (x *expander) add(e *drift.Event, via drift.Via) {
	x.known++
	if via != "" {
		e.Via = via
	}
	x.events = append(x.events, e)
}

// fields are the members of an object that any envelope or record has. A walk
// picks them all up at once: what the object is shows by which there are.
type fields struct {
	// CloudTrail
	eventVersion, eventID, eventName, eventSource, eventTime, eventType, eventCategory []byte
	userIdentity, awsRegion, sourceIPAddress, userAgent, recipientAccountID            []byte
	requestParameters, responseElements, errorCode, errorMessage, readOnly             []byte
	apiVersion, fromConsole                                                            []byte
	// Google audit
	protoPayload, jsonPayload, logName, insertID, timestamp, receiveTimestamp []byte
	resource, operation, severity, split                                      []byte
	// Falco
	outputFields, rule, priority, time []byte
	// Envelopes
	detail, account, region      []byte // EventBridge
	data, dataBase64, message    []byte // Pub/Sub, CloudEvents; a log event's message
	snsMessage, sns, body        []byte // SNS, SQS
	awslogs, kinesis, trailEvent []byte // CloudWatch Logs, Kinesis, lookup-events
	list                         []byte // Records and its like
}

func (f *fields) scan(doc []byte) {
	for name, v := range members(doc) {
		switch string(name) {
		case "eventVersion":
			f.eventVersion = v
		case "eventID":
			f.eventID = v
		case "eventName":
			f.eventName = v
		case "eventSource":
			f.eventSource = v
		case "eventTime":
			f.eventTime = v
		case "eventType":
			f.eventType = v
		case "eventCategory":
			f.eventCategory = v
		case "userIdentity":
			f.userIdentity = v
		case "awsRegion":
			f.awsRegion = v
		case "sourceIPAddress":
			f.sourceIPAddress = v
		case "userAgent":
			f.userAgent = v
		case "recipientAccountId":
			f.recipientAccountID = v
		case "requestParameters":
			f.requestParameters = v
		case "responseElements":
			f.responseElements = v
		case "errorCode":
			f.errorCode = v
		case "errorMessage":
			f.errorMessage = v
		case "readOnly":
			f.readOnly = v
		case "apiVersion":
			f.apiVersion = v
		case "sessionCredentialFromConsole":
			f.fromConsole = v
		case "protoPayload":
			f.protoPayload = v
		case "jsonPayload":
			f.jsonPayload = v
		case "logName":
			f.logName = v
		case "insertId":
			f.insertID = v
		case "timestamp":
			f.timestamp = v
		case "receiveTimestamp":
			f.receiveTimestamp = v
		case "resource":
			f.resource = v
		case "operation":
			f.operation = v
		case "severity":
			f.severity = v
		case "split":
			f.split = v
		case "output_fields":
			f.outputFields = v
		case "rule":
			f.rule = v
		case "priority":
			f.priority = v
		case "time":
			f.time = v
		case "detail":
			f.detail = v
		case "account":
			f.account = v
		case "region":
			f.region = v
		case "data":
			f.data = v
		case "data_base64":
			f.dataBase64 = v
		case "message":
			f.message = v
		case "Message":
			f.snsMessage = v
		case "Sns":
			f.sns = v
		case "body", "Body":
			f.body = v
		case "awslogs":
			f.awslogs = v
		case "kinesis":
			f.kinesis = v
		case "CloudTrailEvent":
			f.trailEvent = v
		case "Records", "Events", "Messages", "entries", "logEvents", "receivedMessages":
			f.list = v
		}
	}
}

// isCloudTrail tells a record from the notifications of S3, SQS and streams,
// which have some of the same members and a source like "aws:s3".
func (f *fields) isCloudTrail() bool {
	if bytes.HasPrefix(f.eventSource, []byte(`"aws:`)) {
		return false
	}
	return isString(f.eventName) && isString(f.eventSource) || isString(f.eventType) && isString(f.eventVersion)
}

// expand adds the events of one validated document. Via is how an envelope
// further out was brought, or "".
func (x *expander) expand(doc []byte, depth int, via drift.Via) {
	if depth > maxNesting {
		x.fail(fmt.Errorf("more than %d envelopes in one another; unpack some before sending", maxNesting))
		return
	}
	if len(doc) == 0 {
		return
	}
	if doc[0] == '[' {
		for element := range elements(doc) {
			x.expand(element, depth+1, via)
		}
		return
	}
	if doc[0] != '{' {
		return
	}
	var f fields
	f.scan(doc)
	switch {
	case f.isCloudTrail():
		x.add(cloudTrail(&f), via)
	case isObject(f.protoPayload):
		x.addAudit(&f, via)
	case isObject(f.outputFields) && (f.rule != nil || f.priority != nil):
		x.falco(&f, depth)
	case isObject(f.detail):
		before := len(x.events)
		x.expand(f.detail, depth+1, via)
		f.complete(x.events[before:])
	case isObject(f.message):
		x.expand(f.message, depth+1, via)
	case isObject(f.data):
		x.expand(f.data, depth+1, via)
	case isObject(f.sns):
		x.expand(f.sns, depth+1, via)
	case isObject(f.awslogs):
		x.expandEncoded(member(f.awslogs, "data"), depth+1, via)
	case isObject(f.kinesis):
		x.expandEncoded(member(f.kinesis, "data"), depth+1, via)
	case isObject(f.jsonPayload):
		x.expand(f.jsonPayload, depth+1, via)
	case isString(f.trailEvent):
		x.expandString(f.trailEvent, depth+1, via)
	case isString(f.snsMessage):
		x.expandString(f.snsMessage, depth+1, via)
	case isString(f.body):
		x.expandString(f.body, depth+1, via)
	case isString(f.dataBase64):
		x.expandEncoded(f.dataBase64, depth+1, via)
	case isString(f.data):
		x.expandEncoded(f.data, depth+1, via)
	case isString(f.message):
		x.expandString(f.message, depth+1, via)
	case len(f.list) > 0:
		x.expand(f.list, depth+1, via)
	}
}

// complete gives events the account and region of their EventBridge envelope
// where their own record shows none.
func (f *fields) complete(events []*drift.Event) {
	for _, e := range events {
		if e.Provider != drift.AWS {
			continue
		}
		if e.Account == "" {
			e.Account = text(f.account)
		}
		if e.Region == "" {
			e.Region = text(f.region)
		}
	}
}

// expandString opens a payload that is text in a string.
func (x *expander) expandString(v []byte, depth int, via drift.Via) {
	payload := unquote(v)
	if !x.spend(len(payload)) {
		return
	}
	x.expandText(payload, depth, via)
}

// expandEncoded opens a payload in base64, or, as some relays have it, plain.
func (x *expander) expandEncoded(v []byte, depth int, via drift.Via) {
	if !isString(v) {
		return
	}
	coded := unquote(v)
	if looksLikeJSON(coded) {
		x.expandString(v, depth, via)
		return
	}
	if !x.spend(len(coded)) {
		return
	}
	encoding := base64.StdEncoding
	if bytes.ContainsAny(coded, "-_") {
		encoding = base64.URLEncoding
	}
	payload, err := encoding.AppendDecode(nil, coded)
	if err != nil {
		x.fail(fmt.Errorf("the message data is not base64: %w", err))
		return
	}
	x.expandText(payload, depth, via)
}

// expandText opens a payload in any framing, gzip or plain. Text that is no
// JSON at all is somebody else's message and no error.
func (x *expander) expandText(payload []byte, depth int, via drift.Via) {
	if isGzip(payload) {
		unpacked, err := x.unpack(payload)
		if err != nil {
			x.fail(err)
			return
		}
		payload = unpacked
	}
	if depth > 0 && !looksLikeJSON(payload) {
		return
	}
	for frames := framerOf(payload); ; {
		doc, err := frames.next()
		if err == io.EOF {
			return
		}
		if err != nil {
			x.fail(err)
			continue
		}
		x.expand(doc.raw, depth, via)
	}
}

func (x *expander) unpack(payload []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(payload))
	if err != nil {
		return nil, fmt.Errorf("gzip in the payload is damaged: %w", err)
	}
	unpacked, err := io.ReadAll(io.LimitReader(r, MaxDocument+1))
	if err != nil {
		return nil, fmt.Errorf("gzip in the payload is damaged: %w", err)
	}
	if len(unpacked) > MaxDocument {
		return nil, errTooLarge
	}
	if !x.spend(len(unpacked)) {
		return nil, nil
	}
	return unpacked, nil
}

// spend counts what payloads take up and reports whether there was enough left.
func (x *expander) spend(n int) bool {
	if x.budget < 0 {
		return false
	}
	if x.budget -= n; x.budget < 0 {
		x.fail(errExpansion)
		return false
	}
	return true
}

var errExpansion = fmt.Errorf("the payloads of this document unpack to more than %d MB; no cloud sends such, remove it", maxExpansion>>20)

func looksLikeJSON(b []byte) bool {
	b = bytes.TrimLeft(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")), " \t\r\n")
	return len(b) > 0 && (b[0] == '{' || b[0] == '[')
}
