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
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"tfdrift/internal/drift"
)

// Ledger is the port. Its methods may be called concurrently. Records that come
// out of it are the caller's: changing their lists or their finding changes
// nothing stored. The values of facts and changes are shared and never changed.
type Ledger interface {
	// Load returns the record under a key. One that does not exist is the zero
	// record with that key and version 0, and no error.
	Load(ctx context.Context, key string) (Record, error)

	// Save writes a record if the stored version is still r.Version, and gives
	// it the next version. Otherwise nothing is written: drift.ErrConflict. A
	// higher revision than the stored one is a publication, made by the same
	// write. An error may also follow a write that succeeded: read again.
	Save(ctx context.Context, r Record) error

	// OfState returns the keys of the records of resources that a state manages,
	// in order; of "", those of unmanaged resources.
	OfState(ctx context.Context, state string) ([]string, error)

	// Published returns the records with a finding, the latest publication first.
	Published(ctx context.Context) ([]Record, error)
}

// Feed is the publications of a ledger whose store tells nobody what was written.
// Of one whose store does, as DynamoDB in its streams, the backend tells what
// publication a change is.
type Feed interface {
	// Feed returns publications after a place in their sequence, in order, at
	// most max: every one that was made, each at least once. A reader that knows
	// none begins after 0.
	Feed(ctx context.Context, after uint64, max int) ([]Publication, error)

	// Trim forgets the publications up to a place, all delivered by now.
	Trim(ctx context.Context, upTo uint64) error
}

// Publication is one change of a finding, for the notifier.
type Publication struct {
	Place    uint64 // in the sequence of a feed, from 1; 0 from a stream
	Revision int    // of the finding
	Finding  drift.Finding
}

// Record is what is known of one cloud resource; docs/ledger.md tells its life.
type Record struct {
	Key          string
	Version      int // of the item; 0: not stored yet
	Provider     drift.Provider
	Account      string
	Region       string
	Resource     drift.ResourceRef // address and state are empty while no state manages it
	Keys         []string          // index keys under which its entry stands
	Observations []Observation
	Seen         []string             // ids of the latest events counted
	Settled      map[string]time.Time // attribute → event time up to which a state took up what events said; "*" for all
	Generation   uint64               // of the state's index that it was judged with
	Finding      *drift.Finding       // as last published; nil if never
	Revision     int                  // publications so far
	Opened       int                  // how often the finding opened: more than once is flapping
	History      []Step               // the latest publications, the oldest first
	Operation    *Operation           // of the record of a long operation, which is about no resource
}

// Step is one publication as a finding's timeline shows it.
type Step struct {
	Status drift.Status
	Kind   drift.Kind
	Actor  drift.Actor
	Event  drift.EventRef
	At     time.Time // when it was published
}

// Operation is what Google logs in two entries: the first says what is asked,
// the last whether it failed. Neither need come first here.
type Operation struct {
	Failed bool
	Parts  []string // keys of the records in which the first entry was counted
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
	Actor     drift.Actor    // who did it,
	Event     drift.EventRef // by which event
}

// Bounds of a record: events beyond them were counted long ago, and an item
// must fit its store (400 KB in DynamoDB).
const (
	maxSeen         = 100
	maxObservations = 100
	maxSteps        = 30
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
// arrives late is overtaken by what is already known. Facts that are not newer
// than what a state has taken up say nothing.
func (r *Record) Observe(o Observation, ids ...string) {
	r.Seen = latest(slices.Concat(r.Seen, ids), maxSeen)
	settled := func(attribute string) bool {
		t, ok := r.Settled[attribute]
		return ok && !o.Time.After(t)
	}
	if settled(all) {
		return
	}
	if len(r.Settled) > 0 {
		o.Facts = slices.DeleteFunc(slices.Clone(o.Facts), func(f drift.Fact) bool { return settled(f.Attribute) })
	}
	at := len(r.Observations)
	for at > 0 && r.Observations[at-1].Time.After(o.Time) {
		at--
	}
	r.Observations = slices.Insert(slices.Clone(r.Observations), at, o)
	if len(r.Observations) > maxObservations {
		r.Forget()
	}
}

// Forget drops the observation that tells the least, and reports whether it did:
// of a record with only one it never does.
func (r *Record) Forget() bool {
	if len(r.Observations) <= 1 {
		return false
	}
	least := r.leastTelling()
	r.Observations = slices.Concat(r.Observations[:least], r.Observations[least+1:])
	return true
}

// all stands in Settled for everything that was said of the resource.
const all = "*"

// Settle drops what a state written at a time made meaningless: facts that keep
// does not want, and that something unknown was changed before. Events up to
// the dropped ones that still arrive will say nothing.
func (r *Record) Settle(written time.Time, keep func(f drift.Fact, at time.Time) bool) {
	settled := maps.Clone(r.Settled)
	if settled == nil {
		settled = map[string]time.Time{}
	}
	var kept []Observation
	for _, o := range r.Observations {
		o.Touched = o.Touched && o.Time.After(written)
		var facts []drift.Fact
		for _, f := range o.Facts {
			if keep(f, o.Time) {
				facts = append(facts, f)
			} else if o.Time.After(settled[f.Attribute]) {
				settled[f.Attribute] = o.Time
			}
		}
		o.Facts = facts
		if len(facts) > 0 || o.Touched || o.Effect == drift.Create || o.Effect == drift.Delete {
			kept = append(kept, o)
		}
	}
	r.Observations, r.Settled = kept, settled
}

// SettleAll drops everything that was said up to a time: what is known of the
// resource begins anew.
func (r *Record) SettleAll(upTo time.Time) {
	r.Observations = slices.DeleteFunc(slices.Clone(r.Observations), func(o Observation) bool { return !o.Time.After(upTo) })
	r.Settled = map[string]time.Time{all: upTo}
}

// Last is the newest observation; the zero one where there is none.
func (r *Record) Last() Observation {
	if n := len(r.Observations); n > 0 {
		return r.Observations[n-1]
	}
	return Observation{}
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

// Publish makes a finding the record's, if there is news in it, and returns it
// with its status; nil where there is nothing to say. differs tells whether the
// resource differs now, and f in what. This table is the whole of it:
//
//	published before        now: agrees   now: differs, as before   now: differs otherwise
//	nothing, or resolved    –             open                      open
//	open or updated         resolved      –                         updated
func (r *Record) Publish(f drift.Finding, differs bool, now time.Time) *drift.Finding {
	live := r.Live()
	switch {
	case differs && !live:
		f.Status = drift.Open
		r.Opened++
	case differs && !sameSaying(r.Finding, &f):
		f.Status = drift.Updated
	case !differs && live:
		was := r.Finding
		f.Status, f.Changes = drift.Resolved, nil
		f.Resource, f.Kind, f.Severity, f.Rules, f.Environment = was.Resource, was.Kind, was.Severity, was.Rules, was.Environment
	default:
		return nil
	}
	if f.Changes == nil || f.Kind != drift.Modified {
		f.Changes = []drift.Attribute{}
	}
	r.Finding = &f
	r.Revision++
	r.History = latest(append(slices.Clone(r.History), Step{f.Status, f.Kind, f.Actor, f.Event, now}), maxSteps)
	return &f
}

// Live reports whether a finding is published and not resolved.
func (r *Record) Live() bool { return r.Finding != nil && r.Finding.Status != drift.Resolved }

// sameSaying reports whether two findings tell the same of their resource.
func sameSaying(a, b *drift.Finding) bool {
	return a.Kind == b.Kind && len(a.Changes) == len(b.Changes) && (len(a.Changes) == 0 || reflect.DeepEqual(a.Changes, b.Changes))
}
