// Package telemetry is how every program tells of itself: a log with one schema,
// whose components can be made to say more. Its sub-packages count: prom for
// those that are asked, emf for functions that tell.
package telemetry

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"tfdrift/internal/drift"
)

// The environment variables that set levels over those of the configuration.
const (
	LevelVariable      = "TFDRIFT_LOG_LEVEL"      // "debug"
	ComponentsVariable = "TFDRIFT_LOG_COMPONENTS" // "detector=debug,notifier": a name alone means debug
)

// component is the attribute that says which part of the program speaks.
const component = "component"

// Levels are the least important messages that are written.
type Levels struct {
	Default    slog.Level
	Components map[string]slog.Level
}

// ParseLevels reads levels: of the configuration, and of the two variables
// where they are not empty. An unknown level is [drift.ErrInvalid].
func ParseLevels(configured, variable, components string) (Levels, error) {
	levels := Levels{Components: map[string]slog.Level{}}
	for _, source := range []struct{ name, value string }{{"logging.level", configured}, {LevelVariable, variable}} {
		if source.value == "" {
			continue
		}
		level, err := parseLevel(source.value)
		if err != nil {
			return levels, fmt.Errorf("%s: %w", source.name, err)
		}
		levels.Default = level
	}
	for part := range strings.SplitSeq(components, ",") {
		name, value, given := strings.Cut(strings.TrimSpace(part), "=")
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		if !given {
			value = "debug"
		}
		level, err := parseLevel(value)
		if err != nil {
			return levels, fmt.Errorf("%s: %s: %w", ComponentsVariable, name, err)
		}
		levels.Components[name] = level
	}
	return levels, nil
}

func parseLevel(text string) (slog.Level, error) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "debug":
		return slog.LevelDebug, nil
	case "info":
		return slog.LevelInfo, nil
	case "warn", "warning":
		return slog.LevelWarn, nil
	case "error":
		return slog.LevelError, nil
	}
	return 0, fmt.Errorf("%.20q is no level; write debug, info, warn or error: %w", text, drift.ErrInvalid)
}

// Log makes the loggers of the program's components.
type Log struct {
	levels  Levels
	handler slog.Handler
}

// NewLog writes to w as JSON, or as text for people.
func NewLog(w io.Writer, text bool, levels Levels) *Log {
	options := &slog.HandlerOptions{Level: slog.LevelDebug} // components choose below
	if text {
		return &Log{levels, slog.NewTextHandler(w, options)}
	}
	return &Log{levels, slog.NewJSONHandler(w, options)}
}

// Component is the logger of one part of the program, at its own level.
func (l *Log) Component(name string) *slog.Logger {
	level, ok := l.levels.Components[name]
	if !ok {
		level = l.levels.Default
	}
	return slog.New(leveled{l.handler, level}).With(component, name)
}

// leveled is a handler from a level on.
type leveled struct {
	slog.Handler
	level slog.Level
}

func (h leveled) Enabled(_ context.Context, level slog.Level) bool { return level >= h.level }

func (h leveled) WithAttrs(attrs []slog.Attr) slog.Handler {
	return leveled{h.Handler.WithAttrs(attrs), h.level}
}

func (h leveled) WithGroup(name string) slog.Handler {
	return leveled{h.Handler.WithGroup(name), h.level}
}

// Finding writes the line of a published finding: who changed what, without
// the values of attributes, some of which may be secret to readers of logs.
func Finding(log *slog.Logger, f *drift.Finding) {
	names := make([]string, len(f.Changes))
	for i, c := range f.Changes {
		names[i] = c.Name
	}
	log.Info("finding "+string(f.Status),
		"finding", f.ID, "status", f.Status, "kind", f.Kind, "severity", f.Severity, "provider", f.Provider, "account", f.Account, "region", f.Region,
		"type", f.Resource.Type, "address", f.Resource.Address, "id", f.Resource.ID, "state", f.Resource.State, "attributes", names,
		"actor", f.Actor.Name, "event", f.Event.Name, "event_id", f.Event.ID, "event_time", f.Event.Time, "via", f.Event.Via)
}
