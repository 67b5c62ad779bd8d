package boltindex

import (
	"encoding/binary"
	"errors"
)

// row is an entry's row in the manifest.
type row struct {
	generation        uint64 // of the refresh that wrote it
	hash              string // of what the entry was made of, or ""
	provider, account string // that it shows
	keys              []string
	stale             []string // under which it stood before; gone when the refresh is completed
}

// shown are the keys under which the entry may be found at the moment.
func (r *row) shown(completed uint64) []string {
	if r.generation <= completed {
		return r.keys
	}
	return append(r.keys[:len(r.keys):len(r.keys)], r.stale...)
}

func (r *row) append(dst []byte) []byte {
	dst = binary.AppendUvarint(dst, r.generation)
	dst = appendText(dst, r.hash)
	dst = appendText(dst, r.provider)
	dst = appendText(dst, r.account)
	for _, list := range [][]string{r.keys, r.stale} {
		dst = binary.AppendUvarint(dst, uint64(len(list)))
		for _, s := range list {
			dst = appendText(dst, s)
		}
	}
	return dst
}

var errRow = errors.New("a row of the manifest is damaged")

func parseRow(raw []byte) (r row, err error) {
	in := reader{rest: raw}
	r.generation, r.hash, r.provider, r.account = in.number(), in.text(), in.text(), in.text()
	for _, list := range []*[]string{&r.keys, &r.stale} {
		for range min(in.number(), uint64(len(in.rest))) {
			*list = append(*list, in.text())
		}
	}
	if in.broken {
		return r, errRow
	}
	return r, nil
}

// parseHash reads as much of a row as a refresh has to know beforehand.
func parseHash(raw []byte) (generation uint64, hash string, err error) {
	in := reader{rest: raw}
	generation, hash = in.number(), in.text()
	if in.broken {
		return 0, "", errRow
	}
	return generation, hash, nil
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
