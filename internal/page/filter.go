package page

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// severities are the known ones, the gravest first.
var severities = []drift.Severity{drift.Critical, drift.High, drift.Medium, drift.Low}

var kinds = []drift.Kind{drift.Modified, drift.Deleted, drift.Unmanaged}

// show is which part of the findings' lives a list is about.
type show string

const (
	showOpen     show = "open" // and updated: whatever differs now
	showResolved show = "resolved"
	showAll      show = "all"
)

// filter is what a reader asked to see; the zero value of a field asks nothing.
type filter struct {
	Show       show
	Severities []drift.Severity
	Kind       drift.Kind
	Actor      string
	State      string
	Text       string // words that must all occur
	Page       int    // from 1
}

// parseFilter reads a query. What it does not know is as if it were not there:
// a link from another version still opens.
func parseFilter(q url.Values) filter {
	f := filter{Show: showOpen, Actor: q.Get("actor"), State: q.Get("state"), Text: strings.TrimSpace(q.Get("q")), Page: 1}
	if s := show(q.Get("show")); s == showResolved || s == showAll {
		f.Show = s
	}
	for _, s := range severities {
		if slices.Contains(q["severity"], string(s)) {
			f.Severities = append(f.Severities, s)
		}
	}
	if k := drift.Kind(q.Get("kind")); slices.Contains(kinds, k) {
		f.Kind = k
	}
	if n, err := strconv.Atoi(q.Get("page")); err == nil && n > 1 {
		f.Page = n
	}
	return f
}

// query is the filter as the query of a link to one of its pages.
func (f filter) query(page int) string {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	if f.Show != showOpen {
		set("show", string(f.Show))
	}
	for _, s := range f.Severities {
		q.Add("severity", string(s))
	}
	set("kind", string(f.Kind))
	set("actor", f.Actor)
	set("state", f.State)
	set("q", f.Text)
	if page > 1 {
		set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return "/"
	}
	return "/?" + q.Encode()
}

// narrows reports whether the filter asks for more than a part of the lives.
func (f filter) narrows() bool {
	return len(f.Severities) > 0 || f.Kind != "" || f.Actor != "" || f.State != "" || f.Text != ""
}

// shows reports whether a finding is in the part of the lives asked for.
func (f filter) shows(x *drift.Finding) bool {
	return f.Show == showAll || (x.Status == drift.Resolved) == (f.Show == showResolved)
}

// matches reports whether a finding has all that is asked of it.
func (f filter) matches(x *drift.Finding) bool {
	switch {
	case len(f.Severities) > 0 && !slices.Contains(f.Severities, x.Severity),
		f.Kind != "" && f.Kind != x.Kind,
		f.Actor != "" && f.Actor != x.Actor.Name,
		f.State != "" && f.State != x.Resource.State:
		return false
	case f.Text == "":
		return true
	}
	text := searchable(x)
	for word := range strings.FieldsSeq(strings.ToLower(f.Text)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// searchable is all that a reader might look a finding up by, in lower case.
func searchable(x *drift.Finding) string {
	parts := []string{
		x.ID, x.Resource.Address, x.Resource.Type, x.Resource.ID, x.Resource.State, string(x.Provider), x.Account, x.Region, x.Environment,
		x.Actor.Name, x.Actor.ARN, x.Actor.SourceIP, x.Event.Name, x.Event.Source, strings.Join(x.Rules, " "),
	}
	for _, c := range x.Changes {
		parts = append(parts, c.Name)
		if !c.Sensitive && !c.Unknown {
			parts = append(parts, string(tree.Canonical(c.Before)), string(tree.Canonical(c.After)))
		}
	}
	return strings.ToLower(strings.Join(parts, "\n"))
}
