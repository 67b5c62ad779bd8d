package falcotrigger_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/falcosecurity/client-go/pkg/api/outputs"
	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
	"tfdrift/internal/event"
	"tfdrift/internal/trigger/certtest"
	"tfdrift/internal/trigger/falcotrigger"
	"tfdrift/internal/trigger/falcotrigger/falcotest"
)

// accepted remembers the alerts that were handed on.
type accepted struct {
	mu     sync.Mutex
	ids    []string
	last   []byte
	refuse int // so many more
}

func (a *accepted) take(_ context.Context, alert []byte) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.refuse > 0 {
		a.refuse--
		return fmt.Errorf("the spool is full: %w", drift.ErrRetry)
	}
	var doc struct {
		Fields map[string]string `json:"output_fields"`
	}
	if err := json.Unmarshal(alert, &doc); err != nil {
		return fmt.Errorf("%v: %w", err, drift.ErrInvalid)
	}
	a.ids = append(a.ids, doc.Fields["ct.id"])
	a.last = alert
	return nil
}

func (a *accepted) got() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Sorted(slices.Values(a.ids))
}

type log struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) { l.mu.Lock(); defer l.mu.Unlock(); return l.buf.Write(p) }
func (l *log) String() string              { l.mu.Lock(); defer l.mu.Unlock(); return l.buf.String() }

// standing is a subscription at work.
type standing struct {
	*falcotrigger.Subscription
	accepted
	log  log
	stop func()
}

func subscribe(t *testing.T, place falcotrigger.Place, o falcotrigger.Options) *standing {
	t.Helper()
	s := &standing{}
	if o.Poll == 0 {
		o.Poll = 2 * time.Millisecond
	}
	o.Backoff = func(int) time.Duration { return 5 * time.Millisecond }
	var err error
	if s.Subscription, err = falcotrigger.New(place, s.take, slog.New(slog.NewTextHandler(&s.log, nil)), o); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var working sync.WaitGroup
	working.Go(func() { s.Run(ctx) })
	s.stop = func() { cancel(); working.Wait() }
	t.Cleanup(s.stop)
	return s
}

func placeAt(t *testing.T, address string) falcotrigger.Place {
	t.Helper()
	if strings.HasPrefix(address, "unix:") {
		return falcotrigger.Place{Hostname: address}
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	n, _ := strconv.Atoi(port)
	return falcotrigger.Place{Hostname: host, Port: n}
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not in time: %s", what)
		}
	}
}

func push(f *falcotest.Falco, from, to int) (ids []string) {
	for i := from; i < to; i++ {
		id := fmt.Sprintf("e%05d", i)
		ids = append(ids, id)
		f.Push(falcotest.Alert(id, "ec2.amazonaws.com", "StopInstances", `{}`))
	}
	return ids
}

func TestAlertsComeOverASocket(t *testing.T) {
	f := &falcotest.Falco{}
	want := push(f, 0, 300)
	server := f.Serve(t, "unix://"+filepath.Join(t.TempDir(), "falco.sock"), nil)
	s := subscribe(t, placeAt(t, server.Address), falcotrigger.Options{})
	eventually(t, "all came", func() bool { return len(s.got()) == 300 })
	want = append(want, push(f, 300, 310)...)
	eventually(t, "what came later too", func() bool { return len(s.got()) == 310 })
	if diff := cmp.Diff(want, s.got()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !s.Connected() || s.Trouble() != "" {
		t.Errorf("connected %v: %s", s.Connected(), s.Trouble())
	}
}

// The decoder of events must see the same as in an alert that was posted.
func TestAnAlertIsWhatHTTPOutputPosts(t *testing.T) {
	r := falcotest.Alert("e1", "s3.amazonaws.com", "PutBucketVersioning", "{\"bucketName\":\"b\",\"x\":\"\\u003c \\\"\"}")
	r.Output = "bad \xff bytes"
	alert := falcotrigger.Alert(r)
	var doc map[string]any
	if err := json.Unmarshal(alert, &doc); err != nil {
		t.Fatalf("%v: %s", err, alert)
	}
	delete(doc, "output_fields")
	want := map[string]any{"hostname": "falco-0", "output": "bad \ufffd bytes", "priority": "Notice", "rule": "Terraform resource changed", "source": "aws_cloudtrail",
		"tags": []any{"cloud", "terraform"}, "time": "2026-08-20T09:00:00.000000007Z"}
	if diff := cmp.Diff(want, doc); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	events, err := event.Decode(alert)
	if err != nil || len(events) != 1 || events[0].ID != "e1" || events[0].Actor.Name != "alice" || string(events[0].Request) != r.OutputFields["ct.request"] || events[0].Silent != "" {
		t.Errorf("%+v, error %v", events, err)
	}
	for _, empty := range []string{`"tags":[]`, `"output_fields":{}`} {
		if got := falcotrigger.Alert(&outputs.Response{}); !json.Valid(got) || !bytes.Contains(got, []byte(empty)) {
			t.Errorf("an empty alert: %s", got)
		}
	}
}

func mutual(server, authority certtest.Certificate) *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{server.Pair}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: authority.Pool(), MinVersion: tls.VersionTLS12}
}

func TestCertificatesAreCheckedOnBothSides(t *testing.T) {
	ca, other := certtest.Authority(t, "ca"), certtest.Authority(t, "other")
	server, client := certtest.Issue(t, "falco", ca), certtest.Issue(t, "client", ca)
	expired := certtest.Expired(t, "expired", ca)
	stranger := certtest.Issue(t, "stranger", other)
	expiredServer := certtest.Expired(t, "old-falco", ca)
	for _, test := range []struct {
		name    string
		server  *tls.Config
		place   falcotrigger.Place
		trouble string // "": alerts come
	}{
		{"both known", mutual(server, ca), falcotrigger.Place{CertFile: client.CertFile, KeyFile: client.KeyFile, CARootFile: ca.CertFile}, ""},
		{"TLS without a client certificate, where none is asked for", &tls.Config{Certificates: []tls.Certificate{server.Pair}}, falcotrigger.Place{CARootFile: ca.CertFile}, ""},
		{"Falco's authority is another", mutual(server, ca), falcotrigger.Place{CertFile: client.CertFile, KeyFile: client.KeyFile, CARootFile: other.CertFile}, "ca_root_file must be the authority"},
		{"Falco's certificate expired", mutual(expiredServer, ca), falcotrigger.Place{CertFile: client.CertFile, KeyFile: client.KeyFile, CARootFile: ca.CertFile}, "renew the certificate"},
		{"the client's expired", mutual(server, ca), falcotrigger.Place{CertFile: expired.CertFile, KeyFile: expired.KeyFile, CARootFile: ca.CertFile}, "certificate"},
		{"the client's authority is unknown to Falco", mutual(server, ca), falcotrigger.Place{CertFile: stranger.CertFile, KeyFile: stranger.KeyFile, CARootFile: ca.CertFile}, "root_certs"},
		{"no client certificate", mutual(server, ca), falcotrigger.Place{CARootFile: ca.CertFile}, "cert_file and key_file"},
		{"no TLS", mutual(server, ca), falcotrigger.Place{}, "cert_file, key_file and ca_root_file"},
		{"TLS where there is none", nil, falcotrigger.Place{CARootFile: ca.CertFile}, "does not speak TLS"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := &falcotest.Falco{}
			push(f, 0, 1)
			at := placeAt(t, f.Serve(t, "127.0.0.1:0", test.server).Address)
			test.place.Hostname, test.place.Port = at.Hostname, at.Port
			s := subscribe(t, test.place, falcotrigger.Options{})
			if test.trouble == "" {
				eventually(t, "the alert came", func() bool { return len(s.got()) == 1 })
				return
			}
			t.Cleanup(func() {
				if t.Failed() {
					t.Log(s.log.String())
				}
			})
			eventually(t, "the trouble is told: "+test.trouble, func() bool { return strings.Contains(s.Trouble(), test.trouble) })
			if s.Connected() || len(s.got()) > 0 || f.Left() != 1 {
				t.Errorf("connected %v, %d alerts came", s.Connected(), len(s.got()))
			}
			if !strings.Contains(s.log.String(), "no alerts come") {
				t.Errorf("the log says nothing: %s", s.log.String())
			}
		})
	}
}

func TestARenewedCertificateNeedsNoRestart(t *testing.T) {
	ca := certtest.Authority(t, "ca")
	server, client := certtest.Issue(t, "falco", ca), certtest.Expired(t, "client", ca)
	f := &falcotest.Falco{}
	place := placeAt(t, f.Serve(t, "127.0.0.1:0", mutual(server, ca)).Address)
	place.CertFile, place.KeyFile, place.CARootFile = client.CertFile, client.KeyFile, ca.CertFile
	s := subscribe(t, place, falcotrigger.Options{})
	eventually(t, "it is refused", func() bool { return strings.Contains(s.Trouble(), "certificate") })
	certtest.Renew(t, client, certtest.Issue(t, "client", ca))
	eventually(t, "it is connected", s.Connected)
}

func TestCertificatesThatAreNotThereAreToldAtOnce(t *testing.T) {
	nowhere := filepath.Join(t.TempDir(), "nowhere.pem")
	for _, place := range []falcotrigger.Place{{Hostname: "h", CARootFile: nowhere}, {Hostname: "h", CertFile: nowhere, KeyFile: nowhere}} {
		if _, err := falcotrigger.New(place, nil, slog.Default(), falcotrigger.Options{}); err == nil || !strings.Contains(err.Error(), "nowhere.pem") {
			t.Errorf("error %v", err)
		}
	}
}

func TestARestartOfFalcoIsOutlived(t *testing.T) {
	f := &falcotest.Falco{}
	server := f.Serve(t, "127.0.0.1:0", nil)
	s := subscribe(t, placeAt(t, server.Address), falcotrigger.Options{})
	var want []string
	for round := range 3 {
		want = append(want, push(f, 10*round, 10*round+10)...)
		eventually(t, "alerts came", func() bool { return len(s.got()) == len(want) })
		server.Stop()
		eventually(t, "the loss is told", func() bool { return !s.Connected() && strings.Contains(s.Trouble(), "Falco at 127.0.0.1") })
		server = f.Serve(t, server.Address, nil)
	}
	eventually(t, "it is connected again", s.Connected)
	if diff := cmp.Diff(want, s.got()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Falco itself loses the alert with which a stream breaks, no other is lost.
func TestAStreamThatBreaksLosesNoMoreThanFalcoDoes(t *testing.T) {
	f := &falcotest.Falco{CutAfter: 70}
	want := push(f, 0, 500)
	s := subscribe(t, placeAt(t, f.Serve(t, "127.0.0.1:0", nil).Address), falcotrigger.Options{})
	eventually(t, "Falco has no more", func() bool { return f.Left() == 0 && len(s.got()) == f.Written() })
	lost := map[string]bool{}
	for _, r := range f.Cut() {
		lost[r.OutputFields["ct.id"]] = true
	}
	want = slices.DeleteFunc(want, func(id string) bool { return lost[id] })
	if diff := cmp.Diff(want, s.got()); diff != "" || len(lost) < 5 {
		t.Errorf("%d streams broke (-want +got):\n%s", len(lost), diff)
	}
}

func TestWhatCannotBeMadeSafeIsOfferedAgain(t *testing.T) {
	f := &falcotest.Falco{}
	want := push(f, 0, 40)
	server := f.Serve(t, "127.0.0.1:0", nil)
	s := &standing{}
	s.refuse = 100
	sub, err := falcotrigger.New(placeAt(t, server.Address), s.take, slog.New(slog.NewTextHandler(&s.log, nil)), falcotrigger.Options{
		Poll: time.Millisecond, Window: 1 << 10, Backoff: func(int) time.Duration { return time.Millisecond },
	})
	if err != nil {
		t.Fatal(err)
	}
	go sub.Run(t.Context())
	eventually(t, "all are safe", func() bool { return len(s.got()) == 40 })
	if diff := cmp.Diff(want, s.got()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheEndHandsOnWhatCame(t *testing.T) {
	f := &falcotest.Falco{}
	push(f, 0, 5000)
	s := subscribe(t, placeAt(t, f.Serve(t, "127.0.0.1:0", nil).Address), falcotrigger.Options{End: 20 * time.Second})
	eventually(t, "some came", func() bool { return len(s.got()) > 100 })
	s.stop()
	if got := len(s.got()); got != f.Written() {
		t.Errorf("%d of %d alerts that Falco wrote are safe", got, f.Written())
	}
}

func TestFalcoIsNotAskedMoreOftenThanItAnswers(t *testing.T) {
	f := &falcotest.Falco{}
	push(f, 0, 2000)
	s := subscribe(t, placeAt(t, f.Serve(t, "127.0.0.1:0", nil).Address), falcotrigger.Options{Poll: time.Hour})
	eventually(t, "all came", func() bool { return len(s.got()) == 2000 })
	if f.Asked() != 1 {
		t.Errorf("asked %d times", f.Asked())
	}
}

func TestTheLastVersionWithTheOutputIsToldOf(t *testing.T) {
	f := &falcotest.Falco{Version: "0.43.0"}
	s := subscribe(t, placeAt(t, f.Serve(t, "127.0.0.1:0", nil).Address), falcotrigger.Options{})
	eventually(t, "it is told", func() bool { return strings.Contains(s.log.String(), "http_output") })
}

func TestNobodyThere(t *testing.T) {
	s := subscribe(t, falcotrigger.Place{Hostname: "unix://" + filepath.Join(t.TempDir(), "none.sock")}, falcotrigger.Options{})
	eventually(t, "it is told", func() bool { return strings.Contains(s.Trouble(), "grpc.bind_address") })
}
