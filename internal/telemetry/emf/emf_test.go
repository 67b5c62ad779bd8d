package emf_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
	"tfdrift/internal/telemetry/emf"
)

func TestWhatHappenedIsToldOnceAndNothingElse(t *testing.T) {
	var out bytes.Buffer
	at := time.Date(2026, 8, 20, 9, 0, 0, 0, time.UTC)
	m := emf.New("prod", &out, func() time.Time { return at.Add(2 * time.Second) })
	f := drift.Finding{Status: drift.Open, Severity: drift.Critical, Resource: drift.ResourceRef{Type: "aws_instance"}, Event: drift.EventRef{Time: at}}
	m.Published(&f)
	f.Event.Time = at.Add(time.Second)
	m.Published(&f)
	f.Status = drift.Resolved
	m.Published(&f)
	m.Add("tfdrift_events_unmapped_total", 2)
	m.Add("tfdrift_events_unmapped_total", 1)
	m.Add("tfdrift_events_dropped_total", 0)
	m.Set("tfdrift_states_failed", 0)
	for range 2 {
		if err := m.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	want := `{"Deployment":"prod","_aws":{"CloudWatchMetrics":[{"Namespace":"tfdrift","Dimensions":[["Deployment"]],"Metrics":[{"Name":"tfdrift_detection_latency_seconds","Unit":"Seconds"},{"Name":"tfdrift_events_unmapped_total","Unit":"Count"},{"Name":"tfdrift_findings_resolved_total","Unit":"Count"},{"Name":"tfdrift_states_failed","Unit":"Count"}]}],"Timestamp":1787216402000},"tfdrift_detection_latency_seconds":[2,1],"tfdrift_events_unmapped_total":3,"tfdrift_findings_resolved_total":1,"tfdrift_states_failed":0}
{"Deployment":"prod","_aws":{"CloudWatchMetrics":[{"Namespace":"tfdrift","Dimensions":[["Deployment","severity"]],"Metrics":[{"Name":"tfdrift_events_total","Unit":"Count"}]}],"Timestamp":1787216402000},"severity":"critical","tfdrift_events_total":2}
{"Deployment":"prod","_aws":{"CloudWatchMetrics":[{"Namespace":"tfdrift","Dimensions":[["Deployment","type"]],"Metrics":[{"Name":"tfdrift_events_by_type","Unit":"Count"}]}],"Timestamp":1787216402000},"tfdrift_events_by_type":2,"type":"aws_instance"}
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestALineHoldsNoMoreThanCloudWatchReads(t *testing.T) {
	var out bytes.Buffer
	m := emf.New("prod", &out, time.Now)
	for i := range 250 {
		m.Duration("d", time.Duration(i))
	}
	m.Add("n", 1)
	if err := m.Flush(); err != nil {
		t.Fatal(err)
	}
	values, counters := 0, 0
	for line := range bytes.Lines(out.Bytes()) {
		var l struct {
			D []float64
			N int
		}
		if err := json.Unmarshal(line, &l); err != nil || len(l.D) > 100 {
			t.Errorf("error %v, %d values in a line", err, len(l.D))
		}
		values, counters = values+len(l.D), counters+l.N
	}
	if values != 250 || counters != 1 {
		t.Errorf("%d values and %d counts are told", values, counters)
	}
}
