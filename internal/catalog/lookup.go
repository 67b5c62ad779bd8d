package catalog

import (
	"cmp"
	"iter"
	"slices"
	"sort"
	"strings"

	"tfdrift/internal/drift"
)

// Lookup returns what is known of an operation, a row for each resource type
// that it may touch; source and name are as the event has them. None: the
// operation is not known. A single row of Effect Silent and no type: it is
// known to change nothing.
func Lookup(provider drift.Provider, source, name string) []Row {
	source = NormalSource(provider, source)
	name = NormalName(provider, source, name)
	own := overridesOf(provider, source, name)
	if len(own) == 1 && own[0].Type == "" && own[0].Shape == nil {
		return own
	}
	part := find(tableOf(provider), source, name)
	if part == "" {
		return own
	}
	rows := append(make([]Row, 0, len(own)+strings.Count(part, "\n")), own...) // first, since the first Create names what is unmanaged
	for line := range lines(part) {
		row := parseRow(line)
		if !overridden(own, row.Type) {
			rows = append(rows, row)
		}
	}
	return rows
}

// Known reports whether [Lookup] has rows for an operation, and whether one of
// them says that it changes something.
func Known(provider drift.Provider, source, name string) (known, changes bool) {
	source = NormalSource(provider, source)
	name = NormalName(provider, source, name)
	own := overridesOf(provider, source, name)
	if len(own) == 1 && own[0].Type == "" && own[0].Shape == nil {
		return true, false
	}
	known = len(own) > 0 || find(tableOf(provider), source, name) != ""
	return known, known
}

func overridden(own []Row, typ string) bool {
	for i := range own {
		if own[i].Type == typ {
			return true
		}
	}
	return false
}

// understood is Lookup for the judgement of an event: a shape that speaks for a
// whole operation (its Type is "") makes the rows beside it needless.
func understood(ev *drift.Event) []Row {
	source := NormalSource(ev.Provider, ev.Source)
	if own := overridesOf(ev.Provider, source, NormalName(ev.Provider, source, ev.Name)); len(own) == 1 && own[0].Type == "" {
		return own
	}
	return Lookup(ev.Provider, ev.Source, ev.Name)
}

// All yields every row that Lookup can return for a provider, derived ones in
// order before overrides in order.
func All(provider drift.Provider) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		for line := range lines(tableOf(provider)) {
			row := parseRow(line)
			own := overridesOf(provider, row.Source, row.Event)
			if slices.ContainsFunc(own, func(o Row) bool { return o.Type == row.Type || o.Type == "" && o.Shape == nil }) {
				continue
			}
			if !yield(row) {
				return
			}
		}
		for row := range Overrides(provider) {
			if !yield(row) {
				return
			}
		}
	}
}

// Overrides yields the rows that people wrote.
func Overrides(provider drift.Provider) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		for _, service := range overrides(provider) {
			for _, row := range service {
				if !yield(row) {
					return
				}
			}
		}
	}
}

// overridesOf returns the hand-written rows of one operation. They are not to be changed.
func overridesOf(provider drift.Provider, source, name string) []Row {
	for _, service := range overrides(provider) {
		if len(service) == 0 || service[0].Source != source {
			continue
		}
		low := sort.Search(len(service), func(i int) bool { return compareFold(service[i].Event, name) >= 0 }) // by index: rows are large
		high := low
		for high < len(service) && compareFold(service[high].Event, name) == 0 {
			high++
		}
		return service[low:high:high]
	}
	return nil
}

// CompareRows orders rows as the tables and the override files have them. Rows
// of one operation and type stand side by side where their conditions differ.
func CompareRows(a, b Row) int {
	return cmp.Or(compareFold(a.Source, b.Source), compareFold(a.Event, b.Event), compareFold(a.Type, b.Type), compareFold(a.When, b.When))
}

// Below is the name of a thing below a parent, of a resourceName that may be
// either's: Google logs a creation under the parent's name or under the new
// thing's.
//
//	Below("projects/p", "topics/t")          = "projects/p/topics/t"
//	Below("projects/p/topics/t", "topics/t") = "projects/p/topics/t"
//	Below("projects/p", "topics/projects/p/topics/t") = "projects/p/topics/t"
func Below(resource, rest string) string {
	collection, _, _ := strings.Cut(rest, "/")
	if head, last, ok := cutLast(resource); ok && last != "" && (strings.HasSuffix(head, "/"+collection) || head == collection) {
		return resource
	}
	if _, name, _ := strings.Cut(rest, "/"); strings.Contains(name, "/"+collection+"/") {
		return name // the request spells the whole name
	}
	return strings.TrimSuffix(resource, "/") + "/" + rest
}

func cutLast(name string) (head, last string, ok bool) {
	i := strings.LastIndexByte(name, '/')
	if i < 0 {
		return "", name, false
	}
	return name[:i], name[i+1:], true
}
