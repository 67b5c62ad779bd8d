package catalog

import (
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/identity"
	"tfdrift/internal/tree"
)

// Meant reports whether an entry is the one that a target means: of its type,
// all conditions holding. Provider, account and region are compared where the
// entry shows them.
func Meant(t *drift.Target, ev *drift.Event, e *drift.Entry) bool {
	if t.Type != "" && t.Type != e.Type || !inScope(ev, e) {
		return false
	}
	if ev.Provider == drift.GCP {
		return matchesGoogle(t.Match, e)
	}
	return matches(t.Match, e)
}

func matches(conditions []drift.Match, e *drift.Entry) bool {
	for _, m := range conditions {
		if !matchesOne(m, e) {
			return false
		}
	}
	return true
}

func matchesOne(m drift.Match, e *drift.Entry) bool {
	if m.Attribute == "*" {
		for name := range Names(e) {
			if identity.Same(name, m.Value) {
				return true
			}
		}
		return false
	}
	for attribute := range strings.SplitSeq(m.Attribute, "|") {
		v := e.Attributes[attribute]
		if strings.Contains(attribute, ".") { // of a block
			v = tree.Get(e.Attributes, attribute)
		}
		if identity.Matches(v, m.Value) {
			return true
		}
	}
	return false
}

// Parent reports whether an entry is the parent that a part is within.
func Parent(w *drift.Within, ev *drift.Event, e *drift.Entry) bool {
	if w.Type != e.Type || !inScope(ev, e) {
		return false
	}
	if ev.Provider == drift.GCP {
		return matchesGoogle(w.Match, e)
	}
	return matches(w.Match, e)
}

// inScope compares provider, account and region where both sides show them. An
// ARN in the event's names was compared with the entry's already.
func inScope(ev *drift.Event, e *drift.Entry) bool {
	if ev.Provider != e.Provider {
		return false
	}
	if ev.Account != "" && e.Account != "" && ev.Account != e.Account && e.Account != "aws" && !projectNumber(ev.Account) && !projectNumber(e.Account) {
		return false
	}
	if ev.Provider == drift.GCP || ev.Region == "" || e.Region == "" {
		return true
	}
	return ev.Region == e.Region || globalService(ev.Source)
}

func projectNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == "" && len(s) != 12
}

// globalService names the services whose calls are all logged in us-east-1,
// wherever the object is (CloudTrail User Guide, "Global service events").
func globalService(source string) bool {
	switch strings.TrimSuffix(source, ".amazonaws.com") {
	case "iam", "sts", "cloudfront", "route53", "route53domains", "organizations", "waf", "shield", "globalaccelerator", "account", "budgets", "ce", "support", "health", "networkmanager", "artifact":
		return true
	}
	return false
}
