// Package prom counts what the long-running program does, in Prometheus's format.
package prom

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"tfdrift/internal/drift"
)

// Metrics counts what the program does. Its first five are the predecessor's,
// by name, so that dashboards and alerts go on working.
type Metrics struct {
	registry *prometheus.Registry

	events  *prometheus.CounterVec
	types   *prometheus.CounterVec
	latency prometheus.Histogram

	resolved, judged, retried, buried, unmapped, refused, unreadable, passedOver, silenced prometheus.Counter
	accepted                                                                               *prometheus.CounterVec
}

// Gauges are what metrics ask for when they are read.
type Gauges struct {
	FalcoConnected func() bool
	// StateSynced is when the index was last known to hold what the states hold,
	// the stalest state's time; zero if one of them never was.
	StateSynced  func() time.Time
	StatesFailed func() int // states of which the last good index stays
	Waiting      func() int // events accepted and not judged
	SetAside     func() int // events that may be Terraform's own and wait for a state
	Undelivered  func() int // notifications that wait
	GivenUp      func() int // notifications given up
}

// NewMetrics returns counters at zero.
func NewMetrics(g Gauges) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		events: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tfdrift_events_total", Help: "Drift found: findings opened or updated, by severity.",
		}, []string{"severity"}),
		types: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tfdrift_events_by_type", Help: "Drift found, by the resource's Terraform type.",
		}, []string{"type"}),
		latency: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "tfdrift_detection_latency_seconds", Help: "From a change, by the cloud's clock, to its finding.",
			Buckets: []float64{.1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800},
		}),
		accepted: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tfdrift_events_accepted_total", Help: "Events that are safe in the spool, by the path they came on.",
		}, []string{"path"}),
	}
	m.registry.MustRegister(m.events, m.types, m.latency, m.accepted, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, s := range []drift.Severity{drift.Critical, drift.High, drift.Medium, drift.Low} {
		m.events.WithLabelValues(string(s)) // an alert on a rate needs the zero before
	}
	for _, c := range []struct {
		counter    *prometheus.Counter
		name, help string
	}{
		{&m.resolved, "tfdrift_findings_resolved_total", "Findings resolved."},
		{&m.judged, "tfdrift_events_judged_total", "Accepted events that were judged."},
		{&m.retried, "tfdrift_events_retried_total", "Judgements that failed and are tried again."},
		{&m.buried, "tfdrift_events_dropped_total", "Accepted events that can never be judged; `tfdrift events buried` lists them."},
		{&m.unmapped, "tfdrift_events_unmapped_total", "Changing calls that the catalog does not know."},
		{&m.refused, "tfdrift_events_refused_total", "Requests refused before acceptance, with status 429 or 503."},
		{&m.unreadable, "tfdrift_documents_unreadable_total", "Documents that could not be read."},
		{&m.passedOver, "tfdrift_documents_passed_over_total", "Documents that are JSON and no event."},
		{&m.silenced, "tfdrift_notifications_silenced_total", "Notifications that a silence kept back."},
	} {
		*c.counter = prometheus.NewCounter(prometheus.CounterOpts{Name: c.name, Help: c.help})
		m.registry.MustRegister(*c.counter)
	}
	m.gauge("tfdrift_falco_connected", "1 while Falco's alerts can come in: its receiver is open.", func() float64 { return oneIf(g.FalcoConnected) })
	m.gauge("tfdrift_state_last_sync_timestamp", "When the index was last known to hold what the states hold, of the stalest state, in Unix seconds.", func() float64 {
		at := g.StateSynced()
		if at.IsZero() {
			return 0
		}
		return float64(at.UnixNano()) / 1e9
	})
	for _, c := range []struct {
		name, help string
		read       func() int
	}{
		{"tfdrift_states_failed", "States that cannot be taken up; the last good index of them stays.", g.StatesFailed},
		{"tfdrift_events_waiting", "Accepted events that are not judged yet.", g.Waiting},
		{"tfdrift_events_set_aside", "Events that may be Terraform's own and wait for the next state.", g.SetAside},
		{"tfdrift_notifications_waiting", "Notifications to be delivered.", g.Undelivered},
		{"tfdrift_notifications_given_up", "Notifications given up and not overtaken by news.", g.GivenUp},
	} {
		if c.read != nil {
			m.gauge(c.name, c.help, func() float64 { return float64(c.read()) })
		}
	}
	return m
}

func (m *Metrics) gauge(name, help string, read func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read))
}

func oneIf(read func() bool) float64 {
	if read() {
		return 1
	}
	return 0
}

// Published counts a finding.
func (m *Metrics) Published(f *drift.Finding, now time.Time) {
	if f.Status == drift.Resolved {
		m.resolved.Inc()
		return
	}
	m.events.WithLabelValues(string(f.Severity)).Inc()
	m.types.WithLabelValues(f.Resource.Type).Inc()
	if !f.Event.Time.IsZero() {
		m.latency.Observe(max(0, now.Sub(f.Event.Time).Seconds()))
	}
}

// Accepted counts events that came on a path and are safe.
func (m *Metrics) Accepted(path string, events int) {
	m.accepted.WithLabelValues(path).Add(float64(events))
}

// Read counts what of a request was no event.
func (m *Metrics) Read(unreadable, passedOver int) {
	m.unreadable.Add(float64(unreadable))
	m.passedOver.Add(float64(passedOver))
}

// Judged counts an event that was judged.
func (m *Metrics) Judged() { m.judged.Inc() }

// Retried counts a judgement that failed.
func (m *Metrics) Retried() { m.retried.Inc() }

// Buried counts an event that can never be judged.
func (m *Metrics) Buried() { m.buried.Inc() }

// Unmapped counts a changing call that the catalog does not know.
func (m *Metrics) Unmapped() { m.unmapped.Inc() }

// Refused counts a request refused before acceptance.
func (m *Metrics) Refused() { m.refused.Inc() }

// Silenced counts a notification that was kept back.
func (m *Metrics) Silenced() { m.silenced.Inc() }

// Handler serves the metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry})
}
