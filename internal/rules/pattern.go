package rules

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Pattern matches a whole text, a resource type or a user: "*" stands for any
// run of characters, "/" too, "?" for one, "[a-z]" for one of a class and
// "[!a-z]" for one outside it. Everything else stands for itself.
type Pattern struct{ glob }

// UnmarshalText parses a pattern; a malformed one is an error.
func (p *Pattern) UnmarshalText(text []byte) (err error) {
	p.glob, err = parseGlob(string(text), false)
	return err
}

// Matches reports whether the pattern matches all of s.
func (p Pattern) Matches(s string) bool { return p.match(s, 0) }

// AddressPattern matches resource addresses as terraform's -target does: the
// address of a module or of a resource covers all that is in it, so
// module.network covers module.network.aws_vpc.main, and aws_instance.web
// covers aws_instance.web[0]. An index in it ([0], ["blue"], [*]) is an index,
// not a class.
type AddressPattern struct{ glob }

// UnmarshalText parses a pattern; a malformed one is an error.
func (p *AddressPattern) UnmarshalText(text []byte) (err error) {
	p.glob, err = parseGlob(string(text), true)
	return err
}

// AttributePattern matches attribute paths. An attribute covers its parts:
// settings covers settings[0].tier. A pattern without list indexes matches
// paths whatever their indexes, settings.tier the same path.
type AttributePattern struct {
	glob
	indexed bool
}

// UnmarshalText parses a pattern; a malformed one is an error.
func (p *AttributePattern) UnmarshalText(text []byte) (err error) {
	p.indexed = attributePath(string(text), true) != attributePath(string(text), false)
	p.glob, err = parseGlob(attributePath(string(text), p.indexed), true)
	p.text = string(text)
	return err
}

// Covers reports whether the attribute is the pattern's, or a part of it.
func (p AttributePattern) Covers(attribute string) bool {
	return p.match(attributePath(attribute, p.indexed), parts)
}

// Touches reports whether a change of the attribute may change what the
// pattern means: it is covered, or it is the whole of which the pattern means
// a part (a change of settings, for settings[0].tier).
func (p AttributePattern) Touches(attribute string) bool {
	return p.match(attributePath(attribute, p.indexed), parts|wholes)
}

// attributePath writes keys as members, tags["Owner"] as tags.Owner, and
// leaves list indexes out unless they are to be kept.
func attributePath(s string, indexes bool) string {
	if !strings.Contains(s, "[") {
		return s
	}
	var b strings.Builder
	for s != "" {
		open := strings.IndexByte(s, '[')
		if open < 0 {
			break
		}
		length := strings.IndexByte(s[open:], ']')
		if length < 0 {
			break
		}
		b.WriteString(s[:open])
		index := s[open+1 : open+length]
		switch {
		case len(index) > 1 && index[0] == '"' && index[len(index)-1] == '"':
			b.WriteString("." + index[1:len(index)-1])
		case !isIndex(index) || indexes:
			b.WriteString(s[open : open+length+1])
		}
		s = s[open+length+1:]
	}
	b.WriteString(s)
	return b.String()
}

// isIndex reports whether what stands between brackets is an index into a list.
func isIndex(s string) bool {
	return s == "*" || s != "" && strings.Trim(s, "0123456789") == ""
}

// glob is a compiled pattern.
type glob struct {
	text    string
	literal string // all of the pattern where it has nothing special
	elems   []elem
}

// elem is one element of a pattern: a character, any one, a class or a run.
type elem struct {
	kind   elemKind
	char   rune
	ranges []charRange
	not    bool
}

type elemKind byte

const (
	oneChar elemKind = iota
	anyChar
	anyRun
	class
)

type charRange struct{ first, last rune }

// How much of the text and of the pattern must take part in a match, beside
// all of both.
const (
	parts  = 1 << iota // the text may go on behind the pattern with ".x" or "[x]"
	wholes             // the pattern may go on behind the text likewise
)

// String is the pattern as written.
func (g glob) String() string { return g.text }

// MarshalText is the pattern as written.
func (g glob) MarshalText() ([]byte, error) { return []byte(g.text), nil }

func parseGlob(text string, indexes bool) (glob, error) {
	g := glob{text: text}
	if text == "" {
		return g, errors.New("an empty pattern matches nothing; remove it, or write \"*\" for everything")
	}
	special := false
	for i := 0; i < len(text); {
		char, size := utf8.DecodeRuneInString(text[i:])
		e := elem{kind: oneChar, char: char}
		switch {
		case char == '*':
			e.kind = anyRun
		case char == '?':
			e.kind = anyChar
		case char == '[' && !(indexes && startsIndex(text[i+1:])):
			end := strings.IndexByte(text[i:], ']')
			if end < 0 {
				return g, fmt.Errorf("pattern %q: \"[\" at character %d opens a class that nothing closes; add \"]\"", text, i+1)
			}
			var err error
			if e, err = parseClass(text[i+1 : i+end]); err != nil {
				return g, fmt.Errorf("pattern %q: %w", text, err)
			}
			size = end + 1
		}
		special = special || e.kind != oneChar
		g.elems = append(g.elems, e)
		i += size
	}
	if !special {
		g.literal = text
	}
	return g, nil
}

func startsIndex(rest string) bool {
	index, _, closed := strings.Cut(rest, "]")
	return closed && isIndex(index) || strings.HasPrefix(rest, `"`)
}

func parseClass(body string) (elem, error) {
	e := elem{kind: class}
	rest, not := strings.CutPrefix(body, "!")
	e.not = not
	if rest == "" {
		return e, fmt.Errorf("the class [%s] is empty; name the characters that it may be", body)
	}
	chars := []rune(rest)
	for i := 0; i < len(chars); i++ {
		r := charRange{chars[i], chars[i]}
		if i+2 < len(chars) && chars[i+1] == '-' {
			r.last = chars[i+2]
			i += 2
		}
		if r.last < r.first {
			return e, fmt.Errorf("the class [%s] runs backwards; write %c-%c", body, r.last, r.first)
		}
		e.ranges = append(e.ranges, r)
	}
	return e, nil
}

func (e *elem) is(char rune) bool {
	switch e.kind {
	case oneChar:
		return e.char == char
	case class:
		for _, r := range e.ranges {
			if r.first <= char && char <= r.last {
				return !e.not
			}
		}
		return e.not
	}
	return true
}

// match walks text and pattern together; where they part it goes back to the
// last "*" and lets that take one character more.
func (g *glob) match(s string, mode int) bool {
	if g.literal != "" {
		return s == g.literal ||
			mode&parts != 0 && len(s) > len(g.literal) && s[:len(g.literal)] == g.literal && isBoundary(rune(s[len(g.literal)])) ||
			mode&wholes != 0 && len(s) < len(g.literal) && g.literal[:len(s)] == s && isBoundary(rune(g.literal[len(s)]))
	}
	if len(g.elems) == 0 {
		return false
	}
	p, i, run, from := 0, 0, -1, 0
	for {
		switch {
		case p < len(g.elems) && g.elems[p].kind == anyRun:
			run, from = p, i
			p++
			continue
		case p == len(g.elems):
			if i == len(s) || mode&parts != 0 && isBoundary(rune(s[i])) {
				return true
			}
		case i == len(s):
			if mode&wholes != 0 && g.elems[p].kind == oneChar && isBoundary(g.elems[p].char) {
				return true
			}
		default:
			char, size := utf8.DecodeRuneInString(s[i:])
			if g.elems[p].is(char) {
				p++
				i += size
				continue
			}
		}
		if run < 0 || from == len(s) {
			return false
		}
		_, size := utf8.DecodeRuneInString(s[from:])
		from += size
		p, i = run+1, from
	}
}

func isBoundary(char rune) bool { return char == '.' || char == '[' }
