// Package page shows findings to people in a browser: a list of what has
// drifted, and a page for each finding with all that is known of it. Pages are
// rendered on the server and are whole without JavaScript; with it they keep
// themselves up to date by server-sent events. [Fragment] renders the same list
// for a place that has no scripts and no other pages.
//
// The pages only read. Who may read them is for the caller to decide.
package page

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"tfdrift/internal/ledger"
)

// Source is what the pages need of a ledger.
type Source interface {
	// Load returns the record under a key, a zero one if there is none.
	Load(ctx context.Context, key string) (ledger.Record, error)
	// Published returns the records with a finding.
	Published(ctx context.Context) ([]ledger.Record, error)
}

// Status is what is watched, so that an empty page can be believed.
type Status struct {
	States    int       // states read
	Resources int       // instances in them
	LastEvent time.Time // when an event last arrived; zero if none did
	// Trouble is why drift may go unseen, a sentence each: a state that cannot
	// be read, a source that is down. With any, no page says that all is well.
	Trouble []string
}

// Options are what a handler can do without.
type Options struct {
	Status func(context.Context) Status // nil: nothing is said of what is watched
	Bell   *Bell                        // nil: open pages do not keep themselves up to date
	Now    func() time.Time             // nil: the clock
	Log    *slog.Logger                 // of what readers are not told; nil: the default
}

//go:embed assets
var assets embed.FS

var templates = template.Must(template.New("").ParseFS(assets, "assets/*.html"))

// policy lets a page run its own script and style and talk to its own host,
// nothing else, whatever a finding may hold.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Handler serves the list at /, a finding at /findings/ID, its JSON at
// /findings/ID.json, changes at /live, and what the pages need at /assets/.
// Everything else is not found.
func Handler(findings Source, o Options) http.Handler {
	s := &site{findings: findings, Options: o}
	if s.Now == nil {
		s.Now = time.Now
	}
	if s.Log == nil {
		s.Log = slog.Default()
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.list)
	mux.HandleFunc("GET /findings/{id}", s.finding)
	mux.HandleFunc("GET /live", s.live)
	for name, kind := range map[string]string{"page.css": "text/css", "page.js": "text/javascript", "icon.svg": "image/svg+xml"} {
		mux.HandleFunc("GET /assets/"+name, asset(name, kind+"; charset=utf-8"))
	}
	mux.HandleFunc("GET /", func(w http.ResponseWriter, _ *http.Request) { s.refuse(w, http.StatusNotFound) })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		mux.ServeHTTP(w, r)
	})
}

type site struct {
	findings Source
	Options
}

// frame is what every page shows around its content.
type frame struct {
	Title   string
	Heard   string // the bell's count before the page was made
	Live    bool
	Watched *Status
	Clock   clock
}

func (s *site) frame(ctx context.Context, title string) frame {
	f := frame{Title: title, Live: s.Bell != nil, Heard: s.Bell.heard(), Clock: clock(s.Now())}
	if s.Status != nil {
		status := s.Status(ctx)
		f.Watched = &status
	}
	return f
}

func (s *site) list(w http.ResponseWriter, r *http.Request) {
	frame := s.frame(r.Context(), "")
	records, err := s.findings.Published(r.Context())
	if err != nil {
		s.fail(w, "the page of findings could not read the ledger", err)
		return
	}
	view := listOf(records, parseFilter(r.URL.Query()), frame)
	s.render(w, http.StatusOK, "list.html", view)
}

func (s *site) finding(w http.ResponseWriter, r *http.Request) {
	id, asJSON := strings.CutSuffix(r.PathValue("id"), ".json")
	if len(id) > maxKey {
		s.refuse(w, http.StatusNotFound)
		return
	}
	frame := s.frame(r.Context(), "")
	record, err := s.findings.Load(r.Context(), id)
	switch {
	case err != nil:
		s.fail(w, "the page of a finding could not read the ledger", err)
	case record.Finding == nil:
		s.refuse(w, http.StatusNotFound)
	case asJSON:
		s.writeJSON(w, record)
	default:
		s.render(w, http.StatusOK, "finding.html", findingOf(record, frame))
	}
}

// maxKey is more than any key of a ledger has.
const maxKey = 200

func (s *site) writeJSON(w http.ResponseWriter, r ledger.Record) {
	b, err := json.MarshalIndent(r.Finding, "", "  ")
	if err != nil {
		s.fail(w, "a finding could not be written as JSON", err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(append(b, '\n'))
}

// render writes a page whole or not at all.
func (s *site) render(w http.ResponseWriter, status int, name string, view any) {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, view); err != nil {
		s.Log.Error("page could not be rendered", "template", name, "error", err)
		http.Error(w, "The page could not be rendered; the log says why.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(b.Bytes())
}

// fail answers for an error whose text is for the log alone.
func (s *site) fail(w http.ResponseWriter, what string, err error) {
	s.Log.Error(what, "error", err)
	s.refuse(w, http.StatusServiceUnavailable)
}

// refusal is a page that says why there is no other.
type refusal struct {
	frame
	Heading, Text string
}

func (s *site) refuse(w http.ResponseWriter, status int) {
	view := refusal{frame{Title: "Not found", Clock: clock(s.Now())}, "Not found", "There is no finding here. One that was resolved long ago is forgotten after a while."}
	if status != http.StatusNotFound {
		view = refusal{frame{Title: "Unavailable", Clock: clock(s.Now())}, "The findings cannot be read", "What has drifted is not known at this moment. The log says why; try again in a while."}
		w.Header().Set("Retry-After", "10")
	}
	s.render(w, status, "refusal.html", view)
}

// asset serves one file, which a browser may keep only if it asks again.
func asset(name, kind string) http.HandlerFunc {
	content, err := assets.ReadFile("assets/" + name)
	if err != nil {
		panic(fmt.Sprintf("page: %s is not embedded", name)) // a mistake in this package
	}
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Cache-Control", "no-cache")
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
	}
}
