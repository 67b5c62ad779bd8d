package prom

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Forwarder counts what becomes of Falco's alerts in the forwarder.
type Forwarder struct {
	registry *prometheus.Registry

	accepted, relayed, spooled, cut, refused, sent, failed prometheus.Counter

	dropped *prometheus.CounterVec
	latency prometheus.Histogram
}

// ForwarderGauges are what the forwarder's metrics ask for when they are read.
type ForwarderGauges struct {
	FalcoConnected func() bool
	Answers        func() bool  // the bus takes alerts
	SpoolReady     func() error // why the spool takes none
	Waiting        func() int   // alerts in the spool
}

// NewForwarder returns counters at zero, for the given reasons of dropping too.
func NewForwarder(g ForwarderGauges, reasons ...string) *Forwarder {
	m := &Forwarder{
		registry: prometheus.NewRegistry(),
		dropped: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tfdrift_forwarder_dropped_total", Help: "Documents that go nowhere, by reason.",
		}, []string{"reason"}),
		latency: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "tfdrift_forwarder_send_seconds", Help: "How long calls of the bus took.",
			Buckets: []float64{.002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}),
	}
	m.registry.MustRegister(m.dropped, m.latency, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, reason := range reasons {
		m.dropped.WithLabelValues(reason)
	}
	for _, c := range []struct {
		counter    *prometheus.Counter
		name, help string
	}{
		{&m.accepted, "tfdrift_forwarder_accepted_total", "Alerts that are safe: on the bus or in the spool."},
		{&m.relayed, "tfdrift_forwarder_relayed_total", "Alerts that the bus has."},
		{&m.spooled, "tfdrift_forwarder_spooled_total", "Alerts that went to the spool first."},
		{&m.cut, "tfdrift_forwarder_cut_total", "Alerts too large for the bus, relayed without some fields."},
		{&m.refused, "tfdrift_forwarder_refused_total", "Alerts that could not be made safe; their sender was told so, and Falco does not send again."},
		{&m.sent, "tfdrift_forwarder_calls_total", "Calls of the bus."},
		{&m.failed, "tfdrift_forwarder_calls_failed_total", "Calls of the bus that did not take all they carried."},
	} {
		*c.counter = prometheus.NewCounter(prometheus.CounterOpts{Name: c.name, Help: c.help})
		m.registry.MustRegister(*c.counter)
	}
	gauge := func(name, help string, read func() float64) {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read))
	}
	gauge("tfdrift_falco_connected", "1 while Falco's alerts can come in: every gRPC output is subscribed to, and the receiver is open.", func() float64 { return oneIf(g.FalcoConnected) })
	gauge("tfdrift_forwarder_bus_answers", "1 while the bus takes alerts at once.", func() float64 { return oneIf(g.Answers) })
	gauge("tfdrift_forwarder_spool_ready", "1 while the spool takes alerts: its disk and its limit have room.", func() float64 {
		return oneIf(func() bool { return g.SpoolReady() == nil })
	})
	gauge("tfdrift_forwarder_waiting", "Alerts in the spool.", func() float64 { return float64(g.Waiting()) })
	return m
}

// Accepted counts alerts that are safe.
func (m *Forwarder) Accepted(alerts int) { m.accepted.Add(float64(alerts)) }

// Relayed counts alerts that the bus has.
func (m *Forwarder) Relayed(alerts int) { m.relayed.Add(float64(alerts)) }

// Spooled counts alerts that went to the spool.
func (m *Forwarder) Spooled(alerts int) { m.spooled.Add(float64(alerts)) }

// Dropped counts what goes nowhere.
func (m *Forwarder) Dropped(reason string, alerts int) {
	m.dropped.WithLabelValues(reason).Add(float64(alerts))
}

// Cut counts an alert that lost some fields.
func (m *Forwarder) Cut() { m.cut.Inc() }

// Refused counts alerts that nobody has.
func (m *Forwarder) Refused(alerts int) { m.refused.Add(float64(alerts)) }

// Sent counts a call of the bus.
func (m *Forwarder) Sent(took time.Duration, failed bool) {
	m.latency.Observe(took.Seconds())
	m.sent.Inc()
	if failed {
		m.failed.Inc()
	}
}

// Handler serves the metrics.
func (m *Forwarder) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry})
}
