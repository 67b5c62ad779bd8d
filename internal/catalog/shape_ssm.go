package catalog

import "tfdrift/internal/drift"

// ssmPutParameter: PutParameter makes a parameter or its next version; the
// response tells which. The next version of what no state manages is no news.
func ssmPutParameter(call Call, row Row) []drift.Choice {
	row.Shape = nil
	if v := text(call.Response, "version"); v != "" && v != "1" {
		row.NewID = Restored
	}
	return call.targets(row)
}
