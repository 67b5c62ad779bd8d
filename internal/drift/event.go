package drift

import (
	"encoding/json"
	"time"
)

// Provider is a cloud, by the short name that findings carry.
type Provider string

// The clouds.
const (
	AWS Provider = "aws"
	GCP Provider = "gcp"
)

// Via says how an event reached us.
type Via string

// The ways. Falco marks an event that Falco relayed, whatever cloud it is from.
const (
	ViaCloudTrail Via = "cloudtrail"
	ViaGCPAudit   Via = "gcp_audit"
	ViaFalco      Via = "falco"
)

// Event is one call that a cloud logged, decoded from any envelope. It is not
// yet understood: Name is as logged, and parameters are raw JSON, since most
// events are dropped before anybody needs them.
type Event struct {
	Provider Provider
	ID       string // the cloud's own id for the entry; for Falco without one, derived from (time, principal, method, resource)
	Source   string // "ec2.amazonaws.com", "compute.googleapis.com"
	Name     string // the operation as logged: "UpdateFunctionConfiguration20150331v2", "v1.compute.firewalls.patch"
	Time     time.Time
	Account  string // AWS account id, GCP project id
	Region   string // AWS region; GCP region or zone where the entry shows one
	Actor    Actor
	Via      Via

	Request  json.RawMessage // requestParameters; protoPayload.request. An object, or empty
	Response json.RawMessage // responseElements; protoPayload.response. An object, or empty
	// Extra is what else names a GCP change: protoPayload.serviceData and
	// .metadata merged (policyDelta.bindingDeltas, bucket metadata, ...).
	Extra      json.RawMessage
	Resource   string            // GCP protoPayload.resourceName
	Labels     map[string]string // GCP resource.labels
	APIVersion string            // CloudTrail apiVersion, where the record has one

	Silent  Silence // why this event changed nothing, or ""
	Omitted bool    // CloudTrail left the parameters out (larger than 100 KB) or the entry is cut
	Pair    Pair    // place in a GCP long operation's pair of entries
	PairID  string  // the long operation's id
}

// Silence is the reason why a decoded event is no change.
type Silence string

// The reasons.
const (
	SilentReadOnly Silence = "read-only"
	SilentFailed   Silence = "failed"
	SilentDryRun   Silence = "dry run"
	SilentNotACall Silence = "not an API call"
)

// Pair is an entry's place in the pair that GCP logs for a long operation.
type Pair string

// A single entry has no place. The first entry of a pair carries the body and
// is judged; a last entry without a body says nothing; a failed last entry
// withdraws the first.
const (
	PairNone  Pair = ""
	PairFirst Pair = "first"
	PairLast  Pair = "last"
)

// Actor is who made a call.
type Actor struct {
	Type      string `json:"type"`
	Name      string `json:"name"`
	ARN       string `json:"arn"` // the principal's e-mail address on GCP
	SourceIP  string `json:"source_ip"`
	UserAgent string `json:"user_agent"`

	// AccessKeyID, Console and Names are evidence for people and rules; the
	// contract's JSON form does not have them.
	AccessKeyID string `json:"-"`
	Console     bool   `json:"-"` // made in the cloud's web console
	// Names are all names by which exclude_users may mean this actor: user,
	// role, session, service-linked role, ARNs, e-mail address.
	Names []string `json:"-"`
}
