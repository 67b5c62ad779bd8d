package page

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tfdrift/internal/channel"
	"tfdrift/internal/drift"
	"tfdrift/internal/ledger"
)

// finding is the page at /findings/ID.
type finding struct {
	frame
	row
	Type, Account, Region, Environment string
	Address, Identity                  string // in full
	Verb                               string // what the actor did
	Sentence                           string // what that means
	Call                               string
	ByConsole                          bool
	Diffs                              []diff
	Hidden                             int // changes beyond the first maxDiffs
	Remedies                           []remedy
	Facts                              []fact
	Rules                              []string
	Timeline                           []step
	Earlier                            bool // the timeline does not go back to the beginning
}

// maxDiffs is how many changed attributes a page shows.
const maxDiffs = 60

// fact is one thing that is known of who and when.
type fact struct {
	Name, Value string
	Mono        bool
}

// remedy is one way to put a finding right.
type remedy struct {
	Label   string // "put it back"
	Text    string // a sentence, or
	Command string // what to paste into a shell or into code
}

// step is one publication in the timeline.
type step struct {
	Status drift.Status
	Kind   drift.Kind
	Who    string
	Event  string
	When   *moment // of the event
	Told   *moment // when it was published, if that was later
}

func findingOf(r ledger.Record, frame frame) finding {
	x := r.Finding
	v := finding{
		frame: frame, row: rowOf(&r, frame.Clock),
		Type: clip(x.Resource.Type, 120), Account: clip(x.Account, 60), Region: clip(x.Region, 60), Environment: clip(x.Environment, 60),
		Address: clip(x.Resource.Address, 600), Identity: clip(x.Resource.ID, 600),
		Verb: verb(x), Sentence: sentence(x), Call: clip(x.Event.Name, 120), ByConsole: x.Actor.Console, Remedies: remedies(x), Facts: facts(x, frame.Clock),
	}
	v.Title = cmp.Or(v.row.Module+v.row.Name, v.Type) + " · Drift"
	for _, c := range byTelling(x.Changes)[:min(len(x.Changes), maxDiffs)] {
		v.Diffs = append(v.Diffs, diffOf(c))
	}
	v.Hidden = max(0, len(x.Changes)-maxDiffs)
	for _, name := range x.Rules {
		v.Rules = append(v.Rules, clip(name, 120))
	}
	for _, s := range slices.Backward(r.History) {
		v.Timeline = append(v.Timeline, stepOf(s, frame.Clock))
	}
	v.Earlier = r.Revision > len(r.History)
	return v
}

// Settled reports whether nothing differs any more.
func (v finding) Settled() bool { return v.Status == drift.Resolved }

// verb says what the actor did to the resource; of a resolved finding, last.
func verb(x *drift.Finding) string {
	if x.Status == drift.Resolved {
		return "acted on it last,"
	}
	return map[drift.Kind]string{drift.Deleted: "deleted it", drift.Unmanaged: "created it", drift.Modified: "changed it"}[x.Kind]
}

// sentence says what a finding means.
func sentence(x *drift.Finding) string {
	switch {
	case x.Status == drift.Resolved && x.Kind == drift.Unmanaged:
		return "Resolved: it is gone, or a state manages it by now."
	case x.Status == drift.Resolved:
		return "Resolved: the resource and its state agree again."
	case x.Kind == drift.Deleted:
		return "Terraform manages this resource, and it is gone."
	case x.Kind == drift.Unmanaged:
		return "No watched state manages it."
	}
	return "The resource is not what its state says."
}

// Unsaid is what to say where no attribute can be named.
func (v finding) Unsaid() string {
	if v.Kind == drift.Modified && v.Status != drift.Resolved && len(v.Diffs) == 0 {
		return "It was changed, but the event does not tell which attribute. terraform plan will."
	}
	return ""
}

func remedies(x *drift.Finding) []remedy {
	var all []remedy
	for _, text := range channel.Remedy(x) {
		label, rest, ok := strings.Cut(text, ":  ")
		if !ok {
			all = append(all, remedy{Text: clip(text, 1000)})
			continue
		}
		r := remedy{Label: label, Text: clip(strings.TrimSpace(rest), 1000)}
		if strings.HasPrefix(r.Text, "terraform ") || strings.HasPrefix(r.Text, "import ") {
			r.Command, r.Text = r.Text, ""
		}
		all = append(all, r)
	}
	return all
}

// facts are who did it, when, from where and by which event, those that are known.
func facts(x *drift.Finding, now clock) []fact {
	var when string
	if m := now.moment(x.Event.Time); m != nil {
		when = m.Absolute
	}
	via := map[drift.Via]string{drift.ViaCloudTrail: "CloudTrail", drift.ViaGCPAudit: "Cloud Audit Logs", drift.ViaFalco: "Falco"}[x.Event.Via]
	var known []fact
	for _, f := range []fact{
		{"Who", x.Actor.Name, false},
		{"Identity", whoIs(x.Actor), false},
		{"Principal", x.Actor.ARN, true},
		{"Access key", x.Actor.AccessKeyID, true},
		{"From", x.Actor.SourceIP, true},
		{"With", x.Actor.UserAgent, false},
		{"When", when, false},
		{"Call", x.Event.Name, true},
		{"Service", x.Event.Source, true},
		{"Event", x.Event.ID, true},
		{"Seen by", cmp.Or(via, string(x.Event.Via)), false},
	} {
		if f.Value != "" && !(f.Name == "Principal" && f.Value == x.Actor.Name) {
			known = append(known, fact{f.Name, clip(f.Value, 400), f.Mono})
		}
	}
	return known
}

func stepOf(s ledger.Step, now clock) step {
	out := step{Status: word(s.Status), Kind: word(s.Kind), Who: clip(cmp.Or(s.Actor.Name, "somebody"), 80), Event: clip(s.Event.Name, 120), When: now.moment(s.Event.Time), Told: now.moment(s.At)}
	if s.At.Sub(s.Event.Time).Abs() < 2*time.Minute {
		out.Told = nil
	}
	return out
}
