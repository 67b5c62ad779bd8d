package dynamo

import (
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"sync"
)

// How a packed value begins.
const (
	plain    = 0
	deflated = 1
)

// worthwhile is from where on values are compressed: a write is paid by the
// kilobyte that is begun.
const worthwhile = 700

// mostUnpacked is more than any value has. A damaged one must not ask for memory.
const mostUnpacked = 64 << 20

// Pack is a value as it is stored: compressed where that saves something.
func Pack(value []byte) []byte {
	if len(value) > worthwhile {
		var out bytes.Buffer
		out.WriteByte(deflated)
		w := deflaters.Get().(*flate.Writer)
		defer deflaters.Put(w)
		w.Reset(&out)
		_, err := w.Write(value)
		if err = errors.Join(err, w.Close()); err == nil && out.Len() <= len(value) { // a buffer takes everything
			return out.Bytes()
		}
	}
	return append([]byte{plain}, value...)
}

// Unpack is the value of a stored one.
func Unpack(stored []byte) ([]byte, error) {
	switch {
	case len(stored) > 0 && stored[0] == plain:
		return stored[1:], nil
	case len(stored) == 0 || stored[0] != deflated:
		return nil, errors.New("a stored value is damaged, or a newer version wrote it")
	}
	r := inflaters.Get().(io.ReadCloser)
	defer inflaters.Put(r)
	if err := r.(flate.Resetter).Reset(bytes.NewReader(stored[1:]), nil); err != nil {
		return nil, err
	}
	value, err := io.ReadAll(io.LimitReader(r, mostUnpacked+1))
	if err == nil && len(value) > mostUnpacked {
		err = errors.New("too long")
	}
	if err != nil {
		return nil, fmt.Errorf("a stored value is damaged: %w", err)
	}
	return value, nil
}

// A compressor is a megabyte of tables.
var (
	deflaters = sync.Pool{New: func() any {
		w, _ := flate.NewWriter(nil, flate.DefaultCompression) // a level that exists
		return w
	}}
	inflaters = sync.Pool{New: func() any { return flate.NewReader(bytes.NewReader(nil)) }}
)
