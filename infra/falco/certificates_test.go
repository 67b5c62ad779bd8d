package falco_test

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"tfdrift/internal/trigger/falcotrigger"
	"tfdrift/internal/trigger/falcotrigger/falcotest"
	"tfdrift/internal/trigger/httptrigger"
)

// What the script makes is what both ends take: Falco's own gRPC with the
// client certificates that it demands, before and after a renewal.
func TestTheCertificatesServe(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	for range 2 {
		if out, err := exec.Command("sh", "certificates.sh", dir, "127.0.0.1").CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		at := func(name string) string { return filepath.Join(dir, name) }
		if info, err := os.Stat(at("forwarder.key")); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the key: %v, error %v", info.Mode(), err)
		}
		pool, err := httptrigger.Authority(at("ca.pem"))
		if err != nil {
			t.Fatal(err)
		}
		pair, err := tls.LoadX509KeyPair(at("falco.pem"), at("falco.key"))
		if err != nil {
			t.Fatal(err)
		}
		f := &falcotest.Falco{}
		server := f.Serve(t, "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{pair}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool})
		f.Push(falcotest.Alert("e", "ec2.amazonaws.com", "StopInstances", "{}"))
		host, port, _ := net.SplitHostPort(server.Address)
		n, _ := strconv.Atoi(port)
		came := make(chan []byte, 1)
		s, err := falcotrigger.New(falcotrigger.Place{Hostname: host, Port: n, CertFile: at("forwarder.pem"), KeyFile: at("forwarder.key"), CARootFile: at("ca.pem")},
			func(_ context.Context, alert []byte) error { came <- alert; return nil }, slog.New(slog.DiscardHandler), falcotrigger.Options{})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		go s.Run(ctx)
		select {
		case <-came:
		case <-time.After(20 * time.Second):
			t.Fatal(s.Trouble())
		}
		cancel()
		if _, err := httptrigger.TLS(at("forwarder.pem"), at("forwarder.key"), at("ca.pem")); err != nil {
			t.Error(err)
		}
	}
}
