package catalog

import (
	"maps"
	"slices"
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/identity"
	"tfdrift/internal/tree"
)

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
// "<Operation>Request" that holds all parameters, the "...Input"s that hold some
// (API Gateway's updateStageInput, Glue's tableInput), and the empty members by
// which S3 logs the sub-resource in the URL.
func bare(params map[string]any, source string) map[string]any {
	params, _ = tree.Unwrap(params).(map[string]any)
	sole := len(params) == 1
	for _, k := range tree.Keys(params) {
		inner, ok := params[k].(map[string]any)
		if ok && (strings.HasSuffix(k, "Input") || sole && (strings.HasSuffix(k, "Request") || strings.HasSuffix(k, "Response"))) {
			delete(params, k)
			maps.Copy(params, inner)
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
		v := tree.Get(o, value)
		if !inList {
			drop(params, name)
			if len(v) == 0 {
				continue // the value stands under its own name
			}
			drop(params, value)
		}
		params[key] = first(v)
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
