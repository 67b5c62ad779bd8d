// Package detecting is what the detector on Lambda is made of, and the indexer,
// which judges what waited: the core over DynamoDB, woken by schedules.
package detecting

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/scheduler"

	"tfdrift/internal/applies/dynamoapplies"
	"tfdrift/internal/catalog"
	"tfdrift/internal/compare"
	"tfdrift/internal/config"
	"tfdrift/internal/detector"
	"tfdrift/internal/drift"
	"tfdrift/internal/index/dynamoindex"
	"tfdrift/internal/ledger/dynamoledger"
	"tfdrift/internal/onaws"
	"tfdrift/internal/onceschedule"
	"tfdrift/internal/rules"
	"tfdrift/internal/state"
	"tfdrift/internal/telemetry"
	"tfdrift/internal/trigger/lambdatrigger"
)

// New is the detector over the stores, which judges what waits, too.
func New(f *onaws.Function, sealing *Sealing) (*detector.Detector, error) {
	judge, err := rules.New(f.Config.Rules())
	if err != nil {
		return nil, err
	}
	cfg, err := f.AWS(context.Background())
	if err != nil {
		return nil, err
	}
	alarm := onceschedule.New(scheduler.NewFromConfig(cfg), onceschedule.Target{
		Group: f.Env.ScheduleGroup, ARN: f.Env.ScheduleTarget, Role: f.Env.ScheduleRole, Input: `{"detail-type":"` + lambdatrigger.Settle + `"}`,
	}, time.Now)
	log := f.Component("detector")
	table := f.Table(f.Env.LedgerTable)
	d := &detector.Detector{
		Index: dynamoindex.New(f.Table(f.Env.IndexTable)), Ledger: dynamoledger.New(table, dynamoledger.Options{}), Rules: judge, Compare: compare.Comparer{Seal: sealing.seal, Ready: sealing.open},
		Applies: dynamoapplies.New(table), Settle: f.Config.Settle, Turns: &detector.Turns{}, // the messages of a batch are judged side by side
		Wake: alarm.At,
		Published: func(found *drift.Finding) {
			telemetry.Finding(log, found)
			f.Metrics.Published(found)
		},
		Unmapped: func(*drift.Event) { f.Metrics.Add("tfdrift_events_unmapped_total", 1) },
	}
	if log.Enabled(context.Background(), slog.LevelDebug) {
		d.Explain = func(step string) { log.Debug(step) }
	}
	return d, nil
}

// Judge judges the events of a message, in whatever envelope they come.
func Judge(f *onaws.Function, d *detector.Detector) func(context.Context, lambdatrigger.Message) error {
	return func(ctx context.Context, m lambdatrigger.Message) error {
		events, unreadable, err := d.Take(ctx, m.Body)
		f.Metrics.Add("tfdrift_documents_unreadable_total", unreadable)
		if events == 0 && err == nil {
			f.Metrics.Add("tfdrift_documents_passed_over_total", 1)
		}
		return err
	}
}

// Sealing seals under a key that is read when it is first needed.
type Sealing struct {
	f *onaws.Function

	mu     sync.Mutex
	sealer *state.Sealer
}

// NewSealing returns one whose key is that of a function.
func NewSealing(f *onaws.Function) *Sealing { return &Sealing{f: f} }

func (s *Sealing) open(ctx context.Context) error {
	_, err := s.Sealer(ctx)
	return err
}

// Sealer reads the key, if it was not read yet. A key that will not do is no fault
// of what is to be judged: whoever mends it finds that waiting.
func (s *Sealing) Sealer(ctx context.Context) (*state.Sealer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sealer == nil {
		key, err := s.key(ctx)
		if err == nil {
			s.sealer, err = state.NewSealer([]byte(key), catalog.Sensitive)
		}
		if err != nil {
			return nil, fmt.Errorf("sealing key: %v: %w", err, drift.ErrRetry)
		}
	}
	return s.sealer, nil
}

// seal seals a value; open was called before.
func (s *Sealing) seal(v any) drift.Sealed {
	s.mu.Lock()
	sealer := s.sealer
	s.mu.Unlock()
	return sealer.Seal(v)
}

// sealingKey is the configuration's, else that of the deployment's own secret.
func (s *Sealing) key(ctx context.Context) (string, error) {
	f := s.f
	key := f.Config.SealingKey
	if key.Source() == config.NoSecret {
		if f.Env.SealingKey == "" {
			return "", fmt.Errorf("there is no sealing key; set TFDRIFT_SEALING_KEY_SECRET to a secret of 32 random bytes or more, or sealing_key in the configuration: %w", drift.ErrRetry)
		}
		key = config.NewSecret(config.FromAWS, f.Env.SealingKey)
	}
	return f.Secrets.Value(ctx, key)
}
