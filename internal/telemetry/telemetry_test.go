package telemetry_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
	"tfdrift/internal/telemetry"
)

func TestLevels(t *testing.T) {
	tests := []struct {
		name                            string
		configured, variable, component string
		want                            telemetry.Levels
		bad                             bool
	}{
		{name: "nothing is info", want: telemetry.Levels{Default: slog.LevelInfo}},
		{name: "of the configuration", configured: "warning", want: telemetry.Levels{Default: slog.LevelWarn}},
		{name: "the variable wins", configured: "error", variable: "DEBUG", want: telemetry.Levels{Default: slog.LevelDebug}},
		{name: "a component alone is debugged", component: "detector", want: telemetry.Levels{Components: map[string]slog.Level{"detector": slog.LevelDebug}}},
		{name: "components", component: " detector=debug, notifier=error,", want: telemetry.Levels{Components: map[string]slog.Level{"detector": slog.LevelDebug, "notifier": slog.LevelError}}},
		{name: "no level", variable: "loud", bad: true},
		{name: "no level of a component", component: "detector=loud", bad: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := telemetry.ParseLevels(test.configured, test.variable, test.component)
			if test.bad {
				if !errors.Is(err, drift.ErrInvalid) {
					t.Errorf("error %v", err)
				}
				return
			}
			if test.want.Components == nil {
				test.want.Components = map[string]slog.Level{}
			}
			if diff := cmp.Diff(test.want, got); err != nil || diff != "" {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestEachComponentSpeaksAtItsLevel(t *testing.T) {
	var out bytes.Buffer
	log := telemetry.NewLog(&out, false, telemetry.Levels{Default: slog.LevelInfo, Components: map[string]slog.Level{"detector": slog.LevelDebug, "http": slog.LevelError}})
	for _, name := range []string{"detector", "notifier", "http"} {
		l := log.Component(name).With("a", 1)
		l.Debug("small")
		l.Info("usual")
		l.Error("grave")
	}
	var got []string
	for line := range strings.Lines(out.String()) {
		var l struct{ Component, Msg string }
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(err)
		}
		got = append(got, l.Component+" "+l.Msg)
	}
	want := []string{"detector small", "detector usual", "detector grave", "notifier usual", "notifier grave", "http grave"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheLineOfAFindingHasNoValues(t *testing.T) {
	var out bytes.Buffer
	log := telemetry.NewLog(&out, true, telemetry.Levels{})
	telemetry.Finding(log.Component("detector"), &drift.Finding{
		ID: "f", Status: drift.Open, Resource: drift.ResourceRef{Address: "aws_db_instance.main"},
		Changes: []drift.Attribute{{Name: "user_data", Op: drift.OpSet, Before: "hunter2", After: "hunter3"}},
	})
	if s := out.String(); !strings.Contains(s, "user_data") || !strings.Contains(s, "aws_db_instance.main") || strings.Contains(s, "hunter") {
		t.Error(s)
	}
}
