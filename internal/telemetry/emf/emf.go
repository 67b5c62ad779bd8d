// Package emf counts what a function does, and tells it as lines of its log in
// CloudWatch's embedded metric format: no call is made for a metric, and what did
// not happen is not written. The names are those of package prom.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
package emf

import (
	"cmp"
	"encoding/json"
	"io"
	"slices"
	"sync"
	"time"

	"tfdrift/internal/drift"
)

// Namespace is that of all metrics.
const Namespace = "tfdrift"

// Metrics gathers what happens until it is flushed. Its methods may be called
// concurrently.
type Metrics struct {
	deployment string
	w          io.Writer
	now        func() time.Time

	mu   sync.Mutex
	seen map[series]*values
}

// series is a metric and the value of its further dimension.
type series struct{ dimension, value, name string }

// values are what a metric had since the last flush: the sum of a counter, or
// each observation.
type values struct {
	unit string
	all  []float64
}

// New returns metrics of a deployment, told to w by a clock.
func New(deployment string, w io.Writer, now func() time.Time) *Metrics {
	return &Metrics{deployment: deployment, w: w, now: now, seen: map[series]*values{}}
}

// Add counts n more of something; none changes nothing.
func (m *Metrics) Add(name string, n int) { m.AddOf(name, "", "", n) }

// AddOf is Add for one value of a further dimension.
func (m *Metrics) AddOf(name, dimension, value string, n int) {
	if n == 0 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	v := m.at(series{dimension, value, name}, "Count")
	if len(v.all) == 0 {
		v.all = []float64{0}
	}
	v.all[0] += float64(n)
}

// Set says how many of something there are now.
func (m *Metrics) Set(name string, n int) { m.observe(name, "Count", float64(n)) }

// Duration is one observation of how long something took, or is.
func (m *Metrics) Duration(name string, d time.Duration) {
	m.observe(name, "Seconds", max(0, d.Seconds()))
}

func (m *Metrics) observe(name, unit string, x float64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v := m.at(series{"", "", name}, unit)
	v.all = append(v.all, x)
}

func (m *Metrics) at(s series, unit string) *values {
	v := m.seen[s]
	if v == nil {
		v = &values{unit: unit}
		m.seen[s] = v
	}
	return v
}

// Published counts a finding: by severity, by type, and how long it took to find.
func (m *Metrics) Published(f *drift.Finding) {
	if f.Status == drift.Resolved {
		m.Add("tfdrift_findings_resolved_total", 1)
		return
	}
	m.AddOf("tfdrift_events_total", "severity", string(f.Severity), 1)
	m.AddOf("tfdrift_events_by_type", "type", f.Resource.Type, 1)
	if !f.Event.Time.IsZero() {
		m.Duration("tfdrift_detection_latency_seconds", m.now().Sub(f.Event.Time))
	}
}

// mostValues is how many observations of one metric a line may have.
const mostValues = 100

// Flush writes what happened since it was last called: a line for each value of a
// further dimension, and one for all that has none.
func (m *Metrics) Flush() error {
	m.mu.Lock()
	seen := m.seen
	m.seen = map[series]*values{}
	m.mu.Unlock()

	all := make([]series, 0, len(seen))
	for s := range seen {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b series) int {
		return cmp.Or(cmp.Compare(a.dimension, b.dimension), cmp.Compare(a.value, b.value), cmp.Compare(a.name, b.name))
	})
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n].dimension == all[0].dimension && all[n].value == all[0].value {
			n++
		}
		if err := m.write(all[:n], seen); err != nil {
			return err
		}
		all = all[n:]
	}
	return nil
}

func (m *Metrics) write(group []series, seen map[series]*values) error {
	type metric struct{ Name, Unit string }
	type directive struct {
		Namespace  string
		Dimensions [][]string
		Metrics    []metric
	}
	dimensions := []string{"Deployment"}
	line := map[string]any{"Deployment": m.deployment}
	if d := group[0].dimension; d != "" {
		dimensions, line[d] = append(dimensions, d), group[0].value
	}
	var metrics []metric
	var more []series
	for _, s := range group {
		v := seen[s]
		metrics = append(metrics, metric{s.name, v.unit})
		if line[s.name] = v.all[:min(len(v.all), mostValues)]; len(v.all) == 1 {
			line[s.name] = v.all[0]
		}
		if len(v.all) > mostValues {
			v.all, more = v.all[mostValues:], append(more, s)
		}
	}
	line["_aws"] = map[string]any{"Timestamp": m.now().UnixMilli(), "CloudWatchMetrics": []directive{{Namespace, [][]string{dimensions}, metrics}}}
	raw, err := json.Marshal(line)
	if err != nil {
		return err
	}
	if _, err = m.w.Write(append(raw, '\n')); err != nil || len(more) == 0 {
		return err
	}
	return m.write(more, seen)
}
