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
		facts := []drift.Fact{}
		for _, name := range [...]string{"code_sha256", "source_code_hash"} { // the latter may be of a file that Terraform hashed otherwise
			if tree.GetString(e.Attributes, name) != "" {
				facts = append(facts, drift.Fact{Attribute: name, Op: drift.OpSet, Value: hash})
				break
			}
		}
		for _, p := range [...]struct{ member, attribute string }{{"imageUri", "image_uri"}, {"architectures", "architectures"}} {
			for _, v := range tree.Get(call.Params, p.member) {
				facts = append(facts, drift.Fact{Attribute: p.attribute, Op: drift.OpSet, Value: v})
			}
		}
		return drift.Set, facts
	}
	return []drift.Choice{{t}}
}
