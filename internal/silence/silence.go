// Package silence keeps findings from being sent for a while: somebody knows
// about them. A silenced finding is recorded and shown like any other, it is
// only not delivered. It is the port and the in-memory backend; others are
// sub-packages, and package silencetest holds the contract that all of them keep.
package silence

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"tfdrift/internal/channel"
	"tfdrift/internal/drift"
	"tfdrift/internal/rules"
)

// Silence says which findings are not sent, and until when. All matchers that
// are not empty must match.
type Silence struct {
	ID       string         `json:"id"`
	Type     string         `json:"type,omitempty"`    // pattern of Terraform types
	Address  string         `json:"address,omitempty"` // as in ignore: a module covers all that is in it
	Severity drift.Severity `json:"severity,omitempty"`
	Actor    string         `json:"actor,omitempty"` // pattern of names, as in exclude_users
	Until    time.Time      `json:"until"`
	Comment  string         `json:"comment,omitempty"`
	Created  time.Time      `json:"created"`
}

// New completes what an operator asks for, or says what is wrong with it:
// [drift.ErrInvalid].
func New(s Silence, now time.Time) (Silence, error) {
	var errs []error
	if s.Type == "" && s.Address == "" && s.Severity == "" && s.Actor == "" {
		errs = append(errs, errors.New("it would silence everything; say of which type, address, severity or actor"))
	}
	for _, pattern := range []struct{ name, text string }{{"type", s.Type}, {"actor", s.Actor}} {
		if err := new(rules.Pattern).UnmarshalText([]byte(pattern.text)); err != nil && pattern.text != "" {
			errs = append(errs, fmt.Errorf("%s: %w", pattern.name, err))
		}
	}
	if err := new(rules.AddressPattern).UnmarshalText([]byte(s.Address)); err != nil && s.Address != "" {
		errs = append(errs, fmt.Errorf("address: %w", err))
	}
	if s.Severity != "" && !slices.Contains([]drift.Severity{drift.Critical, drift.High, drift.Medium, drift.Low}, s.Severity) {
		errs = append(errs, fmt.Errorf("severity: %.20q is none; write critical, high, medium or low", s.Severity))
	}
	if !s.Until.After(now) {
		errs = append(errs, errors.New("it ends before it begins; give a time to come, such as 2h"))
	}
	if err := errors.Join(errs...); err != nil {
		return s, fmt.Errorf("silence: %w: %w", err, drift.ErrInvalid)
	}
	s.ID, s.Created = strings.ToLower(rand.Text()[:8]), now
	return s, nil
}

// Covers reports whether a finding is silenced at a time.
func (s *Silence) Covers(f *drift.Finding, now time.Time) bool {
	if !now.Before(s.Until) || s.Severity != "" && s.Severity != f.Severity || s.Type != "" && !matches(s.Type, f.Resource.Type) {
		return false
	}
	if s.Address != "" {
		var p rules.AddressPattern
		if p.UnmarshalText([]byte(s.Address)) != nil || !p.Means(f.Resource) {
			return false
		}
	}
	names := append([]string{f.Actor.Name, f.Actor.ARN}, f.Actor.Names...)
	return s.Actor == "" || slices.ContainsFunc(names, func(name string) bool { return matches(s.Actor, name) })
}

func matches(pattern, text string) bool {
	var p rules.Pattern
	return p.UnmarshalText([]byte(pattern)) == nil && p.Matches(text)
}

// Silences is the port. Its methods may be called concurrently.
type Silences interface {
	// Put keeps a silence under its ID, in place of another one.
	Put(ctx context.Context, s Silence) error

	// List returns all that were put and not dropped, those that end first
	// before the others, and of one time by ID. Some may be over.
	List(ctx context.Context) ([]Silence, error)

	// Drop forgets a silence; one that is not there is [drift.ErrNotFound].
	Drop(ctx context.Context, id string) error
}

// Order is that of [Silences.List].
func Order(a, b Silence) int { return cmp.Or(a.Until.Compare(b.Until), cmp.Compare(a.ID, b.ID)) }

// Silenced is a channel that does not send what is silenced; kept, where not
// nil, is told of it. If the silences cannot be read, a message is sent: better
// one too many than one too few.
func Silenced(next channel.Channel, silences Silences, now func() time.Time, kept func(m channel.Message)) channel.Channel {
	return silenced{next, silences, now, kept}
}

type silenced struct {
	channel.Channel
	silences Silences
	now      func() time.Time
	kept     func(m channel.Message)
}

// Send implements [channel.Channel].
func (c silenced) Send(ctx context.Context, m channel.Message) error {
	all, err := c.silences.List(ctx)
	now := c.now()
	if err != nil || !slices.ContainsFunc(all, func(s Silence) bool { return s.Covers(&m.Finding, now) }) {
		return c.Channel.Send(ctx, m)
	}
	if c.kept != nil {
		c.kept(m)
	}
	return nil
}

// Memory is the in-memory backend: real, safe for concurrent use, gone with the process.
type Memory struct {
	mu  sync.Mutex
	all map[string]Silence
}

// NewMemory returns one without silences.
func NewMemory() *Memory { return &Memory{all: map[string]Silence{}} }

// Put implements [Silences].
func (m *Memory) Put(_ context.Context, s Silence) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.all[s.ID] = s
	return nil
}

// List implements [Silences].
func (m *Memory) List(context.Context) ([]Silence, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := make([]Silence, 0, len(m.all))
	for _, s := range m.all {
		all = append(all, s)
	}
	slices.SortFunc(all, Order)
	return all, nil
}

// Drop implements [Silences].
func (m *Memory) Drop(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.all[id]; !ok {
		return fmt.Errorf("silence %s: %w", id, drift.ErrNotFound)
	}
	delete(m.all, id)
	return nil
}
