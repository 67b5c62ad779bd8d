// Package coverage counts what the catalog knows of each service and how many of
// the parameters that its operations take the detector lays onto attributes.
//
// Operations, types and rows are counted in the catalog itself. What becomes of
// parameters cannot be: it takes the requests of the APIs and the schemas of the
// providers, which are no part of the program. Program gen lays the one onto the
// other with the code that judges events, and writes the two tables here,
// parameters.txt and unmatched.txt. They are embedded, so only the command
// imports this package.
package coverage

import (
	"cmp"
	_ "embed"
	"iter"
	"slices"
	"strconv"
	"strings"

	"tfdrift/internal/catalog"
	"tfdrift/internal/drift"
)

var (
	//go:embed parameters.txt
	parameterTable string
	//go:embed unmatched.txt
	unmatchedTable string
)

// Stats counts what is known of one service.
type Stats struct {
	Provider   drift.Provider `json:"provider"`
	Service    string         `json:"service"`    // normal form of the source
	Operations int            `json:"operations"` // with a row
	Types      int            `json:"types"`      // that some operation touches
	Pairs      int            `json:"pairs"`      // rows: operation and type
	Overrides  int            `json:"overrides"`  // rows that a person wrote
	Silent     int            `json:"silent"`     // rows that say: changes nothing
	Parameters
}

// Parameters counts the parameters of a service's operations by what becomes of
// them. One that an operation lays onto several types counts once, by the best
// that becomes of it, and so does what stands in a wrapper, member by member.
// Calls that only delete, change nothing, or set a whole IAM policy take none.
type Parameters struct {
	Measured   int `json:"measured"`    // operations whose parameters the facts know
	ByState    int `json:"by_state"`    // the name and shape tell the attribute of the state
	ByOverride int `json:"by_override"` // a rename, a pair or a shape of the catalog's tells it
	Naming     int `json:"naming"`      // name the resource, or what it is in
	Irrelevant int `json:"irrelevant"`  // known to be no attribute
	Unmatched  int `json:"unmatched"`
}

// Matched are the parameters that become a fact about an attribute.
func (p Parameters) Matched() int { return p.ByState + p.ByOverride }

// Line is the counts as columns of parameters.txt, after provider and service.
func (p Parameters) Line() string {
	var columns []string
	for _, n := range p.counts() {
		columns = append(columns, strconv.Itoa(*n))
	}
	return strings.Join(columns, "\t")
}

func (p *Parameters) counts() []*int {
	return []*int{&p.Measured, &p.ByState, &p.ByOverride, &p.Naming, &p.Irrelevant, &p.Unmatched}
}

// Add adds another's counts, for totals.
func (s *Stats) Add(o Stats) {
	s.Operations += o.Operations
	s.Types += o.Types
	s.Pairs += o.Pairs
	s.Overrides += o.Overrides
	s.Silent += o.Silent
	more := o.counts()
	for i, n := range s.counts() {
		*n += *more[i]
	}
}

// All counts both clouds, a line for each service, in order.
func All() []Stats {
	type key struct {
		provider drift.Provider
		service  string
	}
	services := map[key]*Stats{}
	operations, types := map[string]bool{}, map[string]bool{}
	for _, provider := range []drift.Provider{drift.AWS, drift.GCP} {
		of := func(service string) *Stats {
			k := key{provider, service}
			if services[k] == nil {
				services[k] = &Stats{Provider: provider, Service: service}
			}
			return services[k]
		}
		for row := range catalog.All(provider) {
			s := of(row.Source)
			s.Pairs++
			if row.Effect == drift.Silent {
				s.Silent++
			}
			if name := string(provider) + row.Source + " " + strings.ToLower(row.Event); !operations[name] {
				operations[name] = true
				s.Operations++
			}
			if name := string(provider) + row.Source + " " + row.Type; row.Type != "" && !types[name] {
				types[name] = true
				s.Types++
			}
		}
		for row := range catalog.Overrides(provider) {
			of(row.Source).Overrides++
		}
	}
	for line := range strings.Lines(parameterTable) {
		columns := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		s := services[key{drift.Provider(columns[0]), columns[1]}]
		if s == nil {
			continue // a service that the catalog has lost since: its counts have fallen, see Fallen
		}
		for i, n := range s.counts() {
			*n, _ = strconv.Atoi(columns[2+i])
		}
	}
	out := make([]Stats, 0, len(services))
	for _, s := range services {
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b Stats) int {
		return cmp.Or(cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.Service, b.Service))
	})
	return out
}

// Gap is an operation with parameters that no attribute takes up: a call with
// one of them makes a finding that cannot say where.
type Gap struct {
	Provider  drift.Provider `json:"provider"`
	Service   string         `json:"service"`
	Operation string         `json:"operation"`
	Unmatched []string       `json:"unmatched"` // as the API spells them; in a wrapper, dotted
}

// Gaps yields the operations with unmatched parameters, in order; of one
// service, or of all where service is "".
func Gaps(service string) iter.Seq[Gap] {
	return func(yield func(Gap) bool) {
		for line := range strings.Lines(unmatchedTable) {
			columns := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
			provider := drift.Provider(columns[0])
			if service != "" && catalog.NormalSource(provider, service) != columns[1] {
				continue
			}
			if !yield(Gap{provider, columns[1], columns[2], strings.Fields(columns[3])}) {
				return
			}
		}
	}
}
