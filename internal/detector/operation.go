package detector

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/ledger"
	"tfdrift/internal/tree"
)

// Google logs a long operation in a pair of entries. The first carries the body
// and is judged at once; the last says how it ended, and where it failed, what
// the first said is withdrawn. Either may arrive first.

// bodyless reports whether an entry carries nothing but the type of its request.
func bodyless(ev *drift.Event) bool {
	for _, raw := range [...][]byte{ev.Request, ev.Extra} {
		params, err := tree.ParseObject(raw)
		if err != nil {
			return false // Understand says what is wrong with it
		}
		for member := range params {
			if !strings.HasPrefix(member, "@") {
				return false
			}
		}
	}
	return true
}

func operationKey(ev *drift.Event) string {
	return ledger.Key(ev.Provider, ev.Account, "", "operation", ev.PairID)
}

// begin remembers which records a first entry is about to be counted in;
// failed is true where its operation is known to have failed.
func (d *Detector) begin(ctx context.Context, ev *drift.Event, subjects []subject) (failed bool, err error) {
	parts := make([]ledger.Part, 0, len(subjects))
	for _, s := range subjects {
		r, err := d.load(ctx, ev, s)
		if err != nil {
			return false, err
		}
		parts = append(parts, ledger.Part{Record: r.Key, Index: s.target.Key})
	}
	err = d.change(ctx, operationKey(ev), func(r *ledger.Record) bool {
		if r.Operation == nil {
			r.Operation = &ledger.Operation{}
		}
		failed = r.Operation.Failed
		if failed || r.Counted(eventIDs(ev)...) {
			return false
		}
		r.Operation = &ledger.Operation{Parts: slices.Concat(r.Operation.Parts, parts)}
		r.Seen = append(r.Seen, eventIDs(ev)...)
		return true
	})
	if failed {
		d.explain(func() string { return "  no change: its operation failed" })
	}
	return failed, err
}

// withdraw takes back what the first entry of a failed operation said.
func (d *Detector) withdraw(ctx context.Context, ev *drift.Event) ([]drift.Finding, error) {
	d.explain(func() string { return fmt.Sprintf("  no change: operation %s failed", ev.PairID) })
	if ev.PairID == "" {
		return nil, nil
	}
	var parts []ledger.Part
	if err := d.change(ctx, operationKey(ev), func(r *ledger.Record) bool {
		if r.Operation != nil {
			parts = r.Operation.Parts
		}
		r.Operation = &ledger.Operation{Failed: true, Parts: parts}
		return true
	}); err != nil {
		return nil, err
	}
	var findings []drift.Finding
	for _, part := range parts {
		f, err := d.takeBack(ctx, ev, part)
		if err != nil {
			return findings, err
		}
		if f != nil {
			findings = append(findings, *f)
		}
	}
	return findings, nil
}

// takeBack judges one resource anew without what a failed operation said of it.
func (d *Detector) takeBack(ctx context.Context, ev *drift.Event, part ledger.Part) (finding *drift.Finding, err error) {
	entry, err := d.entryOf(ctx, ev, part)
	if err != nil {
		return nil, err
	}
	err = d.change(ctx, part.Record, func(r *ledger.Record) bool {
		finding = nil
		if r.Counted(eventIDs(ev)...) {
			return false
		}
		r.Withdraw(ev.PairID, eventIDs(ev)...)
		if r.Finding == nil {
			return true
		}
		s := subject{target: &drift.Target{Type: r.Finding.Resource.Type, NewID: r.Finding.Resource.ID}, entry: entry}
		if finding, _ = d.conclude(ev, s, r); finding != nil {
			r.Finding = finding
		}
		return true
	})
	return finding, err
}

// entryOf finds the entry that a record is about; nil where no state manages it.
func (d *Detector) entryOf(ctx context.Context, ev *drift.Event, part ledger.Part) (*drift.Entry, error) {
	entries, err := d.Index.Find(ctx, part.Index)
	if err != nil {
		return nil, fmt.Errorf("index lookup %s: %w", part.Index, err)
	}
	for _, e := range entries {
		if ledger.Key(ev.Provider, ev.Account, d.region(ev, subject{entry: e}), e.Type, e.ID) == part.Record {
			return e, nil
		}
	}
	return nil, nil
}

// change reads a record, alters it and writes it, anew where somebody else was
// faster; what alter refuses is not written.
func (d *Detector) change(ctx context.Context, key string, alter func(*ledger.Record) bool) error {
	for range attempts {
		r, err := d.Ledger.Load(ctx, key)
		if err != nil {
			return fmt.Errorf("ledger record %s: %w", key, err)
		}
		if !alter(&r) {
			return nil
		}
		switch err := d.Ledger.Save(ctx, r); {
		case errors.Is(err, drift.ErrConflict):
			continue
		case err != nil:
			return fmt.Errorf("ledger record %s: %w", key, err)
		}
		return nil
	}
	return fmt.Errorf("ledger record %s: written by others %d times in a row: %w", key, attempts, drift.ErrRetry)
}
