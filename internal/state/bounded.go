package state

import (
	"bytes"
	"fmt"
	"io"

	"tfdrift/internal/drift"
)

// The largest piece that is read at once: an instance's attributes or a single
// string. Objects, lists and their elements are counted besides, because in
// memory the shortest of them take fifty times their text.
const (
	maxBytes = 32 << 20
	maxParts = 1 << 20
)

var errTooLarge = fmt.Errorf("a resource instance larger than %d MB or of more than %d parts; keep such content out of Terraform: %w",
	maxBytes>>20, maxParts, drift.ErrInvalid)

// bounded is a reader that fails where one piece of the document grows beyond
// bounds. Whoever begins a new piece says so with renew.
type bounded struct {
	r     io.Reader
	err   error // what ended the reading, if not the end of the document
	bytes int
	parts int

	maxBytes, maxParts int
}

func (b *bounded) renew() {
	b.maxBytes = b.bytes + maxBytes
	b.maxParts = b.parts + maxParts
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.r.Read(p[:min(len(p), 64<<10)]) // a large buffer would read far ahead of the piece that is counted
	b.bytes += n
	for _, mark := range [...]byte{',', '[', '{'} {
		b.parts += bytes.Count(p[:n], []byte{mark})
	}
	if err != nil && err != io.EOF {
		b.err = err
	}
	if b.maxBytes > 0 && (b.bytes > b.maxBytes || b.parts > b.maxParts) {
		b.err = errTooLarge
		return 0, errTooLarge
	}
	return n, err
}
