package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"tfdrift/internal/channel"
	"tfdrift/internal/channel/console"
	"tfdrift/internal/compare"
	"tfdrift/internal/config"
	"tfdrift/internal/detector"
	"tfdrift/internal/drift"
	"tfdrift/internal/indexer"
	"tfdrift/internal/intake"
	"tfdrift/internal/notifier"
	"tfdrift/internal/operator"
	"tfdrift/internal/page"
	"tfdrift/internal/rules"
	"tfdrift/internal/silence"
	"tfdrift/internal/telemetry"
	"tfdrift/internal/trigger/httptrigger"
	"tfdrift/internal/watch"
)

type runCommand struct {
	Config       string   `placeholder:"FILE" help:"Configuration. Without it, TFDRIFT_CONFIG: a path, the YAML itself, or its base64 gzip."`
	Data         string   `default:"tfdrift-data" placeholder:"DIR" help:"Folder of the embedded store and of accepted events."`
	Listen       string   `default:"127.0.0.1:8080" placeholder:"ADDRESS" help:"Where to listen for events, probes and readers."`
	State        []string `sep:"none" placeholder:"PATH" help:"A state file to watch, or a folder of them, beside those of the configuration. Repeatable."`
	TokenFromEnv string   `placeholder:"NAME" help:"Environment variable with the bearer token that senders and readers must show."`
	TLSCert      string   `placeholder:"FILE" help:"Certificate (PEM) of the listener."`
	TLSKey       string   `placeholder:"FILE" help:"Its private key."`
	ClientCA     string   `placeholder:"FILE" help:"Authority (PEM) that signed the client certificates of senders and readers."`
	Backup       string   `placeholder:"DIR" help:"Folder to which every new version of a state is copied; copies are kept for 90 days."`
	PprofPort    int      `placeholder:"PORT" help:"Serve Go's profiles on this port, on the loopback address only."`
	Console      bool     `help:"Write findings to standard output as well."`
}

func (runCommand) Help() string {
	return `Watches local states, takes events by HTTP and tells of drift, until it is stopped: POST /events (any envelope), POST /falco (Falco's http_output), GET / (the page of findings), /findings.json, /healthz, /ready and /metrics.

Examples:
  tfdrift run --state terraform.tfstate
  tfdrift run --config tfdrift.yaml --data /var/lib/tfdrift --listen 0.0.0.0:8443 --tls-cert tls.crt --tls-key tls.key --token-from-env TFDRIFT_TOKEN
  curl --data-binary @event.json http://127.0.0.1:8080/events`
}

// grace is how long a stopping process may take to finish what it has begun.
const grace = 20 * time.Second

func (c runCommand) Run(p *process) error {
	cfg, err := c.config(p)
	if err != nil {
		return err
	}
	levels, err := telemetry.ParseLevels(cfg.Logging.Level, os.Getenv("TFDRIFT_LOG_LEVEL"), os.Getenv("TFDRIFT_LOG_COMPONENTS"))
	if err != nil {
		return err
	}
	log := telemetry.NewLog(p.stderr, cfg.Logging.Format == "text", levels)
	token, err := c.token()
	if err != nil {
		return err
	}
	guard, err := httptrigger.NewGuard(c.Listen, token, c.ClientCA != "")
	if err != nil {
		return err
	}
	judge, err := rules.New(cfg.Rules())
	if err != nil {
		return err
	}
	routes, unserved, err := routes(cfg.Notifications, os.LookupEnv)
	if err != nil {
		return err
	}
	for _, key := range unserved {
		log.Component("notifier").Warn("this channel is not served by the command; the functions in the cloud do", "key", key)
	}
	s, err := openStores(c.Data)
	if err != nil {
		return err
	}
	defer s.close()
	for _, damage := range s.spool.Damaged {
		log.Component("spool").Error("what was accepted before a crash is damaged in part", "damage", damage)
	}
	h, err := c.build(p, cfg, log, guard, judge, routes, s)
	if err != nil {
		return err
	}
	listener, err := c.listen()
	if err != nil {
		return err
	}
	here := running{URL: c.scheme() + "://" + listener.Addr().String(), Token: token}
	if err := here.tell(c.Data); err != nil {
		return err
	}
	defer os.Remove(runningFile(c.Data))
	fmt.Fprintf(p.stderr, "tfdrift: listening on %s; findings at %s/\n", listener.Addr(), here.URL)
	return h.run(p.ctx, listener, c.PprofPort)
}

// config reads the configuration and adds the states of the command line.
func (c runCommand) config(p *process) (*config.Config, error) {
	load := func() (*config.Config, []config.Warning, error) { return config.Load(os.Getenv("TFDRIFT_CONFIG")) }
	switch {
	case c.Config != "":
		load = func() (*config.Config, []config.Warning, error) { return config.LoadFile(c.Config) }
	case os.Getenv("TFDRIFT_CONFIG") == "":
		load = func() (*config.Config, []config.Warning, error) { return config.Parse("", nil) }
	}
	cfg, warnings, err := load()
	for _, w := range warnings {
		fmt.Fprintln(p.stderr, "tfdrift: warning:", w)
	}
	return cfg, err
}

func (c runCommand) token() (string, error) {
	if c.TokenFromEnv == "" {
		return "", nil
	}
	token := os.Getenv(c.TokenFromEnv)
	if token == "" {
		return "", fmt.Errorf("--token-from-env %s: the variable is empty: %w", c.TokenFromEnv, drift.ErrInvalid)
	}
	return token, nil
}

// places are the local states to watch, and how often at the least.
func (c runCommand) places(cfg *config.Config, log *slog.Logger) (places []string, sweep time.Duration) {
	places = append(places, c.State...)
	for _, s := range cfg.States() {
		if s.LocalPath == "" {
			log.Warn("this state is not watched: the command reads local files; copy it here, or deploy the functions", "state", s.URL())
			continue
		}
		places = append(places, s.LocalPath)
		if sweep == 0 || s.RefreshInterval < sweep {
			sweep = s.RefreshInterval
		}
	}
	return places, sweep
}

// host is the running program: its parts, and what they need of each other.
type host struct {
	log      *slog.Logger
	stores   *stores
	detector *detector.Detector
	watcher  *watch.Watcher
	intake   *intake.Intake
	notifier *notifier.Notifier
	bell     *page.Bell
	server   *http.Server
	stopping atomic.Bool
}

func (c runCommand) build(p *process, cfg *config.Config, log *telemetry.Log, guard httptrigger.Guard, judge *rules.Rules, routes []notifier.Route, s *stores) (*host, error) {
	h := &host{log: log.Component("run"), stores: s, bell: page.NewBell()}
	places, sweep := c.places(cfg, log.Component("watch"))
	if len(places) == 0 {
		return nil, fmt.Errorf("no state is watched, so that nothing could drift; give --state, or providers.*.state.local_path in the configuration: %w", drift.ErrInvalid)
	}
	var lastEvent atomic.Int64
	metrics := telemetry.NewMetrics(telemetry.Gauges{
		FalcoConnected: func() bool { return !h.stopping.Load() },
		StateSynced:    func() time.Time { return h.watcher.Synced() },
		StatesFailed:   func() int { return h.watcher.Failed() },
		Waiting:        func() int { return s.spool.Waiting() },
		SetAside:       func() int { waiting, _ := s.applies.Waiting(context.Background()); return len(waiting) },
		Undelivered:    func() int { return h.undelivered(func(st notifier.Stat) int { return st.Waiting }) },
		GivenUp:        func() int { return h.undelivered(func(st notifier.Stat) int { return int(st.GivenUp) }) },
	})
	h.detector = &detector.Detector{
		Index: s.index, Ledger: s.ledger, Rules: judge, Compare: compare.Comparer{Seal: s.seal.Seal}, Applies: s.applies, Settle: cfg.Settle,
		Published: func(f *drift.Finding) {
			telemetry.Finding(log.Component("detector"), f)
			metrics.Published(f, time.Now())
			h.notifier.Wake()
			h.bell.Ring()
		},
		Unmapped: func(*drift.Event) { metrics.Unmapped() },
	}
	x := &indexer.Indexer{Index: s.index, Seal: s.seal, Ledger: s.ledger, Judge: h.detector}
	if c.Backup != "" {
		x.Backup = watch.Backup(c.Backup)
	}
	h.watcher = &watch.Watcher{Places: places, Indexer: x, Applies: s.applies, Dir: c.Data, Log: log.Component("watch"), Workers: cfg.Performance.StateParserWorkers, Sweep: sweep}
	h.intake = &intake.Intake{
		Spool: s.spool, Workers: cfg.Performance.EventWorkerCount, Log: log.Component("intake"),
		Judge: func(ctx context.Context, ev *drift.Event) error {
			_, err := h.detector.Handle(ctx, ev)
			return err
		},
		Judged: metrics.Judged, Retried: metrics.Retried, Buried: metrics.Buried,
	}
	if c.Console {
		routes = append(routes, notifier.Route{Channel: console.Console{W: p.stdout, Color: p.color}})
	}
	for i := range routes {
		routes[i].Channel = silence.Silenced(routes[i].Channel, s.silences, time.Now, func(channel.Message) { metrics.Silenced() })
	}
	var err error
	h.notifier, err = notifier.New(s.ledger, s.outbox, routes, notifier.Options{Workers: cfg.Performance.NotifierWorkers, Log: log.Component("notifier")})
	if err != nil {
		return nil, err
	}

	events := func(path string) http.Handler {
		e := httptrigger.NewEvents(h.accept(&lastEvent))
		e.Answered = func(status int, a httptrigger.Answer) {
			metrics.Accepted(path, a.Accepted)
			metrics.Read(a.Unreadable, a.PassedOver)
			if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
				metrics.Refused()
			}
		}
		return guard.Protect(e)
	}
	people := page.Handler(s.ledger, page.Options{Bell: h.bell, Log: log.Component("page"), Status: func(context.Context) page.Status {
		status := page.Status{States: h.watcher.Watched(), Trouble: h.watcher.Problems()}
		if at := lastEvent.Load(); at != 0 {
			status.LastEvent = time.Unix(0, at)
		}
		return status
	}})
	api := operator.Handler(&operator.Stores{Ledger: s.ledger, Muted: s.silences, Spool: s.spool, Now: time.Now, Resolved: h.detector.Published})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", httptrigger.Alive)
	mux.Handle("GET /ready", httptrigger.Ready(h.reasons))
	mux.Handle("GET /metrics", metrics.Handler())
	mux.Handle("POST /events", events("/events"))
	mux.Handle("POST /falco", events("/falco"))
	mux.Handle("/api/", guard.Protect(api))
	mux.Handle("GET /findings.json", guard.Protect(api))
	mux.Handle("/", guard.Protect(people))
	h.server = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, ErrorLog: slog.NewLogLogger(log.Component("http").Handler(), slog.LevelDebug)}
	h.server.RegisterOnShutdown(h.bell.Close)
	return h, nil
}

// accept makes events safe, and notes when one last came.
func (h *host) accept(last *atomic.Int64) func(ctx context.Context, events []*drift.Event) error {
	return func(ctx context.Context, events []*drift.Event) error {
		if h.stopping.Load() {
			return fmt.Errorf("stopping: %w", drift.ErrRetry)
		}
		err := h.intake.Accept(ctx, events)
		if err == nil && len(events) > 0 {
			last.Store(time.Now().UnixNano())
		}
		return err
	}
}

func (h *host) undelivered(count func(notifier.Stat) int) (n int) {
	stats, err := h.notifier.Stats(context.Background())
	if err != nil {
		h.log.Error("the outbox cannot be read", "error", err)
	}
	for _, s := range stats {
		n += count(s)
	}
	return n
}

// reasons are those against being ready: what is not seen may have drifted.
func (h *host) reasons() []string {
	reasons := h.watcher.Problems()
	if h.watcher.Watched() == 0 {
		reasons = append(reasons, "no state was found yet")
	} else if h.watcher.Synced().IsZero() {
		reasons = append(reasons, "states are still being read")
	}
	if h.stopping.Load() {
		reasons = append(reasons, "stopping")
	}
	return reasons
}

func (c runCommand) scheme() string {
	if c.TLSCert != "" {
		return "https"
	}
	return "http"
}

func (c runCommand) listen() (net.Listener, error) {
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return nil, fmt.Errorf("--listen %s: %w", c.Listen, err)
	}
	if c.TLSCert == "" {
		return listener, nil
	}
	certificate, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
	if err != nil {
		return nil, fmt.Errorf("--tls-cert %s: %w", c.TLSCert, err)
	}
	conf := &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	if c.ClientCA != "" {
		pem, err := os.ReadFile(c.ClientCA)
		if err != nil {
			return nil, fmt.Errorf("--client-ca: %w", err)
		}
		conf.ClientCAs = x509.NewCertPool()
		if !conf.ClientCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("--client-ca %s: no certificate in PEM is in it: %w", c.ClientCA, drift.ErrInvalid)
		}
		conf.ClientAuth = tls.VerifyClientCertIfGiven
	}
	return tls.NewListener(listener, conf), nil
}

// run runs the parts until ctx ends or the process is told to stop. Then
// nothing is accepted any more, what was accepted is judged and told, within
// bounds; what remains is safe for the next start.
func (h *host) run(ctx context.Context, listener net.Listener, pprofPort int) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	working, end := context.WithCancel(context.WithoutCancel(ctx))
	var parts sync.WaitGroup
	for _, part := range []func(context.Context){h.watcher.Run, h.intake.Run, h.notifier.Run, h.settle} {
		parts.Go(func() { part(working) })
	}
	failed := make(chan error, 2)
	go func() { failed <- h.server.Serve(listener) }()
	if pprofPort != 0 {
		go func() { failed <- servePprof(pprofPort) }()
	}
	h.log.Info("running", "address", listener.Addr().String())
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	stop() // a second signal ends the process at once
	h.stopping.Store(true)
	h.log.Info("stopping: what was accepted is judged and told", "at most", grace)
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	err = errors.Join(ignoreClosed(err), h.server.Shutdown(bounded))
	if left := h.intake.Drain(bounded); left != nil {
		h.log.Warn("not everything was judged", "reason", left)
	}
	end()
	parts.Wait()
	if left, drainErr := h.notifier.Drain(bounded); left > 0 || drainErr != nil {
		h.log.Warn("not everything was told; the next start will", "waiting", left, "error", drainErr)
	}
	h.log.Info("stopped")
	return err
}

func ignoreClosed(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// settle judges, now and then, the events that have waited long enough.
func (h *host) settle(ctx context.Context) {
	tick := time.NewTicker(10 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := h.detector.Ripe(ctx); err != nil && ctx.Err() == nil {
				h.log.Error("events set aside cannot be judged yet", "error", err)
			}
		}
	}
}

func servePprof(port int) error {
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	server := &http.Server{Addr: net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	return fmt.Errorf("--pprof-port %d: %w", port, server.ListenAndServe())
}

type stateCommands struct {
	Accept stateAcceptCommand `cmd:"" help:"Take up a state although it is not the successor of the one indexed."`
}

type stateAcceptCommand struct {
	Data string `default:"tfdrift-data" placeholder:"DIR" help:"Folder of the embedded store, as tfdrift run has it."`
	Path string `arg:"" help:"The state file."`
}

func (stateAcceptCommand) Help() string {
	return `A state of another lineage, one whose serial went back, or one that is gone is not taken up by itself: the last good index stays until you say so.

Example:
  tfdrift state accept terraform.tfstate`
}

func (c stateAcceptCommand) Run(p *process) error {
	if err := watch.Accept(c.Data, c.Path); err != nil {
		return err
	}
	path, err := filepath.Abs(c.Path)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "%s is taken up as it is at the next look of tfdrift run.\n", path)
	return err
}
