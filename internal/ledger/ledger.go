// Package ledger records what events have said of each resource and the finding
// that follows. A record is one item: its observations in order of event time,
// the ids of events already counted, and the finding last published. Writing it
// is conditional on the version read, which makes the write at once the
// de-duplication and the publication.
//
// What an observation means for a resource is decided above, by the detector.
package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"tfdrift/internal/drift"
)

// Ledger is the port.
type Ledger interface {
	// Load returns the record under a key. One that does not exist is the zero
	// record with that key and version 0, and no error. The record is the
	// caller's: changing its lists or its finding changes nothing stored. The
	// values of facts and changes are shared and never changed.
	Load(ctx context.Context, key string) (Record, error)
	// Save writes a record if the stored version is still r.Version, and gives
	// it the next version. Otherwise nothing is written: drift.ErrConflict.
	Save(ctx context.Context, r Record) error
}

// Record is what is known of one cloud resource.
type Record struct {
	Key          string
	Version      int // of the item; 0: not stored yet
	Observations []Observation
	Seen         []string       // ids of the latest events counted
	Finding      *drift.Finding // as last published; nil if never
	Operation    *Operation     // of the record of a long operation, which is about no resource
}

// Operation is what Google logs in two entries: the first says what is asked,
// the last whether it failed. Neither need come first here.
type Operation struct {
	Failed bool
	Parts  []Part // what the first entry was recorded in
}

// Part is one resource that a long operation is about.
type Part struct {
	Record string // the key of its record
	Index  string // the key under which the index has it, if a state manages it
}

// Observation is what one event said of the resource.
type Observation struct {
	Time   time.Time
	Effect drift.Effect
	Facts  []drift.Fact
	// Touched: the event changed the resource, we cannot say where.
	Touched bool
	// Operation is the id of the long operation that the event began.
	Operation string
}

// Bounds of a record: events beyond them were counted long ago, and an item
// must fit its store (400 KB in DynamoDB).
const (
	maxSeen         = 100
	maxObservations = 100
)

// Key is the fingerprint of a cloud resource, the same from whatever state or
// event it is seen.
func Key(provider drift.Provider, account, region, typ, identity string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{string(provider), account, region, typ, identity}, "\x00")))
	return hex.EncodeToString(sum[:12])
}

// Counted reports whether an event was recorded before, under any of its ids.
func (r *Record) Counted(ids ...string) bool {
	return slices.ContainsFunc(ids, func(id string) bool { return id != "" && slices.Contains(r.Seen, id) })
}

// Observe adds what an event said, at its place in event time: an event that
// arrives late is overtaken by what is already known.
func (r *Record) Observe(o Observation, ids ...string) {
	at := len(r.Observations)
	for at > 0 && r.Observations[at-1].Time.After(o.Time) {
		at--
	}
	r.Observations = slices.Insert(slices.Clone(r.Observations), at, o)
	if len(r.Observations) > maxObservations {
		least := r.leastTelling()
		r.Observations = slices.Delete(r.Observations, least, least+1)
	}
	r.Seen = latest(slices.Concat(r.Seen, ids), maxSeen)
}

// Withdraw forgets what the first entry of a long operation said, which failed.
func (r *Record) Withdraw(operation string, ids ...string) {
	r.Observations = slices.DeleteFunc(slices.Clone(r.Observations), func(o Observation) bool { return o.Operation == operation })
	r.Seen = latest(slices.Concat(r.Seen, ids), maxSeen)
}

// leastTelling is the observation to forget first: the oldest of those that
// later ones made meaningless, else the oldest.
func (r *Record) leastTelling() int {
	for i, o := range r.Observations {
		if isOvertaken(o, r.Observations[i+1:]) {
			return i
		}
	}
	return 0
}

// isOvertaken reports whether nothing of an observation counts any more: the
// resource was deleted since, or every attribute was set anew.
func isOvertaken(o Observation, later []Observation) bool {
	if slices.ContainsFunc(later, func(l Observation) bool { return l.Effect == drift.Delete }) {
		return true
	}
	if o.Effect == drift.Create || o.Effect == drift.Delete || o.Touched && !slices.ContainsFunc(later, func(l Observation) bool { return l.Touched }) {
		return false
	}
	for _, f := range o.Facts {
		setAnew := func(g drift.Fact) bool { return g.Attribute == f.Attribute && g.Op == drift.OpSet && !g.Unknown }
		if !slices.ContainsFunc(later, func(l Observation) bool { return slices.ContainsFunc(l.Facts, setAnew) }) {
			return false
		}
	}
	return true
}

func latest[T any](list []T, most int) []T {
	return list[max(0, len(list)-most):]
}

// Existence is what the observations say of the resource itself.
type Existence string

// A resource was Made or Removed by the last event that spoke of it, or no
// event did.
const (
	Unsaid  Existence = ""
	Made    Existence = "made"
	Removed Existence = "removed"
)

// Known folds the observations: whether the resource exists, the facts since it
// last came into being, and whether something unknown was changed.
func (r *Record) Known() (existence Existence, facts []drift.Fact, touched bool) {
	for _, o := range r.Observations {
		switch o.Effect {
		case drift.Delete:
			existence, facts, touched = Removed, nil, false
			continue
		case drift.Create:
			existence = Made
		}
		facts = append(facts, o.Facts...)
		touched = touched || o.Touched
	}
	return existence, facts, touched
}

// Next is the status of a finding, given the one published before and whether
// the resource differs now; say is false where nothing is to be published.
//
//	before       differs, news   differs, no news   agrees
//	none         open            (cannot be)        silence
//	resolved     open            open               silence
//	open         updated         silence            resolved
func Next(before *drift.Finding, differs, news bool) (status drift.Status, say bool) {
	live := before != nil && before.Status != drift.Resolved
	switch {
	case differs && !live:
		return drift.Open, true
	case differs && news:
		return drift.Updated, true
	case !differs && live:
		return drift.Resolved, true
	}
	return "", false
}
