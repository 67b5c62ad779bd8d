// Package indexing is what the indexer on Lambda is made of: states in S3, the
// index and the roster in DynamoDB, and the detector for what waited.
package indexing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"tfdrift/internal/applies/dynamoapplies"
	"tfdrift/internal/drift"
	"tfdrift/internal/index/dynamoindex"
	"tfdrift/internal/indexer"
	"tfdrift/internal/ledger/dynamoledger"
	"tfdrift/internal/onaws"
	"tfdrift/internal/onaws/detecting"
	"tfdrift/internal/roster/dynamoroster"
	"tfdrift/internal/state"
	"tfdrift/internal/state/s3state"
	"tfdrift/internal/sweep"
	"tfdrift/internal/trigger/lambdatrigger"
)

// New is what keeps the index equal to the states of the configuration.
func New(f *onaws.Function) (*sweep.Sweeper, error) {
	sealing := detecting.NewSealing(f)
	d, err := detecting.New(f, sealing)
	if err != nil {
		return nil, err
	}
	s3, table, ledger := s3state.New(f.AWS), f.Table(f.Env.IndexTable), f.Table(f.Env.LedgerTable)
	s := &sweep.Sweeper{
		Applies: dynamoapplies.New(ledger), Roster: dynamoroster.New(table), Ripe: d.Ripe, Log: f.Log, Workers: f.Config.Performance.StateParserWorkers,
	}
	x := &indexer.Indexer{Index: dynamoindex.New(table), Ledger: dynamoledger.New(ledger, dynamoledger.Options{}), Judge: d}
	s.Indexer = &sealed{x, sealing}
	for _, place := range f.Config.States() {
		if !strings.HasPrefix(place.URL(), "s3://") {
			f.Log.Warn("a place of states is not in S3, and is not watched by this function", "place", place.URL())
			continue
		}
		source, err := s3.OpenIn(place.URL(), place.S3Region)
		if err != nil {
			return nil, err
		}
		s.Places = append(s.Places, sweep.Place{Name: place.URL(), Source: source})
	}
	if f.Env.StateBackup != "" {
		backup, err := s3.Backup(f.Env.StateBackup)
		if err != nil {
			return nil, err
		}
		x.Backup = backup
	}
	return s, nil
}

// Follow does what an event asks the indexer for.
func Follow(f *onaws.Function, s *sweep.Sweeper) func(context.Context, lambdatrigger.Message) error {
	return func(ctx context.Context, m lambdatrigger.Message) error {
		e, err := lambdatrigger.ParseEvent(m.Body)
		if err != nil {
			return err
		}
		if o, ok, err := e.Object(); ok {
			if err != nil {
				return err
			}
			return s.Follow(ctx, sweep.Notice{Name: o.URL, At: e.Time, Gone: o.Gone})
		}
		switch e.Type {
		case lambdatrigger.Refresh:
			return all(ctx, f, s)
		case lambdatrigger.Settle:
			return s.Ripe(ctx)
		case lambdatrigger.Accept:
			return accept(ctx, s, e)
		}
		return fmt.Errorf("the indexer does not know what %q is: %w", e.Type, drift.ErrInvalid)
	}
}

// all looks at all states, and tells how they stand.
func all(ctx context.Context, f *onaws.Function, s *sweep.Sweeper) error {
	r, err := s.Sweep(ctx)
	f.Metrics.Duration("tfdrift_state_age_seconds", r.Stalest)
	f.Metrics.Set("tfdrift_states_failed", r.Failed)
	f.Metrics.Set("tfdrift_events_set_aside", r.SetAside)
	f.Log.Info("all states were looked at", "states", r.States, "resources", r.Resources, "failed", r.Failed, "set aside", r.SetAside)
	return err
}

// accept follows an operator, who waits for the answer: whatever the error, it is
// his.
func accept(ctx context.Context, s *sweep.Sweeper, e lambdatrigger.Event) error {
	var d struct{ State string }
	err := json.Unmarshal(e.Detail, &d)
	if err == nil && d.State == "" {
		err = errors.New("detail.state is not there")
	}
	if err == nil {
		err = s.Accept(ctx, d.State)
	}
	if err != nil {
		return fmt.Errorf("accept: %v", err)
	}
	return nil
}

// sealed is an indexer whose key is read when the first state is.
type sealed struct {
	*indexer.Indexer
	sealing *detecting.Sealing
}

// Refresh implements [sweep.Indexer].
func (x *sealed) Refresh(ctx context.Context, object state.Object, accept bool) (state.Header, error) {
	seal, err := x.sealing.Sealer(ctx)
	if err != nil {
		return state.Header{}, err
	}
	with := *x.Indexer
	with.Seal = seal
	return with.Refresh(ctx, object, accept)
}
