package event

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"tfdrift/internal/drift"
)

// auditLog is a Google LogEntry whose payload is an AuditLog. What tells of it
// is in the Cloud Logging reference under "LogEntry" and "AuditLog".
type auditLog struct {
	serviceName, methodName, resourceName, status, authentication, metadata []byte
	requestMetadata, request, response, serviceData                         []byte
}

func readAuditLog(payload []byte) auditLog {
	var p auditLog
	for name, v := range members(payload) {
		switch string(name) {
		case "serviceName":
			p.serviceName = v
		case "methodName":
			p.methodName = v
		case "resourceName":
			p.resourceName = v
		case "status":
			p.status = v
		case "authenticationInfo":
			p.authentication = v
		case "requestMetadata":
			p.requestMetadata = v
		case "request":
			p.request = v
		case "response":
			p.response = v
		case "serviceData":
			p.serviceData = v
		case "metadata":
			p.metadata = v
		}
	}
	return p
}

// addAudit adds the event of a LogEntry, or, of a split entry, keeps it until
// its other parts are there.
func (x *expander) addAudit(f *fields, via drift.Via) {
	p := readAuditLog(f.protoPayload)
	if !isString(p.methodName) {
		return // some other protoPayload: App Engine's request logs have one too
	}
	e := audit(f, &p)
	if via != "" {
		e.Via = via
	}
	x.known++
	if isObject(f.split) {
		x.events = append(x.events, x.parts.add(e, f.split)...)
		return
	}
	x.events = append(x.events, e)
}

func audit(f *fields, p *auditLog) *drift.Event {
	e := &drift.Event{
		Provider: drift.GCP,
		Via:      drift.ViaGCPAudit,
		ID:       text(f.insertID),
		Source:   text(p.serviceName),
		Name:     text(p.methodName),
		Time:     timeOf(f.timestamp),
		Resource: text(p.resourceName),
		Actor:    auditActor(p.authentication, p.requestMetadata),
		Request:  object(p.request),
		Response: object(p.response),
		Extra:    merge(p.serviceData, p.metadata),
	}
	if e.Time.IsZero() {
		e.Time = timeOf(f.receiveTimestamp)
	}
	for name, v := range members(member(f.resource, "labels")) {
		if e.Labels == nil {
			e.Labels = make(map[string]string, 4)
		}
		e.Labels[string(name)] = text(v)
	}
	logName := text(f.logName)
	e.Account = or(e.Labels["project_id"], segment(logName, "projects"), segment(e.Resource, "projects"))
	e.Region = auditRegion(e)
	readPair(e, f.operation)
	e.Silent = auditSilence(f, p, e, logName)
	if e.ID == "" {
		e.ID = DerivedID(e)
	}
	return e
}

// auditRegion is the region or zone that the entry shows: its resource labels
// first, since most services fill them, then the resource's name. Global
// resources have none.
func auditRegion(e *drift.Event) string {
	for _, place := range [...]string{
		e.Labels["location"], e.Labels["region"], e.Labels["zone"],
		segment(e.Resource, "zones"), segment(e.Resource, "regions"), segment(e.Resource, "locations"),
	} {
		if place != "" && place != "global" && place != "-" {
			return place
		}
	}
	return ""
}

// segment is the path segment after the one named: segment("a/projects/p", "projects") is "p".
func segment(path, name string) string {
	for head, rest, more := strings.Cut(path, "/"); more; head, rest, more = strings.Cut(rest, "/") {
		if head == name {
			value, _, _ := strings.Cut(rest, "/")
			if value == "_" {
				return ""
			}
			return value
		}
	}
	return ""
}

// readPair finds the entry's place in a long operation.
func readPair(e *drift.Event, operation []byte) {
	var first, last bool
	for name, v := range members(operation) {
		switch string(name) {
		case "id":
			e.PairID = text(v)
		case "first":
			first = yes(v)
		case "last":
			last = yes(v)
		}
	}
	switch {
	case first && !last:
		e.Pair = drift.PairFirst
	case last && !first:
		e.Pair = drift.PairLast
	}
}

// auditSilence is why an entry is no change. Of the four audit logs ("Cloud
// Audit Logs overview"), admin activity and system events are of changes to
// configuration, the latter by Google's own systems; data access is not, and
// the policy log has calls that were denied.
func auditSilence(f *fields, p *auditLog, e *drift.Event, logName string) drift.Silence {
	switch _, log, _ := strings.Cut(strings.Replace(logName, "%2F", "/", 1), "cloudaudit.googleapis.com/"); log {
	case "data_access":
		return drift.SilentReadOnly
	case "policy":
		return drift.SilentFailed
	}
	code := text(member(p.status, "code"))
	if code != "" && code != "0" || string(f.severity) == `"ERROR"` && text(member(p.status, "message")) != "" {
		return drift.SilentFailed
	}
	if isReadOnly(e.Name[strings.LastIndexByte(e.Name, '.')+1:]) {
		return drift.SilentReadOnly
	}
	if asksDryRun(e.Request, "validateOnly", "validate_only", "dryRun", "dry_run") {
		return drift.SilentDryRun
	}
	return ""
}

// merge is one object of the members of two.
func merge(a, b []byte) json.RawMessage {
	if !isObject(b) {
		return object(a)
	}
	if !isObject(a) {
		return object(b)
	}
	a, b = bytes.TrimSpace(a[1:len(a)-1]), bytes.TrimSpace(b[1:len(b)-1])
	merged := make([]byte, 0, len(a)+len(b)+3)
	merged = append(append(merged, '{'), a...)
	if len(a) > 0 && len(b) > 0 {
		merged = append(merged, ',')
	}
	return append(append(merged, b...), '}')
}

// DerivedID is an id for a Google event from what Falco's gcpaudit plugin and
// the native entry both show: time, principal, method and resource. Events
// without an insertId have it as their ID; whoever counts events once records
// it for those with one as well.
func DerivedID(e *drift.Event) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{
		e.Time.UTC().Format(time.RFC3339Nano), e.Actor.ARN, e.Name, e.Resource,
	}, "\x00")))
	return "derived-" + hex.EncodeToString(sum[:16])
}
