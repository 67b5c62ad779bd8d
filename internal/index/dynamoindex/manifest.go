package dynamoindex

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"

	"tfdrift/internal/drift"
	"tfdrift/internal/dynamo"
)

// manifest is what a state has in the index: a row for each address. It is
// stored in chunks, of which a refresh writes those with a row that changed.
type manifest struct {
	completed uint64 // generation of the last refresh that was
	rows      map[place]*row
	chunks    []chunk
	free      int             // no chunk before this one has room
	accounts  map[string]bool // that the index knows the state to show
}

// chunk is rows that are stored together.
type chunk struct {
	rows    []*row
	changed bool
}

// perChunk bounds a chunk to some ten kilobytes: ten changes of a large state
// write ten of them at most.
const perChunk = 100

// row is what the index has of one address.
type row struct {
	place      place
	generation uint64    // of the refresh that wrote it; one that was not completed is not to be relied on
	hash       digest    // of what the entry was made of
	now        version   // the entry as it was put last
	before     []version // what may be there besides; gone when the refresh is completed

	told digest // by Keep, of what is to be put
	seen bool   // put or kept by this refresh
	in   int    // its chunk and one more; 0: none yet
}

// version is where one version of an entry stands.
type version struct {
	exists  bool
	keys    []string // sorted
	account string   // that it shows, "" for none
	parts   int      // under each key; 0: it fits one item
	stamp   string   // of the parts
}

// digest is a hash in less space. The zero digest is of nothing.
type digest [16]byte

func digestOf(hash string) digest {
	sum := sha256.Sum256([]byte(hash))
	return digest(sum[:])
}

// reliable reports whether the entry is there as the row says.
func (m *manifest) reliable(r *row) bool { return r.generation <= m.completed }

// row returns the row of a place, a new one where there was none.
func (m *manifest) row(p place) *row {
	r := m.rows[p]
	if r == nil {
		r = &row{place: p}
		m.rows[p] = r
	}
	return r
}

// change says that a row is to be written, and finds it a chunk.
func (m *manifest) change(r *row) {
	if r.in == 0 {
		for m.free < len(m.chunks) && len(m.chunks[m.free].rows) >= perChunk {
			m.free++
		}
		if m.free == len(m.chunks) {
			m.chunks = append(m.chunks, chunk{})
		}
		m.chunks[m.free].rows = append(m.chunks[m.free].rows, r)
		r.in = m.free + 1
	}
	m.chunks[r.in-1].changed = true
}

// known are the accounts that the index surely knows the state to show.
func (m *manifest) known() map[string]bool {
	accounts := map[string]bool{}
	for _, r := range m.rows {
		if r.now.account != "" && m.reliable(r) {
			accounts[r.now.account] = true
		}
	}
	return accounts
}

// form is how a chunk begins, and changes with it.
const form = 1

// load takes up a stored chunk. Rows of what is gone are left out.
func (m *manifest) load(item dynamo.Item) error {
	n, err := strconv.Atoi(item.Text("sk"))
	if err != nil || n < 0 || n > 1<<24 {
		return fmt.Errorf("chunk %q of the manifest has no number: %w", item.Text("sk"), drift.ErrInvalid)
	}
	raw, err := dynamo.Unpack(item.Bytes("rows"))
	if err != nil {
		return fmt.Errorf("chunk %d of the manifest: %w", n, err)
	}
	if len(raw) == 0 || raw[0] != form {
		return fmt.Errorf("chunk %d of the manifest is not in a form that this version knows; run the newer version that wrote it: %w", n, drift.ErrInvalid)
	}
	for len(m.chunks) <= n {
		m.chunks = append(m.chunks, chunk{})
	}
	in := reader{rest: raw[1:]}
	for len(in.rest) > 0 {
		r := in.row()
		if in.broken {
			return fmt.Errorf("chunk %d of the manifest is damaged: %w", n, drift.ErrInvalid)
		}
		if m.reliable(r) {
			r.before = nil
			if !r.now.exists {
				continue
			}
		}
		r.in = n + 1
		m.rows[r.place] = r
		m.chunks[n].rows = append(m.chunks[n].rows, r)
	}
	return nil
}

// store is the stored form of a chunk.
func (c *chunk) store() []byte {
	raw := []byte{form}
	for _, r := range c.rows {
		raw = r.append(raw)
	}
	return dynamo.Pack(raw)
}

func (r *row) append(dst []byte) []byte {
	dst = append(append(dst, r.place[:]...), r.hash[:]...)
	dst = binary.AppendUvarint(dst, r.generation)
	dst = binary.AppendUvarint(dst, uint64(1+len(r.before)))
	for _, v := range append([]version{r.now}, r.before...) {
		exists := uint64(0)
		if v.exists {
			exists = 1
		}
		dst = binary.AppendUvarint(dst, exists)
		dst = appendText(appendText(dst, v.account), v.stamp)
		dst = binary.AppendUvarint(dst, uint64(v.parts))
		dst = binary.AppendUvarint(dst, uint64(len(v.keys)))
		for _, key := range v.keys {
			dst = appendText(dst, key)
		}
	}
	return dst
}

func appendText(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

// reader takes a chunk apart; what is missing is zero, and broken tells of it.
type reader struct {
	rest   []byte
	broken bool
}

func (in *reader) row() *row {
	r := &row{place: place(in.bytes(len(place{}))), hash: digest(in.bytes(len(digest{}))), generation: in.number()}
	for i := range in.count() {
		v := version{exists: in.number() == 1, account: in.text(), stamp: in.text(), parts: in.count()}
		for range in.count() {
			v.keys = append(v.keys, in.text())
		}
		if i == 0 {
			r.now = v
		} else {
			r.before = append(r.before, v)
		}
	}
	return r
}

// bytes returns n bytes, zero ones where there are fewer.
func (in *reader) bytes(n int) []byte {
	if n > len(in.rest) {
		in.rest, in.broken = nil, true
		return make([]byte, n)
	}
	b := in.rest[:n]
	in.rest = in.rest[n:]
	return b
}

func (in *reader) number() uint64 {
	n, size := binary.Uvarint(in.rest)
	if size <= 0 {
		in.rest, in.broken = nil, true
		return 0
	}
	in.rest = in.rest[size:]
	return n
}

// count is a number of things of which each takes room.
func (in *reader) count() int {
	n := in.number()
	if n > uint64(len(in.rest))+1<<16 {
		in.rest, in.broken = nil, true
		return 0
	}
	return int(n)
}

func (in *reader) text() string {
	n := in.number()
	if n > uint64(len(in.rest)) {
		in.rest, in.broken = nil, true
		return ""
	}
	return string(in.bytes(int(n)))
}

// absent are the keys of a that are not among the sorted keys of b.
func absent(a, b []string) (keys []string) {
	for _, key := range a {
		if _, ok := slices.BinarySearch(b, key); !ok {
			keys = append(keys, key)
		}
	}
	return keys
}
