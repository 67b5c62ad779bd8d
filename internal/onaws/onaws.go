// Package onaws is what the functions on Lambda are made of: their configuration
// and variables, the clients of AWS, the cores over its stores, a log, metrics,
// and the trigger that calls them. Nothing is asked of AWS before the first
// invocation, so that a function begins quickly.
//
// docs/aws-functions.md says what each function is told, hears, answers and calls.
package onaws

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"tfdrift/internal/applies/dynamoapplies"
	"tfdrift/internal/catalog"
	"tfdrift/internal/compare"
	"tfdrift/internal/config"
	"tfdrift/internal/detector"
	"tfdrift/internal/drift"
	"tfdrift/internal/dynamo"
	"tfdrift/internal/index/dynamoindex"
	"tfdrift/internal/ledger/dynamoledger"
	"tfdrift/internal/onceschedule"
	"tfdrift/internal/rules"
	"tfdrift/internal/secret"
	"tfdrift/internal/secret/awssecret"
	"tfdrift/internal/sqsqueue"
	"tfdrift/internal/state"
	"tfdrift/internal/telemetry"
	"tfdrift/internal/telemetry/emf"
	"tfdrift/internal/trigger/lambdatrigger"
)

// Function is one function on Lambda.
type Function struct {
	Config  *config.Config
	Env     Environment
	Log     *slog.Logger
	Metrics *emf.Metrics

	name    string
	aws     aws.Config
	log     *telemetry.Log
	secrets *secret.Secrets
	sealing *sealing
	ledger  *dynamo.Table
}

// Open reads what a function is told: the detector, the indexer or the notifier.
func Open(name string) (*Function, error) { return open(name, os.LookupEnv, os.Stdout) }

func open(name string, lookup func(string) (string, bool), out io.Writer) (*Function, error) {
	get := func(name string) string { v, _ := lookup(name); return v }
	cfg, warnings, err := config.Load(get(config.Variable))
	env, err2 := readEnvironment(name, lookup)
	if err := errors.Join(err, err2); err != nil {
		return nil, err
	}
	levels, err := telemetry.ParseLevels(cfg.Logging.Level, get(telemetry.LevelVariable), get(telemetry.ComponentsVariable))
	if err != nil {
		return nil, err
	}
	log := telemetry.NewLog(out, cfg.Logging.Format == "text", levels)
	f := &Function{
		Config: cfg, Env: env, name: name, aws: awsConfig(lookup), log: log, Log: log.Component(name),
		Metrics: emf.New(env.Deployment, out, time.Now),
	}
	for _, w := range warnings {
		f.Log.Warn("the configuration has something to say", "warning", fmt.Sprint(w))
	}
	f.secrets = secret.New(map[config.SecretSource]secret.Store{config.FromEnv: secret.Env(lookup), config.FromAWS: awssecret.New(f.AWS)})
	f.sealing = &sealing{key: f.sealingKey}
	f.ledger = dynamo.Open(f.dynamo(), env.LedgerTable)
	return f, nil
}

// AWS is the configuration of AWS's clients.
func (f *Function) AWS(context.Context) (aws.Config, error) { return f.aws, nil }

func (f *Function) dynamo() *dynamodb.Client { return dynamodb.NewFromConfig(f.aws) }

// Ledger is the ledger; other things stand in its table too.
func (f *Function) Ledger() *dynamoledger.Ledger {
	return dynamoledger.New(f.ledger, dynamoledger.Options{})
}

// Index is the table of the index.
func (f *Function) Index() *dynamo.Table { return dynamo.Open(f.dynamo(), f.Env.IndexTable) }

// Queue is a queue by its URL.
func (f *Function) Queue(url string) *sqsqueue.Queue {
	return sqsqueue.New(sqs.NewFromConfig(f.aws), url)
}

// Detector is the detector over the stores, which judges what waits, too.
func (f *Function) Detector() (*detector.Detector, error) {
	judge, err := rules.New(f.Config.Rules())
	if err != nil {
		return nil, err
	}
	alarm := onceschedule.New(scheduler.NewFromConfig(f.aws), onceschedule.Target{
		Group: f.Env.ScheduleGroup, ARN: f.Env.ScheduleTarget, Role: f.Env.ScheduleRole, Input: `{"detail-type":"` + lambdatrigger.Settle + `"}`,
	}, time.Now)
	log := f.log.Component("detector")
	d := &detector.Detector{
		Index: dynamoindex.New(f.Index()), Ledger: f.Ledger(), Rules: judge, Compare: compare.Comparer{Seal: f.sealing.seal, Ready: f.sealing.open},
		Applies: dynamoapplies.New(f.ledger), Settle: f.Config.Settle,
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

// Run handles invocations until the process is ended. What kept it from getting
// here ends it: the platform tells by its own error, and the log says why.
func (f *Function) Run(h lambdatrigger.Handler) {
	h.Log = f.Log
	h.Retried = func() { f.Metrics.Add("tfdrift_events_retried_total", 1) }
	h.Buried = func() { f.Metrics.Add("tfdrift_events_dropped_total", 1) }
	h.Ended = func() {
		if err := f.Metrics.Flush(); err != nil {
			f.Log.Error("metrics cannot be told", "error", err)
		}
	}
	if f.Env.FailedQueue != "" {
		failed := f.Queue(f.Env.FailedQueue)
		h.Bury = func(ctx context.Context, m lambdatrigger.Message, why error) error {
			return failed.Put(ctx, lambdatrigger.Obituary(ctx, m, why, time.Now()), 0)
		}
	}
	h.Start()
}

// Exit ends a function that cannot begin.
func Exit(err error) {
	slog.New(slog.NewJSONHandler(os.Stdout, nil)).Error("the function cannot begin", "error", err)
	os.Exit(1)
}

// sealingKey is the configuration's, else that of the deployment's own secret.
func (f *Function) sealingKey(ctx context.Context) (string, error) {
	key := f.Config.SealingKey
	if key.Source() == config.NoSecret {
		if f.Env.SealingKey == "" {
			return "", fmt.Errorf("there is no sealing key; set TFDRIFT_SEALING_KEY_SECRET to a secret of 32 random bytes or more, or sealing_key in the configuration: %w", drift.ErrRetry)
		}
		key = config.NewSecret(config.FromAWS, f.Env.SealingKey)
	}
	return f.secrets.Value(ctx, key)
}

// sealing seals under a key that is read when it is first needed.
type sealing struct {
	key func(context.Context) (string, error)

	mu     sync.Mutex
	sealer *state.Sealer
}

func (s *sealing) open(ctx context.Context) error {
	_, err := s.with(ctx)
	return err
}

// with reads the key, if it was not read yet. A key that will not do is no fault
// of what is to be judged: whoever mends it finds that waiting.
func (s *sealing) with(ctx context.Context) (*state.Sealer, error) {
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
func (s *sealing) seal(v any) drift.Sealed {
	s.mu.Lock()
	sealer := s.sealer
	s.mu.Unlock()
	return sealer.Seal(v)
}
