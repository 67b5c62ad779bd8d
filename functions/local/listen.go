package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"tfdrift/internal/drift"
	"tfdrift/internal/operator"
	"tfdrift/internal/page"
	"tfdrift/internal/trigger/httptrigger"
)

// addressName is the file in which a running process tells where it listens.
const addressName = "run.addr"

// address is what it holds. Only this user can read it.
type address struct {
	Listen   string `json:"listen"`   // events and the page
	Operator string `json:"operator"` // the operator's commands, with the token
	Token    string `json:"token"`
}

// openListeners takes the ports and says where they are. The operator's
// commands have one of their own, whatever the public one asks for.
func (h *host) openListeners() (err error) {
	secure, err := httptrigger.TLS(h.command.TLSCert, h.command.TLSKey, h.command.ClientCA)
	if err != nil {
		return fmt.Errorf("--tls-cert, --tls-key, --client-ca: %w", err)
	}
	public, err := httptrigger.Listen(h.command.Listen)
	if err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	h.address = public.Addr().String()
	if secure != nil {
		public = tls.NewListener(public, secure)
	}
	h.add(public, h.routes())
	private, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("the listener of the operator's commands: %w", err)
	}
	where := address{h.address, private.Addr().String(), rand.Text()}
	guard, err := httptrigger.NewGuard(where.Operator, where.Token, false)
	if err != nil {
		return err
	}
	h.add(private, guard.Protect(operator.Handler(h.desk)))
	if port := h.command.PprofPort; port != 0 {
		l, profiles, err := httptrigger.Profiles(port)
		if err != nil {
			return fmt.Errorf("--pprof-port: %w", err)
		}
		h.add(l, profiles)
	}
	err = writeAddress(h.command.Data, where)
	h.told = err == nil
	return err
}

func writeAddress(dir string, where address) error {
	raw, err := json.Marshal(where)
	if err != nil {
		return err
	}
	name := filepath.Join(dir, addressName)
	if err := os.WriteFile(name+".new", raw, 0o600); err != nil {
		return fmt.Errorf("where this process listens: %w", err)
	}
	return os.Rename(name+".new", name)
}

// server is an HTTP server and where it listens.
type server struct {
	*http.Server
	listener net.Listener
}

func (h *host) add(l net.Listener, handler http.Handler) {
	s := httptrigger.NewServer(handler, h.log.Component("http"))
	s.RegisterOnShutdown(h.bell.Close)
	h.servers = append(h.servers, server{s, l})
}

// routes are the paths of the public listener.
func (h *host) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", httptrigger.Alive)
	mux.HandleFunc("GET /ready", httptrigger.Ready(h.unready))
	mux.Handle("GET /metrics", h.metrics.Handler())
	mux.Handle("/events", h.guard.Protect(h.events("/events")))
	if h.config.TakesPosts() {
		mux.Handle("/falco", h.guard.Protect(h.events("/falco")))
	}
	desk := h.guard.Protect(operator.Handler(h.desk))
	mux.Handle("GET /findings.json", desk)
	mux.Handle("/api/", desk)
	mux.Handle("/", h.guard.Protect(page.Handler(h.desk.Ledger, page.Options{Status: h.status, Bell: h.bell, Log: h.log.Component("page")})))
	return mux
}

// events takes events in on a path, until this process is to end.
func (h *host) events(path string) http.Handler {
	log := h.log.Component("http")
	take := httptrigger.NewEvents(func(ctx context.Context, events []*drift.Event) error {
		return h.accept(ctx, path, events)
	})
	take.Answered = func(status int, a httptrigger.Answer) {
		h.metrics.Read(a.Unreadable, a.PassedOver)
		if status != http.StatusAccepted {
			log.Warn("not all of a request was taken", "path", path, "status", status, "accepted", a.Accepted, "unreadable", a.Unreadable, "error", a.Error)
		}
		if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
			h.metrics.Refused()
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h.ending.Load() {
			h.metrics.Refused()
			w.Header().Set("Connection", "close")
			w.Header().Set("Retry-After", "5")
			http.Error(w, "tfdrift: ending; send it again", http.StatusServiceUnavailable)
			return
		}
		take.ServeHTTP(w, r)
	})
}

func (h *host) status(context.Context) page.Status {
	states, resources := h.watcher.Watched()
	s := page.Status{States: states, Resources: resources, Trouble: h.unready()}
	if at := h.lastEvent.Load(); at != 0 {
		s.LastEvent = time.Unix(0, at)
	}
	return s
}

// listen serves until the servers are shut down; the error of one that fails
// before that is sent.
func (h *host) listen() <-chan error {
	failed := make(chan error, len(h.servers))
	for _, s := range h.servers {
		h.working.Go(func() {
			if err := s.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
				failed <- err
			}
		})
	}
	return failed
}

// shutdown lets requests end, then the connections.
func (h *host) shutdown(ctx context.Context) error {
	var errs []error
	for _, s := range h.servers {
		if err := s.Shutdown(ctx); err != nil {
			errs = append(errs, err, s.Close())
		}
	}
	return errors.Join(errs...)
}
