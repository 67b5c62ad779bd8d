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
	Format    string `enum:"text,json" default:"text" help:"text for people, json for programs: one row a line."`
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

// tally counts one service.
type tally struct {
	operations, types, params map[string]bool
	rows, written             int
}

func (c catalogCommand) stats(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "provider\tservice\toperations\ttypes\tpairs\twritten by hand\tparameters named\t")
	for _, provider := range []drift.Provider{drift.AWS, drift.GCP} {
		services := map[string]*tally{}
		total := newTally()
		written := map[string]bool{}
		for r := range catalog.Overrides(provider) {
			written[r.Source+" "+r.Event+" "+r.Type] = true
		}
		for r := range catalog.All(provider) {
			if services[r.Source] == nil {
				services[r.Source] = newTally()
			}
			services[r.Source].count(r, written)
			total.count(r, written)
		}
		for _, name := range slices.Sorted(maps.Keys(services)) {
			services[name].print(table, provider, name)
		}
		total.print(table, provider, "TOTAL")
	}
	return table.Flush()
}

func newTally() *tally {
	return &tally{operations: map[string]bool{}, types: map[string]bool{}, params: map[string]bool{}}
}

func (t *tally) count(r catalog.Row, written map[string]bool) {
	operation := r.Source + " " + r.Event
	t.operations[operation] = true
	if r.Type != "" {
		t.types[r.Type] = true
		t.rows++
	}
	if written[operation+" "+r.Type] {
		t.written++
	}
	for pair := range strings.FieldsSeq(params(string(r.Params))) {
		t.params[operation+" "+r.Type+" "+pair] = true
	}
}

func (t *tally) print(w io.Writer, provider drift.Provider, name string) {
	fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%d\t%d\t\n", provider, name, len(t.operations), len(t.types), t.rows, t.written, len(t.params))
}

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
