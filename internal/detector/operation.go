package detector

import (
	"context"
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
	parts := make([]string, 0, len(subjects))
	for _, s := range subjects {
		key, err := d.key(ctx, ev, s)
		if err != nil {
			return false, err
		}
		parts = append(parts, key)
	}
	err = d.change(ctx, operationKey(ev), func(r *ledger.Record) (bool, error) {
		if r.Operation == nil {
			r.Operation = &ledger.Operation{}
		}
		failed = r.Operation.Failed
		if failed || r.Counted(eventIDs(ev)...) {
			return false, nil
		}
		r.Operation = &ledger.Operation{Parts: slices.Concat(r.Operation.Parts, parts)}
		r.Seen = append(r.Seen, eventIDs(ev)...)
		return true, nil
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
	var parts []string
	if err := d.change(ctx, operationKey(ev), func(r *ledger.Record) (bool, error) {
		if r.Operation != nil {
			parts = r.Operation.Parts
		}
		r.Operation = &ledger.Operation{Failed: true, Parts: parts}
		return true, nil
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
func (d *Detector) takeBack(ctx context.Context, ev *drift.Event, key string) (withdrawn *drift.Finding, err error) {
	err = d.change(ctx, key, func(r *ledger.Record) (bool, error) {
		withdrawn = nil
		if r.Counted(eventIDs(ev)...) {
			return false, nil
		}
		r.Withdraw(ev.PairID, eventIDs(ev)...)
		if r.Finding == nil {
			return true, nil
		}
		entry, err := d.current(ctx, r)
		if err != nil {
			return false, err
		}
		withdrawn, _ = d.conclude(ctx, entry, r, finding(r, ev.Actor, reference(ev)))
		return true, nil
	})
	if err == nil {
		d.published(withdrawn)
	}
	return withdrawn, err
}
