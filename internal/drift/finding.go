package drift

import (
	"encoding/json"
	"time"
)

// Status is where a finding is in its life.
type Status string

// The statuses.
const (
	Open     Status = "open"
	Updated  Status = "updated"
	Resolved Status = "resolved"
)

// Kind is what a finding says of its resource.
type Kind string

// The kinds.
const (
	Modified  Kind = "modified"  // a managed resource no longer matches its state
	Deleted   Kind = "deleted"   // a managed resource was deleted
	Unmanaged Kind = "unmanaged" // a resource was created that no watched state manages
)

// Severity is how much a finding matters.
type Severity string

// The severities, the gravest first.
const (
	Critical Severity = "critical"
	High     Severity = "high"
	Medium   Severity = "medium"
	Low      Severity = "low"
)

// Finding is a managed resource that is not what its state says, or a new one
// that no state knows. Its JSON form is the public contract.
type Finding struct {
	ID          string      `json:"id"` // fingerprint of provider, account, region, type and cloud identity
	Status      Status      `json:"status"`
	Kind        Kind        `json:"kind"`
	Severity    Severity    `json:"severity"`
	Rules       []string    `json:"rules"`
	Provider    Provider    `json:"provider"`
	Account     string      `json:"account"`
	Region      string      `json:"region"`
	Environment string      `json:"environment"`
	Resource    ResourceRef `json:"resource"`
	Changes     []Attribute `json:"changes"`
	Actor       Actor       `json:"actor"`
	Event       EventRef    `json:"event"`
}

// ResourceRef names the resource of a finding. Address and State are empty for
// an unmanaged one.
type ResourceRef struct {
	Address string `json:"address"`
	Type    string `json:"type"`
	ID      string `json:"id"`
	State   string `json:"state"`
}

// Attribute is one changed attribute: for OpSet before and after are whole
// values; for OpAdd After, for OpRemove Before is the element.
type Attribute struct {
	Name      string `json:"attribute"`
	Op        Op     `json:"op"`
	Before    any    `json:"before"`
	After     any    `json:"after"`
	Sensitive bool   `json:"sensitive,omitempty"` // before and after are absent, always
	Unknown   bool   `json:"unknown,omitempty"`   // the record hides what it was set to
}

// MarshalJSON writes what the op calls for: both sides of a set, null ones
// too, and one side of an addition or removal; none that is not to be shown.
func (a Attribute) MarshalJSON() ([]byte, error) {
	type named struct {
		Name string `json:"attribute"`
		Op   Op     `json:"op"`
	}
	type before struct {
		Before any `json:"before"`
	}
	type after struct {
		After any `json:"after"`
	}
	head := named{a.Name, a.Op}
	switch {
	case a.Sensitive:
		return json.Marshal(struct {
			named
			Sensitive bool `json:"sensitive"`
		}{head, true})
	case a.Unknown:
		return json.Marshal(struct {
			named
			Unknown bool `json:"unknown"`
		}{head, true})
	case a.Op == OpAdd:
		return json.Marshal(struct {
			named
			after
		}{head, after{a.After}})
	case a.Op == OpRemove:
		return json.Marshal(struct {
			named
			before
		}{head, before{a.Before}})
	}
	return json.Marshal(struct {
		named
		before
		after
	}{head, before{a.Before}, after{a.After}})
}

// EventRef names the event that a finding was last changed by.
type EventRef struct {
	ID     string    `json:"id"`
	Name   string    `json:"name"`
	Source string    `json:"source"`
	Time   time.Time `json:"time"`
	Via    Via       `json:"via"`
}
