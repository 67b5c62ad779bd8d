package codec

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/klauspost/compress/s2"

	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// What is written with every event is stored packed: its fields one after the
// other without their names, and every text once, since a record says the same
// of a hundred events; and that compressed by S2, since policies and such differ
// in little. One description of the fields, in record.go, serves both
// ways.
//
// Numbers are varints. A text is 0, its length and itself where it is new, else
// its place among the texts so far, from 1. A list, map or pointer is 0 where it
// is nil, else its length and 1. Texts are UTF-8, times come back in UTC.
type packer struct {
	// Writing: raw is what is written so far.
	writing bool
	raw     []byte
	places  map[string]int

	// Reading: rest is what is left.
	rest  string
	texts []string
	depth int
	err   error
}

// packed is the number of this form, the first byte; the texts that all begin
// with are a part of it.
const packed = 1

// mostUnpacked is more than any record has. A damaged length must not ask for
// memory.
const mostUnpacked = 64 << 20

// begin holds texts that records are full of. New ones go at the end, with a
// new number of the form.
var begin = []string{
	"", "aws", "gcp", "set", "add", "remove", "merge", "create", "delete", "open", "updated", "resolved", "modified", "deleted", "unmanaged",
	"critical", "high", "medium", "low", "cloudtrail", "gcp_audit", "falco", "IAMUser", "AssumedRole", "Root", "AWSService", "us-east-1", "eu-west-1",
	"ingress", "egress", "from_port", "to_port", "protocol", "cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups", "self", "description",
	"tcp", "0.0.0.0/0", "policy", "tags", "ec2.amazonaws.com", "s3.amazonaws.com", "iam.amazonaws.com", "compute.googleapis.com",
}

var beginPlaces = func() map[string]int {
	places := make(map[string]int, len(begin))
	for i, s := range begin {
		places[s] = i + 1
	}
	return places
}()

func pack[T any](v T, fields func(*packer, *T)) ([]byte, error) {
	p := packer{writing: true, raw: make([]byte, 0, 1024), places: map[string]int{}}
	fields(&p, &v)
	if p.err != nil {
		return nil, fmt.Errorf("stored form of %T: %w", v, p.err)
	}
	small := s2.Encode(nil, p.raw)
	return append(append(make([]byte, 0, 1+len(small)), packed), small...), nil
}

func unpack[T any](raw []byte, fields func(*packer, *T)) (v T, err error) {
	if len(raw) == 0 || raw[0] != packed {
		return v, fmt.Errorf("stored form of %T: not one that this version knows: another version wrote it, or it is damaged; run that version, or restore the store from a backup", v)
	}
	p := packer{texts: begin[:len(begin):len(begin)]}
	n, err := s2.DecodedLen(raw[1:])
	if err == nil && n > mostUnpacked {
		err = errors.New("too long")
	}
	if err == nil {
		raw, err = s2.Decode(nil, raw[1:])
	}
	if p.err = err; err == nil {
		p.rest = string(raw)
		fields(&p, &v)
	}
	if p.err == nil && p.rest != "" {
		p.err = errors.New("something follows")
	}
	if p.err != nil {
		var none T
		return none, fmt.Errorf("stored form of %T: damaged (%w); restore the store from a backup", v, p.err)
	}
	return v, nil
}

// fail ends reading: what follows reads as nothing.
func (p *packer) fail(why string) {
	p.rest = ""
	if p.err == nil {
		p.err = errors.New(why)
	}
}

func (p *packer) number(n *uint64) {
	if p.writing {
		p.raw = binary.AppendUvarint(p.raw, *n)
		return
	}
	*n = 0
	for i := 0; i < len(p.rest) && i < binary.MaxVarintLen64; i++ {
		b := p.rest[i]
		*n |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			p.rest = p.rest[i+1:]
			return
		}
	}
	p.fail("cut short")
	*n = 0
}

func (p *packer) int(n *int) {
	u := uint64(*n)<<1 ^ uint64(*n>>63)
	if p.number(&u); !p.writing {
		*n = int(u>>1) ^ -int(u&1)
	}
}

// size is that of something of which every part takes a byte at least.
func (p *packer) size(n int) int {
	u := uint64(n)
	p.number(&u)
	if !p.writing && u > uint64(len(p.rest))+1 {
		p.fail("a length is wrong")
		return 0
	}
	return int(u)
}

func (p *packer) flags(flags ...*bool) {
	var bits uint64
	for i, f := range flags {
		if *f {
			bits |= 1 << i
		}
	}
	if p.number(&bits); p.writing {
		return
	}
	for i, f := range flags {
		*f = bits&(1<<i) != 0
	}
}

func text[S ~string](p *packer, s *S) {
	if p.writing {
		p.write(string(*s))
		return
	}
	*s = S(p.read())
}

func (p *packer) write(s string) {
	place, ok := beginPlaces[s]
	if !ok {
		place = p.places[s]
	}
	p.raw = binary.AppendUvarint(p.raw, uint64(place))
	if place > 0 {
		return
	}
	p.places[s] = len(begin) + len(p.places) + 1
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	p.raw = append(binary.AppendUvarint(p.raw, uint64(len(s))), s...)
}

func (p *packer) read() string {
	var place uint64
	switch p.number(&place); {
	case p.err != nil:
		return ""
	case place > uint64(len(p.texts)):
		p.fail("a text is not there")
		return ""
	case place > 0:
		return p.texts[place-1]
	}
	var length uint64
	if p.number(&length); length > uint64(len(p.rest)) {
		p.fail("a text is cut short")
		return ""
	}
	s := p.rest[:length]
	p.rest = p.rest[length:]
	p.texts = append(p.texts, s)
	return s
}

func (p *packer) time(t *time.Time) {
	set := !t.IsZero()
	if p.flags(&set); !set {
		return // a time to be read is zero already
	}
	seconds, nanoseconds := int(t.Unix()), uint64(t.Nanosecond())
	p.int(&seconds)
	p.number(&nanoseconds)
	if !p.writing {
		*t = time.Unix(int64(seconds), int64(nanoseconds)).UTC()
	}
}

func list[T any](p *packer, l *[]T, each func(*packer, *T)) {
	n := 0
	if *l != nil {
		n = len(*l) + 1
	}
	n = p.size(n)
	if !p.writing {
		if n == 0 {
			return
		}
		*l = make([]T, n-1)
	}
	for i := range *l {
		if each(p, &(*l)[i]); p.err != nil {
			return
		}
	}
}

func pointer[T any](p *packer, to **T, fields func(*packer, *T)) {
	set := *to != nil
	if p.flags(&set); !set {
		return // a pointer to be read is nil already
	}
	if !p.writing {
		*to = new(T)
	}
	fields(p, *to)
}

func texts(p *packer, l *[]string) { list(p, l, text[string]) }

func (p *packer) times(m *map[string]time.Time) {
	n := 0
	if *m != nil {
		n = len(*m) + 1
	}
	n = p.size(n)
	if p.writing {
		for name, t := range *m {
			p.write(name)
			p.time(&t)
		}
		return
	}
	if n == 0 {
		return
	}
	*m = make(map[string]time.Time, n-1)
	for ; n > 1 && p.err == nil; n-- {
		name := p.read()
		var t time.Time
		p.time(&t)
		(*m)[name] = t
	}
}

// The kinds of a tree's nodes.
const (
	isNull = iota
	isFalse
	isTrue
	isText
	isNumeral
	isList
	isObject
	isSealed
)

// deepest is how far a tree may nest: farther than any JSON that is let in.
const deepest = 10_000

func (p *packer) tree(v *any) {
	if p.writing {
		p.writeTree(*v)
		return
	}
	*v = p.readTree()
}

func (p *packer) writeTree(v any) {
	switch v := v.(type) {
	case nil:
		p.raw = append(p.raw, isNull)
	case bool:
		if v {
			p.raw = append(p.raw, isTrue)
		} else {
			p.raw = append(p.raw, isFalse)
		}
	case string:
		p.raw = append(p.raw, isText)
		p.write(v)
	case json.Number:
		kind := byte(isNumeral)
		if !isNumber(string(v)) {
			kind = isText
		}
		p.raw = append(p.raw, kind)
		p.write(string(v))
	case []any:
		p.raw = append(p.raw, isList)
		p.size(len(v))
		for _, e := range v {
			p.writeTree(e)
		}
	case map[string]any:
		p.raw = append(p.raw, isObject)
		p.size(len(v))
		for name, e := range v {
			p.write(name)
			p.writeTree(e)
		}
	case drift.Sealed:
		p.raw = append(p.raw, isSealed)
		p.write(v.KeyID)
		p.write(v.MAC)
	default: // what a tree should not hold
		plain, err := tree.Parse([]byte(tree.Canonical(v)))
		if err != nil {
			p.fail(err.Error())
			return
		}
		p.writeTree(plain)
	}
}

func (p *packer) readTree() any {
	if p.rest == "" {
		p.fail("cut short")
		return nil
	}
	if p.depth++; p.depth > deepest {
		p.fail("nested too deep")
		return nil
	}
	defer func() { p.depth-- }()
	kind := p.rest[0]
	p.rest = p.rest[1:]
	switch kind {
	case isNull:
		return nil
	case isFalse, isTrue:
		return kind == isTrue
	case isText:
		return p.read()
	case isNumeral:
		return json.Number(p.read())
	case isList:
		l := make([]any, p.size(0))
		for i := range l {
			if l[i] = p.readTree(); p.err != nil {
				return nil
			}
		}
		return l
	case isObject:
		n := p.size(0)
		m := make(map[string]any, n)
		for ; n > 0 && p.err == nil; n-- {
			name := p.read()
			m[name] = p.readTree()
		}
		return m
	case isSealed:
		return drift.Sealed{KeyID: p.read(), MAC: p.read()}
	}
	p.fail("a value of no kind")
	return nil
}
