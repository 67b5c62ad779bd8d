// Package console writes findings for people at a terminal: one block each,
// the gravest colour first, only what differs of long values.
package console

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode"

	"tfdrift/internal/channel"
	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// Console writes to W; Color says whether it understands ANSI colours.
type Console struct {
	W     io.Writer
	Color bool
}

// Write writes one finding as a block, a blank line after it.
func (c Console) Write(f *drift.Finding) error {
	var b bytes.Buffer
	c.head(&b, f)
	for _, a := range f.Changes {
		c.change(&b, a)
	}
	switch {
	case f.Status == drift.Resolved:
		fmt.Fprintf(&b, "  %s\n", c.paint(green, "as its state says again"))
	case f.Kind == drift.Modified && len(f.Changes) == 0:
		fmt.Fprintf(&b, "  changed, but the event does not tell which attribute\n")
	}
	line(&b, "who", who(f.Actor))
	line(&b, "when", f.Event.Time.UTC().Format("2006-01-02 15:04:05 UTC")+", "+f.Event.Name)
	line(&b, "from", strings.TrimSuffix(f.Actor.SourceIP+", "+clip(f.Actor.UserAgent, 60), ", "))
	if f.Resource.State != "" {
		line(&b, "state", f.Resource.State)
	}
	if len(f.Rules) > 0 {
		line(&b, "rules", strings.Join(f.Rules, ", "))
	}
	for i, r := range channel.Remedy(f) {
		line(&b, [...]string{"to do", ""}[min(i, 1)], r)
	}
	b.WriteByte('\n')
	_, err := c.W.Write(b.Bytes())
	return err
}

func (c Console) head(b *bytes.Buffer, f *drift.Finding) {
	name := f.Resource.Address
	if name == "" {
		name = f.Resource.Type + " " + f.Resource.ID
	}
	word := string(f.Kind)
	if f.Status != drift.Open {
		word = string(f.Status) + ", " + word
	}
	if f.Status == drift.Resolved {
		word = "resolved"
	}
	place := f.Account
	if f.Region != "" {
		place += " " + f.Region
	}
	fmt.Fprintf(b, "%s  %s  %s  %s\n", c.paint(shade(f), fmt.Sprintf("%-8s", strings.ToUpper(string(f.Severity)))), c.paint(bold, Harmless(name)), word, c.paint(dim, Harmless(place)))
}

// change writes one attribute: a line for a scalar, of a long value only the
// fields that differ.
func (c Console) change(b *bytes.Buffer, a drift.Attribute) {
	name := Harmless(a.Name)
	switch {
	case a.Sensitive:
		fmt.Fprintf(b, "  %s %s: changed (sensitive, not shown)\n", c.paint(yellow, "~"), name)
	case a.Unknown:
		fmt.Fprintf(b, "  %s %s: changed (the record hides the value)\n", c.paint(yellow, "~"), name)
	case a.Op == drift.OpAdd:
		fmt.Fprintf(b, "  %s %s: %s\n", c.paint(green, "+"), name, text(a.After))
	case a.Op == drift.OpRemove:
		fmt.Fprintf(b, "  %s %s: %s\n", c.paint(red, "-"), name, text(a.Before))
	default:
		for _, d := range differences(name, a.Before, a.After) {
			fmt.Fprintf(b, "  %s %s: %s %s %s\n", c.paint(yellow, "~"), Harmless(d.path), c.paint(red, text(d.before)), c.paint(dim, "→"), c.paint(green, text(d.after)))
		}
	}
}

type difference struct {
	path          string
	before, after any
}

// differences walks two values down to where they differ.
func differences(path string, before, after any) []difference {
	switch x := before.(type) {
	case map[string]any:
		y, ok := after.(map[string]any)
		if !ok {
			break
		}
		var all []difference
		keys := tree.Keys(x)
		for _, k := range tree.Keys(y) {
			if _, ok := x[k]; !ok {
				keys = append(keys, k)
			}
		}
		for _, k := range keys {
			if text(x[k]) != text(y[k]) {
				all = append(all, differences(path+"."+k, x[k], y[k])...)
			}
		}
		return all
	case []any:
		y, ok := after.([]any)
		if !ok || len(x) != 1 || len(y) != 1 {
			break
		}
		if _, ok := x[0].(map[string]any); ok {
			return differences(path+"[0]", x[0], y[0])
		}
	}
	if text(before) == text(after) {
		return nil
	}
	return []difference{{path, before, after}}
}

const widest = 160

func text(v any) string {
	if s, ok := v.(string); ok {
		return clip(s, widest)
	}
	if v == nil {
		return "(not set)"
	}
	return clip(string(tree.Canonical(v)), widest)
}

// Harmless is foreign text as a terminal may be given it: on one line, without
// the characters that command it or turn the direction of writing.
func Harmless(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, s)
}

// clip shortens what would fill the screen, and makes it harmless.
func clip(s string, width int) string {
	s = Harmless(s)
	if r := []rune(s); len(r) > width {
		return string(r[:width-1]) + "…"
	}
	return s
}

func who(a drift.Actor) string {
	s := a.Name + " (" + a.Type
	if a.Console {
		s += ", by console"
	}
	if a.AccessKeyID != "" {
		s += ", key " + a.AccessKeyID
	}
	return s + ")"
}

func line(b *bytes.Buffer, name, value string) {
	if value != "" {
		fmt.Fprintf(b, "    %-6s %s\n", name, Harmless(value))
	}
}

// The colours, as ANSI parameters.
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
	alarm  = "1;31"
)

func (c Console) paint(color, s string) string {
	if !c.Color || s == "" {
		return s
	}
	return "\x1b[" + color + "m" + s + "\x1b[0m"
}

func shade(f *drift.Finding) string {
	if f.Status == drift.Resolved {
		return green
	}
	return map[drift.Severity]string{drift.Critical: alarm, drift.High: red, drift.Medium: yellow, drift.Low: dim}[f.Severity]
}

// Summary is the last line: what drift is open, given the severities of the
// findings by id.
func Summary(open map[string]drift.Severity) string {
	if len(open) == 0 {
		return "No drift."
	}
	count := map[drift.Severity]int{}
	for _, s := range open {
		count[s]++
	}
	var parts []string
	for _, s := range []drift.Severity{drift.Critical, drift.High, drift.Medium, drift.Low} {
		if count[s] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count[s], s))
		}
	}
	noun := "resources have"
	if len(open) == 1 {
		noun = "resource has"
	}
	return fmt.Sprintf("%d %s drifted: %s.", len(open), noun, strings.Join(parts, ", "))
}
