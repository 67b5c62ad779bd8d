package catalog

import "testing"

// Renames are found by binary search.
func TestRenamesOfTypesAreSorted(t *testing.T) {
	for _, table := range [][]typeRenames{awsRenames[:], googleRenames[:]} {
		for i, r := range table {
			if _, known := TypeOf(r.typ); !known {
				t.Errorf("%s: no provider has this type", r.typ)
			}
			if i > 0 && table[i-1].typ >= r.typ {
				t.Errorf("%s stands before %s", table[i-1].typ, r.typ)
			}
		}
	}
}
