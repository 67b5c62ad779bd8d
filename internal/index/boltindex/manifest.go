package boltindex

import (
	"encoding/binary"
	"errors"
)

// row is a version's row in the manifest.
type row struct {
	hash              string // of what the entry was made of, or ""
	provider, account string // that it shows
	keys              []string
}

func (r *row) append(dst []byte) []byte {
	dst = appendText(dst, r.hash)
	dst = appendText(dst, r.provider)
	dst = appendText(dst, r.account)
	dst = binary.AppendUvarint(dst, uint64(len(r.keys)))
	for _, key := range r.keys {
		dst = appendText(dst, key)
	}
	return dst
}

var errRow = errors.New("a row of the manifest is damaged")

// parseRow reads a row; nothing, of an entry that is gone, is an empty one.
func parseRow(raw []byte) (r row, err error) {
	if len(raw) == 0 {
		return r, nil
	}
	in := reader{rest: raw}
	r.hash, r.provider, r.account = in.text(), in.text(), in.text()
	for range min(in.number(), uint64(len(in.rest))) {
		r.keys = append(r.keys, in.text())
	}
	if in.broken {
		return r, errRow
	}
	return r, nil
}

// parseHash reads as much of a row as a refresh has to know beforehand.
func parseHash(raw []byte) (string, error) {
	in := reader{rest: raw}
	hash := in.text()
	if in.broken {
		return "", errRow
	}
	return hash, nil
}

// reader takes a row apart; what is missing is zero, and broken tells of it.
type reader struct {
	rest   []byte
	broken bool
}

func (r *reader) number() uint64 {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 {
		r.rest, r.broken = nil, true
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *reader) text() string {
	n := r.number()
	if n > uint64(len(r.rest)) {
		r.rest, r.broken = nil, true
		return ""
	}
	s := string(r.rest[:n])
	r.rest = r.rest[n:]
	return s
}

// appendText appends a text with its length before it, so that no text is the
// beginning of another.
func appendText(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}
