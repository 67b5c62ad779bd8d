package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tfdrift/internal/catalog"
	"tfdrift/internal/compare"
	"tfdrift/internal/drift"
	"tfdrift/internal/facts"
	"tfdrift/internal/tree"
)

// verdict says what becomes of a parameter, of several types the best.
type verdict int

const (
	unmatched  verdict = iota
	irrelevant         // known to be no attribute
	identity           // names the resource, or what it is in
	byOverride         // a rename, a pair or a shape knows its attribute
	byState            // its name tells the attribute of the state
)

// measured is what becomes of the parameters of one operation, by the paths that
// compare decided on.
type measured struct {
	request
	verdicts map[string]verdict
}

// measure lays a request with all its members onto skeletons of every type that
// the operation touches, by the code that judges events. ok is false where no
// type's row made anything of it.
func measure(r request, rows []catalog.Row, entries map[string]*drift.Entry) (m measured, ok bool) {
	r.members = body(r)
	m = measured{r, map[string]verdict{}}
	for _, row := range rows {
		switch {
		case row.Effect == drift.Delete, row.Effect == drift.Silent && row.Shape == nil:
		case strings.Contains(row.Type, "_iam_") && r.provider == drift.GCP: // a policy is read by code of its own
		default:
			ok = m.row(row, entries) || ok
		}
	}
	m.resolve()
	for _, one := range r.members {
		if (one.kind == "%" || one.name == "patchOperations") && m.verdicts[one.name] == unmatched { // its keys or paths may be attributes, and no model tells them
			delete(m.verdicts, one.name)
		}
	}
	return m, ok
}

func (m *measured) row(row catalog.Row, entries map[string]*drift.Entry) bool {
	call := newCall(m.request, row)
	targets := call.targets(row, call.params)
	found := false
	for _, t := range targets {
		entry := entries[t.Type]
		if entry == nil || t.Effect == drift.Delete {
			continue
		}
		found = true
		taken := map[string]bool{}
		if t.Tell == nil {
			compare.Trace(&t, entry, func(d compare.Decision) {
				if strings.HasPrefix(d.Path, "response:") {
					return
				}
				top, rest := cutTop(d.Path)
				name := call.memberOf(top)
				taken[name] = true
				if name != "" {
					m.note(name+rest, verdictOf(d))
				}
			})
		}
		for _, one := range m.members {
			if taken[one.name] {
				continue
			}
			switch {
			case row.Shape != nil || t.Tell != nil:
				m.note(one.name, call.matters(row, one, entries))
			case call.names(one):
				m.note(one.name, identity)
			case m.provider == drift.GCP: // googleBody knows it as a name, or as what stands around the resource
				m.note(one.name, identity)
			default: // the row reads it: a pair, or what the answer says it came to
				m.note(one.name, byOverride)
			}
		}
	}
	return found
}

func verdictOf(d compare.Decision) verdict {
	switch {
	case d.Attribute == "":
		return unmatched
	case d.Attribute == "-":
		return irrelevant
	case d.Renamed:
		return byOverride
	}
	return byState
}

func (m *measured) note(path string, v verdict) {
	if have, ok := m.verdicts[path]; !ok || v > have {
		m.verdicts[path] = v
	}
}

// resolve keeps one level of each member: where it was seen through for one type
// and taken whole for another, or for none, the level at which it was matched.
func (m *measured) resolve() {
	for _, path := range slices.Sorted(maps.Keys(m.verdicts)) { // wrappers before what they hold
		v, there := m.verdicts[path]
		if !there {
			continue
		}
		var below []string
		for other := range m.verdicts {
			if rest, ok := strings.CutPrefix(other, path); ok && rest != "" && strings.ContainsAny(rest[:1], ".[") {
				below = append(below, other)
			}
		}
		if v <= irrelevant && slices.ContainsFunc(below, func(p string) bool { return m.verdicts[p] > irrelevant }) {
			delete(m.verdicts, path)
			continue
		}
		for _, other := range below {
			if m.verdicts[other] <= irrelevant {
				delete(m.verdicts, other)
			}
		}
	}
}

// call is a request as an event has it, made so that a row's conditions hold.
type call struct {
	request
	event    drift.Event
	params   map[string]any
	response map[string]any
	spelled  map[string]string // name in the log, folded → member
	naming   map[string]bool   // members by which the row finds the resource
}

func newCall(r request, row catalog.Row) *call {
	c := &call{request: r, params: map[string]any{}, response: map[string]any{}, spelled: map[string]string{}, naming: map[string]bool{}}
	for _, m := range r.members {
		for _, name := range spellings(r, m) {
			if _, ok := c.spelled[facts.Fold(name)]; !ok {
				c.spelled[facts.Fold(name)] = m.name
				c.params[name] = m.given()
			}
		}
	}
	resource := "projects/" + text
	for _, template := range append(strings.Fields(row.ID), strings.Fields(row.Within)...) {
		_, paths, isCondition := strings.Cut(template, "=")
		if !isCondition {
			continue
		}
		c.reach(paths, true)
		for path := range strings.SplitSeq(paths, "|") {
			if collection, ok := strings.CutPrefix(strings.TrimSuffix(path, "?"), "resource:"); ok && collection != "project" && collection != "location" {
				resource += "/" + collection + "/" + text
			}
		}
	}
	c.templates(row.NewID)
	for condition := range strings.FieldsSeq(row.When) {
		path, want, _ := strings.Cut(condition, "=")
		path, not := strings.CutSuffix(path, "!")
		switch {
		case path == "caller" || path == "method" || strings.HasPrefix(path, "resource") || not && want != "":
		case not && want == "":
			c.reach(path, false)
		case not:
			c.set(path, text)
		case want == "":
			for one := range strings.SplitSeq(path, "|") {
				without(c.params, one)
			}
		default:
			first, _, _ := strings.Cut(want, "|")
			c.set(path, strings.Replace(first, "*", "1", 1))
		}
	}
	for pair := range strings.FieldsSeq(string(row.Params)) {
		path, _, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(path, "response:") {
			c.reach(path, false)
		} else if top, _ := cutTop(path); c.memberOf(top) == "" {
			c.alias(path)
		}
	}
	c.event = drift.Event{
		ID: text, Provider: r.provider, Source: r.source, Name: r.event, Account: "123456789012", Region: "us-east-1",
		Resource: resource + "/locations/" + text + "/things/" + text, Labels: map[string]string{},
	}
	for path := range strings.FieldsFuncSeq(row.ID, func(r rune) bool { return r == ' ' || r == '=' || r == '|' || r == '?' }) {
		if label, ok := strings.CutPrefix(path, "label:"); ok {
			c.event.Labels[label] = text
		}
	}
	return c
}

// spellings are the names by which a log may have a member.
func spellings(r request, m member) []string {
	names := []string{m.logged()}
	if m.wire != "" {
		names = append(names, lowerFirst(m.wire))
	}
	if r.source == "s3" && m.name == "Bucket" {
		names = append(names, "bucketName")
	}
	return names
}

// templates reaches the paths in braces of a new id.
func (c *call) templates(id string) {
	for template := range strings.SplitSeq(id, " or ") {
		if !strings.Contains(template, "{") {
			if strings.HasPrefix(template, "response:") {
				c.reach(template, false)
			}
			continue
		}
		for part := range strings.SplitSeq(template, "{") {
			if path, _, ok := strings.Cut(part, "}"); ok {
				c.reach(path, true)
			}
		}
	}
}

// reach sees to it that the first of some alternatives is there; naming members
// are remembered, all alternatives of them.
func (c *call) reach(paths string, naming bool) {
	reached := false
	for path := range strings.SplitSeq(paths, "|") {
		path = strings.TrimSuffix(path, "?")
		if strings.ContainsAny(path, "':") && !strings.HasPrefix(path, "response:") || slices.Contains([]string{"resource", "account", "region", "apiVersion", "method", catalog.New}, path) {
			continue
		}
		if rest, ok := strings.CutPrefix(path, "response:"); ok {
			if len(tree.Get(c.response, rest)) == 0 {
				set(c.response, rest, text)
			}
			continue
		}
		top, _ := cutTop(path)
		if c.memberOf(top) == "" {
			c.alias(path)
		}
		if naming {
			c.naming[c.memberOf(top)] = true
		}
		if c.memberOf(top) != "" && len(tree.Get(c.params, path)) > 0 {
			reached = true
		}
	}
	if first, _, _ := strings.Cut(paths, "|"); !reached && !strings.ContainsAny(first, "':?") {
		c.set(first, text)
	}
}

// alias takes a member that the log spells in a way of its own (EC2's
// instancesSet[].instanceId) for the one that the wire calls so.
func (c *call) alias(path string) {
	if c.provider == drift.GCP {
		return // the path is one in the request around the body
	}
	top, _ := cutTop(path)
	last := facts.Fold(path[strings.LastIndexByte(path, '.')+1:])
	for _, m := range c.members {
		if last != facts.Fold(top) && (facts.Fold(m.wire) == last || facts.Fold(m.name) == last || facts.Fold(m.name) == last+"s") || m.kind == "[]" && facts.Fold(m.name)+"set" == facts.Fold(top) {
			for k := range c.params {
				if c.memberOf(k) == m.name {
					delete(c.params, k)
				}
			}
			c.spelled[facts.Fold(top)] = m.name
			set(c.params, path, text)
			return
		}
	}
}

func (c *call) set(path, value string) {
	if rest, ok := strings.CutPrefix(path, "response:"); ok {
		set(c.response, rest, value)
		return
	}
	first, _, _ := strings.Cut(path, "|")
	set(c.params, first, value)
}

// set puts a value at a path, making what is missing on the way.
func set(object map[string]any, path, value string) {
	name, rest, nested := strings.Cut(path, ".")
	name, _, list := strings.Cut(name, "[")
	for k := range object {
		if tree.SameName(k, name) {
			name = k
		}
	}
	if !nested && !list {
		object[name] = value
		return
	}
	if !nested {
		object[name] = []any{value}
		return
	}
	inner := map[string]any{}
	switch have := object[name].(type) {
	case map[string]any:
		inner = have
	case []any:
		if one, ok := have[0].(map[string]any); ok {
			inner = one
		}
		list = true
	}
	set(inner, rest, value)
	object[name] = inner
	if list {
		object[name] = []any{inner}
	}
}

func without(object map[string]any, path string) {
	name, rest, nested := strings.Cut(path, ".")
	for k, v := range object {
		if !tree.SameName(k, name) {
			continue
		}
		if inner, ok := v.(map[string]any); ok && nested {
			without(inner, rest)
			continue
		}
		delete(object, k)
	}
}

func (c *call) memberOf(logged string) string { return c.spelled[facts.Fold(logged)] }

// names reports whether a row finds the resource by a member.
func (c *call) names(m member) bool { return c.naming[m.name] }

// targets are what the catalog makes of the call for a row.
func (c *call) targets(row catalog.Row, params map[string]any) (targets []drift.Target) {
	ev := c.event
	request := params
	if ev.Provider == drift.GCP {
		request = c.wrapped(params)
	}
	ev.Request, _ = json.Marshal(request)
	ev.Response, _ = json.Marshal(c.response)
	change, err := catalog.Understand(&ev)
	if err != nil {
		panic(fmt.Sprintf("%s %s: a request made here is not understood: %v", ev.Source, ev.Name, err))
	}
	for _, choice := range change.Choices {
		for _, t := range choice {
			if t.Type == row.Type || row.Type == "" {
				targets = append(targets, t)
			}
		}
	}
	return targets
}

// body is what a request of Google's standard methods writes: the member named
// after the resource, where it has one.
func body(r request) []member {
	for _, verb := range []string{"Create", "Update"} {
		noun, ok := strings.CutPrefix(r.event, verb)
		if !ok || r.provider != drift.GCP {
			continue
		}
		for _, m := range r.members {
			if m.kind == "{}" && tree.SameName(m.name, noun) {
				return m.members
			}
		}
	}
	return r.members
}

// wrapped is a body as gRPC requests of Google's standard methods have it, below
// the resource's noun, beside what the row reads of the rest.
func (c *call) wrapped(params map[string]any) map[string]any {
	for _, verb := range []string{"Create", "Update"} {
		noun, ok := strings.CutPrefix(c.request.event, verb)
		if !ok || noun == "" || strings.Contains(noun, ".") {
			continue
		}
		body, request := map[string]any{}, map[string]any{}
		for k, v := range params {
			if c.memberOf(k) != "" {
				body[k] = v
			} else {
				request[k] = v
			}
		}
		if len(body) > 0 {
			request[lowerFirst(noun)] = body
		}
		return request
	}
	return params
}

// matters finds what a member is to a shape: what comes out with it and without.
func (c *call) matters(row catalog.Row, m member, entries map[string]*drift.Entry) verdict {
	with, less := c.params, maps.Clone(c.params)
	alone, none := map[string]any{}, map[string]any{}
	for k, v := range c.params {
		switch name := c.memberOf(k); {
		case name == m.name:
			delete(less, k)
			alone[k] = v
		case c.naming[name] || nameLike(name):
			alone[k], none[k] = v, v
		}
	}
	whose, what := c.outcome(row, with, entries)
	whoseLess, whatLess := c.outcome(row, less, entries)
	whoseAlone, whatAlone := c.outcome(row, alone, entries)
	whoseNone, whatNone := c.outcome(row, none, entries)
	switch {
	case whose != whoseLess || whoseAlone != whoseNone:
		if c.naming[m.name] || nameLike(m.name) {
			return identity
		}
		return byOverride // without it nothing is said of anything
	case what != whatLess || whatAlone != whatNone:
		return byOverride
	}
	v := unmatched
	if row.Effect != drift.Silent && c.provider == drift.GCP && nameLike(m.name) { // the resource's name has it
		v = identity
	}
	compare.Trace(&drift.Target{Params: map[string]any{m.logged(): m.given()}}, &drift.Entry{}, func(d compare.Decision) { v = max(v, verdictOf(d)) })
	return v
}

func nameLike(name string) bool {
	lower := strings.ToLower(name)
	return slices.Contains([]string{"project", "zone", "region", "location"}, lower) || strings.HasSuffix(lower, "id") || strings.HasSuffix(lower, "arn") || strings.HasSuffix(lower, "name") || strings.HasSuffix(lower, "identifier")
}

// outcome is which resources a call means, and what it says of each.
func (c *call) outcome(row catalog.Row, params map[string]any, entries map[string]*drift.Entry) (whose, what string) {
	var names, facts []any
	for _, t := range c.targets(row, params) {
		names = append(names, t.Type, t.Match)
		facts = append(facts, t.Type, t.Effect, t.Facts)
		entry := entries[t.Type]
		switch {
		case entry == nil:
		case t.Tell != nil:
			effect, told := t.Tell(entry)
			facts = append(facts, effect, told)
		default:
			facts = append(facts, compare.Match(&t, entry).Facts)
		}
	}
	return fmt.Sprint(names), fmt.Sprint(facts)
}

// cutTop splits a path after its first member: "filters[].name" is of filters.
func cutTop(path string) (top, rest string) {
	end := strings.IndexAny(path, ".[")
	if end < 0 {
		return path, ""
	}
	return path[:end], path[end:]
}
