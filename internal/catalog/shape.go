package catalog

import (
	"tfdrift/internal/drift"
	"tfdrift/internal/identity"
	"tfdrift/internal/tree"
)

// The shapes: calls that no row can spell, because one call speaks of several
// resources in several ways, or because what it means depends on what the
// entry holds. Each is named by its service and stands in a file of its own,
// shape_SERVICE.go.

// target is a target by one condition, keyed by its value.
func target(row Row, typ string, effect drift.Effect, key string, match ...drift.Match) drift.Target {
	return drift.Target{Type: typ, Effect: effect, Key: identity.Key(row.Source, key), Match: match}
}

// text is the first of some members of an object that has one, as text.
func text(object any, paths ...string) string {
	for _, p := range paths {
		if s := tree.GetString(object, p); s != "" {
			return s
		}
	}
	return ""
}

// list is a member as a list, whether it is logged as one or as a single value.
func list(object any, path string) []any {
	var all []any
	for _, v := range tree.Get(object, path) {
		if l, ok := v.([]any); ok {
			all = append(all, l...)
		} else {
			all = append(all, v)
		}
	}
	return all
}

func first(values []any) any {
	if len(values) == 0 {
		return nil
	}
	return values[0]
}
