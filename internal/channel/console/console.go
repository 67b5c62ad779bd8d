// Package console writes findings for people at a terminal: one block each,
// the gravest colour first, only what differs of long values.
package console

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	"tfdrift/internal/channel"
	"tfdrift/internal/drift"
)

// Console writes to W; Color says whether it understands ANSI colours.
type Console struct {
	W     io.Writer
	Color bool
}

// Name implements [channel.Channel].
func (c Console) Name() string { return "console" }

// Send implements [channel.Channel]: it writes the message's finding. Writes of
// several goroutines come out one after the other where W sees to that, as
// files do: a block is one write.
func (c Console) Send(_ context.Context, m channel.Message) error {
	f := channel.Shown(m.Finding)
	if err := c.Write(&f); err != nil {
		return &channel.Refusal{Kind: drift.ErrRetry, Why: "console: " + err.Error()}
	}
	return nil
}

// Write writes one finding as a block, a blank line after it.
func (c Console) Write(f *drift.Finding) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s  %s  %s  %s\n", c.paint(shade(f), fmt.Sprintf("%-8s", strings.ToUpper(string(f.Severity)))), c.paint(bold, channel.Subject(f)), channel.What(f), c.paint(dim, channel.Place(f)))
	for _, l := range channel.Lines(f) {
		c.change(&b, l)
	}
	switch {
	case f.Status == drift.Resolved:
		fmt.Fprintf(&b, "  %s\n", c.paint(green, "as its state says again"))
	case f.Kind == drift.Modified && len(f.Changes) == 0:
		fmt.Fprintf(&b, "  changed, but the event does not tell which attribute\n")
	}
	for _, fact := range channel.Facts(f) {
		line(&b, fact.Name, fact.Value)
	}
	for i, r := range channel.Remedy(f) {
		line(&b, [...]string{"to do", ""}[min(i, 1)], channel.Harmless(r))
	}
	b.WriteByte('\n')
	_, err := c.W.Write(b.Bytes())
	return err
}

func (c Console) change(b *bytes.Buffer, l channel.Line) {
	switch {
	case l.Note != "":
		fmt.Fprintf(b, "  %s %s: %s\n", c.paint(yellow, "~"), l.Attribute, l.Note)
	case l.Op == drift.OpAdd:
		fmt.Fprintf(b, "  %s %s: %s\n", c.paint(green, "+"), l.Attribute, l.After)
	case l.Op == drift.OpRemove:
		fmt.Fprintf(b, "  %s %s: %s\n", c.paint(red, "-"), l.Attribute, l.Before)
	default:
		fmt.Fprintf(b, "  %s %s: %s %s %s\n", c.paint(yellow, "~"), l.Attribute, c.paint(red, l.Before), c.paint(dim, "→"), c.paint(green, l.After))
	}
}

func line(b *bytes.Buffer, name, value string) { fmt.Fprintf(b, "    %-6s %s\n", name, value) }

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
