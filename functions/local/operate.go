package main

import (
	"encoding/json"
	"fmt"
	"text/tabwriter"
	"time"

	"tfdrift/internal/channel/console"
	"tfdrift/internal/drift"
	"tfdrift/internal/operator"
	"tfdrift/internal/silence"
)

// store is where the operator's commands find what tfdrift run keeps.
type store struct {
	Data string `default:"tfdrift-data" placeholder:"DIR" help:"Folder of the embedded store, as tfdrift run has it."`
}

// at hands the desk to what a command does there.
func (s store) at(do func(d operator.Desk) error) error {
	d, done, err := desk(s.Data)
	if err != nil {
		return err
	}
	defer done()
	return do(d)
}

type findingsCommands struct {
	List    findingsListCommand    `cmd:"" help:"List the findings that stand."`
	Show    findingsShowCommand    `cmd:"" help:"Show one finding and how it came about."`
	Resolve findingsResolveCommand `cmd:"" help:"End a finding by hand: what is there is right."`
}

type findingsListCommand struct {
	store
	All    bool   `help:"The resolved ones too."`
	Format string `enum:"text,json" default:"text" help:"text for people, json for programs: one finding a line."`
}

func (findingsListCommand) Help() string {
	return `Examples:
  tfdrift findings list
  tfdrift findings list --all --format json`
}

func (c findingsListCommand) Run(p *process) error {
	return c.at(func(d operator.Desk) error {
		findings, err := d.Findings(p.ctx, c.All)
		if err != nil {
			return err
		}
		if c.Format == "json" {
			write := printer(p, c.Format)
			for i := range findings {
				if err := write(&findings[i]); err != nil {
					return err
				}
			}
			return nil
		}
		table := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
		for _, f := range findings {
			name := f.Resource.Address
			if name == "" {
				name = f.Resource.Type + " " + f.Resource.ID
			}
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", f.ID, f.Severity, f.Status, f.Kind, name, f.Actor.Name)
		}
		if len(findings) == 0 {
			fmt.Fprintln(table, "No drift.")
		}
		return table.Flush()
	})
}

type findingsShowCommand struct {
	store
	ID     string `arg:"" help:"The finding's id."`
	Format string `enum:"text,json" default:"text" help:"text for people, json for programs."`
}

func (findingsShowCommand) Help() string {
	return `Example:
  tfdrift findings show a10f2e03d8f469e8ff5ae67c`
}

func (c findingsShowCommand) Run(p *process) error {
	return c.at(func(d operator.Desk) error {
		s, err := d.Finding(p.ctx, c.ID)
		if err != nil {
			return err
		}
		if c.Format == "json" {
			return json.NewEncoder(p.stdout).Encode(s)
		}
		if err := (console.Console{W: p.stdout, Color: p.color}).Write(&s.Finding); err != nil {
			return err
		}
		for _, step := range s.History {
			fmt.Fprintf(p.stdout, "%s  %-8s  %s  by %s\n", step.At.UTC().Format(time.DateTime), step.Status, step.Event.Name, step.Actor.Name)
		}
		if s.Opened > 1 {
			fmt.Fprintf(p.stdout, "It opened %d times.\n", s.Opened)
		}
		return nil
	})
}

type findingsResolveCommand struct {
	store
	ID string `arg:"" help:"The finding's id."`
}

func (findingsResolveCommand) Help() string {
	return `Example:
  tfdrift findings resolve a10f2e03d8f469e8ff5ae67c`
}

func (c findingsResolveCommand) Run(p *process) error {
	return c.at(func(d operator.Desk) error {
		f, err := d.Resolve(p.ctx, c.ID)
		if err == nil {
			_, err = fmt.Fprintf(p.stdout, "%s is %s.\n", f.ID, f.Status)
		}
		return err
	})
}

type silenceCommands struct {
	Add    silenceAddCommand    `cmd:"" help:"Keep findings from being sent for a while; they are recorded all the same."`
	List   silenceListCommand   `cmd:"" help:"List the silences."`
	Expire silenceExpireCommand `cmd:"" help:"End a silence."`
}

type silenceAddCommand struct {
	store
	Type     string         `placeholder:"PATTERN" help:"Terraform resource types, with wildcards."`
	Address  string         `placeholder:"PATTERN" help:"Resource addresses; a module covers all that is in it."`
	Severity drift.Severity `placeholder:"SEVERITY" help:"Only findings of this severity."`
	Actor    string         `placeholder:"PATTERN" help:"Names of who did it, as in exclude_users."`
	For      time.Duration  `default:"2h" placeholder:"DURATION" help:"How long."`
	Comment  string         `placeholder:"TEXT" help:"Why, for others."`
}

func (silenceAddCommand) Help() string {
	return `Example:
  tfdrift silence add --address module.sandbox --for 4h --comment "load test"`
}

func (c silenceAddCommand) Run(p *process) error {
	return c.at(func(d operator.Desk) error {
		s, err := d.Silence(p.ctx, silence.Silence{Type: c.Type, Address: c.Address, Severity: c.Severity, Actor: c.Actor, Until: time.Now().Add(c.For), Comment: c.Comment})
		if err == nil {
			_, err = fmt.Fprintf(p.stdout, "%s until %s\n", s.ID, s.Until.Format(time.RFC3339))
		}
		return err
	})
}

type silenceListCommand struct {
	store
}

func (silenceListCommand) Help() string {
	return `Example:
  tfdrift silence list`
}

func (c silenceListCommand) Run(p *process) error {
	return c.at(func(d operator.Desk) error {
		all, err := d.Silences(p.ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
		for _, s := range all {
			fmt.Fprintf(table, "%s\tuntil %s\t%s\t%s\t%s\t%s\t%s\n", s.ID, s.Until.Format(time.RFC3339), s.Type, s.Address, s.Severity, s.Actor, s.Comment)
		}
		if len(all) == 0 {
			fmt.Fprintln(table, "Nothing is silenced.")
		}
		return table.Flush()
	})
}

type silenceExpireCommand struct {
	store
	ID string `arg:"" help:"The silence's id."`
}

func (silenceExpireCommand) Help() string {
	return `Example:
  tfdrift silence expire k3v7q2xp`
}

func (c silenceExpireCommand) Run(p *process) error {
	return c.at(func(d operator.Desk) error {
		err := d.Expire(p.ctx, c.ID)
		if err == nil {
			_, err = fmt.Fprintf(p.stdout, "%s is over.\n", c.ID)
		}
		return err
	})
}
