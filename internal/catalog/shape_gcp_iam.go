package catalog

import "tfdrift/internal/drift"

// iamRole: beside a role's new permissions, if the request has them, IAM logs
// which were added and which removed.
func iamRole(call Call, row Row) []drift.Choice {
	added, removed := list(call.Extra, "permissionDelta.addedPermissions"), list(call.Extra, "permissionDelta.removedPermissions")
	if len(added)+len(removed) == 0 {
		return call.targets(row)
	}
	call.Body = without(call.Body, "includedPermissions", "included_permissions")
	choices := call.targets(row)
	for i := range choices {
		for j := range choices[i] {
			t := &choices[i][j]
			for _, permission := range added {
				t.Facts = append(t.Facts, drift.Fact{Attribute: "permissions", Op: drift.OpAdd, Value: permission})
			}
			for _, permission := range removed {
				t.Facts = append(t.Facts, drift.Fact{Attribute: "permissions", Op: drift.OpRemove, Value: permission})
			}
		}
	}
	return choices
}
