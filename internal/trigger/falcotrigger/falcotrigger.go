// Package falcotrigger takes alerts from Falco's gRPC output, which Falco has up
// to 0.43, over the network or a socket: it subscribes, hands each alert on as
// the JSON that http_output would have posted, and subscribes again when the
// connection ends.
//
// Falco forgets an alert when it has written it, and gives each to one
// subscriber only. So what was received is handed on also while this ends, but
// what was on its way when the connection broke is lost: http_output is better.
package falcotrigger

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/falcosecurity/client-go/pkg/api/outputs"
	"github.com/falcosecurity/client-go/pkg/api/version"
	"golang.org/x/sync/semaphore"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/status"

	"tfdrift/internal/drift"
	"tfdrift/internal/trigger/httptrigger"
)

// Place is a gRPC output of Falco's.
type Place struct {
	Hostname string // or a socket, unix:///run/falco/falco.sock
	Port     int    // not of a socket

	CertFile, KeyFile string // the client's (PEM); Falco demands one over the network
	CARootFile        string // of Falco's certificate; without it and CertFile, nothing is encrypted
}

func (p Place) String() string {
	if strings.HasPrefix(p.Hostname, "unix:") {
		return p.Hostname
	}
	return fmt.Sprintf("%s:%d", p.Hostname, p.Port)
}

// Subscription is the standing with one place. Make one with [New].
type Subscription struct {
	accept  func(ctx context.Context, alert []byte) error
	place   Place
	log     *slog.Logger
	options Options

	connected atomic.Bool
	mu        sync.Mutex
	trouble   string
}

// Options of a subscription; the zero value works.
type Options struct {
	// Poll is how long nothing may come before Falco is asked again; 0: a tenth of
	// a second. Falco writes what it has when it is asked, and then waits.
	Poll time.Duration
	// Window is how many bytes of alerts may be handed on and not safe yet; 0: 1 MiB.
	Window int64
	// Backoff is how long to wait before the nth attempt in a row to connect, from
	// 0; nil: a fifth of a second at first, half a minute at last.
	Backoff func(n int) time.Duration
	// End is how long what is on its way may take at the end; 0: two seconds.
	End time.Duration
}

// New returns a subscription that stands once [Subscription.Run] runs. accept
// makes an alert safe; it is asked again until it does, and what it does not keep
// up with is left with Falco. Certificates that cannot be read now are an error.
func New(place Place, accept func(ctx context.Context, alert []byte) error, log *slog.Logger, o Options) (*Subscription, error) {
	if o.Poll == 0 {
		o.Poll = 100 * time.Millisecond
	}
	if o.Window == 0 {
		o.Window = 1 << 20
	}
	if o.End == 0 {
		o.End = 2 * time.Second
	}
	if o.Backoff == nil {
		o.Backoff = func(n int) time.Duration {
			wait := min(30*time.Second, 200*time.Millisecond<<min(n, 10))
			return wait/2 + rand.N(wait/2)
		}
	}
	s := &Subscription{place: place, accept: accept, log: log.With("falco", place.String()), options: o, trouble: "not connected yet"}
	_, err := s.credentials()
	return s, err
}

// Connected reports whether alerts can come.
func (s *Subscription) Connected() bool { return s.connected.Load() }

// Trouble says why no alerts can come, and what to do; "" while they can.
func (s *Subscription) Trouble() string {
	if s.Connected() {
		return ""
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprintf("Falco at %s: %s", s.place, s.trouble)
}

// Run keeps the subscription until ctx ends, and then hands on what came.
func (s *Subscription) Run(ctx context.Context) {
	for failures := 0; ctx.Err() == nil; failures++ {
		stood, err := s.subscribe(ctx)
		s.connected.Store(false)
		if ctx.Err() != nil {
			return
		}
		if stood {
			failures = 0
		}
		s.mu.Lock()
		s.trouble = explain(err)
		s.mu.Unlock()
		if failures == 0 || failures%10 == 9 {
			s.log.Warn("no alerts come from Falco's gRPC output; connecting again", "failures", failures+1, "error", explain(err))
		}
		select {
		case <-time.After(s.options.Backoff(failures)):
		case <-ctx.Done():
		}
	}
}

// subscribe connects and hands alerts on until the connection ends, or ctx does.
// stood: for a while it was well.
func (s *Subscription) subscribe(ctx context.Context) (stood bool, err error) {
	// What is under way at the end is handed on: ctx only stops the asking.
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	conn, err := s.dial()
	if err != nil {
		return false, err
	}
	defer conn.Close()
	if err := s.greet(ctx, conn); err != nil {
		return false, err
	}
	stream, err := outputs.NewServiceClient(conn).Sub(work)
	if err != nil {
		return false, err
	}
	s.connected.Store(true)
	s.log.Info("subscribed to Falco's gRPC output")

	var came atomic.Int64 // alerts
	asked := make(chan struct{})
	go func() {
		defer close(asked)
		s.ask(ctx, stream, &came)
		select { // whatever else comes, comes soon
		case <-time.After(s.options.End):
			stop()
		case <-work.Done():
		}
	}()
	err = s.receive(work, stream, &came)
	stop()
	<-asked
	return true, err
}

// ask asks for alerts whenever none came for a while, until ctx ends.
func (s *Subscription) ask(ctx context.Context, stream outputs.Service_SubClient, came *atomic.Int64) {
	tick := time.NewTicker(s.options.Poll)
	defer tick.Stop()
	for seen := int64(-1); ; {
		if now := came.Load(); now == seen || seen < 0 {
			if stream.Send(&outputs.Request{}) != nil {
				return // Recv tells why
			}
			seen = now
		} else {
			seen = now
		}
		select {
		case <-tick.C:
		case <-stream.Context().Done():
			return
		case <-ctx.Done():
			stream.CloseSend()
			return
		}
	}
}

// receive hands alerts on, many at once, and returns when all are safe that came.
func (s *Subscription) receive(ctx context.Context, stream outputs.Service_SubClient, came *atomic.Int64) error {
	var under sync.WaitGroup
	defer under.Wait()
	window := semaphore.NewWeighted(s.options.Window)
	for {
		response, err := stream.Recv()
		if err != nil {
			return err
		}
		came.Add(1)
		alert := Alert(response)
		size := min(int64(len(alert)), s.options.Window)
		if window.Acquire(ctx, size) != nil {
			size = 0 // the end: it is handed on all the same
		}
		under.Go(func() {
			defer window.Release(size)
			s.hand(ctx, alert)
		})
	}
}

// hand has an alert accepted, again and again until ctx ends: nobody else has it.
func (s *Subscription) hand(ctx context.Context, alert []byte) {
	for failures := 0; ; failures++ {
		err := s.accept(context.WithoutCancel(ctx), alert)
		if err == nil {
			return
		}
		if errors.Is(err, drift.ErrInvalid) || ctx.Err() != nil {
			s.log.Error("an alert of Falco's is lost", "error", err)
			return
		}
		if failures == 0 || failures%10 == 9 {
			s.log.Error("an alert of Falco's cannot be made safe; trying again, and reading no more than fits in memory", "failures", failures+1, "error", err)
		}
		select {
		case <-time.After(s.options.Backoff(failures)):
		case <-ctx.Done():
		}
	}
}

// greet asks Falco for its version: that shows whether it is there, and what it is.
func (s *Subscription) greet(ctx context.Context, conn *grpc.ClientConn) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	v, err := version.NewServiceClient(conn).Version(ctx, &version.Request{})
	switch {
	case status.Code(err) == codes.Unimplemented:
		s.log.Info("Falco does not tell its version")
	case err != nil:
		return err
	case v.Major == 0 && v.Minor >= 43:
		s.log.Warn("this is the last version of Falco that has a gRPC output; set up its http_output", "version", v.Version)
	default:
		s.log.Info("connected to Falco", "version", v.Version)
	}
	return nil
}

// maxAlert is how large an alert may be that is received, in bytes.
const maxAlert = 16 << 20

func (s *Subscription) dial() (*grpc.ClientConn, error) {
	secure, err := s.credentials()
	if err != nil {
		return nil, err
	}
	target := s.place.String()
	if !strings.HasPrefix(target, "unix:") {
		target = "dns:///" + target
	}
	return grpc.NewClient(target,
		grpc.WithTransportCredentials(secure),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxAlert)),
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: backoff.DefaultConfig, MinConnectTimeout: 5 * time.Second}),
		// Falco's server takes pings without calls for an attack if they come more
		// often than every five minutes; the time-out also bounds how long asking may
		// go unacknowledged on the network.
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 6 * time.Minute, Timeout: 20 * time.Second}),
	)
}

// credentials are read anew for each connection, so that renewed certificates
// need no restart.
func (s *Subscription) credentials() (credentials.TransportCredentials, error) {
	p := s.place
	if p.CertFile == "" && p.CARootFile == "" {
		return insecure.NewCredentials(), nil
	}
	t := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: p.Hostname}
	if p.CARootFile != "" {
		pool, err := httptrigger.Authority(p.CARootFile)
		if err != nil {
			return nil, fmt.Errorf("falco.ca_root_file: %w", err)
		}
		t.RootCAs = pool
	}
	if p.CertFile != "" {
		pair, err := tls.LoadX509KeyPair(p.CertFile, p.KeyFile)
		if err != nil {
			return nil, fmt.Errorf("falco.cert_file and key_file: %w", err)
		}
		t.Certificates = []tls.Certificate{pair}
	}
	return credentials.NewTLS(t), nil
}

// explain says what a connection's end means, and what to do about it.
func explain(err error) string {
	if err == nil || errors.Is(err, io.EOF) {
		return "Falco ended the stream"
	}
	text := err.Error()
	if st, ok := status.FromError(err); ok {
		text = st.Message()
	}
	for _, known := range [...]struct{ part, remedy string }{
		{"certificate has expired", "renew the certificate, and see that the clock is right"},
		{"unknown authority", "ca_root_file must be the authority that signed Falco's certificate"},
		{"bad certificate", "Falco does not take the client certificate: cert_file must be signed by the authority that Falco has as root_certs"},
		{"certificate required", "Falco wants a client certificate that the authority in its root_certs signed; set cert_file and key_file"},
		{"unknown certificate authority", "Falco does not know who signed cert_file: it must be the authority that Falco has as root_certs"},
		{"first record does not look like a TLS handshake", "Falco does not speak TLS there; leave the certificates out, or have Falco use them"},
		{"certificate is valid for", "hostname must be a name that Falco's certificate has"},
		{"certificate is not valid for any names", "hostname must be a name that Falco's certificate has"},
		{"error reading server preface", "is it Falco, and does it ask for TLS with client certificates? Then set cert_file, key_file and ca_root_file"},
		{"connection refused", "is Falco running there, with grpc.enabled and grpc_output.enabled?"},
		{"no such file", "is Falco running, with grpc.bind_address on this socket, and is it mounted here?"},
		{"no such host", "the name cannot be resolved"},
		{"unknown service", "grpc_output.enabled is not set in falco.yaml"},
	} {
		if strings.Contains(text, known.part) {
			return text + "; " + known.remedy
		}
	}
	return text
}
