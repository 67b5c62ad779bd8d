package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"

	"tfdrift/internal/applies/boltapplies"
	"tfdrift/internal/catalog"
	"tfdrift/internal/channel"
	"tfdrift/internal/channel/console"
	"tfdrift/internal/channels"
	"tfdrift/internal/compare"
	"tfdrift/internal/config"
	"tfdrift/internal/detector"
	"tfdrift/internal/drift"
	"tfdrift/internal/embedded"
	"tfdrift/internal/event"
	"tfdrift/internal/index/boltindex"
	"tfdrift/internal/indexer"
	"tfdrift/internal/intake"
	"tfdrift/internal/ledger/boltledger"
	"tfdrift/internal/notifier"
	"tfdrift/internal/operator"
	"tfdrift/internal/outbox/boltoutbox"
	"tfdrift/internal/page"
	"tfdrift/internal/rules"
	"tfdrift/internal/secret"
	"tfdrift/internal/silence"
	"tfdrift/internal/silence/boltsilence"
	"tfdrift/internal/spool/filespool"
	"tfdrift/internal/state"
	"tfdrift/internal/state/s3state"
	"tfdrift/internal/telemetry"
	"tfdrift/internal/telemetry/prom"
	"tfdrift/internal/trigger/falcotrigger"
	"tfdrift/internal/trigger/httptrigger"
	"tfdrift/internal/watch"
)

// host is the whole product on one machine: the stores, the cores over them,
// and the listeners in front.
type host struct {
	*process
	command runCommand
	config  *config.Config
	log     *telemetry.Log

	db    *bbolt.DB
	spool *filespool.Spool
	desk  *operator.Stores
	box   *boltoutbox.Outbox

	detector *detector.Detector
	watcher  *watch.Watcher
	falco    []*falcotrigger.Subscription
	intake   *intake.Intake
	notifier *notifier.Notifier
	metrics  *prom.Metrics
	bell     *page.Bell

	guard   httptrigger.Guard
	address string
	servers []server
	told    bool // where it listens

	working   sync.WaitGroup
	ending    atomic.Bool
	blind     []string // reasons why something is not seen as long as this runs
	lastEvent atomic.Int64
}

// The names below the data folder.
const (
	storeName = "tfdrift.db"
	spoolName = "spool"
	keyName   = "seal.key"
)

// open opens the stores and wires the cores; who cannot be served safely is
// refused before anything is changed.
func (h *host) open() (err error) {
	if h.guard, err = h.command.guard(); err != nil {
		return err
	}
	if err := h.openStores(); err != nil {
		return err
	}
	if err := h.wire(); err != nil {
		return err
	}
	return h.openListeners()
}

func (h *host) openStores() (err error) {
	dir := h.command.Data
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("--data: %w", err)
	}
	if h.db, err = embedded.Open(filepath.Join(dir, storeName)); err != nil {
		return err
	}
	if h.spool, err = filespool.Open(filepath.Join(dir, spoolName), filespool.Options{}); err != nil {
		return err
	}
	for _, damage := range h.spool.Damaged {
		h.log.Component("spool").Error("alarm: accepted events are lost, the disk is damaged", "error", damage)
	}
	if h.box, err = boltoutbox.New(h.db); err != nil {
		return err
	}
	h.desk, err = openStores(h.db)
	h.desk.Spool = h.spool
	return err
}

// openStores are the stores that operators' commands too work on.
func openStores(db *bbolt.DB) (*operator.Stores, error) {
	ledger, err := boltledger.New(db)
	silences, err2 := boltsilence.New(db)
	return &operator.Stores{Ledger: ledger, Muted: silences, Now: time.Now}, errors.Join(err, err2)
}

func (h *host) close() error {
	var errs []error
	for _, s := range h.servers {
		s.listener.Close() // a server that ran has closed it
	}
	if h.told {
		errs = append(errs, os.Remove(filepath.Join(h.command.Data, addressName)))
	}
	if h.spool != nil {
		errs = append(errs, h.spool.Close())
	}
	if h.db != nil {
		errs = append(errs, h.db.Close())
	}
	return errors.Join(errs...)
}

// wire makes the cores over the stores.
func (h *host) wire() error {
	cfg, ledger := h.config, h.desk.Ledger
	judge, err := rules.New(cfg.Rules())
	if err != nil {
		return err
	}
	secrets := newSecrets()
	key, err := h.sealingKey(secrets)
	if err != nil {
		return err
	}
	seal, err := state.NewSealer(key, catalog.Sensitive)
	if err != nil {
		return err
	}
	index, err := boltindex.New(h.db)
	if err != nil {
		return err
	}
	applies, err := boltapplies.New(h.db)
	if err != nil {
		return err
	}
	h.bell = page.NewBell()
	h.detector = &detector.Detector{
		Index: index, Ledger: ledger, Rules: judge, Compare: compare.Comparer{Seal: seal.Seal}, Applies: applies, Settle: cfg.Settle,
		Turns:     &detector.Turns{},
		Published: h.published, Unmapped: func(*drift.Event) { h.metrics.Unmapped() },
	}
	h.desk.Resolved = h.published
	if log := h.log.Component("detector"); log.Enabled(h.ctx, slog.LevelDebug) {
		h.detector.Explain = func(step string) { log.Debug(step) }
	}
	x := &indexer.Indexer{Index: index, Seal: seal, Ledger: ledger, Judge: h.detector}
	s3 := s3state.New(awsConfig)
	h.watcher = &watch.Watcher{Indexer: x, Applies: applies, Dir: h.command.Data, Log: h.log.Component("watch"), Workers: cfg.Performance.StateParserWorkers}
	h.watcher.Places, h.blind = h.command.places(cfg, s3)
	if x.Backup, err = h.command.backup(h.watcher.Places, s3); err != nil {
		return err
	}
	if err := h.subscribe(); err != nil {
		return err
	}
	for _, reason := range h.blind {
		h.log.Component("run").Warn("not all that is configured is seen", "reason", reason)
	}
	if h.notifier, err = h.channels(secrets); err != nil {
		return err
	}
	h.metrics = prom.NewMetrics(prom.Gauges{
		FalcoConnected: h.takesFalco, StateSynced: h.watcher.Synced, StatesFailed: h.watcher.Failed, Waiting: h.spool.Waiting,
		SetAside:    func() int { waiting, _ := applies.Waiting(h.ctx); return len(waiting) },
		Undelivered: h.undelivered,
		GivenUp:     func() int { given, _ := h.box.GivenUp(h.ctx, 1000); return len(given) },
	})
	h.intake = &intake.Intake{
		Spool: h.spool, Workers: cfg.Performance.EventWorkerCount, Log: h.log.Component("intake"),
		Judge: func(ctx context.Context, ev *drift.Event) error {
			_, err := h.detector.Handle(ctx, ev)
			return err
		},
		Judged: h.metrics.Judged, Retried: h.metrics.Retried, Buried: h.metrics.Buried,
	}
	return nil
}

// channels wires the notifier to the channels of the configuration.
func (h *host) channels(secrets *secret.Secrets) (*notifier.Notifier, error) {
	all, unserved := channels.Routes(h.config.Notifications, secrets)
	late, err := channels.Open(h.ctx, all)
	if err != nil {
		return nil, err
	}
	log := h.log.Component("notifier")
	for _, err := range late {
		log.Error("a channel cannot be opened yet; what is found waits for it", "error", err)
	}
	for _, key := range unserved {
		log.Warn("a channel of the configuration is not served by this command; nothing is sent to it", "channel", key)
	}
	if h.command.Console || len(all) == 0 {
		all = append(all, notifier.Route{Channel: console.Console{W: h.stdout, Color: h.color}})
	}
	for i := range all {
		all[i].Channel = silence.Silenced(all[i].Channel, h.desk.Muted, time.Now, func(channel.Message) { h.metrics.Silenced() })
	}
	feed, err := boltledger.New(h.db)
	if err != nil {
		return nil, err
	}
	return notifier.New(feed, h.box, all, notifier.Options{Workers: h.config.Performance.NotifierWorkers, Backoff: h.backoff, Log: log})
}

// published follows every publication: it is told, counted, sent and shown.
func (h *host) published(f *drift.Finding) {
	telemetry.Finding(h.log.Component("detector"), f)
	h.metrics.Published(f, time.Now())
	h.notifier.Wake()
	h.bell.Ring()
}

// ripeEvery is how often events that may be Terraform's own are looked through.
const ripeEvery = time.Second

// How long events wait in the spool for the first answer of a bucket, and how
// often it is asked.
const (
	firstAnswer   = 2 * time.Minute
	firstAskEvery = 5 * time.Second
)

// start sets the workers to work. Events are judged once the states were read:
// against an index that is still empty, none of them would say anything.
func (h *host) start(ctx context.Context) {
	h.working.Go(func() {
		h.watcher.Look(ctx)
		for end := time.Now().Add(firstAnswer); h.watcher.Unanswered() && time.Now().Before(end) && ctx.Err() == nil; h.watcher.Look(ctx) {
			select {
			case <-time.After(firstAskEvery):
			case <-ctx.Done():
			}
		}
		h.working.Go(func() { h.intake.Run(ctx) })
		h.watcher.Run(ctx)
	})
	h.working.Go(func() { h.notifier.Run(ctx) })
	h.working.Go(func() {
		tick := time.NewTicker(ripeEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
			if err := h.detector.Ripe(ctx); err != nil && ctx.Err() == nil {
				h.log.Component("detector").Error("events set aside cannot be judged; trying again", "error", err)
			}
		}
	})
}

// watched names the places of states.
func (h *host) watched() (names []string) {
	for _, p := range h.watcher.Places {
		names = append(names, p.Name)
	}
	return names
}

// subscribe makes the subscriptions to Falco's gRPC outputs.
func (h *host) subscribe() error {
	for _, f := range h.config.Subscriptions() {
		place := falcotrigger.Place{Hostname: f.Hostname, Port: f.Port, CertFile: f.CertFile, KeyFile: f.KeyFile, CARootFile: f.CARootFile}
		s, err := falcotrigger.New(place, h.alert, h.log.Component("falco"), falcotrigger.Options{})
		if err != nil {
			return err
		}
		h.falco = append(h.falco, s)
	}
	return nil
}

// alert takes in an alert of Falco's. One that holds no event of a kind we know
// is passed over.
func (h *host) alert(ctx context.Context, alert []byte) error {
	events, err := event.Decode(alert)
	switch {
	case err != nil && len(events) == 0:
		h.metrics.Read(1, 0)
		return nil
	case len(events) == 0:
		h.metrics.Read(0, 1)
		return nil
	}
	return h.accept(ctx, "falco", events)
}

// accept makes events safe that came on a path.
func (h *host) accept(ctx context.Context, path string, events []*drift.Event) error {
	if err := h.intake.Accept(ctx, events); err != nil {
		return err
	}
	h.lastEvent.Store(time.Now().UnixNano())
	h.metrics.Accepted(path, len(events))
	return nil
}

// takesFalco reports whether Falco's alerts can come in.
func (h *host) takesFalco() bool {
	for _, s := range h.falco {
		if !s.Connected() {
			return false
		}
	}
	return !h.ending.Load() && (h.config.TakesPosts() || len(h.falco) > 0)
}

func (h *host) undelivered() (n int) {
	stats, err := h.notifier.Stats(h.ctx)
	if err != nil {
		return 0
	}
	for _, s := range stats {
		n += s.Waiting
	}
	return n
}

// unready are the reasons why drift may go unseen, or events are not taken.
func (h *host) unready() []string {
	reasons := append(h.watcher.Problems(), h.blind...)
	for _, s := range h.falco {
		if trouble := s.Trouble(); trouble != "" {
			reasons = append(reasons, trouble)
		}
	}
	if err := h.spool.Ready(); err != nil {
		reasons = append(reasons, err.Error())
	}
	if h.ending.Load() {
		reasons = append(reasons, "ending")
	}
	for i := range reasons {
		reasons[i] = channel.Harmless(reasons[i])
	}
	return reasons
}

// sealingKey is the key under which secret values are compared: the
// configuration's, else one of this data folder.
func (h *host) sealingKey(secrets *secret.Secrets) ([]byte, error) {
	if h.config.SealingKey.Source() == config.NoSecret {
		return ownKey(filepath.Join(h.command.Data, keyName))
	}
	key, err := secrets.Value(h.ctx, h.config.SealingKey)
	if err != nil {
		return nil, fmt.Errorf("sealing_key: %w", err)
	}
	return []byte(key), nil
}

// ownKey reads the key of a data folder, and makes one at the first start.
// Whoever has it could test guesses at the values that are compared under it.
func ownKey(name string) ([]byte, error) {
	key, err := os.ReadFile(name)
	if !errors.Is(err, fs.ErrNotExist) {
		if err != nil {
			return nil, fmt.Errorf("sealing key: %w", err)
		}
		return key, nil
	}
	key = make([]byte, 32)
	rand.Read(key)
	file, err := os.OpenFile(name+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("sealing key: %w", err)
	}
	_, err = file.Write(key)
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		err = os.Rename(name+".new", name)
	}
	if err != nil {
		return nil, fmt.Errorf("sealing key: %w", err)
	}
	return key, nil
}
