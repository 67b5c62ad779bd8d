// Package slack posts findings to an incoming webhook of Slack, or of what
// understands the same (Mattermost, Rocket.Chat): one attachment in the colour
// of the severity, in Block Kit, beside a line of text for notifications and
// for those who know no blocks.
//
// The forms and limits are those of Slack's pages "Sending messages using
// incoming webhooks", "Formatting message text" and "Reference: blocks".
package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"tfdrift/internal/channel"
	"tfdrift/internal/drift"
)

// Slack is an incoming webhook.
type Slack struct {
	endpoint *channel.Endpoint
	room     string
}

// New returns the channel for a webhook's address, which is a secret: whoever
// knows it may post. The room, "#drift", is for webhooks that may choose, and
// else "". An attempt ends after the timeout.
func New(address, room string, timeout time.Duration) (*Slack, error) {
	endpoint, err := channel.NewEndpoint(address, http.Header{}, timeout)
	if err != nil {
		return nil, fmt.Errorf("slack: webhook_url: %w", err)
	}
	return &Slack{endpoint, room}, nil
}

// Name implements [channel.Channel].
func (s *Slack) Name() string { return "slack" }

// Send implements [channel.Channel].
func (s *Slack) Send(ctx context.Context, m channel.Message) error {
	f := channel.Shown(m.Finding)
	body, err := json.Marshal(message{
		Channel: s.room, Text: headline(&f),
		Attachments: []attachment{{Color: color(&f), Fallback: headline(&f), Blocks: blocks(&f)}},
	})
	if err != nil {
		return &channel.Refusal{Kind: drift.ErrInvalid, Why: "slack: the finding cannot be written as JSON"}
	}
	if err := s.endpoint.Post(ctx, body, nil); err != nil {
		return fmt.Errorf("slack: %w", err)
	}
	return nil
}

// message is a webhook's payload. Links in it are foreign: Slack is not to
// visit them, so unfurling is off. Nor is its text to be read as markup.
type message struct {
	Channel     string       `json:"channel,omitempty"`
	Text        string       `json:"text"`
	Markup      bool         `json:"mrkdwn"`
	Links       bool         `json:"unfurl_links"`
	Media       bool         `json:"unfurl_media"`
	Attachments []attachment `json:"attachments"`
}

// attachment is what gives a message its colour; blocks alone have none.
type attachment struct {
	Color    string  `json:"color"`
	Fallback string  `json:"fallback"`
	Blocks   []block `json:"blocks"`
}

type block struct {
	Type   string  `json:"type"`
	Text   *words  `json:"text,omitempty"`
	Fields []words `json:"fields,omitempty"`
}

type words struct {
	Type     string `json:"type"`
	Text     string `json:"text"`
	Verbatim bool   `json:"verbatim,omitempty"` // of mrkdwn: no links are made of what looks like one
	Emoji    *bool  `json:"emoji,omitempty"`    // of plain_text
}

// Limits of Slack's "Reference: blocks", in characters. Lines are bounded so
// that a message stays far below 50 blocks.
const (
	maxText  = 3000
	maxField = 2000
	maxTitle = 300
	maxLines = 40
)

func headline(f *drift.Finding) string {
	if f.Status == drift.Resolved {
		return escaped("Resolved: "+channel.Subject(f)+" is as its state says again", maxTitle)
	}
	return escaped(fmt.Sprintf("%s: %s %s", strings.ToUpper(string(f.Severity)), channel.Subject(f), channel.What(f)), maxTitle)
}

func blocks(f *drift.Finding) []block {
	head := "*" + code(channel.Subject(f), 4*maxTitle) + "*  " + escaped(strings.Join(nonEmpty(channel.What(f), channel.Place(f), channel.Harmless(f.Environment)), " · "), maxTitle)
	all := []block{markup(head)}
	all = append(all, changes(f)...)
	var facts []words
	off := false
	for _, fact := range channel.Facts(f) {
		facts = append(facts, words{Type: "plain_text", Text: escaped(fact.Name+": "+fact.Value, maxField), Emoji: &off})
	}
	all = append(all, block{Type: "section", Fields: facts})
	for _, r := range channel.Remedy(f) {
		all = append(all, markup(code(r, maxText)))
	}
	return all
}

// changes are sections of as many lines as fit in each.
func changes(f *drift.Finding) []block {
	var all []block
	var section strings.Builder
	add := func(line string) {
		if section.Len()+len(line)+1 > maxText && section.Len() > 0 {
			all = append(all, markup(section.String()))
			section.Reset()
		}
		if section.Len() > 0 {
			section.WriteByte('\n')
		}
		section.WriteString(line)
	}
	lines := channel.Lines(f)
	for _, l := range lines[:min(len(lines), maxLines)] {
		add(change(l))
	}
	if more := len(lines) - maxLines; more > 0 {
		add(fmt.Sprintf("and %d more", more))
	}
	if len(lines) == 0 && f.Kind == drift.Modified && f.Status != drift.Resolved {
		add("changed, but the event does not tell which attribute")
	}
	if section.Len() > 0 {
		all = append(all, markup(section.String()))
	}
	return all
}

// valueSize is what a value may take of a section once it is escaped: three of
// them and their punctuation fit in one.
const valueSize = 900

func change(l channel.Line) string {
	attribute, before, after := code(l.Attribute, valueSize), code(l.Before, valueSize), code(l.After, valueSize)
	switch {
	case l.Note != "":
		return "~ " + attribute + ": " + l.Note
	case l.Op == drift.OpAdd:
		return "+ " + attribute + ": " + after
	case l.Op == drift.OpRemove:
		return "- " + attribute + ": " + before
	}
	return "~ " + attribute + ": " + before + " → " + after
}

func markup(text string) block {
	return block{Type: "section", Text: &words{Type: "mrkdwn", Text: text, Verbatim: true}}
}

// code is foreign text as a code span, which it cannot leave: Slack knows no
// escape for the backtick, so one that looks alike stands for it.
func code(s string, size int) string {
	if s == "" {
		return "(empty)"
	}
	return "`" + escaped(strings.ReplaceAll(s, "`", "ˋ"), size-2) + "`"
}

// escaped is foreign text in which Slack finds no links, mentions or entities,
// of at most size bytes; what is cut ends in an ellipsis.
func escaped(s string, size int) string {
	var b strings.Builder
	s = channel.Harmless(s)
	for i, r := range s {
		word := string(r)
		switch r {
		case '&':
			word = "&amp;"
		case '<':
			word = "&lt;"
		case '>':
			word = "&gt;"
		}
		if b.Len()+len(word)+len("…") > size && i+len(string(r)) < len(s) || b.Len()+len(word) > size {
			b.WriteString("…")
			break
		}
		b.WriteString(word)
	}
	return b.String()
}

func nonEmpty(all ...string) []string {
	var some []string
	for _, s := range all {
		if s != "" {
			some = append(some, s)
		}
	}
	return some
}

func color(f *drift.Finding) string {
	if f.Status == drift.Resolved {
		return "#2e7d32"
	}
	return map[drift.Severity]string{drift.Critical: "#b00020", drift.High: "#e65100", drift.Medium: "#f9a825", drift.Low: "#607d8b"}[f.Severity]
}
