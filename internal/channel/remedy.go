package channel

import (
	"fmt"
	"strings"

	"tfdrift/internal/drift"
)

// Remedy says how to put a finding right, a line each way.
func Remedy(f *drift.Finding) []string {
	switch {
	case f.Status == drift.Resolved:
		return nil
	case f.Kind == drift.Unmanaged:
		return []string{
			fmt.Sprintf("adopt it:  import { to = %s.NAME, id = %q }", f.Resource.Type, f.Resource.ID),
			"or delete it, if nobody meant to keep it",
		}
	case f.Kind == drift.Deleted:
		return []string{
			fmt.Sprintf("bring it back:  terraform apply -target=%s", quoted(f.Resource.Address)),
			fmt.Sprintf("or let it go:   terraform state rm %s and delete its code", quoted(f.Resource.Address)),
		}
	}
	return []string{
		fmt.Sprintf("put it back:  terraform apply -target=%s", quoted(f.Resource.Address)),
		"or keep it:   write the new value into the code, until terraform plan is empty",
	}
}

// quoted is an address as one word of a shell: the keys in it are anybody's.
func quoted(address string) string {
	return "'" + strings.ReplaceAll(address, "'", `'\''`) + "'"
}
