package boltindex

import (
	"bytes"
	"iter"
	"slices"
)

// keyRows are rows of the bucket of keys that wait for being written in order:
// in one piece, because there are several times as many as entries.
type keyRows struct {
	text []byte
	ends []uint32
}

func (k *keyRows) add(key string, place []byte) {
	k.text = append(appendText(k.text, key), place...)
	k.ends = append(k.ends, uint32(len(k.text)))
}

func (k *keyRows) size() int { return len(k.text) }

// sorted yields the rows in order.
func (k *keyRows) sorted() iter.Seq[[]byte] {
	rows := make([][]byte, 0, len(k.ends))
	start := uint32(0)
	for _, end := range k.ends {
		rows = append(rows, k.text[start:end:end])
		start = end
	}
	slices.SortFunc(rows, bytes.Compare)
	return slices.Values(rows)
}
