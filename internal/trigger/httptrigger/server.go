package httptrigger

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"strconv"
	"time"

	"golang.org/x/net/netutil"

	"tfdrift/internal/drift"
)

// MaxConnections is how many clients a server of [Listen]'s has at once; others
// wait to be let in.
const MaxConnections = 1024

// Listen takes a port, for as many clients as [MaxConnections].
func Listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	return netutil.LimitListener(l, MaxConnections), nil
}

// NewServer returns a server that bears with slow clients for a while only.
// What single connections do wrong is told to the log at its debug level.
func NewServer(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

// TLS is how a server speaks that has a certificate and its key (PEM files) and,
// where clientCA is one, lets in clients with a certificate of that authority. No
// file at all: nil, plainly. Half of what is needed is [drift.ErrInvalid].
func TLS(certFile, keyFile, clientCA string) (*tls.Config, error) {
	switch {
	case (certFile == "") != (keyFile == ""):
		return nil, fmt.Errorf("a TLS certificate and its key belong together; give both or neither: %w", drift.ErrInvalid)
	case certFile == "" && clientCA != "":
		return nil, fmt.Errorf("an authority of client certificates needs HTTPS; give a certificate and its key too: %w", drift.ErrInvalid)
	case certFile == "":
		return nil, nil
	}
	if _, err := tls.LoadX509KeyPair(certFile, keyFile); err != nil {
		return nil, fmt.Errorf("TLS certificate %s and key %s: %w", certFile, keyFile, err)
	}
	t := &tls.Config{
		MinVersion: tls.VersionTLS12,
		// Read anew for each connection, so that a renewed certificate needs no restart.
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			pair, err := tls.LoadX509KeyPair(certFile, keyFile)
			return &pair, err
		},
	}
	if clientCA == "" {
		return t, nil
	}
	var err error
	if t.ClientCAs, err = Authority(clientCA); err != nil {
		return nil, fmt.Errorf("client certificates: %w", err)
	}
	t.ClientAuth = tls.VerifyClientCertIfGiven // probes have none; who must is the guard's to say
	return t, nil
}

// Authority reads the certificates (PEM) of a file.
func Authority(file string) (*x509.CertPool, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s holds no certificate in PEM: %w", file, drift.ErrInvalid)
	}
	return pool, nil
}

// Profiles serves Go's profiles on a port of the loopback address, to this host only.
func Profiles(port int) (net.Listener, http.Handler, error) {
	if port < 0 || port > 65535 {
		return nil, nil, errors.New("no such port; give one from 1 to 65535")
	}
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return nil, nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return l, mux, nil
}
