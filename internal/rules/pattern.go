package rules

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"tfdrift/internal/drift"
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
func (p *Pattern) Matches(s string) bool { return p.match(s, 0) }

// anyMatches reports whether one of the patterns matches all of s.
func anyMatches(patterns []Pattern, s string) bool {
	for i := range patterns {
		if patterns[i].match(s, 0) {
			return true
		}
	}
	return false
}

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

// Means reports whether the pattern means a resource. One without an address,
// which no state manages, is matched as TYPE.ID.
func (p *AddressPattern) Means(r drift.ResourceRef) bool {
	if r.Address == "" {
		return p.match(r.Type+"."+r.ID, 0) // dots in an id are no boundaries
	}
	return p.match(r.Address, parts)
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
func (p *AttributePattern) Covers(attribute string) bool {
	return p.match(attributePath(attribute, p.indexed), parts)
}

// Touches reports whether a change of the attribute may change what the
// pattern means: it is covered, or it is the whole of which the pattern means
// a part (a change of settings, for settings[0].tier).
func (p *AttributePattern) Touches(attribute string) bool {
	return p.match(attributePath(attribute, p.indexed), parts|wholes)
}

// anyCovers reports whether one of the patterns covers the attribute.
func anyCovers(patterns []AttributePattern, attribute string) bool {
	for i := range patterns {
		if patterns[i].Covers(attribute) {
			return true
		}
	}
	return false
}

// anyTouches reports whether one of the patterns is touched by the attribute.
func anyTouches(patterns []AttributePattern, attribute string) bool {
	for i := range patterns {
		if patterns[i].Touches(attribute) {
			return true
		}
	}
	return false
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

// glob is a pattern that is known to be well formed.
type glob struct {
	text    string // as written
	prefix  string // what it begins with, up to its first special character
	rest    string // from there on
	suffix  string // what it ends with, where the rest is "*" and that
	indexes bool   // "[0]" is an index, not a class
}

// How much of the text and of the pattern may be left over by a match.
const (
	parts  = 1 << iota // the text may go on behind the pattern with ".x" or "[x]"
	wholes             // the pattern may go on behind the text likewise
)

// String is the pattern as written.
func (g glob) String() string { return g.text }

// MarshalText is the pattern as written.
func (g glob) MarshalText() ([]byte, error) { return []byte(g.text), nil }

func parseGlob(text string, indexes bool) (glob, error) {
	if text == "" {
		return glob{}, errors.New("an empty pattern matches nothing; remove it, or write \"*\" for everything")
	}
	g := glob{text: text, prefix: text, indexes: indexes}
	for i := 0; i < len(text); {
		kind, size := g.element(text[i:])
		if kind == class {
			if size == 0 {
				return g, fmt.Errorf("pattern %q: the \"[\" at byte %d opens a class that nothing closes; add \"]\"", text, i+1)
			}
			if err := checkClass(text[i+1 : i+size-1]); err != nil {
				return g, fmt.Errorf("pattern %q: %w", text, err)
			}
		}
		if kind != oneChar && g.rest == "" {
			g.prefix, g.rest = text[:i], text[i:]
		}
		i += size
	}
	if g.rest != "" && g.rest[0] == '*' && !strings.ContainsAny(g.rest[1:], "*?[") {
		g.suffix = g.rest[1:]
	}
	return g, nil
}

// kind is what an element of a pattern stands for.
type kind byte

const (
	oneChar kind = iota
	anyChar
	anyRun
	class
)

// element says what a pattern begins with, and how long that is: 0 for a class
// that nothing closes.
func (g *glob) element(pattern string) (kind, int) {
	switch pattern[0] {
	case '*':
		return anyRun, 1
	case '?':
		return anyChar, 1
	case '[':
		if !g.indexes || !startsIndex(pattern[1:]) {
			return class, strings.IndexByte(pattern, ']') + 1
		}
	}
	_, size := decode(pattern)
	return oneChar, size
}

func startsIndex(rest string) bool {
	index, _, closed := strings.Cut(rest, "]")
	return closed && isIndex(index) || strings.HasPrefix(rest, `"`)
}

func checkClass(body string) error {
	rest := strings.TrimPrefix(body, "!")
	if rest == "" {
		return fmt.Errorf("the class [%s] is empty; name the characters that it may be", body)
	}
	for rest != "" {
		first, last, size := nextRange(rest)
		if last < first {
			return fmt.Errorf("the class [%s] runs backwards; write %c-%c", body, last, first)
		}
		rest = rest[size:]
	}
	return nil
}

func inClass(body string, char rune) bool {
	rest, not := strings.CutPrefix(body, "!")
	for rest != "" {
		first, last, size := nextRange(rest)
		if first <= char && char <= last {
			return !not
		}
		rest = rest[size:]
	}
	return not
}

// nextRange reads the first range of a class, "a-z" or a single character.
func nextRange(s string) (first, last rune, size int) {
	first, size = decode(s)
	if len(s) > size+1 && s[size] == '-' {
		last, n := decode(s[size+1:])
		return first, last, size + 1 + n
	}
	return first, first, size
}

func (g *glob) match(s string, mode int) bool {
	if len(s) < len(g.prefix) {
		return mode&wholes != 0 && g.prefix[:len(s)] == s && isBoundary(g.prefix[len(s)])
	}
	if s[:len(g.prefix)] != g.prefix {
		return false
	}
	s = s[len(g.prefix):]
	switch {
	case g.rest == "":
		return g.text != "" && (s == "" || mode&parts != 0 && isBoundary(s[0]))
	case g.rest == "*":
		return true
	case g.suffix != "" && mode == 0:
		return strings.HasSuffix(s, g.suffix)
	}
	return g.walk(s, mode)
}

// walk goes through the pattern's rest and the text together; where they part
// it goes back to the last "*" and lets that take one character more.
func (g *glob) walk(s string, mode int) bool {
	p, i, run, from := 0, 0, -1, 0
	for {
		switch {
		case p == len(g.rest):
			if i == len(s) || mode&parts != 0 && isBoundary(s[i]) {
				return true
			}
		case g.rest[p] == '*':
			p++
			run, from = p, i
			continue
		case i == len(s):
			if mode&wholes != 0 && isBoundary(g.rest[p]) {
				return true
			}
		default:
			kind, size := g.element(g.rest[p:])
			char, n := decode(s[i:])
			want, _ := decode(g.rest[p:])
			if kind == anyChar || kind == oneChar && char == want || kind == class && inClass(g.rest[p+1:p+size-1], char) {
				p += size
				i += n
				continue
			}
		}
		if run < 0 || from == len(s) {
			return false
		}
		_, n := decode(s[from:])
		from += n
		p, i = run, from
	}
}

// decode is utf8.DecodeRuneInString, quick for ASCII.
func decode(s string) (rune, int) {
	if s[0] < utf8.RuneSelf {
		return rune(s[0]), 1
	}
	return utf8.DecodeRuneInString(s)
}

func isBoundary(c byte) bool { return c == '.' || c == '[' }
