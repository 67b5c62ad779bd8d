package forwarder

import (
	"slices"

	"tfdrift/internal/catalog"
	"tfdrift/internal/event"
	"tfdrift/internal/rules"
)

// Filter says which alerts are relayed. The zero value relays what the catalog
// knows to change something, whatever rule fired.
type Filter struct {
	Sources  []rules.Pattern // Falco's sources, such as aws_cloudtrail; none: all
	Rules    []rules.Pattern // names of rules; none: all
	Unmapped bool            // relay alerts too that the catalog knows nothing of
}

// Reasons why an alert is dropped, or put away.
const (
	NoAlert    = "no_alert"    // a document that is no alert of Falco's
	BySource   = "source"      // its source is not on the list
	ByRule     = "rule"        // its rule is not on the list
	Unmapped   = "unmapped"    // the catalog does not know the call, or there is none
	Unreadable = "unreadable"  // no JSON
	Refused    = "refused"     // the bus will never take it; it is put away
	Expired    = "expired"     // it waited too long; it is put away
	Unchanging = "no_mutation" // the catalog knows that the call changes nothing
)

// Reasons are all of them.
var Reasons = []string{NoAlert, BySource, ByRule, Unmapped, Unchanging, Unreadable, Refused, Expired}

// drops says why an alert is dropped, or "".
func (f *Filter) drops(a event.Alert) string {
	switch {
	case len(f.Sources) > 0 && !anyOf(f.Sources, a.Source):
		return BySource
	case len(f.Rules) > 0 && !anyOf(f.Rules, a.Rule):
		return ByRule
	case f.Unmapped:
		return ""
	}
	why := Unmapped
	for _, c := range a.Calls {
		known, changes := catalog.Known(c.Provider, c.Source, c.Name)
		if changes {
			return ""
		}
		if known {
			why = Unchanging
		}
	}
	return why
}

func anyOf(patterns []rules.Pattern, s string) bool {
	return slices.ContainsFunc(patterns, func(p rules.Pattern) bool { return p.Matches(s) })
}
