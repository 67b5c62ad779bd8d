package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	"tfdrift/internal/config"
	"tfdrift/internal/drift"
	"tfdrift/internal/telemetry"
	"tfdrift/internal/trigger/httptrigger"
)

type runCommand struct {
	Config       string   `placeholder:"FILE" help:"Configuration. Absent: what TFDRIFT_CONFIG holds, a path or the YAML itself."`
	Data         string   `default:"tfdrift-data" placeholder:"DIR" help:"Folder of the embedded store, the spool and the sealing key. One process at a time has it."`
	Listen       string   `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where events are posted and the page is read."`
	State        []string `sep:"none" placeholder:"PATH" help:"A state to watch, or a folder: every state below it; s3://BUCKET/KEY too, or s3://BUCKET/PREFIX/. Beside those of the configuration. Repeatable."`
	StateBackup  string   `placeholder:"DIR" help:"Folder to which each new version of a state is copied; copies are kept for 90 days. Or s3://BUCKET/PREFIX/, for states in S3; there a lifecycle rule removes them."`
	TokenFromEnv string   `placeholder:"NAME" help:"Environment variable with the token that senders and readers must show."`
	TLSCert      string   `name:"tls-cert" placeholder:"FILE" help:"Certificate (PEM) to serve by HTTPS."`
	TLSKey       string   `name:"tls-key" placeholder:"FILE" help:"Its private key (PEM)."`
	ClientCA     string   `name:"client-ca" placeholder:"FILE" help:"Authority (PEM) whose client certificates are let in without a token."`
	PprofPort    int      `placeholder:"PORT" help:"Serve Go's profiles on this port of the loopback address."`
	Console      bool     `help:"Write findings on standard output too. So it is done where no other channel is configured."`
}

func (runCommand) Help() string {
	return `Watches states in local files and in S3, takes events on POST /events (any envelope) and POST /falco (Falco's http_output), and sends what it finds to the channels of the configuration. An answer of 202 means that an event is safe, also from kill -9.

The page of findings is at /, the list as JSON at /findings.json; probes are at /healthz and /ready, metrics at /metrics. Ctrl-C or SIGTERM ends it in order, a second one at once.

TFDRIFT_LOG_LEVEL (debug, info, warn, error) and TFDRIFT_LOG_COMPONENTS (detector=debug,notifier) set what is logged.

Examples:
  tfdrift run --state terraform.tfstate
  tfdrift run --config tfdrift.yaml --data /var/lib/tfdrift --listen :8080 --token-from-env TFDRIFT_TOKEN`
}

func (c runCommand) Run(p *process) error {
	cfg, err := c.config(p)
	if err != nil {
		return err
	}
	levels, err := telemetry.ParseLevels(cfg.Logging.Level, os.Getenv(telemetry.LevelVariable), os.Getenv(telemetry.ComponentsVariable))
	if err != nil {
		return err
	}
	h := &host{process: p, command: c, config: cfg, log: telemetry.NewLog(p.stderr, cfg.Logging.Format == "text", levels)}
	if err := h.open(); err != nil {
		return errors.Join(err, h.close())
	}
	return errors.Join(h.serve(), h.close())
}

func (c runCommand) config(p *process) (*config.Config, error) {
	if c.Config != "" {
		return loadConfig(p, c.Config)
	}
	cfg, warnings, err := config.Load(os.Getenv(config.Variable))
	for _, w := range warnings {
		fmt.Fprintln(p.stderr, "tfdrift: warning:", w)
	}
	return cfg, err
}

// guard says who may post events and read findings.
func (c runCommand) guard() (httptrigger.Guard, error) {
	token := ""
	if c.TokenFromEnv != "" {
		if token = strings.TrimSpace(os.Getenv(c.TokenFromEnv)); token == "" {
			return httptrigger.Guard{}, fmt.Errorf("--token-from-env: the environment variable %s is not set, or empty: %w", c.TokenFromEnv, drift.ErrNotFound)
		}
	}
	guard, err := httptrigger.NewGuard(c.Listen, token, c.ClientCA != "")
	if err != nil {
		return guard, fmt.Errorf("--listen, --token-from-env, --client-ca: %w", err)
	}
	return guard, nil
}

// How long an orderly end may take.
const (
	endOfRequests  = 5 * time.Second
	endOfJudgement = 10 * time.Second
	endOfDelivery  = 5 * time.Second
)

// serve works until it is told to end, then ends in order: nothing new is
// taken in, what is accepted is judged, what is found is sent; what does not
// get done in time is done after the next start.
func (h *host) serve() error {
	work, stop := context.WithCancel(context.WithoutCancel(h.ctx))
	defer stop()
	failed := h.listen()
	h.start(work)
	taking, hush := context.WithCancel(work)
	defer hush()
	var falco sync.WaitGroup
	for _, s := range h.falco {
		falco.Go(func() { s.Run(taking) })
	}
	log := h.log.Component("run")
	log.Info("running", "listen", h.address, "data", h.command.Data, "states", h.watched())

	var err error
	select {
	case <-h.ctx.Done():
		log.Info("told to end; ending in order, a second signal ends at once")
	case err = <-failed:
		log.Error("a listener failed; ending", "error", err)
	}
	h.ending.Store(true)
	hush()
	h.within(log, "requests", endOfRequests, h.shutdown)
	falco.Wait()
	h.within(log, "judgement", endOfJudgement, h.intake.Drain)
	stop()
	h.working.Wait()
	h.within(log, "delivery", endOfDelivery, func(ctx context.Context) error {
		left, err := h.notifier.Drain(ctx)
		if left > 0 {
			err = errors.Join(err, fmt.Errorf("%d notifications are left for the next start", left))
		}
		return err
	})
	log.Info("ended")
	return err
}

func (h *host) within(log *slog.Logger, what string, bound time.Duration, do func(context.Context) error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(h.ctx), bound)
	defer cancel()
	if err := do(ctx); err != nil {
		log.Warn("not all could be ended in time", "what", what, "error", err)
	}
}
