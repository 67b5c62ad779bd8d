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
	"tfdrift/internal/coverage"
	"tfdrift/internal/drift"
)

type catalogCommand struct {
	Service   string `arg:"" optional:"" help:"The event source: ec2, or iam.amazonaws.com, or compute.googleapis.com."`
	Operation string `arg:"" optional:"" help:"The operation as logged. Without it, the operations of the service are listed."`
	Stats     bool   `help:"Count operations, types and parameters, per service, instead."`
	Unmatched bool   `help:"With --stats: list the parameters that no attribute takes up."`
	Format    string `enum:"text,json,markdown" default:"text" help:"text for people, json for programs: one row a line; markdown for --stats."`
}

func (catalogCommand) Help() string {
	return `Examples:
  tfdrift catalog ec2 ModifyInstanceAttribute
  tfdrift catalog compute.googleapis.com v1.compute.firewalls.patch
  tfdrift catalog iam
  tfdrift catalog --stats
  tfdrift catalog --stats --unmatched rds`
}

func (c catalogCommand) Run(p *process) error {
	switch {
	case c.Unmatched && !c.Stats:
		return errors.New("--unmatched belongs to --stats: try \"tfdrift catalog --stats --unmatched rds\"")
	case c.Stats && c.Unmatched:
		return c.gaps(p.stdout)
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

func writeRows[T any](w io.Writer, rows []T) error {
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
		return c.unknownService()
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

// stats prints the catalog's counts, of all services or of one: a table for
// people, Markdown for docs/coverage.md, or JSON.
func (c catalogCommand) stats(w io.Writer) error {
	all := coverage.All()
	if c.Service != "" {
		all = slices.DeleteFunc(all, func(s coverage.Stats) bool { return catalog.NormalSource(s.Provider, c.Service) != s.Service })
		if len(all) == 0 {
			return c.unknownService()
		}
	}
	if c.Format == "json" {
		return writeRows(w, all)
	}
	head := []string{"provider", "service", "operations", "types", "pairs", "measured", "by state", "by override", "naming", "irrelevant", "unmatched", "rows by hand", "rows silent"}
	line := func(s coverage.Stats) []any {
		return []any{s.Provider, s.Service, s.Operations, s.Types, s.Pairs, s.Measured, s.ByState, s.ByOverride, s.Naming, s.Irrelevant, s.Unmatched, s.Overrides, s.Silent}
	}
	if c.Service == "" {
		var totals []coverage.Stats
		for _, provider := range []drift.Provider{drift.AWS, drift.GCP} {
			total := coverage.Stats{Provider: provider, Service: "all"}
			for _, s := range all {
				if s.Provider == provider {
					total.Add(s)
				}
			}
			totals = append(totals, total)
		}
		all = append(totals, all...)
	}
	cells := strings.Repeat("%v\t", len(head)) + "\n"
	if c.Format == "markdown" {
		fmt.Fprint(w, coverageHead, "| ", strings.Join(head, " | "), " |\n|", strings.Repeat("---|", len(head)), "\n")
		cells = "| " + strings.Repeat("%v | ", len(head)-1) + "%v |\n"
		for _, s := range all {
			fmt.Fprintf(w, cells, line(s)...)
		}
		return nil
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, strings.Join(head, "\t")+"\t")
	for _, s := range all {
		fmt.Fprintf(table, cells, line(s)...)
	}
	return table.Flush()
}

// gaps lists what no attribute takes up, for whoever writes the next override.
func (c catalogCommand) gaps(w io.Writer) error {
	all := slices.Collect(coverage.Gaps(c.Service))
	if len(all) == 0 && !slices.ContainsFunc(coverage.All(), func(s coverage.Stats) bool { return catalog.NormalSource(s.Provider, c.Service) == s.Service }) {
		return c.unknownService()
	}
	if c.Format == "json" {
		return writeRows(w, all)
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, g := range all {
		fmt.Fprintf(table, "%s\t%s\t%s\n", g.Service, g.Operation, strings.Join(g.Unmatched, " "))
	}
	return table.Flush()
}

func (c catalogCommand) unknownService() error {
	return fmt.Errorf("the catalog knows no service %s; \"tfdrift catalog --stats\" lists those it knows", c.Service)
}

const coverageHead = `# Coverage

What the catalog knows, service by service; written by ` + "`tfdrift catalog --stats --format markdown`" + ` (make generate).

A pair is an operation and a resource type that it touches. Rows by hand win over derived ones; silent rows are known to change nothing that state holds.

Measured are the operations whose request the facts at hand tell, of those that create or change something. A request with all its parameters is laid onto
an entry made of the provider's schema, by the code that judges events; each parameter counts once, by the best that becomes of it over the types that the
operation touches:

- by state: its name and shape tell the attribute that state shows;
- by override: a rename, a pair or a shape of the catalog's tells it;
- naming: it names the resource or what that is in, so it finds the entry and is compared with nothing;
- irrelevant: it is known to be no attribute (a token, a switch of the call itself, what only the service reads);
- unmatched: no attribute takes it up. A call with it makes a finding that cannot say where. ` + "`tfdrift catalog --stats --unmatched SERVICE`" + ` lists them.

What stands in a wrapper that no attribute is named after counts member by member; what stands within a block counts as the block. The entry shows every
block that the type can have, which is more than the state of most resources does. Left out are deletions, calls on types of which the facts have no schema,
calls that set a whole IAM policy (the grants are compared one by one), and on Google Cloud descriptions and what only the service writes.

Operations, types and matched parameters (by state and by override) of a service never fall: a test holds them to what they once were.

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
