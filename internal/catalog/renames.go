package catalog

import (
	"slices"
	"strings"

	"tfdrift/internal/drift"
)

// typeRenames are the members that a type's attributes are called by in every
// call that sets them, or that are none of its attributes in any.
type typeRenames struct {
	typ     string
	renames drift.Renames
}

// renamesOf are a row's renames and those of its type.
func renamesOf(row Row) drift.Renames {
	table := awsRenames[:]
	if strings.HasPrefix(row.Type, "google_") {
		table = googleRenames[:]
	}
	i, ok := slices.BinarySearchFunc(table, row.Type, func(r typeRenames, typ string) int { return strings.Compare(r.typ, typ) })
	switch {
	case !ok:
		return row.Params
	case row.Params == "":
		return table[i].renames
	}
	return row.Params + " " + table[i].renames
}
