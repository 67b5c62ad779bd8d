package operator

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"tfdrift/internal/drift"
	"tfdrift/internal/silence"
)

// shownBuried is how many buried events the HTTP interface returns.
const shownBuried = 100

// maxRequest bounds what is read of a request's body.
const maxRequest = 64 << 10

// Handler is a desk as an HTTP interface: what [Client] talks to. Who may ask
// is the caller's to decide.
func Handler(d Desk) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /findings.json", answer(func(r *http.Request) (any, error) {
		return d.Findings(r.Context(), r.URL.Query().Get("all") == "true")
	}))
	mux.HandleFunc("GET /api/findings/{id}", answer(func(r *http.Request) (any, error) { return d.Finding(r.Context(), r.PathValue("id")) }))
	mux.HandleFunc("POST /api/findings/{id}/resolve", answer(func(r *http.Request) (any, error) { return d.Resolve(r.Context(), r.PathValue("id")) }))
	mux.HandleFunc("GET /api/silences", answer(func(r *http.Request) (any, error) { return d.Silences(r.Context()) }))
	mux.HandleFunc("POST /api/silences", answer(func(r *http.Request) (any, error) {
		var s silence.Silence
		if err := json.NewDecoder(io.LimitReader(r.Body, maxRequest)).Decode(&s); err != nil {
			return nil, fmt.Errorf("a silence is a JSON object: %v: %w", err, drift.ErrInvalid)
		}
		return d.Silence(r.Context(), s)
	}))
	mux.HandleFunc("DELETE /api/silences/{id}", answer(func(r *http.Request) (any, error) { return struct{}{}, d.Expire(r.Context(), r.PathValue("id")) }))
	mux.HandleFunc("GET /api/events/buried", answer(func(r *http.Request) (any, error) { return d.Buried(r.Context(), shownBuried) }))
	return mux
}

type failure struct {
	Error string `json:"error"`
}

func answer(ask func(r *http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := ask(r)
		status := http.StatusOK
		switch {
		case errors.Is(err, drift.ErrNotFound):
			status, v = http.StatusNotFound, failure{err.Error()}
		case errors.Is(err, drift.ErrInvalid):
			status, v = http.StatusBadRequest, failure{err.Error()}
		case err != nil:
			status, v = http.StatusServiceUnavailable, failure{err.Error()}
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(status)
		encoder := json.NewEncoder(w)
		encoder.SetEscapeHTML(false)
		encoder.Encode(v)
	}
}

// Client is the desk of another process, by its HTTP interface.
type Client struct {
	URL   string // http://127.0.0.1:PORT
	Token string
}

// timeout of one request: the other process is on this host.
const timeout = 10 * time.Second

// Findings implements [Desk].
func (c Client) Findings(ctx context.Context, all bool) (list []drift.Finding, err error) {
	return list, c.ask(ctx, "GET", fmt.Sprintf("/findings.json?all=%v", all), nil, &list)
}

// Finding implements [Desk].
func (c Client) Finding(ctx context.Context, id string) (s Story, err error) {
	return s, c.ask(ctx, "GET", "/api/findings/"+url.PathEscape(id), nil, &s)
}

// Resolve implements [Desk].
func (c Client) Resolve(ctx context.Context, id string) (f drift.Finding, err error) {
	return f, c.ask(ctx, "POST", "/api/findings/"+url.PathEscape(id)+"/resolve", nil, &f)
}

// Silences implements [Desk].
func (c Client) Silences(ctx context.Context) (list []silence.Silence, err error) {
	return list, c.ask(ctx, "GET", "/api/silences", nil, &list)
}

// Silence implements [Desk].
func (c Client) Silence(ctx context.Context, s silence.Silence) (kept silence.Silence, err error) {
	return kept, c.ask(ctx, "POST", "/api/silences", s, &kept)
}

// Expire implements [Desk].
func (c Client) Expire(ctx context.Context, id string) error {
	return c.ask(ctx, "DELETE", "/api/silences/"+url.PathEscape(id), nil, &struct{}{})
}

// Buried implements [Desk].
func (c Client) Buried(ctx context.Context, most int) (list []Buried, err error) {
	err = c.ask(ctx, "GET", "/api/events/buried", nil, &list)
	return list[:min(len(list), most)], err
}

func (c Client) ask(ctx context.Context, method, path string, body, into any) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, method, c.URL+path, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+c.Token)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("the running tfdrift does not answer: %v: %w", err, drift.ErrRetry)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return refused(response)
	}
	answer := json.NewDecoder(response.Body)
	answer.UseNumber()
	if err := answer.Decode(into); err != nil {
		return fmt.Errorf("the running tfdrift answers strangely; is it of another version? %w", err)
	}
	return nil
}

func refused(response *http.Response) error {
	var f failure
	if json.NewDecoder(io.LimitReader(response.Body, maxRequest)).Decode(&f) != nil {
		f.Error = response.Status
	}
	switch response.StatusCode {
	case http.StatusNotFound:
		return told{f.Error, drift.ErrNotFound}
	case http.StatusBadRequest:
		return told{f.Error, drift.ErrInvalid}
	}
	return told{f.Error, drift.ErrRetry}
}

// told is an error of the other process, which ends with its kind already.
type told struct {
	text string
	kind error
}

func (t told) Error() string { return t.text }

func (t told) Unwrap() error { return t.kind }
