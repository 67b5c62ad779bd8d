package coverage

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tfdrift/internal/drift"
)

// Least is what a service counted at its best: least.txt, a line for each. The
// generator raises it, and only a person lowers it.
type Least struct {
	Provider                   drift.Provider
	Service                    string
	Operations, Types, Matched int
}

// ParseLeast reads least.txt.
func ParseLeast(table string) (all []Least, err error) {
	for line := range strings.Lines(table) {
		var l Least
		if _, err := fmt.Sscan(line, &l.Provider, &l.Service, &l.Operations, &l.Types, &l.Matched); err != nil {
			return nil, fmt.Errorf("least counts, line %q: want provider, service, operations, types and matched parameters: %w", strings.TrimSpace(line), err)
		}
		all = append(all, l)
	}
	return all, nil
}

// FormatLeast is what ParseLeast reads.
func FormatLeast(all []Least) string {
	var b strings.Builder
	for _, l := range all {
		fmt.Fprintf(&b, "%s\t%s\t%d\t%d\t%d\n", l.Provider, l.Service, l.Operations, l.Types, l.Matched)
	}
	return b.String()
}

// Raise brings the least counts up to today's, and never down.
func Raise(least []Least, today []Stats) []Least {
	out := slices.Clone(least)
	for _, s := range today {
		i := slices.IndexFunc(out, s.counted)
		if i < 0 {
			out = append(out, Least{Provider: s.Provider, Service: s.Service})
			i = len(out) - 1
		}
		out[i].Operations = max(out[i].Operations, s.Operations)
		out[i].Types = max(out[i].Types, s.Types)
		out[i].Matched = max(out[i].Matched, s.Matched())
	}
	slices.SortFunc(out, func(a, b Least) int {
		return cmp.Or(cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.Service, b.Service))
	})
	return out
}

// Fallen says which of today's counts are below their least, "aws rds: 80
// operations, once 85" each.
func Fallen(least []Least, today []Stats) (fallen []string) {
	for _, l := range least {
		s := Stats{Provider: l.Provider, Service: l.Service}
		if i := slices.IndexFunc(today, func(s Stats) bool { return s.counted(l) }); i >= 0 {
			s = today[i]
		}
		for _, c := range [...]struct {
			what      string
			now, once int
		}{{"operations", s.Operations, l.Operations}, {"types", s.Types, l.Types}, {"matched parameters", s.Matched(), l.Matched}} {
			if c.now < c.once {
				fallen = append(fallen, fmt.Sprintf("%s %s: %d %s, once %d", l.Provider, l.Service, c.now, c.what, c.once))
			}
		}
	}
	return fallen
}

func (s Stats) counted(l Least) bool { return s.Provider == l.Provider && s.Service == l.Service }
