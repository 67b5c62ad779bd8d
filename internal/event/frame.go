package event

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"tfdrift/internal/tree"
)

// MaxDocument is the size in bytes above which one document, or one element of
// a streamed array, is not read. Ten times the largest record of any of the
// clouds, and small enough that a bomb costs little memory.
const MaxDocument = 32 << 20

const minBuffer = 64 << 10

var errTooLarge = fmt.Errorf("larger than %d MB; no cloud logs such an event, split the file or remove it", MaxDocument>>20)

// framer finds the documents of an input. Elements of a top-level array, and of
// the array in {"Records": [...]}, are documents of their own, so that a log
// file is read in constant memory.
//
// A document that cannot be read costs itself only: reading resumes at the
// first line that begins with { or [ after the line on which it began. Nothing
// is parsed again because of it: the containers still open where a document
// broke would break in the same place, so they are remembered and not tried.
type framer struct {
	src  io.Reader // nil: buf is all there is
	buf  []byte
	pos  int   // of the next byte to look at
	base int64 // offset in the input of buf[0]
	line int   // of buf[pos], from 1
	eof  bool  // src has ended, or failed with err
	err  error

	dec jsontext.Decoder
	win bytes.Buffer

	open []frame
	// Between two elements of an open array exactly one comma is due.
	wantComma bool

	// After a broken document: leftovers of it (, ] }) are tolerated.
	recovering bool
	resumed    int64   // offset of the line where reading resumed
	brokenEnd  int64   // where the last broken document broke
	unclosed   []int64 // the containers open there, in order
	brokenErr  error
}

// frame is an open array whose elements are streamed.
type frame struct {
	kind   frameKind
	line   int
	offset int64
}

type frameKind int

const (
	inArray   frameKind = iota // [ element, ...
	inRecords                  // {"Records": [ element, ...
	inTail                     // {"Records": [...] , ...
)

// maxOpen is how deeply arrays are streamed: an array of log files.
const maxOpen = 2

var decodeOptions = []jsontext.Options{jsontext.AllowDuplicateNames(true)}

func newFramer(src io.Reader) *framer { return &framer{src: src, line: 1} }

func framerOf(doc []byte) *framer { return &framer{buf: doc, line: 1, eof: true} }

func (f *framer) offset() int64 { return f.base + int64(f.pos) }

// document is a place in the input and, until the next call, what stands there.
type document struct {
	raw    []byte
	line   int
	offset int64
}

// next returns the next document; io.EOF at the end; a *DocumentError for a
// document that cannot be read, after which reading may go on.
func (f *framer) next() (document, error) {
	for {
		c, ok := f.peek()
		if !ok {
			return document{}, f.atEnd()
		}
		if f.offset() == 0 {
			if skipped, err := f.signature(); err != nil {
				return document{}, err
			} else if skipped {
				continue
			}
		}
		if consumed, err := f.punctuation(c); err != nil {
			return document{}, err
		} else if consumed {
			continue
		}
		if f.recovering && f.offset() <= f.brokenEnd {
			if skipped, err := f.leftover(c); err != nil {
				return document{}, err
			} else if skipped {
				continue
			}
		}
		if len(f.open) < maxOpen && f.opens(c) {
			continue
		}
		doc := document{line: f.line, offset: f.offset()}
		raw, err := f.value()
		if err != nil {
			return document{}, f.breakOff(err)
		}
		f.wantComma = true
		if tooDeep(raw) {
			return document{}, &DocumentError{Line: doc.line, Offset: doc.offset, Err: errDepth}
		}
		doc.raw = raw
		return doc, nil
	}
}

var errDepth = fmt.Errorf("nested more than %d levels deep; no cloud logs such an event, remove it", tree.MaxDepth)

// atEnd is the error with which the input ends.
func (f *framer) atEnd() error {
	if f.err != nil {
		return f.err
	}
	if len(f.open) == 0 {
		return io.EOF
	}
	first := f.open[0]
	f.open = nil
	return &DocumentError{Line: first.line, Offset: first.offset,
		Err: errors.New("the array is not closed: the file is cut off; what stands before the cut was read, fetch the file again")}
}

// signature sees to what may stand at the very beginning: a byte order mark,
// or something that is no text at all.
func (f *framer) signature() (skipped bool, err error) {
	for len(f.buf)-f.pos < 4 && f.fill() {
	}
	head := f.buf[f.pos:]
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		f.pos += 3
		return true, nil
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		f.discard()
		return false, &DocumentError{Line: 1, Err: errors.New("this is UTF-16, not UTF-8; convert it first, say with iconv -f UTF-16 -t UTF-8")}
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		f.discard()
		return false, &DocumentError{Line: 1, Err: errors.New("this is a zip archive, not JSON or gzip; unpack it first")}
	case bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd")):
		f.discard()
		return false, &DocumentError{Line: 1, Err: errors.New("this is zstd, not JSON or gzip; unpack it first, with zstd -d")}
	}
	return false, nil
}

// punctuation consumes what stands between documents.
func (f *framer) punctuation(c byte) (consumed bool, err error) {
	if len(f.open) == 0 {
		if f.recovering && (c == ',' || c == ']' || c == '}') {
			f.pos++
			return true, nil
		}
		return false, nil
	}
	top := &f.open[len(f.open)-1]
	switch {
	case top.kind == inTail:
		return true, f.tail(c)
	case c == ']':
		f.pos++
		f.wantComma = true
		if top.kind == inRecords {
			top.kind = inTail
		} else {
			f.open = f.open[:len(f.open)-1]
		}
		return true, nil
	case c == ',' && f.wantComma:
		f.pos++
		f.wantComma = false
		return true, nil
	case c == ',':
		f.pos++
		return true, &DocumentError{Line: f.line, Offset: f.offset() - 1, Err: errors.New("a comma where an element of an array should be; remove it")}
	case f.wantComma && (c == '{' || c == '['):
		// The element itself may be whole, so it is read all the same.
		f.wantComma = false
		return false, &DocumentError{Line: f.line, Offset: f.offset(), Err: errors.New("a comma is missing between two elements of an array; add it")}
	}
	return false, nil
}

// tail reads the members that follow the Records of a log file.
func (f *framer) tail(c byte) error {
	switch c {
	case '}':
		f.pos++
		f.open = f.open[:len(f.open)-1]
		f.wantComma = true
		return nil
	case ',':
		f.pos++
		if c, _ := f.peek(); c == '"' {
			if _, err := f.value(); err != nil {
				return f.breakOff(err)
			}
			if c, _ := f.peek(); c == ':' {
				f.pos++
				if _, ok := f.peek(); ok {
					if _, err := f.value(); err != nil {
						return f.breakOff(err)
					}
					return nil
				}
			}
		}
	}
	return f.breakOff(errors.New("after the Records array stands neither another member nor }"))
}

// leftover deals with the rest of a document that broke further on.
func (f *framer) leftover(c byte) (skipped bool, err error) {
	if c != '{' && c != '[' {
		f.resync()
		return true, nil
	}
	at := f.offset()
	if _, found := slices.BinarySearch(f.unclosed, at); !found {
		return false, nil
	}
	broken := &DocumentError{Line: f.line, Offset: at, Err: f.brokenErr}
	again := at == f.resumed
	f.resync()
	if again {
		return true, broken
	}
	return true, nil // inside of what was reported
}

// opens enters an array whose elements are to be streamed.
func (f *framer) opens(c byte) bool {
	entered := frame{line: f.line, offset: f.offset()}
	switch c {
	case '[':
		f.pos++
	case '{':
		n := f.leadingRecords()
		if n == 0 {
			return false
		}
		entered.kind = inRecords
		f.advance(n)
	default:
		return false
	}
	f.open = append(f.open, entered)
	f.wantComma = false
	return true
}

// leadingRecords returns the length of what opens a CloudTrail log file,
// {"Records": [, or 0.
func (f *framer) leadingRecords() int {
	for {
		window := f.buf[f.pos:]
		i := 0
		for _, token := range [...]string{"{", `"Records"`, ":", "["} {
			i = space(window, i)
			n := min(len(token), len(window)-i)
			if string(window[i:i+n]) != token[:n] {
				return 0
			}
			if i += n; n < len(token) {
				break
			}
		}
		if i < len(window) || i > 0 && window[i-1] == '[' {
			return i
		}
		if i > minBuffer || !f.fill() {
			return 0
		}
	}
}

// value reads the JSON value at pos. What it returns is good until the next read.
func (f *framer) value() ([]byte, error) {
	for {
		window := f.buf[f.pos:]
		f.win = *bytes.NewBuffer(window)
		f.dec.Reset(&f.win, decodeOptions...)
		raw, err := f.dec.ReadValue()
		ended := int(f.dec.InputOffset())
		switch {
		case err == nil && (ended < len(window) || f.eof || raw[0] == '{' || raw[0] == '['):
			f.advance(ended)
			return raw, nil
		case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
			return nil, err
		case f.eof && f.err != nil:
			return nil, f.err
		case f.eof:
			return nil, err
		case len(window) >= MaxDocument:
			return nil, errTooLarge
		}
		// Large documents are tried again when they have grown by half, so that
		// the work stays proportional; small ones at once, for a slow pipe's sake.
		for want := len(window) + len(window)/2; f.fill(); {
			if have := len(f.buf) - f.pos; have < minBuffer || have >= want || have >= MaxDocument {
				break
			}
		}
	}
}

// breakOff gives up the document at pos and moves to where reading resumes.
// Errors of the input itself pass through.
func (f *framer) breakOff(err error) error {
	if f.err != nil && errors.Is(err, f.err) {
		f.discard()
		return f.err
	}
	if f.pos < len(f.buf) && f.buf[f.pos] == '<' {
		for len(f.buf)-f.pos < markupHead && f.fill() {
		}
	}
	broken := &DocumentError{Line: f.line, Offset: f.offset(), Err: err}
	window := f.buf[f.pos:]
	good := 0 // the length of what is JSON up to where it broke
	if err == errTooLarge {
		good = len(window)
	} else if syntax := (*jsontext.SyntacticError)(nil); errors.As(err, &syntax) {
		if good = len(window); errors.Is(err, io.ErrUnexpectedEOF) {
			broken.Err = errors.New("the document is not closed: it is cut off, or a bracket or quote is missing; complete or remove it")
		} else {
			good = min(int(syntax.ByteOffset), good)
			line := f.line + bytes.Count(window[:good], []byte("\n"))
			broken.Err = fmt.Errorf("not JSON: %w (line %d, byte %d of the document); correct or remove it", syntax.Err, line, good+1)
		}
	}
	html := false
	if len(window) > 0 && window[0] == '<' {
		html = isHTML(window)
		broken.Err = errors.New("this is markup (XML?), not JSON: perhaps an error message of the store; fetch the file again")
		if html {
			broken.Err = errors.New("this is HTML, not JSON: perhaps an error or sign-in page; fetch the file again with valid credentials")
		}
	}
	f.unclosed = appendUnclosed(f.unclosed[:0], window[:good], f.offset())
	f.brokenEnd = f.offset() + int64(good)
	f.brokenErr = broken.Err
	f.recovering = true
	f.open, f.wantComma = f.open[:0], false
	if html {
		f.skipHTML()
	}
	f.resync()
	return broken
}

// appendUnclosed appends the offsets of the containers that a valid prefix of
// JSON leaves open.
func appendUnclosed(unclosed []int64, prefix []byte, at int64) []int64 {
	for i := 0; i < len(prefix); i++ {
		switch prefix[i] {
		case '"':
			i = skipString(prefix, i) - 1
		case '{', '[':
			unclosed = append(unclosed, at+int64(i))
		case '}', ']':
			if len(unclosed) > 0 {
				unclosed = unclosed[:len(unclosed)-1]
			}
		}
	}
	return unclosed
}

// resync moves to the next line that begins with { or [.
func (f *framer) resync() {
	for {
		i := bytes.IndexByte(f.buf[f.pos:], '\n')
		if i < 0 {
			f.pos = len(f.buf)
			if !f.fill() {
				return
			}
			continue
		}
		f.pos += i + 1
		f.line++
		if f.pos == len(f.buf) && !f.fill() {
			return
		}
		if c := f.buf[f.pos]; c == '{' || c == '[' {
			f.resumed = f.offset()
			return
		}
	}
}

// markupHead is how many bytes of markup tell what it is.
const markupHead = 512

func isHTML(window []byte) bool {
	head := bytes.ToLower(window[:min(len(window), markupHead)])
	return bytes.Contains(head, []byte("<html")) || bytes.Contains(head, []byte("<!doctype html")) || bytes.Contains(head, []byte("<head"))
}

// skipHTML moves to the end tag of a page, else to the end: the scripts in a
// page have lines that begin like documents.
func (f *framer) skipHTML() {
	end := []byte("</html")
	for {
		window := f.buf[f.pos:]
		if i := bytes.Index(bytes.ToLower(window), end); i >= 0 {
			f.advance(i)
			return
		}
		f.advance(max(0, len(window)-len(end)))
		if !f.fill() {
			f.pos = len(f.buf)
			return
		}
	}
}

// discard ends reading.
func (f *framer) discard() {
	f.src, f.buf, f.pos, f.eof, f.open = nil, nil, 0, true, nil
}

// peek returns the next byte that is no white space.
func (f *framer) peek() (byte, bool) {
	for {
		for f.pos < len(f.buf) {
			switch c := f.buf[f.pos]; c {
			case '\n':
				f.line++
				f.pos++
			case ' ', '\t', '\r':
				f.pos++
			default:
				return c, true
			}
		}
		if !f.fill() {
			return 0, false
		}
	}
}

func (f *framer) advance(n int) {
	f.line += bytes.Count(f.buf[f.pos:f.pos+n], []byte("\n"))
	f.pos += n
}

// fill reads more behind buf[pos:], which it keeps, and reports whether it could.
func (f *framer) fill() bool {
	if f.eof {
		return false
	}
	if f.pos > 0 {
		n := copy(f.buf, f.buf[f.pos:])
		f.base += int64(f.pos)
		f.buf, f.pos = f.buf[:n], 0
	}
	if len(f.buf) == cap(f.buf) {
		f.buf = slices.Grow(f.buf, max(minBuffer, min(len(f.buf), MaxDocument+minBuffer-len(f.buf))))
	}
	for range 100 {
		n, err := f.src.Read(f.buf[len(f.buf):cap(f.buf)])
		f.buf = f.buf[:len(f.buf)+n]
		if err != nil {
			f.eof = true
			if err != io.EOF {
				f.err = err
			}
		}
		if n > 0 || err != nil {
			return n > 0
		}
	}
	f.eof, f.err = true, io.ErrNoProgress
	return false
}
