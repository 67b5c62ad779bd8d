package catalog

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"tfdrift/internal/drift"
)

// ServiceStats counts what the catalog knows of one service.
type ServiceStats struct {
	Provider   drift.Provider
	Service    string // normal form of the source
	Operations int    // operations with a row
	Types      int    // resource types that some operation touches
	Pairs      int    // rows: operation and type
	Renames    int    // parameters whose attribute is not told by their names
	Overrides  int    // rows that a person wrote
	Silent     int    // rows that say: changes nothing
}

// Stats counts the catalog, a line for each service of both clouds, in order.
func Stats() []ServiceStats {
	type key struct {
		provider drift.Provider
		service  string
	}
	services := map[key]*ServiceStats{}
	operations, types := map[string]bool{}, map[string]bool{}
	for _, provider := range []drift.Provider{drift.AWS, drift.GCP} {
		of := func(service string) *ServiceStats {
			k := key{provider, service}
			if services[k] == nil {
				services[k] = &ServiceStats{Provider: provider, Service: service}
			}
			return services[k]
		}
		for row := range All(provider) {
			s := of(row.Source)
			s.Pairs++
			for pair := range strings.FieldsSeq(string(row.Params)) {
				if !strings.HasSuffix(pair, "=-") {
					s.Renames++
				}
			}
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
		for row := range Overrides(provider) {
			of(row.Source).Overrides++
		}
	}
	out := make([]ServiceStats, 0, len(services))
	for _, s := range services {
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b ServiceStats) int {
		return cmp.Or(cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.Service, b.Service))
	})
	return out
}

// Services lists the sources of a provider that the catalog knows, in order.
func Services(provider drift.Provider) []string {
	seen := map[string]bool{}
	for row := range All(provider) {
		seen[row.Source] = true
	}
	return slices.Sorted(maps.Keys(seen))
}
