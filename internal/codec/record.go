package codec

import (
	"tfdrift/internal/channel"
	"tfdrift/internal/drift"
	"tfdrift/internal/ledger"
	"tfdrift/internal/outbox"
)

// MarshalRecord is the stored form of a ledger record: bytes, no text.
func MarshalRecord(r ledger.Record) ([]byte, error) { return pack(r, record) }

// UnmarshalRecord reads the stored form of a ledger record.
func UnmarshalRecord(raw []byte) (ledger.Record, error) { return unpack(raw, record) }

// MarshalFinding is the stored form of a finding: its public form leaves out
// what only rules look at.
func MarshalFinding(f drift.Finding) ([]byte, error) { return pack(f, finding) }

// UnmarshalFinding reads the stored form of a finding.
func UnmarshalFinding(raw []byte) (drift.Finding, error) { return unpack(raw, finding) }

// MarshalItem is the stored form of what waits for a channel.
func MarshalItem(it outbox.Item) ([]byte, error) { return pack(it, item) }

// UnmarshalItem reads the stored form of what waits for a channel.
func UnmarshalItem(raw []byte) (outbox.Item, error) { return unpack(raw, item) }

// The fields, in their order. Whoever adds one gives the form another number.

func record(p *packer, r *ledger.Record) {
	text(p, &r.Key)
	p.int(&r.Version)
	text(p, &r.Provider)
	text(p, &r.Account)
	text(p, &r.Region)
	resource(p, &r.Resource)
	texts(p, &r.Keys)
	list(p, &r.Observations, observation)
	texts(p, &r.Seen)
	p.times(&r.Settled)
	p.number(&r.Generation)
	pointer(p, &r.Finding, finding)
	p.int(&r.Revision)
	p.int(&r.Opened)
	list(p, &r.History, step)
	pointer(p, &r.Operation, operation)
}

func observation(p *packer, o *ledger.Observation) {
	p.time(&o.Time)
	text(p, &o.Effect)
	list(p, &o.Facts, fact)
	p.flags(&o.Touched)
	text(p, &o.Operation)
	actor(p, &o.Actor)
	event(p, &o.Event)
}

func fact(p *packer, f *drift.Fact) {
	text(p, &f.Attribute)
	text(p, &f.Op)
	p.tree(&f.Value)
	p.flags(&f.Unknown, &f.Sensitive)
}

func step(p *packer, s *ledger.Step) {
	text(p, &s.Status)
	text(p, &s.Kind)
	actor(p, &s.Actor)
	event(p, &s.Event)
	p.time(&s.At)
}

func operation(p *packer, o *ledger.Operation) {
	p.flags(&o.Failed)
	texts(p, &o.Parts)
}

func finding(p *packer, f *drift.Finding) {
	text(p, &f.ID)
	text(p, &f.Status)
	text(p, &f.Kind)
	text(p, &f.Severity)
	texts(p, &f.Rules)
	text(p, &f.Provider)
	text(p, &f.Account)
	text(p, &f.Region)
	text(p, &f.Environment)
	resource(p, &f.Resource)
	list(p, &f.Changes, attribute)
	actor(p, &f.Actor)
	event(p, &f.Event)
}

func resource(p *packer, r *drift.ResourceRef) {
	text(p, &r.Address)
	text(p, &r.Type)
	text(p, &r.ID)
	text(p, &r.State)
}

func attribute(p *packer, a *drift.Attribute) {
	text(p, &a.Name)
	text(p, &a.Op)
	p.flags(&a.Sensitive, &a.Unknown)
	if !a.Sensitive {
		p.tree(&a.Before)
		p.tree(&a.After)
	}
}

func actor(p *packer, a *drift.Actor) {
	text(p, &a.Type)
	text(p, &a.Name)
	text(p, &a.ARN)
	text(p, &a.SourceIP)
	text(p, &a.UserAgent)
	text(p, &a.AccessKeyID)
	p.flags(&a.Console)
	texts(p, &a.Names)
}

func event(p *packer, e *drift.EventRef) {
	text(p, &e.ID)
	text(p, &e.Name)
	text(p, &e.Source)
	p.time(&e.Time)
	text(p, &e.Via)
}

func item(p *packer, it *outbox.Item) {
	p.number(&it.Place)
	pointer(p, &it.Live, message)
	p.int(&it.Opening)
	pointer(p, &it.Resolved, message)
	p.int(&it.Delivered)
	p.time(&it.Due)
	p.int(&it.Attempt)
	text(p, &it.GivenUp)
}

func message(p *packer, m *channel.Message) {
	finding(p, &m.Finding)
	p.int(&m.Revision)
}
