package catalog

import "tfdrift/internal/drift"

// guarddutyDetector: UpdateDetector sets the detector itself and any of its
// features, which are resources of their own.
func guarddutyDetector(call Call, row Row) []drift.Choice {
	detector := text(call.Params, "detectorId")
	var choices []drift.Choice
	whole := target(row, "aws_guardduty_detector", drift.Set, detector, drift.Match{Attribute: "*", Value: detector})
	whole.Params = call.rest(Row{ID: "*=detectorId"})
	without(whole.Params, "features")
	if len(whole.Params) > 0 {
		choices = append(choices, drift.Choice{whole})
	}
	for _, f := range list(call.Params, "features") {
		params, _ := f.(map[string]any)
		t := target(row, "aws_guardduty_detector_feature", drift.Set, detector,
			drift.Match{Attribute: "detector_id", Value: detector}, drift.Match{Attribute: "name", Value: text(params, "name")})
		t.Params = params
		choices = append(choices, drift.Choice{t})
	}
	return choices
}
