package event

import (
	"errors"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"tfdrift/internal/drift"
)

// Documents yields the documents of a payload in any framing, plain or gzip, as
// they stand there, and a [*DocumentError] for each that cannot be read. What is
// yielded is part of the payload, or of what it unpacks to.
func Documents(payload []byte) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		x := expander{}
		x.reset()
		if isGzip(payload) {
			unpacked, err := x.unpack(payload)
			if err != nil {
				yield(nil, &DocumentError{Line: 1, Err: err})
				return
			}
			payload = unpacked
		}
		for frames := framerOf(payload); ; {
			doc, err := frames.next()
			if err == io.EOF {
				return
			}
			if broken := (*DocumentError)(nil); err != nil && !errors.As(err, &broken) {
				err = &DocumentError{Line: doc.line, Offset: doc.offset, Err: err}
			}
			if !yield(doc.raw, err) {
				return
			}
		}
	}
}

// Alert is what tells of a Falco alert without its record being read: which rule
// fired, on what, and which calls it is about.
type Alert struct {
	Rule, Source string // "Terraform resource changed", "aws_cloudtrail"
	Calls        []Call // none: it is not about a call of ours
}

// Call is an operation as an event names it.
type Call struct {
	Provider     drift.Provider
	Source, Name string // "ec2.amazonaws.com", "StopInstances"
}

// ReadAlert reads a Falco alert, of a document that is valid JSON, and reports
// whether it is one. Only an alert without the fields that name the call is
// decoded in full.
func ReadAlert(doc []byte) (a Alert, ok bool) {
	var fields []byte
	var priority bool
	for name, v := range members(doc) {
		switch string(name) {
		case "rule":
			a.Rule = text(v)
		case "source":
			a.Source = text(v)
		case "priority":
			priority = true
		case "output_fields":
			fields = v
		}
	}
	if !isObject(fields) || a.Rule == "" && !priority {
		return Alert{}, false
	}
	trail, audit := Call{Provider: drift.AWS}, Call{Provider: drift.GCP}
	for name, v := range members(fields) {
		switch string(name) {
		case "ct.name":
			trail.Name = given(v)
		case "ct.src":
			trail.Source = given(v)
		case "ct.shortsrc":
			if trail.Source == "" {
				trail.Source = given(v)
			}
		case "gcp.methodName":
			audit.Name = given(v)
		case "gcp.serviceName":
			audit.Source = given(v)
		}
	}
	for _, c := range [...]Call{trail, audit} {
		if c.Source != "" && c.Name != "" {
			a.Calls = append(a.Calls, c)
		}
	}
	if len(a.Calls) > 0 {
		return a, true
	}
	events, _ := Decode(doc)
	for _, e := range events {
		a.Calls = append(a.Calls, Call{e.Provider, e.Source, e.Name})
	}
	return a, true
}

// given is a field's text, "" where Falco had none.
func given(v []byte) string {
	if s := text(v); s != "<NA>" {
		return s
	}
	return ""
}

// ShrinkAlert returns an alert of at most a number of bytes, and what was left
// out for that. What decoding does not read goes first, then whole fields that it
// could do without: a value is never cut, and a request left out makes the
// event's parameters [drift.Event.Omitted]. Not ok: it stays too large.
func ShrinkAlert(doc []byte, most int) (shrunk []byte, without []string, ok bool) {
	if len(doc) <= most {
		return doc, nil, true
	}
	var head, fields []named
	for name, v := range members(doc) {
		switch string(name) {
		case "rule", "priority", "source", "time":
			head = append(head, named{string(name), v})
		case "output_fields":
		default:
			without = append(without, string(name))
		}
	}
	var record string // the field that carries the record
	var call bool     // other fields tell it too
	for name, v := range members(member(doc, "output_fields")) {
		n := string(name)
		whole := record == "" && (&expander{parts: &parts{}, budget: maxExpansion}).falcoRecord(v, 0)
		if whole {
			record = n
		} else if !isRead(n) {
			without = append(without, n)
			continue
		}
		call = call || n == "ct.name" || n == "gcp.methodName"
		fields = append(fields, named{n, v})
	}
	steps := [][]string{nil, {record}, {"ct.response"}, {"ct.request", "gcp.request"}}
	if record != "" && !call { // nothing else tells what the record does
		steps = [][]string{nil}
	}
	for _, leave := range steps {
		fields = slices.DeleteFunc(fields, func(f named) bool {
			goes := slices.Contains(leave, f.name)
			if goes {
				without = append(without, f.name)
			}
			return goes
		})
		inner := appendObject(nil, fields)
		if shrunk = appendObject(nil, append(slices.Clip(head), named{"output_fields", inner})); len(shrunk) <= most {
			return shrunk, without, true
		}
	}
	return nil, without, false
}

// named is a member of an object.
type named struct {
	name  string
	value []byte
}

func appendObject(out []byte, all []named) []byte {
	out = append(out, '{')
	for i, m := range all {
		if i > 0 {
			out = append(out, ',')
		}
		out, _ = jsontext.AppendQuote(out, m.name)
		out = append(append(out, ':'), m.value...)
	}
	return append(out, '}')
}

// isRead reports whether decoding an alert reads a field.
func isRead(field string) bool {
	switch field {
	case "ct.shortsrc", "ct.user", "ct.request", "gcp.policyDelta":
		return true
	}
	if strings.HasPrefix(field, "json.value[") || strings.HasPrefix(field, "jevt.value[") {
		return true
	}
	for _, table := range [...][]fieldPath{trailFields[:], requestFields[:], auditFields[:]} {
		if slices.ContainsFunc(table, func(f fieldPath) bool { return f.field == field }) {
			return true
		}
	}
	return false
}
