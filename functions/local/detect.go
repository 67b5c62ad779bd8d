package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"time"

	"tfdrift/internal/catalog"
	"tfdrift/internal/channel"
	"tfdrift/internal/channel/console"
	"tfdrift/internal/compare"
	"tfdrift/internal/config"
	"tfdrift/internal/detector"
	"tfdrift/internal/drift"
	"tfdrift/internal/event"
	"tfdrift/internal/index"
	"tfdrift/internal/indexer"
	"tfdrift/internal/ledger"
	"tfdrift/internal/rules"
	"tfdrift/internal/state"
	"tfdrift/internal/state/s3state"
)

type detectCommand struct {
	State            []string `required:"" sep:"none" placeholder:"PATH" help:"A state: raw v4 or the output of terraform show -json; a path, or s3://BUCKET/KEY. A folder, or s3://BUCKET/PREFIX/, means every state below it. Repeatable."`
	Config           string   `placeholder:"FILE" help:"Configuration with drift_rules, ignore, regions. Without it everything is reported."`
	Format           string   `enum:"text,json" default:"text" help:"text for people, json for programs: one finding a line."`
	DetailedExitcode bool     `help:"Exit with 2 where drift was found, as terraform plan does."`
	Explain          bool     `help:"Tell on standard error, for each event, every step that led to a finding or to none."`
	Events           []string `arg:"" optional:"" help:"Files of events, .gz too, in any framing and envelope; - is standard input."`
}

func (detectCommand) Help() string {
	return `Events are CloudTrail records, EventBridge events, GCP audit log entries, Falco alerts, and the SQS, SNS, Pub/Sub and CloudEvents envelopes around them.

Examples:
  tfdrift detect --state terraform.tfstate event.json
  tfdrift detect --state states/ --config tfdrift.yaml --format json cloudtrail/*.json.gz
  tfdrift detect --state s3://acme-terraform/env:/ event.json
  aws s3 cp s3://trail/….json.gz - | tfdrift detect --state terraform.tfstate --explain -`
}

func (c detectCommand) Run(p *process) error {
	d, x, err := c.detector(p)
	if err != nil {
		return err
	}
	open := schemes(s3state.New(awsConfig))
	for _, ref := range c.State {
		if err := readStates(p, x, open, ref); err != nil {
			return err
		}
	}
	inputs := c.Events
	if len(inputs) == 0 {
		if p.typing {
			return errors.New("which events? Give files, or - and type or paste them")
		}
		inputs = []string{"-"}
	}
	r := replay{process: p, detector: d, print: printer(p, c.Format)}
	for _, name := range inputs {
		if err := r.file(name); err != nil {
			return err
		}
	}
	r.progress.clear()
	if c.Format == "text" {
		fmt.Fprintf(p.stdout, "%s %d events read.\n", console.Summary(r.open), r.events)
	}
	switch {
	case r.unreadable > 0:
		fmt.Fprintf(p.stderr, "tfdrift: %d documents or files could not be read; what they said is not judged\n", r.unreadable)
		return exit(exitError)
	case c.DetailedExitcode && len(r.open) > 0:
		return exit(exitDrift)
	}
	return nil
}

// detector wires the cores to in-memory stores; the indexer fills its index.
func (c detectCommand) detector(p *process) (*detector.Detector, *indexer.Indexer, error) {
	cfg, err := loadConfig(p, c.Config)
	if err != nil {
		return nil, nil, err
	}
	judge, err := rules.New(cfg.Rules())
	if err != nil {
		return nil, nil, err
	}
	key := make([]byte, 32)
	rand.Read(key)
	seal, err := state.NewSealer(key, catalog.Sensitive)
	if err != nil {
		return nil, nil, err
	}
	d := &detector.Detector{Index: index.NewMemory(), Ledger: unread{ledger.NewMemory()}, Rules: judge, Compare: compare.Comparer{Seal: seal.Seal}}
	if c.Explain {
		d.Explain = func(step string) { fmt.Fprintln(p.stderr, channel.Harmless(step)) }
	}
	return d, &indexer.Indexer{Index: d.Index, Seal: seal}, nil
}

// unread is a ledger in memory whose publications are printed here: nobody waits
// for its feed.
type unread struct{ *ledger.Memory }

func (l unread) Save(ctx context.Context, r ledger.Record) error {
	return errors.Join(l.Memory.Save(ctx, r), l.Trim(ctx, math.MaxUint64))
}

func loadConfig(p *process, path string) (*config.Config, error) {
	load := func() (*config.Config, []config.Warning, error) { return config.LoadFile(path) }
	if path == "" {
		load = func() (*config.Config, []config.Warning, error) { return config.Parse("", nil) }
	}
	cfg, warnings, err := load()
	for _, w := range warnings {
		fmt.Fprintln(p.stderr, "tfdrift: warning:", w)
	}
	return cfg, err
}

func readStates(p *process, x *indexer.Indexer, open state.Schemes, ref string) error {
	source, err := open.Open(ref)
	if err != nil {
		return err
	}
	for object, err := range source.States(p.ctx) {
		if err != nil {
			return err
		}
		header, err := x.Refresh(p.ctx, object, false)
		if err != nil {
			return err
		}
		if header.Flat > 0 {
			fmt.Fprintf(p.stderr, "tfdrift: state %s: %d resources are in the form of Terraform before 0.12 and are not watched; terraform apply -refresh-only renews them\n", object.Name, header.Flat)
		}
	}
	return nil
}

// replay feeds events to the detector in order and prints what comes of them.
type replay struct {
	*process
	detector   *detector.Detector
	print      func(*drift.Finding) error
	open       map[string]drift.Severity // of the findings that are not resolved, by id
	findings   int
	events     int
	unreadable int // documents, and files
	progress   progress
}

// shownErrors is how many unreadable documents of a file are told one by one.
const shownErrors = 20

func (r *replay) file(name string) error {
	if name == "-" {
		return r.read(r.stdin, name)
	}
	f, err := os.Open(name)
	if err != nil {
		r.lost(fmt.Errorf("events: %w", err))
		return nil
	}
	defer f.Close()
	return r.read(f, name)
}

func (r *replay) read(in io.Reader, name string) error {
	events := event.NewReader(in, name)
	bad := 0
	defer func() {
		if bad > shownErrors {
			fmt.Fprintf(r.stderr, "tfdrift: %s: %d more documents cannot be read\n", name, bad-shownErrors)
		}
	}()
	for {
		ev, err := events.Next()
		var broken *event.DocumentError
		switch {
		case errors.As(err, &broken):
			r.bad(&bad, broken)
			continue
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			r.lost(err)
			return nil
		}
		r.events++
		r.progress.show(r.process, r.events)
		if err := r.judge(ev); err != nil {
			if !errors.Is(err, drift.ErrInvalid) {
				return err
			}
			r.bad(&bad, err)
		}
		if err := r.ctx.Err(); err != nil {
			return fmt.Errorf("interrupted after %d events", r.events)
		}
	}
}

// bad counts a document of a file that cannot be read, and tells the first few.
func (r *replay) bad(count *int, err error) {
	if *count++; *count <= shownErrors {
		r.lost(err)
	} else {
		r.unreadable++
	}
}

// lost tells what cannot be read; the rest of the work goes on.
func (r *replay) lost(err error) {
	r.unreadable++
	r.progress.clear()
	fmt.Fprintln(r.stderr, "tfdrift:", channel.Harmless(plain(err)))
}

func (r *replay) judge(ev *drift.Event) error {
	findings, err := r.detector.Handle(r.ctx, ev)
	for i := range findings {
		r.progress.clear()
		if err := r.print(&findings[i]); err != nil {
			return err
		}
		r.count(&findings[i])
	}
	return err
}

func (r *replay) count(f *drift.Finding) {
	r.findings++
	if f.Status == drift.Resolved {
		delete(r.open, f.ID)
		return
	}
	if r.open == nil {
		r.open = map[string]drift.Severity{}
	}
	r.open[f.ID] = f.Severity
}

func printer(p *process, format string) func(*drift.Finding) error {
	if format == "json" {
		lines := json.NewEncoder(p.stdout)
		lines.SetEscapeHTML(false)
		return func(f *drift.Finding) error { return lines.Encode(f) }
	}
	return console.Console{W: p.stdout, Color: p.color}.Write
}

// progress is a line on the terminal while many events are read.
type progress struct {
	last  time.Time
	shown bool
	w     io.Writer
}

func (g *progress) show(p *process, events int) {
	if !p.interactive || events%1000 != 0 || time.Since(g.last) < 200*time.Millisecond {
		return
	}
	g.last, g.shown, g.w = time.Now(), true, p.stderr
	fmt.Fprintf(p.stderr, "\r%d events read", events)
}

func (g *progress) clear() {
	if g.shown {
		fmt.Fprint(g.w, "\r\x1b[K")
		g.shown = false
	}
}
