package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// diff is one changed attribute as the page of a finding shows it.
type diff struct {
	Name  string
	Op    drift.Op
	Note  string // in place of values that are not shown, why
	Lines []line
}

// side says of which value a line of a diff is.
type side string

const (
	both   side = "both"
	gone   side = "gone"
	come   side = "come"
	folded side = "folded" // lines that are left out
)

// line is one line of a diff.
type line struct {
	Side   side
	Indent string
	Text   []span
}

// span is a part of a line; hot is what differs in it.
type span struct {
	Text string
	Hot  bool
}

// Sign is what stands before a line, so that no colour need be seen.
func (l line) Sign() string {
	return map[side]string{gone: "-", come: "+", both: " ", folded: " "}[l.Side]
}

// Bounds of a diff.
const (
	maxLines  = 400    // shown of one attribute
	maxDrawn  = 20_000 // made of one attribute, before what is alike is folded
	maxWide   = 400    // characters of a line
	maxInline = 72     // characters of a list or object that stays on one line
	around    = 3      // lines that stay around a difference
	maxIndent = 40     // levels
)

// diffOf shows one attribute: documents with what differs in them, texts line
// by line.
func diffOf(a drift.Attribute) diff {
	d := diff{Name: clip(a.Name, maxLeaf), Op: a.Op}
	var c canvas
	before, after := opened(a.Before), opened(a.After)
	switch {
	case a.Sensitive:
		d.Note = sensitiveNote
	case a.Unknown:
		d.Note = unknownNote
	case a.Op == drift.OpAdd:
		c.value(come, 0, "", after, "")
	case a.Op == drift.OpRemove:
		c.value(gone, 0, "", before, "")
	default:
		c.differ(0, "", before, after, "")
	}
	d.Lines = fold(c.lines)
	if c.full || len(d.Lines) > maxLines {
		d.Lines = append(d.Lines[:min(len(d.Lines), maxLines)], line{Side: folded, Text: []span{{Text: "… the rest is in the JSON"}}})
	}
	return d
}

// canvas is drawn upon, line by line, until it is full.
type canvas struct {
	lines []line
	full  bool
}

func (c *canvas) add(s side, level int, text ...span) {
	if len(c.lines) >= maxDrawn {
		c.full = true
	}
	if c.full {
		return
	}
	for i := range text {
		text[i].Text = clip(text[i].Text, maxWide)
	}
	c.lines = append(c.lines, line{s, strings.Repeat("  ", min(level, maxIndent)), text})
}

// value draws all of a value on one side.
func (c *canvas) value(s side, level int, prefix string, v any, suffix string) {
	if c.full {
		return
	}
	if level > 0 {
		v = opened(v)
	}
	if text, ok := v.(string); ok && level == 0 && strings.Contains(text, "\n") {
		for l := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
			if c.full {
				return
			}
			c.add(s, 0, span{Text: l})
		}
		return
	}
	if isScalar(v) || level > 0 && isShort(v) || level > maxIndent {
		c.add(s, level, span{Text: prefix + inline(v) + suffix})
		return
	}
	switch v := v.(type) {
	case map[string]any:
		c.add(s, level, span{Text: prefix + "{"})
		names := tree.Keys(v)
		for i, k := range names {
			c.value(s, level+1, quote(k)+": ", v[k], comma(i, len(names)))
		}
		c.add(s, level, span{Text: "}" + suffix})
	case []any:
		c.add(s, level, span{Text: prefix + "["})
		for i, e := range v {
			c.value(s, level+1, "", e, comma(i, len(v)))
		}
		c.add(s, level, span{Text: "]" + suffix})
	}
}

// differ draws two values as one document, and both sides of what differs.
func (c *canvas) differ(level int, prefix string, before, after any, suffix string) {
	if c.full {
		return
	}
	if level > 0 {
		before, after = opened(before), opened(after)
	}
	switch {
	case same(before, after):
		c.value(both, level, prefix, before, suffix)
		return
	case level == 0 && before == nil:
		c.value(come, level, prefix, after, suffix)
		return
	case level == 0 && after == nil:
		c.value(gone, level, prefix, before, suffix)
		return
	case level > maxIndent:
		c.value(gone, level, prefix, before, suffix)
		c.value(come, level, prefix, after, suffix)
		return
	}
	switch x := before.(type) {
	case map[string]any:
		if y, ok := after.(map[string]any); ok {
			c.objects(level, prefix, x, y, suffix)
			return
		}
	case []any:
		if y, ok := after.([]any); ok && !(isFlat(x) && isFlat(y)) {
			c.lists(level, prefix, x, y, suffix)
			return
		}
	case string:
		if y, ok := after.(string); ok && level == 0 && (strings.Contains(x, "\n") || strings.Contains(y, "\n")) {
			c.texts(x, y)
			return
		}
	}
	if isShort(before) && isShort(after) {
		old, new := contrast(inline(before), inline(after))
		if x, y := listed(before), listed(after); len(x)+len(y) > 2 {
			old, new = elements(before, y), elements(after, x)
		}
		c.add(gone, level, slices.Concat([]span{{Text: prefix}}, old, []span{{Text: suffix}})...)
		c.add(come, level, slices.Concat([]span{{Text: prefix}}, new, []span{{Text: suffix}})...)
		return
	}
	c.value(gone, level, prefix, before, suffix)
	c.value(come, level, prefix, after, suffix)
}

func (c *canvas) objects(level int, prefix string, before, after map[string]any, suffix string) {
	c.add(both, level, span{Text: prefix + "{"})
	names := union(before, after)
	for i, k := range names {
		x, was := before[k]
		y, is := after[k]
		name, end := quote(k)+": ", comma(i, len(names))
		switch {
		case !is:
			c.value(gone, level+1, name, x, end)
		case !was:
			c.value(come, level+1, name, y, end)
		default:
			c.differ(level+1, name, x, y, end)
		}
	}
	c.add(both, level, span{Text: "}" + suffix})
}

func (c *canvas) lists(level int, prefix string, before, after []any, suffix string) {
	pairs := match(before, after)
	if !slices.ContainsFunc(pairs, func(p pair) bool { return !p.equal }) { // nothing but the order
		c.value(gone, level, prefix, before, suffix)
		c.value(come, level, prefix, after, suffix)
		return
	}
	c.add(both, level, span{Text: prefix + "["})
	for i, p := range pairs {
		end := comma(i, len(pairs))
		switch {
		case p.is(drift.OpRemove):
			c.value(gone, level+1, "", p.before, end)
		case p.is(drift.OpAdd):
			c.value(come, level+1, "", p.after, end)
		default:
			c.differ(level+1, "", p.before, p.after, end)
		}
	}
	c.add(both, level, span{Text: "]" + suffix})
}

// texts draws two texts line by line.
func (c *canvas) texts(before, after string) {
	x, y := splitLines(before), splitLines(after)
	start := 0
	for start < len(x) && start < len(y) && x[start] == y[start] {
		start++
	}
	end := 0
	for end < len(x)-start && end < len(y)-start && x[len(x)-1-end] == y[len(y)-1-end] {
		end++
	}
	draw := func(s side, lines []string) {
		for _, l := range lines {
			c.add(s, 0, span{Text: l})
		}
	}
	draw(both, x[:start])
	c.interleave(x[start:len(x)-end], y[start:len(y)-end])
	draw(both, x[len(x)-end:])
}

// maxTable bounds the work of finding what two texts have in common.
const maxTable = 1 << 20

// interleave draws what two lists of lines have in common, in order (the
// longest such), and what differs between.
func (c *canvas) interleave(x, y []string) {
	if len(x)*len(y) > maxTable {
		for _, l := range x {
			c.add(gone, 0, span{Text: l})
		}
		for _, l := range y {
			c.add(come, 0, span{Text: l})
		}
		return
	}
	width := len(y) + 1
	common := make([]int32, (len(x)+1)*width) // of x[i:] and y[j:], at i*width+j
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			if x[i] == y[j] {
				common[i*width+j] = common[(i+1)*width+j+1] + 1
			} else {
				common[i*width+j] = max(common[(i+1)*width+j], common[i*width+j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(x) || j < len(y); {
		switch {
		case i < len(x) && j < len(y) && x[i] == y[j]:
			c.add(both, 0, span{Text: x[i]})
			i, j = i+1, j+1
		case j == len(y) || i < len(x) && common[(i+1)*width+j] >= common[i*width+j+1]:
			c.add(gone, 0, span{Text: x[i]})
			i++
		default:
			c.add(come, 0, span{Text: y[j]})
			j++
		}
	}
}

// listed is a flat list, or one element in place of such a list.
func listed(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	return []any{v}
}

// elements is a flat list on one line; what is not among others is hot.
func elements(v any, others []any) []span {
	list, isList := v.([]any)
	if !isList {
		list = []any{v}
	}
	var spans []span
	for i, e := range list {
		isNew := !slices.ContainsFunc(others, func(o any) bool { return same(e, o) })
		spans = append(spans, span{inline(e), isNew}, span{map[bool]string{true: ", "}[i < len(list)-1], false})
	}
	if isList {
		spans = slices.Concat([]span{{Text: "["}}, spans, []span{{Text: "]"}})
	}
	return spans
}

func splitLines(s string) []string {
	return strings.Split(strings.TrimSuffix(s, "\n"), "\n")
}

// contrast splits two texts of one line into what they share at both ends and
// what differs between. Where they share little, all of both differs. Of a long
// shared end only what is near the difference stays.
func contrast(before, after string) (old, new []span) {
	start, end := shared(before, after)
	if 3*(start+end) < min(len(before), len(after)) || start+end < 3 {
		return []span{{clip(before, maxWide), true}}, []span{{clip(after, maxWide), true}}
	}
	const near = 60
	first, last := before[:start], before[len(before)-end:]
	if runes := []rune(first); len(runes) > 2*near {
		first = "…" + string(runes[len(runes)-near:])
	}
	if runes := []rune(last); len(runes) > 2*near {
		last = string(runes[:near]) + "…"
	}
	mid := func(s string) []span {
		return []span{{first, false}, {clip(s[start:len(s)-end], maxWide), true}, {last, false}}
	}
	return mid(before), mid(after)
}

// shared are the bytes that two texts have in common at their starts and, of
// the rest, at their ends; both end between characters.
func shared(a, b string) (start, end int) {
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	for start > 0 && (start < len(a) && !utf8.RuneStart(a[start]) || start < len(b) && !utf8.RuneStart(b[start])) {
		start--
	}
	for end < len(a)-start && end < len(b)-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	for end > 0 && !utf8.RuneStart(a[len(a)-end]) {
		end--
	}
	return start, end
}

// fold leaves out what is far from every difference.
func fold(lines []line) []line {
	near := make([]bool, len(lines))
	for i, l := range lines {
		if l.Side == both {
			continue
		}
		for j := max(0, i-around); j <= min(len(lines)-1, i+around); j++ {
			near[j] = true
		}
	}
	var out []line
	for i := 0; i < len(lines); {
		end := i
		for end < len(lines) && !near[end] {
			end++
		}
		switch hidden := end - i; {
		case hidden == 0:
			out = append(out, lines[i])
			i++
		case hidden <= 2: // a line that says so would save nothing
			out = append(out, lines[i:end]...)
			i = end
		default:
			out = append(out, line{Side: folded, Text: []span{{Text: fmt.Sprintf("… %s as before", count(hidden, "line"))}}})
			i = end
		}
	}
	return out
}

func comma(i, n int) string {
	if i < n-1 {
		return ","
	}
	return ""
}

func isScalar(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		return len(v) == 0
	case []any:
		return len(v) == 0
	}
	return true
}

// isFlat reports whether a list is short enough for one line and holds no lists or objects.
func isFlat(list []any) bool {
	return !slices.ContainsFunc(list, func(e any) bool { return !isScalar(e) }) && isShort(list)
}

func isShort(v any) bool {
	return isScalar(v) || len(tree.Canonical(v)) <= maxInline
}

// inline is a value as JSON on one line, with room between the parts; of a
// list or object that fills the line, the beginning.
func inline(v any) string {
	var b strings.Builder
	writeInline(&b, v)
	return b.String()
}

func writeInline(b *strings.Builder, v any) {
	if b.Len() > 4*maxWide {
		return
	}
	switch v := v.(type) {
	case map[string]any:
		b.WriteString("{")
		for i, k := range tree.Keys(v) {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(quote(k) + ": ")
			writeInline(b, v[k])
		}
		b.WriteString("}")
	case []any:
		b.WriteString("[")
		for i, e := range v {
			if i > 0 {
				b.WriteString(", ")
			}
			writeInline(b, e)
		}
		b.WriteString("]")
	case string:
		b.WriteString(quote(v))
	default:
		b.Write(tree.Canonical(v))
	}
}

// quote is a text as JSON spells it, with < and > as they are.
func quote(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return fmt.Sprintf("%q", s)
	}
	return strings.TrimSuffix(b.String(), "\n")
}
