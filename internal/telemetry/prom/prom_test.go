package prom_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tfdrift/internal/drift"
	"tfdrift/internal/telemetry/prom"
)

func TestMetricsHaveThePredecessorsNames(t *testing.T) {
	at := time.Date(2026, 8, 20, 9, 0, 0, 0, time.UTC)
	m := prom.NewMetrics(prom.Gauges{
		FalcoConnected: func() bool { return true },
		StateSynced:    func() time.Time { return at },
		StatesFailed:   func() int { return 2 },
		Waiting:        func() int { return 3 },
	})
	f := drift.Finding{Status: drift.Open, Severity: drift.Critical, Resource: drift.ResourceRef{Type: "aws_instance"}, Event: drift.EventRef{Time: at}}
	m.Published(&f, at.Add(2*time.Second))
	f.Status = drift.Resolved
	m.Published(&f, at.Add(time.Hour))
	m.Accepted("/falco", 4)
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	for _, line := range []string{
		`tfdrift_events_total{severity="critical"} 1`, `tfdrift_events_total{severity="low"} 0`, `tfdrift_events_by_type{type="aws_instance"} 1`,
		`tfdrift_detection_latency_seconds_sum 2`, `tfdrift_detection_latency_seconds_count 1`, `tfdrift_falco_connected 1`,
		`tfdrift_state_last_sync_timestamp 1.7872164e+09`, `tfdrift_states_failed 2`, `tfdrift_events_waiting 3`,
		`tfdrift_findings_resolved_total 1`, `tfdrift_events_accepted_total{path="/falco"} 4`, `tfdrift_events_unmapped_total 0`,
	} {
		if !strings.Contains(w.Body.String(), "\n"+line+"\n") {
			t.Errorf("no line %s", line)
		}
	}
}
