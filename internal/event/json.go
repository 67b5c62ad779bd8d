package event

import (
	"bytes"
	"iter"

	"github.com/go-json-experiment/json/jsontext"

	"tfdrift/internal/tree"
)

// The walkers in this file read JSON that jsontext has validated, which lets
// them be a few lines each and several times faster than a second parse. On
// anything else they may yield nonsense, but end, and within the slice.

// members yields the names, unquoted, and the raw values of an object. Neither
// is a copy, so that walking allocates nothing.
func members(object []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(name, value []byte) bool) {
		i := space(object, 0)
		if i >= len(object) || object[i] != '{' {
			return
		}
		for i = space(object, i+1); i < len(object) && object[i] == '"'; i = next(object, i) {
			end := skip(object, i)
			name := unquote(object[i:end])
			i = space(object, end)
			if i >= len(object) || object[i] != ':' {
				return
			}
			i = space(object, i+1)
			end = skip(object, i)
			if !yield(name, object[i:end]) {
				return
			}
			i = end
		}
	}
}

// elements yields the raw elements of an array.
func elements(array []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		i := space(array, 0)
		if i >= len(array) || array[i] != '[' {
			return
		}
		for i = space(array, i+1); i < len(array) && array[i] != ']'; i = next(array, i) {
			end := max(skip(array, i), i+1)
			if !yield(array[i:min(end, len(array))]) {
				return
			}
			i = end
		}
	}
}

// member returns one member of an object, the last of duplicates, or nil.
func member(object []byte, name string) (value []byte) {
	for n, v := range members(object) {
		if string(n) == name {
			value = v
		}
	}
	return value
}

// space returns the index of the first byte at or after i that is no white space.
func space(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}

// next moves from the end of one member or element to the start of the next.
func next(b []byte, i int) int {
	i = space(b, i)
	if i < len(b) && b[i] == ',' {
		i = space(b, i+1)
	}
	return i
}

// skip returns the end of the value that begins at i.
func skip(b []byte, i int) int {
	if i >= len(b) {
		return len(b)
	}
	switch b[i] {
	case '"':
		return skipString(b, i)
	case '{', '[':
		depth := 0
		for i < len(b) {
			switch b[i] {
			case '"':
				i = skipString(b, i)
				continue
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					return i + 1
				}
			}
			i++
		}
		return len(b)
	}
	for ; i < len(b); i++ {
		switch b[i] {
		case ',', ']', '}', ' ', '\n', '\t', '\r':
			return i
		}
	}
	return i
}

func skipString(b []byte, i int) int {
	for j := i + 1; j < len(b); j++ {
		n := bytes.IndexByte(b[j:], '"')
		if n < 0 {
			return len(b)
		}
		j += n
		slashes := 0
		for k := j - 1; k > i && b[k] == '\\'; k-- {
			slashes++
		}
		if slashes%2 == 0 {
			return j + 1
		}
	}
	return len(b)
}

// text is a scalar as text: a string's content, numbers and booleans as
// spelled; "" for null, objects, arrays and absent values.
func text(v []byte) string {
	if len(v) == 0 || v[0] == '{' || v[0] == '[' || v[0] == 'n' {
		return ""
	}
	if v[0] != '"' {
		return string(v)
	}
	return string(unquote(v))
}

// unquote returns the content of a string, in place where nothing is escaped.
func unquote(v []byte) []byte {
	if len(v) < 2 {
		return nil
	}
	if bytes.IndexByte(v, '\\') < 0 {
		return v[1 : len(v)-1]
	}
	s, err := jsontext.AppendUnquote(nil, v)
	if err != nil {
		return nil
	}
	return s
}

// yes reports whether a flag is set: true, or "true" as some services log it.
func yes(v []byte) bool {
	return string(v) == "true" || len(v) == 6 && bytes.EqualFold(v[1:5], []byte("true"))
}

func isObject(v []byte) bool { return len(v) > 0 && v[0] == '{' }
func isString(v []byte) bool { return len(v) > 0 && v[0] == '"' }

// object returns a copy of an object, or nil for anything else: documents lie
// in a buffer that is used again.
func object(v []byte) []byte {
	if !isObject(v) {
		return nil
	}
	return bytes.Clone(v)
}

// tooDeep reports whether a document is nested deeper than anybody downstream
// would follow.
func tooDeep(doc []byte) bool {
	if len(doc) <= tree.MaxDepth || bytes.Count(doc, []byte("{"))+bytes.Count(doc, []byte("[")) <= tree.MaxDepth {
		return false
	}
	depth := 0
	for i := 0; i < len(doc); i++ {
		switch doc[i] {
		case '"':
			i = skipString(doc, i) - 1
		case '{', '[':
			if depth++; depth > tree.MaxDepth {
				return true
			}
		case '}', ']':
			depth--
		}
	}
	return false
}
