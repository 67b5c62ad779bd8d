package catalog

import (
	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// lambdaCode: UpdateFunctionCode. The package itself is never logged; the
// response has the hash of what now runs, which tells new code from the same
// code, and the request where the new code was taken from.
func lambdaCode(call Call, row Row) []drift.Choice {
	function := text(call.Params, "functionName")
	t := target(row, "aws_lambda_function", drift.Set, function, drift.Match{Attribute: "*", Value: function})
	hash := text(call.Response, "codeSha256")
	if hash == "" {
		t.Params = call.rest(Row{ID: "*=functionName"})
		t.Rename = "zipFile=-"
		return []drift.Choice{{t}}
	}
	t.Tell = func(e *drift.Entry) (drift.Effect, []drift.Fact) {
		name := "source_code_hash" // but not where it is of something else that Terraform hashed
		if is := tree.GetString(e.Attributes, "code_sha256"); is != "" && is != tree.GetString(e.Attributes, name) {
			name = "code_sha256"
		}
		facts := []drift.Fact{{Attribute: name, Op: drift.OpSet, Value: hash}}
		for _, name := range [...]string{"architectures", "image_uri", "s3_bucket", "s3_key", "s3_object_version"} {
			given := tree.Get(call.Params, name)
			if len(given) > 0 && e.Attributes[name] != nil { // null: Terraform took the code from elsewhere
				facts = append(facts, drift.Fact{Attribute: name, Op: drift.OpSet, Value: given[0]})
			}
		}
		return drift.Set, facts
	}
	return []drift.Choice{{t}}
}
