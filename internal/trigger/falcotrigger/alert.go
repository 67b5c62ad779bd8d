package falcotrigger

import (
	"time"

	"github.com/falcosecurity/client-go/pkg/api/outputs"
	"github.com/go-json-experiment/json/jsontext"
)

// priorities are Falco's, as its JSON has them, by their number in the protocol.
var priorities = [...]string{"Emergency", "Alert", "Critical", "Error", "Warning", "Notice", "Informational", "Debug"}

// Alert is the JSON that Falco's http_output posts for an alert. Over gRPC all
// output fields are text.
func Alert(r *outputs.Response) []byte {
	size := 256 + len(r.Output)
	for name, value := range r.OutputFields {
		size += len(name) + len(value)*9/8 + 8
	}
	out := make([]byte, 0, size)
	member := func(name, value string) {
		out, _ = jsontext.AppendQuote(out, name) // what is no UTF-8 is replaced
		out = append(out, ':')
		out, _ = jsontext.AppendQuote(out, value)
		out = append(out, ',')
	}
	out = append(out, '{')
	member("hostname", r.Hostname)
	member("output", r.Output)
	out = append(out, `"output_fields":{`...)
	for name, value := range r.OutputFields {
		member(name, value)
	}
	out = append(ended(out), "},"...)
	priority := priorities[len(priorities)-1]
	if p := int(r.Priority); p >= 0 && p < len(priorities) {
		priority = priorities[p]
	}
	member("priority", priority)
	member("rule", r.Rule)
	member("source", r.Source)
	out = append(out, `"tags":[`...)
	for _, tag := range r.Tags {
		out, _ = jsontext.AppendQuote(out, tag)
		out = append(out, ',')
	}
	out = append(ended(out), "],"...)
	member("time", r.Time.AsTime().Format(time.RFC3339Nano))
	return append(ended(out), '}')
}

// ended is an object or array without the comma behind its last member.
func ended(out []byte) []byte {
	if n := len(out) - 1; out[n] == ',' {
		return out[:n]
	}
	return out
}
