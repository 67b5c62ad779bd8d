package detector

import (
	"strings"

	"tfdrift/internal/catalog"
	"tfdrift/internal/drift"
	"tfdrift/internal/event"
	"tfdrift/internal/identity"
	"tfdrift/internal/ledger"
)

// subject is one resource that an event speaks of, and what it says.
type subject struct {
	target *drift.Target
	entry  *drift.Entry // nil where no state manages it
	ledger.Observation
}

// gather brings together what one event says of one resource in several
// places, since a record counts an event once.
func gather(subjects, more []subject) []subject {
next:
	for _, m := range more {
		for i := range subjects {
			s := &subjects[i]
			if !s.same(m) {
				continue
			}
			s.Facts = append(s.Facts, m.Facts...)
			s.Touched = s.Touched || m.Touched
			if m.Effect == drift.Delete {
				s.Effect = drift.Delete
			}
			continue next
		}
		subjects = append(subjects, m)
	}
	return subjects
}

// same reports whether two subjects are one resource. An index may return one
// entry as two copies.
func (s subject) same(m subject) bool {
	if s.entry == nil || m.entry == nil {
		return s.entry == m.entry && s.target.Type == m.target.Type && s.id() == m.id()
	}
	return s.entry.State == m.entry.State && s.entry.Address == m.entry.Address
}

// resource names what the subject is, as a finding does.
func (s subject) resource() drift.ResourceRef {
	ref := drift.ResourceRef{Type: s.kind(), ID: s.id()}
	if s.entry != nil {
		ref.Address, ref.State = s.entry.Address, s.entry.State
	}
	return ref
}

// state is the one that manages it, "" for none.
func (s subject) state() string { return s.resource().State }

// keys are the index keys under which its entry stands, or would.
func (s subject) keys() []string {
	if s.entry != nil {
		return catalog.Keys(s.entry)
	}
	keys := []string{s.target.Key}
	if s.target.NewID != "" {
		service, _, _ := strings.Cut(s.target.Key, "/")
		if key := identity.Key(service, s.target.NewID); key != keys[0] {
			keys = append(keys, key)
		}
	}
	return keys
}

// kind is the resource's type.
func (s subject) kind() string {
	if s.entry != nil {
		return s.entry.Type
	}
	return s.target.Type
}

// id is the resource's id as Terraform has it, or would have it.
func (s subject) id() string {
	switch {
	case s.entry != nil:
		return s.entry.ID
	case s.target.NewID != "":
		return s.target.NewID
	case len(s.target.Match) > 0:
		return s.target.Match[0].Value
	}
	return s.target.Key
}

// fingerprints are what tells the resource from others of its type: its id, or,
// of a part that no state manages, all that the call names it by, in which
// making and unmaking it agree. A deletion may name by less, or by more, than
// the creation did: then any of its names may be the one.
func (s subject) fingerprints() []string {
	if s.entry != nil {
		return []string{s.entry.ID}
	}
	names := make([]string, 0, len(s.target.Match)+2)
	for _, m := range s.target.Match {
		names = append(names, catalog.Fingerprint(s.target, m.Value))
	}
	first := catalog.Fingerprint(s.target, s.id())
	if len(names) > 1 {
		shorts := make([]string, len(names))
		for i, name := range names {
			shorts[i] = identity.Short(name)
		}
		first = strings.Join(shorts, "|")
	}
	if s.Effect != drift.Delete {
		return []string{first}
	}
	return append([]string{first, catalog.Fingerprint(s.target, s.id())}, names...)
}

// region of a resource: its own, or the event's; the ids of Google's resources
// hold theirs.
func (s subject) region(ev *drift.Event) string {
	if ev.Provider == drift.GCP {
		return ""
	}
	if s.entry != nil && s.entry.Region != "" {
		return s.entry.Region
	}
	return ev.Region
}

// eventIDs are the ids under which an event is counted. Falco's Google Cloud
// plugin does not know a log entry's insertId, so that such an event is counted
// by what it says as well, and the same event by the other way is known again.
func eventIDs(ev *drift.Event) []string {
	if ev.Provider == drift.GCP {
		return []string{ev.ID, event.DerivedID(ev)}
	}
	return []string{ev.ID}
}
