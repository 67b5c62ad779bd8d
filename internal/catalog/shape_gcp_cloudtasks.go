package catalog

import "tfdrift/internal/drift"

// queueState: most versions of the provider do not show whether a queue is
// paused; it was running then, so that resuming it undoes a pause.
func queueState(call Call, row Row) []drift.Choice {
	state := any("PAUSED")
	if row.Event == "ResumeQueue" {
		state = "RUNNING"
	}
	choices := call.targets(row)
	for i := range choices {
		for j := range choices[i] {
			choices[i][j].Tell = func(e *drift.Entry) (drift.Effect, []drift.Fact) {
				now := state
				if _, shown := e.Attributes["state"]; !shown && now == "RUNNING" {
					now = nil
				}
				return drift.Set, []drift.Fact{{Attribute: "state", Op: drift.OpSet, Value: now}}
			}
		}
	}
	return choices
}
