package page

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/ledger"
)

// perPage is how many findings are on one page of a list.
const perPage = 100

// list is the page at /.
type list struct {
	frame
	Filter     filter
	Open       int // findings whatever the filter
	Resolved   int
	Severities []tally // of what is open
	Kinds      []choice
	Actors     []choice
	States     []choice
	Rows       []row
	Matching   int // rows on all pages
	From, To   int // of them, those shown
	Newer      string
	Older      string
}

// tally is a severity, how many findings have it, and whether the filter asks for it.
type tally struct {
	Severity drift.Severity
	Count    int
	Chosen   bool
}

// choice is a value to filter by.
type choice struct {
	Value, Text string
	Chosen      bool
}

// row is a finding in a list.
type row struct {
	ID        string
	Revision  int
	Severity  drift.Severity
	Kind      drift.Kind
	Status    drift.Status
	Module    string // of the address, with a dot at its end
	Name      string // the rest of the address, or the type
	CloudID   string // of a resource without an address
	Telling   *leaf  // nil where one cannot say what changed
	More      int    // other places that differ
	Who       string
	WhoIs     string
	When      *moment
	Place     string
	State     string
	ShortName string // of the state
	Flaps     int
}

// listOf is the list of what a filter leaves of all records.
func listOf(records []ledger.Record, f filter, frame frame) list {
	l := list{frame: frame, Filter: f}
	bySeverity := map[drift.Severity]int{}
	actors, states := map[string]bool{}, map[string]bool{}
	if f.Actor != "" {
		actors[f.Actor] = true
	}
	if f.State != "" {
		states[f.State] = true
	}
	var matching []*ledger.Record
	for i := range records {
		x := records[i].Finding
		if x == nil {
			continue
		}
		if x.Status == drift.Resolved {
			l.Resolved++
		} else {
			l.Open++
			bySeverity[x.Severity]++
		}
		if !f.shows(x) {
			continue
		}
		actors[x.Actor.Name], states[x.Resource.State] = true, true
		if f.matches(x) {
			matching = append(matching, &records[i])
		}
	}
	slices.SortStableFunc(matching, graver)
	for _, s := range severities {
		l.Severities = append(l.Severities, tally{s, bySeverity[s], slices.Contains(f.Severities, s)})
	}
	for _, k := range kinds {
		l.Kinds = append(l.Kinds, choice{string(k), string(k), k == f.Kind})
	}
	l.Actors, l.States = choices(actors, f.Actor), choices(states, f.State)
	l.paginate(matching)
	l.Title = fmt.Sprintf("(%d) Drift", l.Open)
	if l.Open == 0 {
		l.Title = "No drift"
	}
	return l
}

// graver orders findings: what is open before what is resolved, the gravest
// first, the newest first. Of what is resolved the newest is first.
func graver(a, b *ledger.Record) int {
	x, y := a.Finding, b.Finding
	resolved := func(f *drift.Finding) int { return map[bool]int{true: 1}[f.Status == drift.Resolved] }
	rank := func(f *drift.Finding) int {
		if f.Status == drift.Resolved {
			return 0
		}
		if i := slices.Index(severities, f.Severity); i >= 0 {
			return i
		}
		return len(severities)
	}
	return cmp.Or(resolved(x)-resolved(y), rank(x)-rank(y), y.Event.Time.Compare(x.Event.Time), strings.Compare(x.ID, y.ID))
}

func (l *list) paginate(matching []*ledger.Record) {
	l.Matching = len(matching)
	page := min(l.Filter.Page, max(1, (len(matching)+perPage-1)/perPage))
	from, to := (page-1)*perPage, min(page*perPage, len(matching))
	for _, r := range matching[from:to] {
		l.Rows = append(l.Rows, rowOf(r, l.Clock))
	}
	l.From, l.To = from+1, to
	if page > 1 {
		l.Newer = l.Filter.query(page - 1)
	}
	if to < len(matching) {
		l.Older = l.Filter.query(page + 1)
	}
}

func rowOf(r *ledger.Record, now clock) row {
	x := r.Finding
	out := row{
		ID: x.ID, Revision: r.Revision, Severity: word(x.Severity), Kind: word(x.Kind), Status: word(x.Status),
		Who: clip(cmp.Or(x.Actor.Name, "somebody"), 80), WhoIs: whoIs(x.Actor), When: now.moment(x.Event.Time),
		Place: place(x), State: clip(x.Resource.State, 300), ShortName: tail(x.Resource.State, 48), Flaps: max(0, r.Opened-1),
	}
	out.Module, out.Name, out.CloudID = named(x.Resource)
	if most, rest, ok := telling(x); ok {
		out.Telling, out.More = &most, rest
	}
	return out
}

// word is one of a few known words, which a ledger gives as whatever was stored.
func word[T ~string](w T) T { return T(clip(string(w), 20)) }

// named is how a resource is called: by the module and the rest of its address,
// else by its type and id.
func named(ref drift.ResourceRef) (module, name, id string) {
	if ref.Address == "" {
		return "", clip(ref.Type, 120), clip(ref.ID, 160)
	}
	at := strings.LastIndex(ref.Address, "."+ref.Type+".") + 1 // 0 in the root module
	return clip(ref.Address[:at], 160), clip(ref.Address[at:], 200), ""
}

// whoIs says what kind of actor it is.
func whoIs(a drift.Actor) string {
	if a.Console {
		return clip(a.Type, 40) + ", by console"
	}
	return clip(a.Type, 40)
}

// place is where the resource is: cloud, account, region.
func place(x *drift.Finding) string {
	return clip(strings.Join(strings.Fields(string(x.Provider)+" "+x.Account+" "+x.Region), " · "), 120)
}

// tail is the end of a long path, which says more than its beginning.
func tail(s string, width int) string {
	s = visible(s[max(0, len(s)-8*width):]) // a cut first character is spelled as such, and cut off
	if runes := []rune(s); len(runes) > width {
		return "…" + string(runes[len(runes)-width+1:])
	}
	return s
}

const (
	maxChoices = 200 // values that a select offers
	maxChoice  = 300 // characters of one
)

func choices(values map[string]bool, chosen string) []choice {
	var all []choice
	for _, v := range slices.Sorted(maps.Keys(values)) {
		if v == "" || clip(v, maxChoice) != v { // an odd one is found by the search
			continue
		}
		if len(all) < maxChoices || v == chosen {
			all = append(all, choice{v, tail(v, 60), v == chosen})
		}
	}
	return all
}

// Headline is the first thing a reader sees.
func (l list) Headline() string {
	switch {
	case l.Open == 1:
		return "1 resource has drifted"
	case l.Open > 1:
		return thousands(l.Open) + " resources have drifted"
	case l.Watched != nil && !l.Well():
		return "No drift is known"
	}
	return "No drift"
}

// Showing says what part of all the rows are.
func (l list) Showing() string {
	what := map[show]string{showOpen: "open", showResolved: "resolved", showAll: "open and resolved"}[l.Filter.Show]
	switch {
	case l.Matching == 0:
		return ""
	case l.To-l.From+1 < l.Matching:
		return fmt.Sprintf("%s to %s of %s %s", thousands(l.From), thousands(l.To), thousands(l.Matching), what)
	}
	return thousands(l.Matching) + " " + what
}

// Narrowed reports whether a filter hides findings of the part shown.
func (l list) Narrowed() bool { return l.Filter.narrows() }

// WithoutFilter is the link to the part shown, without the filter.
func (l list) WithoutFilter() string { return filter{Show: l.Filter.Show}.query(1) }

// Watching says what is watched, in a sentence; "" if nobody knows.
func (f frame) Watching() string {
	switch {
	case f.Watched == nil:
		return ""
	case f.Watched.States == 0:
		return "No state has been read yet"
	case f.Watched.States == 1:
		return count(f.Watched.Resources, "resource") + " of 1 state watched"
	}
	return count(f.Watched.Resources, "resource") + " of " + count(f.Watched.States, "state") + " watched"
}

// Well reports whether silence means that nothing drifted.
func (f frame) Well() bool {
	return f.Watched != nil && f.Watched.States > 0 && len(f.Watched.Trouble) == 0
}

// LastEvent is when an event last arrived, nil if none did.
func (f frame) LastEvent() *moment {
	if f.Watched == nil {
		return nil
	}
	return f.Clock.moment(f.Watched.LastEvent)
}

// Blind are the reasons why drift may go unseen.
func (f frame) Blind() []string {
	if f.Watched == nil {
		return nil
	}
	var all []string
	for _, t := range f.Watched.Trouble {
		all = append(all, clip(t, 300))
	}
	return all
}
