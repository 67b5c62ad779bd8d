package event

import (
	"encoding/json"
	"slices"
	"strconv"

	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// Audit entries larger than Cloud Logging takes arrive split ("Split audit log
// entries"): every part has all but the payload's request, response and
// metadata, whose members, list elements and even strings are spread over the
// parts. A Reader joins them. Where a part is missing, as it always is for a
// function that gets one part an invocation, the first part is an event whose
// parameters are [drift.Event.Omitted], and the others are silent.
type parts struct {
	groups []*group // the oldest first
	size   int      // bytes held
}

type group struct {
	uid   string
	total int
	parts map[int]*drift.Event
	size  int
}

// add keeps a part and returns the whole event when it was the last one
// missing, and what had to be given up for space.
func (p *parts) add(e *drift.Event, split []byte) []*drift.Event {
	uid := text(member(split, "uid"))
	index, _ := strconv.Atoi(text(member(split, "index"))) // 0 is left out, as proto3 has it
	total, _ := strconv.Atoi(text(member(split, "totalSplits")))
	if total <= 1 {
		return []*drift.Event{e}
	}
	i := slices.IndexFunc(p.groups, func(g *group) bool { return g.uid == uid })
	if i < 0 {
		i = len(p.groups)
		p.groups = append(p.groups, &group{uid: uid, total: total, parts: map[int]*drift.Event{}})
	}
	g := p.groups[i]
	if _, again := g.parts[index]; again {
		return nil // delivered twice
	}
	size := len(e.Request) + len(e.Response) + len(e.Extra)
	g.parts[index] = e
	g.size += size
	p.size += size
	if len(g.parts) == g.total {
		p.remove(i)
		return []*drift.Event{g.join()}
	}
	var out []*drift.Event
	for p.size > MaxDocument {
		out = append(out, p.groups[0].cut())
		p.remove(0)
	}
	return out
}

func (p *parts) remove(i int) {
	p.size -= p.groups[i].size
	p.groups = slices.Delete(p.groups, i, i+1)
}

// flush returns what the parts of incomplete entries are good for.
func (p *parts) flush() []*drift.Event {
	var out []*drift.Event
	for _, g := range p.groups {
		out = append(out, g.cut())
	}
	p.groups, p.size = nil, 0
	return out
}

func (g *group) indexes() []int {
	indexes := make([]int, 0, len(g.parts))
	for i := range g.parts {
		indexes = append(indexes, i)
	}
	slices.Sort(indexes)
	return indexes
}

// cut is the event of an entry of which parts are missing.
func (g *group) cut() *drift.Event {
	first := g.indexes()[0]
	e := g.parts[first]
	e.Omitted = true
	if first != 0 && e.Silent == "" {
		e.Silent = drift.SilentNotACall // the first part stands for the call
	}
	return e
}

// join is the event of an entry of which all parts are there.
func (g *group) join() *drift.Event {
	indexes := g.indexes()
	whole := g.parts[indexes[0]]
	var request, response, extra any
	for _, i := range indexes {
		part := g.parts[i]
		for _, body := range []struct {
			raw  json.RawMessage
			into *any
		}{{part.Request, &request}, {part.Response, &response}, {part.Extra, &extra}} {
			v, err := tree.ParseObject(body.raw)
			if err != nil {
				return g.cut()
			}
			if v != nil {
				*body.into = joined(*body.into, v)
			}
		}
	}
	whole.Request, whole.Response, whole.Extra = raw(request), raw(response), raw(extra)
	return whole
}

func raw(v any) json.RawMessage {
	if v == nil {
		return nil
	}
	return tree.Canonical(v)
}

// joined puts two parts of a value together: strings end to end, lists element
// by element (a later part keeps places with empty ones), objects member by member.
func joined(a, b any) any {
	if a == nil {
		return b
	}
	switch a := a.(type) {
	case string:
		if b, ok := b.(string); ok {
			return a + b
		}
	case []any:
		if b, ok := b.([]any); ok {
			for i, v := range b {
				if i < len(a) {
					a[i] = joined(a[i], v)
				} else {
					a = append(a, v)
				}
			}
			return a
		}
	case map[string]any:
		if b, ok := b.(map[string]any); ok {
			for k, v := range b {
				// A part may repeat the type of what it is a part of.
				if k == "@type" && a[k] != nil {
					continue
				}
				a[k] = joined(a[k], v)
			}
			return a
		}
	}
	return a
}
