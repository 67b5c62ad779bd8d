package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"tfdrift/internal/catalog"
	"tfdrift/internal/drift"
)

type catalogCommand struct {
	Service   string `arg:"" optional:"" help:"The event source: ec2, or iam.amazonaws.com, or compute.googleapis.com."`
	Operation string `arg:"" optional:"" help:"The operation as logged. Without it, the operations of the service are listed."`
	Stats     bool   `help:"Count operations, types and parameters per service instead."`
	Format    string `enum:"text,json,markdown" default:"text" help:"text for people, json for programs: one row a line; markdown for --stats."`
}

func (catalogCommand) Help() string {
	return `Examples:
  tfdrift catalog ec2 ModifyInstanceAttribute
  tfdrift catalog compute.googleapis.com v1.compute.firewalls.patch
  tfdrift catalog iam
  tfdrift catalog --stats`
}

func (c catalogCommand) Run(p *process) error {
	switch {
	case c.Stats:
		return c.stats(p.stdout)
	case c.Service == "":
		return errors.New("which service? Try \"tfdrift catalog ec2 ModifyInstanceAttribute\", \"tfdrift catalog iam\" or \"tfdrift catalog --stats\"")
	case c.Operation == "":
		return c.operations(p.stdout)
	}
	return c.operation(p.stdout)
}

// row is a catalog row as programs read it.
type row struct {
	Provider  drift.Provider `json:"provider"`
	Service   string         `json:"service"`
	Operation string         `json:"operation"`
	Type      string         `json:"type,omitempty"` // none: any type, or none at all where the effect is silent
	Effect    drift.Effect   `json:"effect"`
	Identity  string         `json:"identity,omitempty"`
	Params    string         `json:"params,omitempty"`
	Parent    bool           `json:"parent,omitempty"`
	By        string         `json:"by"` // derived, or written by a person
}

// operation tells what one call touches, in whichever cloud knows it.
func (c catalogCommand) operation(w io.Writer) error {
	var rows []row
	for _, provider := range []drift.Provider{drift.AWS, drift.GCP} {
		for _, r := range catalog.Lookup(provider, c.Service, c.Operation) {
			rows = append(rows, describe(provider, r))
		}
	}
	if len(rows) == 0 {
		return fmt.Errorf("the catalog knows no operation %s of %s; \"tfdrift catalog %s\" lists those it knows", c.Operation, c.Service, c.Service)
	}
	if c.Format == "json" {
		return writeRows(w, rows)
	}
	fmt.Fprintf(w, "%s %s\n", rows[0].Service, rows[0].Operation)
	if rows[0].Effect == drift.Silent && len(rows) == 1 {
		fmt.Fprintln(w, "  changes nothing that Terraform state holds")
		return nil
	}
	for _, r := range rows {
		fmt.Fprintf(w, "\n  %-8s %s\n", r.Effect, cmp.Or(r.Type, "any resource it names"))
		if r.Effect == drift.Silent {
			fmt.Fprintln(w, "           changes nothing that state holds of it")
			continue
		}
		if r.Identity != "" {
			fmt.Fprintf(w, "           found by  %s\n", strings.ReplaceAll(r.Identity, "*=", "any of its names = "))
		}
		if r.Effect != drift.Delete {
			sets := strings.TrimSpace(r.Params + " and the attributes named as its other parameters are")
			fmt.Fprintf(w, "           sets      %s\n", wrap(strings.TrimPrefix(sets, "and "), 90, "                     "))
		}
		if r.Parent {
			fmt.Fprintln(w, "           only where no resource of its own manages the setting")
		}
		fmt.Fprintf(w, "           %s\n", r.By)
	}
	return nil
}

func describe(provider drift.Provider, r catalog.Row) row {
	by := "derived from what the provider calls"
	for own := range catalog.Overrides(provider) {
		if own.Source == r.Source && own.Event == r.Event && own.Type == r.Type {
			by = "written by a person"
		}
	}
	identity := r.ID
	if r.Shape != nil {
		identity = "a rule of its own"
	}
	return row{provider, r.Source, r.Event, r.Type, r.Effect, identity, params(string(r.Params)), r.Parent, by}
}

// params leaves out the members that are no attribute.
func params(renames string) string {
	kept := slices.DeleteFunc(strings.Fields(renames), func(pair string) bool { return strings.HasSuffix(pair, "=-") })
	return strings.Join(kept, " ")
}

func writeRows(w io.Writer, rows []row) error {
	out := json.NewEncoder(w)
	for _, r := range rows {
		if err := out.Encode(r); err != nil {
			return err
		}
	}
	return nil
}

func (c catalogCommand) operations(w io.Writer) error {
	types := map[string][]string{}
	for _, provider := range []drift.Provider{drift.AWS, drift.GCP} {
		service := catalog.NormalSource(provider, c.Service)
		for r := range catalog.All(provider) {
			if r.Source == service && !slices.Contains(types[r.Event], r.Type) {
				types[r.Event] = append(types[r.Event], r.Type)
			}
		}
	}
	if len(types) == 0 {
		return fmt.Errorf("the catalog knows no service %s; \"tfdrift catalog --stats\" lists those it knows", c.Service)
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, name := range slices.Sorted(maps.Keys(types)) {
		all := slices.DeleteFunc(types[name], func(t string) bool { return t == "" })
		if len(all) > 4 {
			all = append(all[:3:3], fmt.Sprintf("and %d more", len(all)-3))
		}
		fmt.Fprintf(table, "%s\t%s\n", name, strings.Join(all, ", "))
	}
	return table.Flush()
}

// stats prints the catalog's counts: a table for people, Markdown for
// docs/coverage.md, or JSON.
func (c catalogCommand) stats(w io.Writer) error {
	all := catalog.Stats()
	if c.Format == "json" {
		out := json.NewEncoder(w)
		for _, s := range all {
			if err := out.Encode(s); err != nil {
				return err
			}
		}
		return nil
	}
	head := []string{"provider", "service", "operations", "types", "pairs", "parameters renamed", "rows by hand", "rows silent"}
	line := func(s catalog.ServiceStats) []any {
		return []any{s.Provider, s.Service, s.Operations, s.Types, s.Pairs, s.Renames, s.Overrides, s.Silent}
	}
	totals := map[drift.Provider]catalog.ServiceStats{}
	for _, s := range all {
		t := totals[s.Provider]
		totals[s.Provider] = catalog.ServiceStats{
			Provider: s.Provider, Service: "all", Operations: t.Operations + s.Operations, Types: t.Types + s.Types, Pairs: t.Pairs + s.Pairs,
			Renames: t.Renames + s.Renames, Overrides: t.Overrides + s.Overrides, Silent: t.Silent + s.Silent,
		}
	}
	all = append([]catalog.ServiceStats{totals[drift.AWS], totals[drift.GCP]}, all...)
	if c.Format == "markdown" {
		fmt.Fprint(w, coverageHead, "| ", strings.Join(head, " | "), " |\n|", strings.Repeat("---|", len(head)), "\n")
		for _, s := range all {
			fmt.Fprintf(w, "| %v | %v | %d | %d | %d | %d | %d | %d |\n", line(s)...)
		}
		return nil
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, strings.Join(head, "\t")+"\t")
	for _, s := range all {
		fmt.Fprintf(table, "%v\t%v\t%d\t%d\t%d\t%d\t%d\t%d\t\n", line(s)...)
	}
	return table.Flush()
}

const coverageHead = `# Coverage

What the catalog knows, service by service; written by ` + "`tfdrift catalog --stats --format markdown`" + ` (make generate).

A pair is an operation and a resource type that it touches. Parameters are matched by name onto the attributes that state shows; those whose name does
not tell are renamed. Rows by hand win over derived ones. Silent rows are known to change nothing that state holds.

`

// wrap breaks a line at spaces.
func wrap(text string, width int, indent string) string {
	var b strings.Builder
	column := 0
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
		case column+1+len(word) > width:
			b.WriteString("\n" + indent)
			column = 0
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += len(word)
	}
	return b.String()
}
