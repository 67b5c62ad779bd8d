package catalog

import "testing"

// Renames are found by binary search.
func TestGoogleRenamesAreSorted(t *testing.T) {
	for i := 1; i < len(googleRenames); i++ {
		if googleRenames[i-1].typ >= googleRenames[i].typ {
			t.Errorf("%s stands before %s", googleRenames[i-1].typ, googleRenames[i].typ)
		}
	}
}
