// Package onaws is what all functions on Lambda are made of: their configuration
// and variables, the way to AWS, a log, metrics, and the trigger that calls them.
// Its sub-packages are what each of them is made of besides, apart so that none
// links what only another needs. Nothing is asked of AWS before the first
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
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"tfdrift/internal/config"
	"tfdrift/internal/dynamo"
	"tfdrift/internal/secret"
	"tfdrift/internal/secret/awssecret"
	"tfdrift/internal/sqsqueue"
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

	Secrets *secret.Secrets

	aws aws.Config
	log *telemetry.Log
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
		Config: cfg, Env: env, aws: awsConfig(lookup), log: log, Log: log.Component(name),
		Metrics: emf.New(env.Deployment, out, time.Now),
	}
	for _, w := range warnings {
		f.Log.Warn("the configuration has something to say", "warning", fmt.Sprint(w))
	}
	f.Secrets = secret.New(map[config.SecretSource]secret.Store{config.FromEnv: secret.Env(lookup), config.FromAWS: awssecret.New(f.AWS)})
	return f, nil
}

// AWS is the configuration of AWS's clients.
func (f *Function) AWS(context.Context) (aws.Config, error) { return f.aws, nil }

// Component is the log of a part of the function.
func (f *Function) Component(name string) *slog.Logger { return f.log.Component(name) }

// Table is a table by its name.
func (f *Function) Table(name string) *dynamo.Table {
	return dynamo.Open(dynamodb.NewFromConfig(f.aws), name)
}

// Queue is a queue by its URL.
func (f *Function) Queue(url string) *sqsqueue.Queue {
	return sqsqueue.New(sqs.NewFromConfig(f.aws), url)
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
