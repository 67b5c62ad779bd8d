package monitoring_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"

	"tfdrift/internal/drift"
	"tfdrift/internal/forwarder"
	"tfdrift/internal/telemetry/prom"
)

// exposed are the names of the metrics that the programs have.
func exposed(t *testing.T) map[string]bool {
	t.Helper()
	zero := func() int { return 0 }
	yes := func() bool { return true }
	run := prom.NewMetrics(prom.Gauges{
		FalcoConnected: yes, StateSynced: time.Now, StatesFailed: zero, Waiting: zero, SetAside: zero, Undelivered: zero, GivenUp: zero,
	})
	run.Published(&drift.Finding{Severity: drift.Critical, Event: drift.EventRef{Time: time.Now()}}, time.Now())
	relay := prom.NewForwarder(prom.ForwarderGauges{FalcoConnected: yes, Answers: yes, SpoolReady: func() error { return nil }, Waiting: zero}, forwarder.Reasons...)
	relay.Sent(time.Second, false)
	names := map[string]bool{}
	for _, handler := range []http.Handler{run.Handler(), relay.Handler()} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
		for line := range strings.Lines(w.Body.String()) {
			if name, _, ok := strings.Cut(line, " "); ok && !strings.HasPrefix(line, "#") {
				name, _, _ = strings.Cut(name, "{")
				names[name] = true
			}
		}
	}
	return names
}

// known holds the metrics of an expression to those that the programs have.
func known(t *testing.T, names map[string]bool, where, expr string) {
	t.Helper()
	tree, err := parser.NewParser(parser.Options{}).ParseExpr(expr)
	if err != nil {
		t.Errorf("%s: %v", where, err)
		return
	}
	for _, selectors := range parser.ExtractSelectors(tree) {
		for _, m := range selectors {
			if m.Name == model.MetricNameLabel && !names[m.Value] {
				t.Errorf("%s: no program has a metric %s", where, m.Value)
			}
		}
	}
}

func TestRulesAreGoodAndAskForMetricsThatThereAre(t *testing.T) {
	text, err := os.ReadFile("prometheus-rules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	groups, errs := rulefmt.Parse(text, false, model.UTF8Validation, parser.NewParser(parser.Options{}), slog.New(slog.DiscardHandler))
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	names, alerts := exposed(t), map[string]bool{}
	for _, g := range groups.Groups {
		for _, r := range g.Rules {
			alerts[r.Alert] = true
			known(t, names, r.Alert, r.Expr)
			if r.Labels["severity"] == "" || r.Annotations["summary"] == "" || r.Annotations["description"] == "" {
				t.Errorf("%s says too little", r.Alert)
			}
		}
	}
	for _, name := range []string{"CriticalDriftDetected", "HighDetectionLatency", "FalcoConnectionLost", "TerraformStateStale", "DeadLetterNotEmpty", "ForwarderSpoolFull"} {
		if !alerts[name] {
			t.Errorf("no alert %s", name)
		}
	}
}

func TestTheDashboardAsksForMetricsThatThereAre(t *testing.T) {
	text, err := os.ReadFile("grafana-dashboard.json")
	if err != nil {
		t.Fatal(err)
	}
	var board struct {
		Panels []struct {
			Title, Description string
			Targets            []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(text, &board); err != nil || len(board.Panels) < 10 {
		t.Fatalf("%d panels, error %v", len(board.Panels), err)
	}
	names := exposed(t)
	for _, p := range board.Panels {
		if p.Description == "" || len(p.Targets) == 0 {
			t.Errorf("%s says too little", p.Title)
		}
		for _, target := range p.Targets {
			known(t, names, p.Title, target.Expr)
		}
	}
}
