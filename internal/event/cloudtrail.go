package event

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tfdrift/internal/drift"
)

// cloudTrail reads a record as "CloudTrail record contents for management,
// data, and network activity events" in the CloudTrail user guide has it.
func cloudTrail(f *fields) *drift.Event {
	who := readIdentity(f.userIdentity)
	e := &drift.Event{
		Provider:   drift.AWS,
		Via:        drift.ViaCloudTrail,
		ID:         text(f.eventID),
		Source:     text(f.eventSource),
		Name:       text(f.eventName),
		Time:       timeOf(f.eventTime),
		Account:    text(f.recipientAccountID),
		Region:     text(f.awsRegion),
		Request:    object(f.requestParameters),
		Response:   object(f.responseElements),
		APIVersion: text(f.apiVersion),
	}
	if e.Account == "" {
		e.Account = who.account
	}
	e.Actor = who.actor(text(f.sourceIPAddress), text(f.userAgent), yes(f.fromConsole))
	if isOmitted(f.requestParameters) {
		e.Omitted = true
	}
	if isOmitted(f.responseElements) {
		e.Response = nil // the notice of omission is no response
	}
	e.Silent = trailSilence(f, e)
	return e
}

// trailSilence is why a record is no change.
func trailSilence(f *fields, e *drift.Event) drift.Silence {
	if string(f.eventCategory) == `"Insight"` {
		return drift.SilentNotACall
	}
	switch string(f.eventType) {
	case `"AwsServiceEvent"`, `"AwsConsoleSignIn"`, `"AwsCloudTrailInsight"`, `"AwsVpceEvent"`:
		return drift.SilentNotACall
	}
	if code := text(f.errorCode); code != "" || text(f.errorMessage) != "" {
		if strings.HasSuffix(code, "DryRunOperation") {
			return drift.SilentDryRun
		}
		return drift.SilentFailed
	}
	if yes(f.readOnly) || !isFlag(f.readOnly) && isReadOnly(e.Name) {
		return drift.SilentReadOnly
	}
	if asksDryRun(e.Request, "dryRun", "DryRun") {
		return drift.SilentDryRun
	}
	return ""
}

// isFlag reports whether a value says yes or no.
func isFlag(v []byte) bool { return yes(v) || string(v) == "false" || string(v) == `"false"` }

// isOmitted reports whether CloudTrail left a field out for its size; it then
// has an object with "omitted": true in its place.
func isOmitted(v []byte) bool {
	if !isObject(v) || !bytes.Contains(v, []byte(`mitted"`)) && !bytes.Contains(v, []byte(`runcated"`)) {
		return false
	}
	return yes(member(v, "omitted")) || yes(member(v, "truncated"))
}

// asksDryRun reports whether one of the named members of a request is set.
func asksDryRun(request json.RawMessage, names ...string) bool {
	for _, name := range names {
		if bytes.Contains(request, []byte(name)) && yes(member(request, name)) {
			return true
		}
	}
	return false
}

// timeOf reads a time as all clouds write it, RFC 3339; the zero time for
// anything else.
func timeOf(v []byte) time.Time {
	var t time.Time
	if t.UnmarshalText(unquote(v)) != nil {
		return time.Time{}
	}
	return t.UTC()
}

// readVerbs are the verbs of operations that change nothing, as the clouds name
// them. They decide only where the record has no readOnly of its own.
var readVerbs = [...]string{
	"AggregatedList", "BatchDescribe", "BatchGet", "Check", "Describe", "Discover", "Estimate", "Fetch", "Get", "Head",
	"List", "Lookup", "Preview", "Query", "Read", "Retrieve", "Scan", "Search", "Select", "Simulate", "TestIam",
	"Validate", "View",
}

// isReadOnly judges an operation by its verb: DescribeInstances, getIamPolicy.
func isReadOnly(operation string) bool {
	for _, verb := range readVerbs {
		if len(operation) < len(verb) || !strings.EqualFold(operation[:1], verb[:1]) || operation[1:len(verb)] != verb[1:] {
			continue
		}
		rest, _ := utf8.DecodeRuneInString(operation[len(verb):])
		if len(operation) == len(verb) || !unicode.IsLower(rest) {
			return true
		}
	}
	return false
}
