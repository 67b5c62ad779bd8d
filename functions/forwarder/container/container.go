// Package container is the forwarder's process, whichever bus it relays to: it
// reads the configuration, opens the listener, the subscriptions and the spool,
// and ends in order. The two entrypoints beside it differ in the bus alone.
package container

import (
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"tfdrift/internal/bus"
	"tfdrift/internal/bus/stdoutbus"
	"tfdrift/internal/channel"
	"tfdrift/internal/config"
	"tfdrift/internal/forwarder"
	"tfdrift/internal/secret"
	"tfdrift/internal/spool/filespool"
	"tfdrift/internal/telemetry"
	"tfdrift/internal/telemetry/prom"
	"tfdrift/internal/trigger/falcotrigger"
	"tfdrift/internal/trigger/httptrigger"
)

// Cloud is in what the entrypoints differ.
type Cloud struct {
	// OpenBus opens the bus of a configuration.
	OpenBus func(ctx context.Context, c config.Forwarder) (bus.Bus, error)
	// Secrets are the stores of secrets that it has beside the environment.
	Secrets map[config.SecretSource]secret.Store
}

// The garbage collector seldom has work, as long as this stays small; unless
// GOGC and GOMEMLIMIT say otherwise.
const (
	garbagePercent = 800
	memoryLimit    = 56 << 20
)

// Main runs the forwarder until it is told to end, and returns its exit status.
func Main(args []string, cloud Cloud) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbagePercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	err := run(ctx, args, os.Stdout, os.Stderr, cloud)
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, args[0]+":", err)
		return 1
	}
	return 0
}

const usage = `Relays Falco's alerts to the bus from which the detector takes events.

Falco's http_output posts to /falco; gRPC outputs are subscribed to. Probes are at /healthz and /ready, metrics at /metrics. What is configured: the keys
falco, forwarder and logging of the file, or of TFDRIFT_CONFIG (a path, the YAML itself, or its base64 gzip).

`

func run(ctx context.Context, args []string, stdout, stderr io.Writer, cloud Cloud) error {
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { fmt.Fprint(stderr, usage); flags.PrintDefaults() }
	file := flags.String("config", "", "configuration `FILE`; absent: what TFDRIFT_CONFIG holds")
	toStdout := flags.Bool("stdout", false, "write alerts to standard output, a line each, instead of the bus")
	pprofPort := flags.Int("pprof-port", 0, "serve Go's profiles on this `PORT` of the loopback address")
	health := flags.Bool("healthcheck", false, "ask the forwarder that runs with this configuration whether it is alive, and exit")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	cfg, err := load(*file, stderr)
	if err != nil {
		return err
	}
	if *health {
		return alive(cfg.Forwarder.Listen, cfg.Forwarder.CertFile != "")
	}
	levels, err := telemetry.ParseLevels(cfg.Logging.Level, os.Getenv(telemetry.LevelVariable), os.Getenv(telemetry.ComponentsVariable))
	if err != nil {
		return err
	}
	if *toStdout {
		cloud.OpenBus = func(context.Context, config.Forwarder) (bus.Bus, error) { return stdoutbus.New(stdout), nil }
	}
	c := &container{config: cfg, log: telemetry.NewLog(stderr, cfg.Logging.Format == "text", levels), failed: make(chan error, 8)}
	if err := c.open(ctx, cloud, *pprofPort); err != nil {
		return errors.Join(err, c.close())
	}
	return errors.Join(c.serve(ctx), c.close())
}

func load(file string, stderr io.Writer) (*config.Config, error) {
	if file == "" {
		file = os.Getenv(config.Variable)
	}
	cfg, warnings, err := config.Load(file)
	for _, w := range warnings {
		fmt.Fprintln(stderr, "warning:", w)
	}
	return cfg, err
}

// alive asks the process on this host whether it is alive.
func alive(listen string, secure bool) error {
	_, port, err := net.SplitHostPort(listen)
	if err != nil {
		return fmt.Errorf("forwarder.listen: %w", err)
	}
	scheme := "http"
	if secure {
		scheme = "https"
	}
	// It is this host's own: its certificate names another.
	client := http.Client{Timeout: 3 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	response, err := client.Get(scheme + "://" + net.JoinHostPort("127.0.0.1", port) + "/healthz")
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("/healthz answers %s", response.Status)
	}
	return nil
}

// container is the parts of the process.
type container struct {
	config *config.Config
	log    *telemetry.Log

	spool         *filespool.Spool
	bus           bus.Bus
	forwarder     *forwarder.Forwarder
	subscriptions []*falcotrigger.Subscription
	metrics       *prom.Forwarder
	servers       []*http.Server
	listeners     []net.Listener

	working sync.WaitGroup
	failed  chan error // of a server
	ending  atomic.Bool
}

func (c *container) open(ctx context.Context, cloud Cloud, pprofPort int) (err error) {
	f := c.config.Forwarder
	token := ""
	if f.Token.Source() != config.NoSecret {
		stores := map[config.SecretSource]secret.Store{config.FromEnv: secret.Env(os.LookupEnv)}
		maps.Copy(stores, cloud.Secrets)
		if token, err = secret.New(stores).Value(ctx, f.Token); err != nil {
			return fmt.Errorf("forwarder.token: %w", err)
		}
	}
	guard, err := httptrigger.NewGuard(f.Listen, token, f.ClientCAFile != "")
	if err != nil {
		return fmt.Errorf("forwarder.listen: %w", err)
	}
	secure, err := httptrigger.TLS(f.CertFile, f.KeyFile, f.ClientCAFile)
	if err != nil {
		return fmt.Errorf("forwarder.cert_file, key_file, client_ca_file: %w", err)
	}
	if c.spool, err = filespool.Open(f.Spool.Path, filespool.Options{MaxBytes: int64(f.Spool.MaxMB) << 20}); err != nil {
		return fmt.Errorf("forwarder.spool: %w", err)
	}
	for _, damage := range c.spool.Damaged {
		c.log.Component("spool").Error("alarm: accepted alerts are lost, the disk is damaged", "error", damage)
	}
	if c.bus, err = cloud.OpenBus(ctx, f); err != nil {
		return err
	}
	c.metrics = prom.NewForwarder(prom.ForwarderGauges{
		FalcoConnected: c.connected, Answers: func() bool { return c.forwarder.Answers() }, SpoolReady: c.spool.Ready, Waiting: c.spool.Waiting,
	}, forwarder.Reasons...)
	c.forwarder = forwarder.New(c.bus, c.spool, c.log.Component("forwarder"), forwarder.Options{
		Filter: forwarder.Filter{Sources: f.Sources, Rules: f.Rules, Unmapped: f.Unmapped}, MaxAge: f.Spool.MaxAge, Meter: c.metrics,
	})
	for _, place := range c.config.Subscriptions() {
		s, err := falcotrigger.New(falcotrigger.Place{
			Hostname: place.Hostname, Port: place.Port, CertFile: place.CertFile, KeyFile: place.KeyFile, CARootFile: place.CARootFile,
		}, func(ctx context.Context, alert []byte) error { return c.forwarder.Accept(ctx, alert) }, c.log.Component("falco"), falcotrigger.Options{})
		if err != nil {
			return err
		}
		c.subscriptions = append(c.subscriptions, s)
	}
	l, err := httptrigger.Listen(f.Listen)
	if err != nil {
		return fmt.Errorf("forwarder.listen: %w", err)
	}
	address := l.Addr().String()
	if secure != nil {
		l = tls.NewListener(l, secure)
	}
	c.serveOn(l, c.routes(guard))
	if pprofPort != 0 {
		l, profiles, err := httptrigger.Profiles(pprofPort)
		if err != nil {
			return fmt.Errorf("--pprof-port: %w", err)
		}
		c.serveOn(l, profiles)
	}
	c.log.Component("forwarder").Info("running", "listen", address, "subscriptions", len(c.subscriptions), "waiting", c.spool.Waiting())
	return nil
}

func (c *container) serveOn(l net.Listener, handler http.Handler) {
	c.servers = append(c.servers, httptrigger.NewServer(handler, c.log.Component("http")))
	c.listeners = append(c.listeners, l)
}

func (c *container) routes(guard httptrigger.Guard) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", httptrigger.Alive)
	mux.HandleFunc("GET /ready", httptrigger.Ready(c.unready))
	mux.Handle("GET /metrics", c.metrics.Handler())
	if c.config.TakesPosts() {
		alerts := httptrigger.NewDocuments(func(ctx context.Context, documents [][]byte) error { return c.forwarder.Accept(ctx, documents...) })
		log := c.log.Component("http")
		alerts.Answered = func(status int, a httptrigger.Answer) {
			c.metrics.Dropped(forwarder.Unreadable, a.Unreadable)
			if status != http.StatusAccepted {
				log.Warn("not all of a request was taken", "status", status, "accepted", a.Accepted, "unreadable", a.Unreadable, "error", a.Error)
			}
		}
		mux.Handle("/falco", guard.Protect(alerts))
	}
	return mux
}

// connected reports whether alerts can come from everywhere.
func (c *container) connected() bool {
	for _, s := range c.subscriptions {
		if !s.Connected() {
			return false
		}
	}
	return !c.ending.Load()
}

// unready are the reasons why alerts may be lost.
func (c *container) unready() (reasons []string) {
	for _, s := range c.subscriptions {
		if trouble := s.Trouble(); trouble != "" {
			reasons = append(reasons, trouble)
		}
	}
	if err := c.forwarder.Ready(); err != nil {
		reasons = append(reasons, err.Error())
	}
	if c.ending.Load() {
		reasons = append(reasons, "ending")
	}
	for i := range reasons {
		reasons[i] = channel.Harmless(reasons[i])
	}
	return reasons
}

// How long an orderly end may take; Kubernetes gives thirty seconds.
const (
	endOfSources = 8 * time.Second
	endOfRelay   = 10 * time.Second
)

// serve works until ctx ends, then ends in order: nothing new is taken in, what
// waits is relayed; what does not get done in time is done after the next start.
func (c *container) serve(ctx context.Context) (err error) {
	relaying, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	taking, hush := context.WithCancel(context.WithoutCancel(ctx))
	defer hush()
	var sources sync.WaitGroup
	c.working.Go(func() { c.forwarder.Run(relaying) })
	for _, s := range c.subscriptions {
		sources.Go(func() { s.Run(taking) })
	}
	for i, s := range c.servers {
		sources.Go(func() {
			if err := s.Serve(c.listeners[i]); !errors.Is(err, http.ErrServerClosed) {
				c.failed <- err
			}
		})
	}
	log := c.log.Component("forwarder")
	select {
	case <-ctx.Done():
		log.Info("told to end; ending in order, a second signal ends at once")
	case err = <-c.failed:
		log.Error("a listener failed; ending", "error", err)
	}
	c.ending.Store(true)
	hush()
	c.within(ctx, log, "requests", endOfSources, func(ctx context.Context) error {
		var errs []error
		for _, s := range c.servers {
			if err := s.Shutdown(ctx); err != nil {
				errs = append(errs, err, s.Close())
			}
		}
		sources.Wait()
		return errors.Join(errs...)
	})
	if c.forwarder.Answers() {
		c.within(ctx, log, "relay", endOfRelay, c.forwarder.Drain)
	}
	stop()
	c.working.Wait()
	log.Info("ended", "waiting", c.spool.Waiting())
	return err
}

func (c *container) within(ctx context.Context, log *slog.Logger, what string, bound time.Duration, do func(context.Context) error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), bound)
	defer cancel()
	if err := do(ctx); err != nil {
		log.Warn("not all could be ended in time", "what", what, "error", err)
	}
}

func (c *container) close() error {
	var errs []error
	for _, l := range c.listeners {
		l.Close() // a server that ran has closed it
	}
	if c.spool != nil {
		errs = append(errs, c.spool.Close())
	}
	if c.bus != nil {
		errs = append(errs, c.bus.Close())
	}
	return errors.Join(errs...)
}
