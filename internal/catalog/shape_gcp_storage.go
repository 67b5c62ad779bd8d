package catalog

import "tfdrift/internal/drift"

// bucketUpdate: an update of nothing but access control lists is no change of
// the bucket, which does not show them.
func bucketUpdate(call Call, row Row) []drift.Choice {
	if len(call.Body) > 0 && len(omit(call.Body, "acl", "defaultObjectAcl", "predefinedAcl", "predefinedDefaultObjectAcl", "projection")) == 0 {
		bucket, _ := parseGoogle(call.Resource)
		var choices []drift.Choice
		for _, list := range [...]struct{ member, typ string }{{"acl", "google_storage_bucket_acl"}, {"defaultObjectAcl", "google_storage_default_object_acl"}} {
			if _, given := call.Body[list.member]; given {
				choices = append(choices, drift.Choice{target(row, list.typ, drift.Set, bucket.id(), drift.Match{Attribute: "bucket", Value: bucket.id()})})
			}
		}
		return choices
	}
	return rewritten(bucketForm)(call, row)
}
