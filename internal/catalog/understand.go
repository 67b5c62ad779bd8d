package catalog

import (
	"maps"
	"slices"
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/identity"
	"tfdrift/internal/tree"
)

// Understand says which resources an event may have touched, and how.
// Parameters that are no JSON object make drift.ErrInvalid errors.
func Understand(ev *drift.Event) (drift.Change, error) {
	change := drift.Change{Event: ev}
	rows := understood(ev)
	if len(rows) == 0 && ev.Provider == drift.GCP {
		rows = standard(ev)
	}
	change.Known = len(rows) > 0
	if !slices.ContainsFunc(rows, func(r Row) bool { return r.Effect != drift.Silent }) {
		return change, nil
	}
	call, err := newCall(ev, slices.ContainsFunc(rows, Row.readsResponse))
	if err != nil {
		return change, err
	}
	var grants []Row
	for _, row := range rows {
		if row.Effect == drift.Silent || !call.holds(row) {
			continue
		}
		if ev.Provider == drift.GCP && isGrant(row.Type) {
			grants = append(grants, row)
			continue
		}
		if row.Shape != nil {
			change.Choices = join(change.Choices, row.Shape(call, row))
			continue
		}
		change.Choices = join(change.Choices, call.targets(row))
	}
	if len(grants) > 0 {
		change.Choices = append(change.Choices, googleIAM(call, grants)...)
	}
	return change, nil
}

// join puts what another row says of the same objects beside what earlier rows
// said: the i-th choice of each is about the i-th object that the call names.
func join(choices, more []drift.Choice) []drift.Choice {
	for i, c := range more {
		if i < len(choices) {
			choices[i] = append(choices[i], c...)
		} else {
			choices = append(choices, c)
		}
	}
	return choices
}

// Call is an event with its parameters as trees, wrappers seen through.
type Call struct {
	*drift.Event
	Params   map[string]any
	Body     map[string]any // on Google Cloud: what the call writes, see [googleBody]
	Response map[string]any
	Extra    map[string]any
}

// newCall parses an event's parameters, and its response where a row reads it.
func newCall(ev *drift.Event, response bool) (Call, error) {
	call := Call{Event: ev}
	var err error
	if call.Params, err = tree.ParseObject(ev.Request); err != nil {
		return call, &BadParameters{ev, "request", err}
	}
	if call.Extra, err = tree.ParseObject(ev.Extra); err != nil {
		return call, &BadParameters{ev, "metadata", err}
	}
	if response {
		if call.Response, err = tree.ParseObject(ev.Response); err != nil {
			return call, &BadParameters{ev, "response", err}
		}
	}
	switch ev.Provider {
	case drift.AWS:
		call.Params = bare(call.Params, ev.Source)
		call.Response = bare(call.Response, ev.Source)
	case drift.GCP:
		call.Event = named(ev, call.Params)
		call.Body = googleBody(call.Event, call.Params)
	}
	return call, nil
}

// readsResponse reports whether a row may need what the call answered.
func (r Row) readsResponse() bool {
	return r.Shape != nil || r.Effect == drift.Create || strings.Contains(r.ID, "response:") || strings.Contains(string(r.Params), "response:") || strings.Contains(r.When, "response:") || strings.Contains(r.NewID, "response:") || isGrant(r.Type)
}

// bare sees through AWS's wrappers: what EC2 puts around lists and values, the
// "<Operation>Request" or "create...Input" that holds all parameters, and the
// empty members by which S3 logs the sub-resource in the URL.
func bare(params map[string]any, source string) map[string]any {
	params, _ = tree.Unwrap(params).(map[string]any)
	for k, v := range params {
		inner, ok := v.(map[string]any)
		if ok && (strings.HasSuffix(k, "Request") || strings.HasSuffix(k, "Response") || strings.HasSuffix(k, "Input")) && (len(params) == 1 || strings.HasSuffix(k, "Input")) {
			delete(params, k)
			for name, m := range inner {
				params[name] = m
			}
			break
		}
	}
	if strings.HasPrefix(source, "cloudfront") {
		withoutQuantity(params)
	}
	if strings.HasPrefix(source, "s3") {
		for k, v := range params {
			if v == "" {
				delete(params, k)
			}
		}
	}
	return params
}

// withoutQuantity takes out the lengths that CloudFront gives beside its lists.
func withoutQuantity(v any) {
	switch v := v.(type) {
	case map[string]any:
		delete(v, "quantity")
		for _, inner := range v {
			withoutQuantity(inner)
		}
	case []any:
		for _, inner := range v {
			withoutQuantity(inner)
		}
	}
}

// targets makes one target per object that the row's ID finds in the call.
func (c Call) targets(row Row) []drift.Choice {
	if row.ID == Singleton {
		target := drift.Target{Type: row.Type, Effect: row.Effect, Parent: row.Parent, Key: identity.Key(row.Source, row.Type), Rename: row.Params, Params: c.rest(row), Facts: stated(row.Sets)}
		if row.Effect == drift.Create {
			target.NewID = c.newID(row, nil)
			target.Within = c.within(row)
		}
		return []drift.Choice{{target}}
	}
	names := c.names(row)
	choices := make([]drift.Choice, 0, max(1, len(names)))
	for _, match := range names {
		target := drift.Target{Type: row.Type, Effect: row.Effect, Parent: row.Parent, Match: match, Rename: renamesOf(row), Facts: stated(row.Sets)}
		target.Key = identity.Key(c.keyService(row, match[0].Value), match[0].Value)
		target.Params = c.rest(row)
		if row.Effect == drift.Delete {
			target.NewID = c.deletedID(row, match)
		}
		if row.Effect == drift.Create {
			target.NewID = c.newID(row, match)
			if match[0].Attribute == "*" && len(names) > 1 {
				target.NewID = match[0].Value // one call made several
			}
			target.Within = c.within(row)
		}
		choices = append(choices, drift.Choice{target})
	}
	return choices
}

// deletedID is the id of what a Delete ends, where no state manages it: by NewID,
// else by the condition on the object's own name ("rest_api_id=restApiId
// *=resourceId").
func (c Call) deletedID(row Row, match []drift.Match) string {
	if row.NewID != "" {
		return c.newID(row, match)
	}
	for _, m := range match[1:] { // the first is it anyway
		if m.Attribute == "*" && match[0].Attribute != "*" {
			return m.Value
		}
	}
	return ""
}

// names evaluates a row's ID: one list of conditions per object named. A
// Create whose request does not name the object is known by its new id alone.
func (c Call) names(row Row) [][]drift.Match {
	if row.Effect == drift.Create && strings.HasPrefix(row.NewID, "response:") && strings.HasPrefix(row.ID, "*=") {
		path, _, _ := strings.Cut(row.NewID, " or ")
		if ids := c.values(row, path); len(ids) > 0 {
			all := make([][]drift.Match, len(ids))
			for i, id := range ids {
				all[i] = []drift.Match{{Attribute: "*", Value: id}}
			}
			return all
		}
	}
	var all [][]drift.Match
	first := true
	for condition := range strings.FieldsSeq(row.ID) {
		attribute, path, _ := strings.Cut(condition, "=")
		path, optional := strings.CutSuffix(path, "?")
		values := c.values(row, path)
		if len(values) == 0 && !first {
			if optional {
				continue
			}
			return nil
		}
		if first {
			first = false
			if len(values) == 0 && row.Effect == drift.Create {
				if id := c.newID(row, nil); id != "" {
					values = []string{id}
				}
			}
			all = make([][]drift.Match, 0, len(values))
			for _, v := range values {
				all = append(all, []drift.Match{{Attribute: attribute, Value: v}})
			}
			continue
		}
		for j := range all {
			all[j] = append(all[j], drift.Match{Attribute: attribute, Value: values[min(j, len(values)-1)]})
		}
	}
	return all
}

// values evaluates a path: alternatives by "|", the response by "response:",
// GCP's resourceName by "resource", a literal in quotes.
func (c Call) values(row Row, path string) []string {
	for path != "" {
		var one string
		one, path, _ = strings.Cut(path, "|")
		if found := c.value(row, one); len(found) > 0 {
			return found
		}
	}
	return nil
}

func (c Call) value(row Row, path string) []string {
	own := ""
	switch path {
	case New:
		own = c.newID(row, nil)
	case "resource":
		own = c.Resource
	case "account":
		own = c.Account
	case "region":
		own = c.Region
	case "apiVersion":
		own = c.APIVersion
	case "method":
		own = c.Name
	case "caller":
		own = c.caller()
	}
	if collection, ok := strings.CutPrefix(path, "resource:"); ok {
		name, _ := parseGoogle(c.Resource)
		own = name.after(collection)
		if own == "" {
			return nil
		}
	}
	if label, ok := strings.CutPrefix(path, "label:"); ok {
		own = c.Labels[label]
	}
	if own != "" {
		return []string{own}
	}
	if literal, ok := strings.CutPrefix(path, "'"); ok {
		return []string{strings.TrimSuffix(literal, "'")}
	}
	source := any(c.Params)
	if rest, ok := strings.CutPrefix(path, "response:"); ok {
		source, path = c.Response, rest
		if _, inner, ok := strings.Cut(rest, "."); ok && len(tree.Get(source, rest)) == 0 {
			path = inner // RDS, Redshift and ElastiCache log the object without its wrapper
		}
	}
	var texts []string
	for _, v := range tree.Get(source, path) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				if s, ok := tree.Text(e); ok && s != "" {
					texts = append(texts, s)
				}
			}
		default:
			if s, ok := tree.Text(v); ok && s != "" {
				texts = append(texts, strings.TrimPrefix(s, "/hostedzone/")) // Route 53 answers with ids by their paths
			}
		}
	}
	return texts
}

// keyService is the service whose object a name is: the event's own, or, where
// a general service tags by ARN, the ARN's.
func (c Call) keyService(row Row, name string) string {
	if row.Source == "tagging" {
		if arn, ok := identity.ParseARN(name); ok {
			return arn.Service
		}
	}
	return row.Source
}

// caller is "service" where an AWS service called of itself, and not, as
// CloudFormation does, on somebody's behalf.
func (c Call) caller() string {
	linked := func(name string) bool { return strings.Contains(name, "AWSServiceRoleFor") }
	domain, ok := strings.CutSuffix(c.Actor.SourceIP, ".amazonaws.com")
	if c.Actor.Type == "AWSService" || slices.ContainsFunc(c.Actor.Names, linked) || ok && domain != "cloudformation" {
		return "service"
	}
	return ""
}

// rest is the parameters that say how the object is now: without those that
// name it, with what Params and Pairs of the row find deeper in the call.
func (c Call) rest(row Row) map[string]any {
	if c.Provider == drift.GCP {
		return c.Body
	}
	rest := make(map[string]any, len(c.Params))
	for k, v := range c.Params {
		rest[k] = v
	}
	for condition := range strings.FieldsSeq(row.ID) {
		_, paths, _ := strings.Cut(condition, "=")
		for path := range strings.SplitSeq(paths, "|") {
			if i := strings.IndexAny(path, ".["); i >= 0 && strings.Contains(string(row.Params), path[:i+1]) {
				continue // it holds parameters beside the name
			}
			without(rest, strings.TrimSuffix(path, "?"))
		}
	}
	for pair := range strings.FieldsSeq(string(row.Params)) {
		path, attribute, _ := strings.Cut(pair, "=")
		switch answer, ok := strings.CutPrefix(path, "response:"); {
		case ok:
			if v := tree.Get(c.Response, answer); len(v) > 0 {
				drop(rest, attribute)
				rest[path] = v[0]
			}
		case strings.Contains(path, "[]."):
			top := path[:strings.Index(path, "[].")]
			if v, given := tree.Member(c.Params, top); given {
				if list, _ := v.([]any); len(list) == 0 && v != nil && !isObject(v) {
					continue
				}
				drop(rest, top)
				rest[path] = append([]any{}, tree.Get(c.Params, path)...)
			}
		}
	}
	if row.Pairs != "" {
		c.unpair(rest, row.Pairs)
	}
	return rest
}

func isObject(v any) bool {
	switch v.(type) {
	case map[string]any, []any:
		return true
	}
	return false
}

// unpair makes parameters of the names and values that a request holds beside
// each other.
func (c Call) unpair(params map[string]any, pairs string) {
	path, value, _ := strings.Cut(pairs, "=")
	top, name, inList := strings.Cut(path, "[].")
	objects := []any{c.Params}
	if inList {
		objects = list(c.Params, top)
		drop(params, top)
	} else {
		name = path
	}
	for _, o := range objects {
		key := tree.GetString(o, name)
		if key == "" {
			continue
		}
		if !inList {
			drop(params, name)
			drop(params, value)
		}
		params[key] = first(tree.Get(o, value))
	}
}

func drop(params map[string]any, name string) {
	for k := range params {
		if tree.SameName(k, name) {
			delete(params, k)
		}
	}
}

// without takes what stands at path out of an object; a list that a path goes
// through is taken out as a whole.
func without(object map[string]any, path string) {
	name, inner, nested := strings.Cut(path, ".")
	name, _, list := strings.Cut(name, "[")
	for k, v := range object {
		if !tree.SameName(k, name) {
			continue
		}
		wrapped, ok := v.(map[string]any)
		if !ok || !nested || list {
			delete(object, k)
			continue
		}
		wrapped = maps.Clone(wrapped)
		without(wrapped, inner)
		object[k] = wrapped
	}
}

// stated reads a row's Sets.
func stated(sets string) []drift.Fact {
	var facts []drift.Fact
	for pair := range strings.FieldsSeq(sets) {
		attribute, literal, _ := strings.Cut(pair, "=")
		if literal == "?" {
			facts = append(facts, drift.Fact{Attribute: attribute, Op: drift.OpSet, Unknown: true})
			continue
		}
		v, err := tree.Parse([]byte(literal))
		if err != nil {
			continue // no row is like that, says TestEveryRowIsWellFormed
		}
		path := strings.Split(attribute, ".")
		op := drift.OpSet
		for _, field := range slices.Backward(path[1:]) {
			v, op = map[string]any{field: v}, drift.OpMerge
		}
		facts = append(facts, drift.Fact{Attribute: path[0], Op: op, Value: v})
	}
	return facts
}

// newID is the id that Terraform would store for what a Create made: the first
// of the row's alternatives that the event completes.
func (c Call) newID(row Row, match []drift.Match) string {
	for template := range strings.SplitSeq(row.NewID, " or ") {
		switch {
		case template == Restored:
			return ""
		case strings.HasPrefix(template, "{resource}/"):
			if below, ok := c.fill(row, template[len("{resource}/"):]); ok {
				return Below(c.Resource, below)
			}
		case strings.Contains(template, "{"):
			if id, ok := c.fill(row, template); ok {
				return id
			}
		case template != "":
			if v := c.values(row, template); len(v) > 0 {
				return v[0]
			}
		}
	}
	if len(match) > 0 {
		return match[0].Value
	}
	return ""
}

// fill replaces each {path} of a template.
func (c Call) fill(row Row, template string) (string, bool) {
	var b strings.Builder
	for {
		literal, rest, found := strings.Cut(template, "{")
		b.WriteString(literal)
		if !found {
			return b.String(), true
		}
		path, after, _ := strings.Cut(rest, "}")
		template = after
		v := c.values(row, path)
		if len(v) == 0 {
			return "", false
		}
		if c.Provider == drift.GCP && path != "resource" {
			v[0] = identity.Short(v[0]) // Google names things by their paths
		}
		b.WriteString(v[0])
	}
}

// within evaluates the parent that a part needs.
func (c Call) within(row Row) *drift.Within {
	if row.Within == "" {
		return nil
	}
	if row.Within == "project" {
		return &drift.Within{}
	}
	typ, condition, _ := strings.Cut(row.Within, " ")
	attribute, path, _ := strings.Cut(condition, "=")
	v := c.values(row, path)
	if len(v) == 0 {
		return &drift.Within{Type: typ} // the call does not name it: nothing is managed there
	}
	return &drift.Within{Type: typ, Key: identity.Key(row.Source, v[0]), Match: []drift.Match{{Attribute: attribute, Value: v[0]}}}
}

// holds evaluates a row's When.
func (c Call) holds(row Row) bool {
	for condition := range strings.FieldsSeq(row.When) {
		path, want, _ := strings.Cut(condition, "=")
		path, not := strings.CutSuffix(path, "!")
		values := c.values(row, path)
		is := len(values) == 0 // "path=": none
		if want != "" {
			is = slices.ContainsFunc(values, func(v string) bool { return isOneOf(v, want) })
		}
		if is == not {
			return false
		}
	}
	return true
}

// isOneOf reports whether a value is one of the alternatives, which may end in
// * for any rest.
func isOneOf(v, alternatives string) bool {
	for want := range strings.SplitSeq(alternatives, "|") {
		stem, prefix := strings.CutSuffix(want, "*")
		if strings.EqualFold(v, want) || prefix && len(v) >= len(stem) && strings.EqualFold(v[:len(stem)], stem) {
			return true
		}
	}
	return false
}

// Meant reports whether an entry is the one that a target means: of its type,
// all conditions holding. Provider, account and region are compared where the
// entry shows them.
func Meant(t *drift.Target, ev *drift.Event, e *drift.Entry) bool {
	if t.Type != "" && t.Type != e.Type || !inScope(ev, e) {
		return false
	}
	if ev.Provider == drift.GCP {
		return matchesGoogle(t.Match, e)
	}
	return matches(t.Match, e)
}

func matches(conditions []drift.Match, e *drift.Entry) bool {
	for _, m := range conditions {
		if !matchesOne(m, e) {
			return false
		}
	}
	return true
}

func matchesOne(m drift.Match, e *drift.Entry) bool {
	if m.Attribute == "*" {
		for name := range Names(e) {
			if identity.Same(name, m.Value) {
				return true
			}
		}
		return false
	}
	for attribute := range strings.SplitSeq(m.Attribute, "|") {
		v := e.Attributes[attribute]
		if strings.Contains(attribute, ".") { // of a block
			v = tree.Get(e.Attributes, attribute)
		}
		if identity.Matches(v, m.Value) {
			return true
		}
	}
	return false
}

// Parent reports whether an entry is the parent that a part is within.
func Parent(w *drift.Within, ev *drift.Event, e *drift.Entry) bool {
	if w.Type != e.Type || !inScope(ev, e) {
		return false
	}
	if ev.Provider == drift.GCP {
		return matchesGoogle(w.Match, e)
	}
	return matches(w.Match, e)
}

// inScope compares provider, account and region where both sides show them. An
// ARN in the event's names was compared with the entry's already.
func inScope(ev *drift.Event, e *drift.Entry) bool {
	if ev.Provider != e.Provider {
		return false
	}
	if ev.Account != "" && e.Account != "" && ev.Account != e.Account && e.Account != "aws" && !projectNumber(ev.Account) && !projectNumber(e.Account) {
		return false
	}
	if ev.Provider == drift.GCP || ev.Region == "" || e.Region == "" {
		return true
	}
	return ev.Region == e.Region || globalService(ev.Source)
}

func projectNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == "" && len(s) != 12
}

// globalService names the services whose calls are all logged in us-east-1,
// wherever the object is (CloudTrail User Guide, "Global service events").
func globalService(source string) bool {
	switch strings.TrimSuffix(source, ".amazonaws.com") {
	case "iam", "sts", "cloudfront", "route53", "route53domains", "organizations", "waf", "shield", "globalaccelerator", "account", "budgets", "ce", "support", "health", "networkmanager", "artifact":
		return true
	}
	return false
}
