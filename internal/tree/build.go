package tree

import (
	"bytes"
	"encoding/json"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// Builder makes trees of values that a [jsontext.Decoder] has found valid, as
// they are by ReadValue. Valid JSON needs no second look at what may follow what.
// Members and elements are collected until their number is known: a map or list
// that grows costs more than all the rest. The zero value is ready; whoever
// makes many trees keeps one, for the names it remembers. It is not safe for
// concurrent use.
type Builder struct {
	raw      []byte
	at       int
	members  []member
	elements []any
	names    [1 << 10]string // a cache: names come over and over
}

// Build makes the tree of a valid value that stands at a depth. Its only error
// is that of [MaxDepth]. The tree keeps nothing of raw.
func (b *Builder) Build(raw jsontext.Value, depth int) (any, error) {
	b.raw, b.at, b.members, b.elements = raw, 0, b.members[:0], b.elements[:0]
	return b.value(depth)
}

// BuildPart makes the tree of those members of a valid object that are wanted.
// The others are appended to rest, as the text of an object without white space:
// that is a fraction of the work.
func (b *Builder) BuildPart(raw jsontext.Value, wanted func(name string) bool, rest []byte) (map[string]any, []byte, error) {
	b.raw, b.at, b.members, b.elements = raw, 0, b.members[:0], b.elements[:0]
	part := map[string]any{}
	rest = append(rest, '{')
	first := len(rest)
	b.next()
	b.at++
	for b.next() != '}' {
		quoted := b.quoted()
		name := b.name(quoted)
		if wanted(name) {
			v, err := b.value(1)
			if err != nil {
				return nil, rest, err
			}
			part[name] = v
			continue
		}
		if len(rest) > first {
			rest = append(rest, ',')
		}
		rest = append(append(rest, quoted...), ':')
		var err error
		if rest, err = b.copy(rest); err != nil {
			return nil, rest, err
		}
	}
	return part, append(rest, '}'), nil
}

// copy appends the next value of the outermost object as it is written, but
// without white space.
func (b *Builder) copy(dst []byte) ([]byte, error) {
	b.next()
	for depth := 1; ; b.at++ {
		switch c := b.raw[b.at]; c {
		case ' ', '\n', '\r', '\t':
			if depth == 1 { // after a number or a word
				return dst, nil
			}
			continue
		case ',', ':':
			if depth == 1 {
				return dst, nil
			}
		case ']', '}':
			if depth == 1 {
				return dst, nil
			}
			depth--
		default:
			if depth > MaxDepth {
				return dst, errDepth
			}
			if c == '"' {
				dst = append(dst, b.quoted()...)
				if depth == 1 {
					return dst, nil
				}
				b.at--
				continue
			}
			if c == '{' || c == '[' {
				depth++
			}
		}
		dst = append(dst, b.raw[b.at])
	}
}

var builders = sync.Pool{New: func() any { return new(Builder) }}

type member struct {
	name  string
	value any
}

func (b *Builder) value(depth int) (any, error) {
	if depth > MaxDepth {
		return nil, errDepth
	}
	switch b.next() {
	case '"':
		return unquoted(b.quoted()), nil
	case '{':
		return b.object(depth)
	case '[':
		return b.list(depth)
	case 't':
		b.at += len("true")
		return true, nil
	case 'f':
		b.at += len("false")
		return false, nil
	case 'n':
		b.at += len("null")
		return nil, nil
	}
	return b.number(), nil
}

// next is the next byte that is neither white space nor a separator.
func (b *Builder) next() byte {
	for {
		switch c := b.raw[b.at]; c {
		case ' ', '\n', '\r', '\t', ',', ':':
			b.at++
		default:
			return c
		}
	}
}

func (b *Builder) object(depth int) (any, error) {
	b.at++
	first := len(b.members)
	for b.next() != '}' {
		name := b.name(b.quoted())
		v, err := b.value(depth + 1)
		if err != nil {
			return nil, err
		}
		b.members = append(b.members, member{name, v})
	}
	b.at++
	object := make(map[string]any, len(b.members)-first)
	for _, m := range b.members[first:] {
		object[m.name] = m.value
	}
	clear(b.members[first:])
	b.members = b.members[:first]
	return object, nil
}

func (b *Builder) list(depth int) (any, error) {
	b.at++
	first := len(b.elements)
	for b.next() != ']' {
		v, err := b.value(depth + 1)
		if err != nil {
			return nil, err
		}
		b.elements = append(b.elements, v)
	}
	b.at++
	list := make([]any, len(b.elements)-first)
	copy(list, b.elements[first:])
	clear(b.elements[first:])
	b.elements = b.elements[:first]
	return list, nil
}

func (b *Builder) number() any {
	start := b.at
	for b.at < len(b.raw) {
		switch b.raw[b.at] {
		case ',', ']', '}', ' ', '\n', '\r', '\t':
			return number(b.raw[start:b.at])
		}
		b.at++
	}
	return number(b.raw[start:])
}

// digits are the numbers that states are full of, made once.
var digits = func() (all [10]any) {
	for i := range all {
		all[i] = json.Number(rune('0' + i))
	}
	return all
}()

func number(text []byte) any {
	if len(text) == 1 {
		return digits[text[0]-'0']
	}
	return json.Number(text)
}

// quoted passes over a string and returns it with its quotes.
func (b *Builder) quoted() []byte {
	start := b.at
	for end := start + 1; ; end++ {
		end += bytes.IndexByte(b.raw[end:], '"')
		escapes := 0
		for b.raw[end-1-escapes] == '\\' {
			escapes++
		}
		if escapes%2 == 0 {
			b.at = end + 1
			return b.raw[start:b.at]
		}
	}
}

// unquoted is the text of a string.
func unquoted(quoted []byte) string {
	inner := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(inner, '\\') < 0 {
		return string(inner)
	}
	text, _ := jsontext.AppendUnquote(nil, quoted) // valid, so without error
	return string(text)
}

// name is the text of a member's name, the same string each time if it is short.
func (b *Builder) name(quoted []byte) string {
	n := len(quoted)
	if n < 3 || n > 64 {
		return unquoted(quoted)
	}
	slot := &b.names[(n*7+int(quoted[1])*131+int(quoted[n/2])*31+int(quoted[n-2])*17+int(quoted[n/3])*5)%len(b.names)]
	if inner := quoted[1 : n-1]; *slot != string(inner) || bytes.IndexByte(inner, '\\') >= 0 {
		*slot = unquoted(quoted)
	}
	return *slot
}
