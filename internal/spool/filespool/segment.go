package filespool

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
)

// A segment is two files: items, each with its length and the checksum of both
// before it, and the numbers of those that are done. Numbers are big-endian.
const (
	itemsSuffix = ".items"
	marksSuffix = ".done"
	headSize    = 8 // length and checksum
	markSize    = 4
)

var checksum = crc32.MakeTable(crc32.Castagnoli)

type segment struct {
	id      uint64
	items   *os.File
	marks   *os.File
	size    int64
	count   uint32 // items appended
	remains uint32 // items not done
	marked  int64  // length of the marks
	synced  atomic.Int64
	failed  error // why its end is not on the disk: nothing more is appended
}

func createSegment(dir string, id uint64) (*segment, error) {
	g, err := openFiles(filepath.Join(dir, fmt.Sprintf("%016d%s", id, itemsSuffix)))
	if err != nil {
		return nil, err
	}
	return g, syncFolder(dir)
}

// syncFolder puts the names of new files on the disk.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func openFiles(name string) (*segment, error) {
	base := strings.TrimSuffix(filepath.Base(name), itemsSuffix)
	id, err := strconv.ParseUint(base, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("%s is no segment: %w", name, err)
	}
	g := &segment{id: id}
	if g.items, err = os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return nil, err
	}
	if g.marks, err = os.OpenFile(strings.TrimSuffix(name, itemsSuffix)+marksSuffix, os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return nil, errors.Join(err, g.items.Close())
	}
	return g, nil
}

// openSegment opens one of an earlier process and returns the places of what is
// not done. damage tells what of it cannot be read: an item that was being
// written when the process ended was never accepted, and is none.
func openSegment(name string) (g *segment, places []place, damage string, err error) {
	if g, err = openFiles(name); err != nil {
		return nil, nil, "", err
	}
	done, err := g.readMarks()
	if err != nil {
		return nil, nil, "", err
	}
	info, err := g.items.Stat()
	if err != nil {
		return nil, nil, "", err
	}
	for g.size < info.Size() {
		p := place{segment: g, number: g.count, offset: g.size + headSize}
		whole, err := g.check(&p, info.Size())
		if err != nil {
			return nil, nil, "", err
		}
		if !whole {
			if p.length != 0 && p.offset+int64(p.length) < info.Size() { // zeros are what was never written
				damage = fmt.Sprintf("%s: item %d does not have its checksum; it and what follows it, %d bytes, are lost", name, p.number, info.Size()-g.size)
			}
			break
		}
		g.count++
		g.size = p.offset + int64(p.length)
		if !done[p.number] {
			places = append(places, p)
		}
	}
	g.remains = uint32(len(places))
	g.synced.Store(g.size)
	return g, places, damage, nil
}

func (g *segment) readMarks() (map[uint32]bool, error) {
	raw, err := io.ReadAll(g.marks)
	if err != nil {
		return nil, err
	}
	g.marked = int64(len(raw) / markSize * markSize)
	done := map[uint32]bool{}
	for ; len(raw) >= markSize; raw = raw[markSize:] {
		done[binary.BigEndian.Uint32(raw)] = true
	}
	return done, nil
}

// check fills in an item's length and reports whether it is whole.
func (g *segment) check(p *place, fileSize int64) (whole bool, err error) {
	var head [headSize]byte
	if p.offset > fileSize {
		return false, nil
	}
	if _, err := g.items.ReadAt(head[:], p.offset-headSize); err != nil {
		return false, err
	}
	length := int64(binary.BigEndian.Uint32(head[:]))
	p.length = int(length)
	if p.offset+length > fileSize {
		return false, nil
	}
	data, err := g.read(*p)
	return err == nil && sum(head[:4], data) == binary.BigEndian.Uint32(head[4:]), err
}

// sum is the checksum of an item and its length.
func sum(length, data []byte) uint32 {
	return crc32.Update(crc32.Checksum(length, checksum), checksum, data)
}

// encode is the form of items in a segment.
func encode(items [][]byte) []byte {
	size := 0
	for _, data := range items {
		size += headSize + len(data)
	}
	block := make([]byte, 0, size)
	for _, data := range items {
		block = binary.BigEndian.AppendUint32(block, uint32(len(data)))
		block = binary.BigEndian.AppendUint32(block, sum(block[len(block)-4:], data))
		block = append(block, data...)
	}
	return block
}

// append writes the encoded items at the segment's end.
func (g *segment) append(block []byte, items [][]byte) ([]place, error) {
	if _, err := g.items.WriteAt(block, g.size); err != nil {
		return nil, errors.Join(err, g.items.Truncate(g.size))
	}
	places := make([]place, len(items))
	for i, data := range items {
		places[i] = place{g, g.count, g.size + headSize, len(data)}
		g.count++
		g.remains++
		g.size += headSize + int64(len(data))
	}
	return places, nil
}

func (g *segment) read(p place) ([]byte, error) {
	data := make([]byte, p.length)
	if _, err := g.items.ReadAt(data, p.offset); err != nil {
		return nil, err
	}
	return data, nil
}

// done marks an item. On a full disk it stays unmarked, and comes again after a
// restart if the segment is still there: that must not keep it there.
func (g *segment) done(number uint32) {
	if _, err := g.marks.WriteAt(binary.BigEndian.AppendUint32(nil, number), g.marked); err == nil {
		g.marked += markSize
	}
	g.remains--
}

func (g *segment) close() error { return errors.Join(g.items.Close(), g.marks.Close()) }

// remove deletes the items before the marks: without marks they would come again.
func (g *segment) remove() error {
	return errors.Join(g.close(), os.Remove(g.items.Name()), os.Remove(g.marks.Name()))
}
