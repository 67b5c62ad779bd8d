package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"tfdrift/internal/channel"
	"tfdrift/internal/channel/console"
	"tfdrift/internal/drift"
	"tfdrift/internal/embedded"
	"tfdrift/internal/operator"
	"tfdrift/internal/silence"
	"tfdrift/internal/spool/filespool"
	"tfdrift/internal/watch"
)

// data is what the operator's commands share.
type data struct {
	Data string `default:"tfdrift-data" placeholder:"DIR" help:"Data folder of tfdrift run, which may be running or not."`
}

// desk opens the desk: of the process that runs, else of its stores.
func (d data) desk(p *process) (operator.Desk, func() error, error) {
	where, err := readAddress(d.Data)
	if err != nil {
		return nil, nil, err
	}
	if where.Operator != "" {
		c := operator.Client{URL: "http://" + where.Operator, Token: where.Token}
		if _, err := c.Silences(p.ctx); err == nil {
			return c, func() error { return nil }, nil
		}
	}
	store := filepath.Join(d.Data, storeName)
	if _, err := os.Stat(store); err != nil {
		return nil, nil, fmt.Errorf("--data %s is no data folder of tfdrift run: %w", d.Data, drift.ErrNotFound)
	}
	db, err := embedded.Open(store)
	if err != nil {
		return nil, nil, err
	}
	stores, err := openStores(db)
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	spool, err := filespool.Open(filepath.Join(d.Data, spoolName), filespool.Options{})
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	stores.Spool = spool
	return stores, func() error { return errors.Join(spool.Close(), db.Close()) }, nil
}

// readAddress tells where a running process listens; nothing where none runs.
func readAddress(dir string) (where address, err error) {
	raw, err := os.ReadFile(filepath.Join(dir, addressName))
	if errors.Is(err, fs.ErrNotExist) {
		return where, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &where)
	}
	if err != nil {
		return where, fmt.Errorf("where tfdrift run listens: %w", err)
	}
	return where, nil
}

// with does something at the desk, and closes it.
func (d data) with(p *process, do func(ctx context.Context, desk operator.Desk) error) error {
	desk, done, err := d.desk(p)
	if err != nil {
		return err
	}
	return errors.Join(do(p.ctx, desk), done())
}

type findingsCommands struct {
	List    findingsList    `cmd:"" help:"List what has drifted."`
	Show    findingsShow    `cmd:"" help:"Show a finding and how it came about."`
	Resolve findingsResolve `cmd:"" help:"End a finding by hand."`
}

func (findingsCommands) Help() string {
	return `Examples:
  tfdrift findings list
  tfdrift findings show 0123456789abcdef01234567`
}

type findingsList struct {
	data
	All    bool   `help:"Resolved ones too."`
	Format string `enum:"text,json" default:"text" help:"text for people, json for programs: one finding a line."`
}

func (findingsList) Help() string {
	return `Example:
  tfdrift findings list --all --format json`
}

func (c findingsList) Run(p *process) error {
	return c.with(p, func(ctx context.Context, desk operator.Desk) error {
		findings, err := desk.Findings(ctx, c.All)
		if err != nil {
			return err
		}
		if c.Format == "json" {
			return lines(p, findings)
		}
		t := tabwriter.NewWriter(p.stdout, 0, 8, 2, ' ', 0)
		open := map[string]drift.Severity{}
		for _, f := range findings {
			name := f.Resource.Address
			if name == "" {
				name = f.Resource.Type + " " + f.Resource.ID
			}
			if f.Status != drift.Resolved {
				open[f.ID] = f.Severity
			}
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", f.ID, f.Severity, f.Status, f.Kind, channel.Harmless(name), channel.Harmless(f.Actor.Name), f.Event.Time.UTC().Format(time.DateTime))
		}
		if err := t.Flush(); err != nil {
			return err
		}
		fmt.Fprintln(p.stdout, console.Summary(open))
		return nil
	})
}

// lines writes values as JSON, one a line.
func lines[T any](p *process, all []T) error {
	encoder := json.NewEncoder(p.stdout)
	encoder.SetEscapeHTML(false)
	for _, v := range all {
		if err := encoder.Encode(v); err != nil {
			return err
		}
	}
	return nil
}

type findingsShow struct {
	data
	ID     string `arg:"" help:"The finding's id."`
	Format string `enum:"text,json" default:"text" help:"text for people, json for programs."`
}

func (findingsShow) Help() string {
	return `Example:
  tfdrift findings show 0123456789abcdef01234567`
}

func (c findingsShow) Run(p *process) error {
	return c.with(p, func(ctx context.Context, desk operator.Desk) error {
		s, err := desk.Finding(ctx, c.ID)
		if err != nil {
			return err
		}
		if c.Format == "json" {
			return lines(p, []operator.Story{s})
		}
		if err := (console.Console{W: p.stdout, Color: p.color}).Write(&s.Finding); err != nil {
			return err
		}
		if s.Opened > 1 {
			fmt.Fprintf(p.stdout, "    it opened %d times\n", s.Opened)
		}
		for _, h := range s.History {
			fmt.Fprintf(p.stdout, "    %s  %s %s  by %s, %s\n", h.At.UTC().Format(time.DateTime), h.Status, h.Kind, channel.Harmless(h.Actor.Name), channel.Harmless(h.Event.Name))
		}
		return nil
	})
}

type findingsResolve struct {
	data
	ID string `arg:"" help:"The finding's id."`
}

func (findingsResolve) Help() string {
	return `What is known of the resource is taken for right, until an event says something new of it. The channels are told that it is resolved.

Example:
  tfdrift findings resolve 0123456789abcdef01234567`
}

func (c findingsResolve) Run(p *process) error {
	return c.with(p, func(ctx context.Context, desk operator.Desk) error {
		f, err := desk.Resolve(ctx, c.ID)
		if err != nil {
			return err
		}
		return (console.Console{W: p.stdout, Color: p.color}).Write(&f)
	})
}

type silenceCommands struct {
	Add    silenceAdd    `cmd:"" help:"Add a silence."`
	List   silenceList   `cmd:"" help:"List the silences that are not over."`
	Expire silenceExpire `cmd:"" help:"End a silence."`
}

func (silenceCommands) Help() string {
	return `A silenced finding is recorded and shown, it is only not sent.

Examples:
  tfdrift silence add --address module.network --for 2h --comment 'migration'
  tfdrift silence list`
}

type silenceAdd struct {
	data
	Type     string        `placeholder:"PATTERN" help:"Terraform types, such as aws_iam_*."`
	Address  string        `placeholder:"PATTERN" help:"Resource addresses; a module covers all that is in it."`
	Severity string        `placeholder:"SEVERITY" help:"critical, high, medium or low."`
	Actor    string        `placeholder:"PATTERN" help:"Who made the change: names as in exclude_users."`
	For      time.Duration `xor:"end" placeholder:"DURATION" help:"How long from now, such as 2h."`
	Until    time.Time     `xor:"end" placeholder:"TIME" help:"Until when, such as 2026-08-20T18:00:00Z."`
	Comment  string        `placeholder:"TEXT" help:"Why."`
}

func (silenceAdd) Help() string {
	return `All that is given must match. It needs an end: --for or --until.

Example:
  tfdrift silence add --type 'aws_iam_*' --actor alice --for 30m`
}

func (c silenceAdd) Run(p *process) error {
	until := c.Until
	if c.For != 0 {
		until = time.Now().Add(c.For)
	}
	return c.with(p, func(ctx context.Context, desk operator.Desk) error {
		s, err := desk.Silence(ctx, silence.Silence{
			Type: c.Type, Address: c.Address, Severity: drift.Severity(c.Severity), Actor: c.Actor, Until: until.UTC().Truncate(time.Second), Comment: c.Comment,
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(p.stdout, "Silence %s until %s.\n", s.ID, s.Until.Format(time.RFC3339))
		return nil
	})
}

type silenceList struct{ data }

func (silenceList) Help() string {
	return `One a line, as JSON.

Example:
  tfdrift silence list`
}

func (c silenceList) Run(p *process) error {
	return c.with(p, func(ctx context.Context, desk operator.Desk) error {
		all, err := desk.Silences(ctx)
		if err != nil {
			return err
		}
		return lines(p, all)
	})
}

type silenceExpire struct {
	data
	ID string `arg:"" help:"The silence's id."`
}

func (silenceExpire) Help() string {
	return `Example:
  tfdrift silence expire k2m4x7qa`
}

func (c silenceExpire) Run(p *process) error {
	return c.with(p, func(ctx context.Context, desk operator.Desk) error {
		if err := desk.Expire(ctx, c.ID); err != nil {
			return err
		}
		fmt.Fprintf(p.stdout, "Silence %s is over.\n", c.ID)
		return nil
	})
}

type stateCommands struct {
	Accept stateAccept `cmd:"" help:"Accept a state that is not the successor of the one indexed."`
}

func (stateCommands) Help() string {
	return `Example:
  tfdrift state accept terraform.tfstate`
}

type stateAccept struct {
	data
	Path string `arg:"" help:"The state's file or URL, as tfdrift run watches it."`
}

func (stateAccept) Help() string {
	return `A state of another lineage, one whose serial went back, and the disappearance of a place's last state are not taken up by themselves: they may be a mistake. This leaves word for tfdrift run, which follows at its next look, within a second or, in a bucket, half a minute, or when it is next started.

Example:
  tfdrift state accept terraform.tfstate`
}

func (c stateAccept) Run(p *process) error {
	if _, err := os.Stat(filepath.Join(c.Data, storeName)); err != nil {
		return fmt.Errorf("--data %s is no data folder of tfdrift run: %w", c.Data, drift.ErrNotFound)
	}
	if err := watch.Accept(c.Data, c.Path); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%s will be taken up as it is.\n", c.Path)
	return nil
}

type eventsCommands struct {
	Buried eventsBuried `cmd:"" help:"List events that could never be judged, and why."`
}

func (eventsCommands) Help() string {
	return `Example:
  tfdrift events buried`
}

type eventsBuried struct{ data }

// shownBuried is how many events the command lists.
const shownBuried = 100

func (eventsBuried) Help() string {
	return `The latest hundred, one a line, as JSON, without their contents, which may be secret.

Example:
  tfdrift events buried`
}

func (c eventsBuried) Run(p *process) error {
	return c.with(p, func(ctx context.Context, desk operator.Desk) error {
		all, err := desk.Buried(ctx, shownBuried)
		if err != nil {
			return err
		}
		return lines(p, all)
	})
}
