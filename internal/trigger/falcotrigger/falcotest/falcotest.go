// Package falcotest is Falco's gRPC output for tests: a server of its protocol,
// from client-go's generated code, that behaves as Falco's (userspace/falco of
// Falco 0.43). One queue serves all subscribers; an alert that was written is
// forgotten; when the queue is empty, the server waits to be asked again.
package falcotest

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/falcosecurity/client-go/pkg/api/outputs"
	"github.com/falcosecurity/client-go/pkg/api/schema"
	"github.com/falcosecurity/client-go/pkg/api/version"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// Falco is a queue of alerts and the servers that give it out.
type Falco struct {
	// Version is what it says it is; "" for 0.42.0.
	Version string
	// CutAfter, where not 0, breaks each stream after so many alerts, of which the
	// next one is lost with it, as Falco does.
	CutAfter int

	outputs.UnimplementedServiceServer

	mu      sync.Mutex
	queue   []*outputs.Response
	written int
	asked   int
	cut     []*outputs.Response
}

// Push queues alerts.
func (f *Falco) Push(alerts ...*outputs.Response) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queue = append(f.queue, alerts...)
}

// Left is how many alerts nobody has taken.
func (f *Falco) Left() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.queue)
}

// Written is how many alerts were written.
func (f *Falco) Written() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.written
}

// Asked is how often it was asked.
func (f *Falco) Asked() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.asked
}

// Cut are the alerts that went with streams that broke.
func (f *Falco) Cut() []*outputs.Response {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.cut
}

func (f *Falco) pop() *outputs.Response {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.queue) == 0 {
		return nil
	}
	first := f.queue[0]
	f.queue = f.queue[1:]
	return first
}

// Sub is the outputs service.
func (f *Falco) Sub(stream outputs.Service_SubServer) error {
	for written := 0; ; {
		if _, err := stream.Recv(); err != nil {
			return nil
		}
		f.mu.Lock()
		f.asked++
		f.mu.Unlock()
		for alert := f.pop(); alert != nil; alert = f.pop() {
			if f.CutAfter > 0 && written == f.CutAfter {
				f.mu.Lock()
				f.cut = append(f.cut, alert)
				f.mu.Unlock()
				return fmt.Errorf("cut by the test")
			}
			if err := stream.Send(alert); err != nil {
				f.mu.Lock()
				f.cut = append(f.cut, alert)
				f.mu.Unlock()
				return err
			}
			written++
			f.mu.Lock()
			f.written++
			f.mu.Unlock()
		}
	}
}

type versionServer struct {
	version.UnimplementedServiceServer
	falco *Falco
}

func (v versionServer) Version(context.Context, *version.Request) (*version.Response, error) {
	text := v.falco.Version
	if text == "" {
		text = "0.42.0"
	}
	r := &version.Response{Version: text}
	fmt.Sscanf(text, "%d.%d.%d", &r.Major, &r.Minor, &r.Patch)
	return r, nil
}

// Server is a running server.
type Server struct {
	Address string // host:port, or unix:///path
	stop    func()
}

// Stop breaks all connections.
func (s *Server) Stop() { s.stop() }

// Serve serves the queue at an address, until the test ends or [Server.Stop]: at
// a socket plainly, over the network with TLS where there is one.
func (f *Falco) Serve(t *testing.T, address string, secure *tls.Config) *Server {
	t.Helper()
	network := "tcp"
	if path, ok := strings.CutPrefix(address, "unix://"); ok {
		network, address = "unix", path
	}
	var l net.Listener
	var err error
	for range 100 { // of a restart, the port may be taken for a moment
		if l, err = net.Listen(network, address); err == nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if err != nil {
		t.Fatal(err)
	}
	var options []grpc.ServerOption
	if secure != nil {
		options = append(options, grpc.Creds(credentials.NewTLS(secure)))
	}
	server := grpc.NewServer(options...)
	outputs.RegisterServiceServer(server, f)
	version.RegisterServiceServer(server, versionServer{falco: f})
	done := make(chan struct{})
	go func() {
		defer close(done)
		server.Serve(l)
	}()
	s := &Server{Address: l.Addr().String(), stop: func() { server.Stop(); <-done }}
	if network == "unix" {
		s.Address = "unix://" + address
	}
	t.Cleanup(s.stop)
	return s
}

// Alert is one as a Falco rule for CloudTrail makes it, on a call.
func Alert(id, source, name, request string) *outputs.Response {
	return &outputs.Response{
		Time: timestamppb.New(time.Date(2026, 8, 20, 9, 0, 0, 7, time.UTC)), Priority: schema.Priority_NOTICE, Source: "aws_cloudtrail",
		Rule: "Terraform resource changed", Output: "09:00:00.000000007: Notice " + name, Hostname: "falco-0", Tags: []string{"cloud", "terraform"},
		OutputFields: map[string]string{
			"ct.id": id, "ct.src": source, "ct.name": name, "ct.time": "2026-08-20T09:00:00Z", "ct.region": "us-east-1", "ct.request": request,
			"ct.recipientaccountid": "111122223333", "ct.user": "alice", "ct.user.identitytype": "IAMUser", "ct.user.accountid": "111122223333",
			"ct.user.arn": "arn:aws:iam::111122223333:user/alice", "ct.srcip": "198.51.100.23", "ct.useragent": "console.amazonaws.com", "ct.error": "<NA>", "ct.response": "null",
		},
	}
}
