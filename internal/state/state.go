// Package state reads Terraform and OpenTofu states, as a stream, into the
// entries of the index: raw state (version 4) and the output of `terraform show
// -json`, either of them plain or gzip. What is secret in a state is sealed on
// the way (see [Sealer]); what is no managed resource of a watched cloud is
// passed over and counted. Memory is bounded by the largest resource, not by
// the state.
//
// Where states live is a [Source]. Who keeps the entries is package index; which
// attributes are secret whatever the state says is the catalog's knowledge.
package state

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// ErrNotState marks input that is something else than a Terraform state: a
// plan, a lock's record, a page of HTML. It is an [drift.ErrInvalid]. In a
// folder such files are passed over.
var ErrNotState = fmt.Errorf("not a Terraform state: %w", drift.ErrInvalid)

// Version is the one version of raw state that is read: that of Terraform since
// 0.12 and of OpenTofu.
const Version = 4

// Header is what a state says of itself, and how many resource instances it holds.
type Header struct {
	TerraformVersion string
	Lineage          string // "" in the output of show, which has neither lineage nor serial
	Serial           uint64

	Entries int // instances handed on, or known
	Data    int // instances of data sources, passed over
	Foreign int // managed by other providers than aws, google and google-beta, passed over
	Deposed int // replaced objects that wait for their destruction, passed over
	Flat    int // in the flat form of Terraform before 0.12, passed over; `terraform apply -refresh-only` renews them
}

// Read hands every managed AWS and Google Cloud resource instance of the state
// in r to emit, in the order of the state. The entries carry name as their
// state. An entry is emit's to keep. emit is called from another goroutine,
// never twice at once, and not after Read has returned.
//
// An error means that the state was not read to its end: what was emitted until
// then is void. Input that can never be read is [drift.ErrInvalid], or
// [ErrNotState] if it is something else altogether; errors of r and of emit come
// back as they are.
func Read(r io.Reader, name string, seal *Sealer, emit func(*drift.Entry) error) (Header, error) {
	return ReadChanged(r, name, seal, Changes{}, emit)
}

// Changes says which instances are read, and what of them.
type Changes struct {
	// Known is asked of each instance before what is in it is read. Those that are
	// known are passed over. The hash is of all that the entry will be made of, and
	// of how this version makes it. It is keyed as seals are: that of a short secret
	// among known values could be guessed otherwise. It may run beside emit, for an
	// instance behind that of emit's entry. Its errors come back as they are.
	Known func(address, hash string) (bool, error)
	// Names are the attributes by which an entry of a type is found. Others may be
	// left in the entry's Rest, which is good until emit returns.
	Names func(typ string) []string
}

// ReadChanged reads as [Read] does, but no more than c says.
func ReadChanged(r io.Reader, name string, seal *Sealer, c Changes, emit func(*drift.Entry) error) (Header, error) {
	d := document{name: name, seal: seal, known: c.Known, names: c.Names, emit: emit}
	if d.known != nil {
		d.hash = hmac.New(sha256.New, seal.key)
	}
	err := d.read(r)
	if err != nil {
		return d.header, fmt.Errorf("state %s: %w", name, err)
	}
	return d.header, nil
}

// ReadHeader reads as much of a state as says its version, serial and lineage:
// a few hundred bytes of what Terraform writes. The counts stay zero. Its errors
// are those of [Read], as far as it has read.
func ReadHeader(r io.Reader, name string) (Header, error) {
	d := document{name: name, headerOnly: true}
	err := d.read(r)
	if err != nil && !errors.Is(err, errHeaderDone) {
		return d.header, fmt.Errorf("state %s: %w", name, err)
	}
	return d.header, nil
}

var errHeaderDone = errors.New("header read")

// document is one state being read.
type document struct {
	name       string
	seal       *Sealer
	known      func(address, hash string) (bool, error) // nil: nothing is
	hash       hash.Hash                                // nil where nobody asks
	names      func(typ string) []string                // nil: all is read
	emit       func(*drift.Entry) error
	headerOnly bool

	source *watched
	in     *bounded
	dec    *jsontext.Decoder
	header Header

	beside *beside // nil before the first instance

	// Of the jobs alone, as is header.Entries.
	trees   tree.Builder
	secrets map[string][]path          // by type, see [Sealer.known]
	toRead  map[string]map[string]bool // by type, the attributes that must be looked into
	scratch []byte

	version    string // as written; "" before it is read
	format     string // the format_version of show
	identified bool   // a member was seen that only states have
	serial     bool   // the serial was seen
	lock       bool   // a member was seen with which a lock's record begins
}

func (d *document) read(r io.Reader) error {
	d.source = &watched{r: r}
	body, err := open(d.source)
	if err != nil {
		return d.damaged(err)
	}
	d.in = &bounded{r: body}
	d.in.renew() // white space before anything else is bounded too
	d.dec = jsontext.NewDecoder(d.in, jsontext.AllowDuplicateNames(true))
	err = d.object(d.dec, d.member)
	if d.beside != nil {
		if failed := d.beside.end(); failed != nil { // at an instance before what err is of
			err = failed
		}
	}
	if err := d.explain(err); err != nil {
		return err
	}
	if err := d.complete(); err != nil {
		return err
	}
	if _, err := d.dec.ReadToken(); !errors.Is(err, io.EOF) {
		if d.in.err != nil {
			return d.explain(err)
		}
		return d.invalid("text after the end of the state; were two files joined?")
	}
	return nil
}

// open undoes gzip and a byte order mark and tells JSON from everything else
// that people take for a state, by its first bytes.
func open(r io.Reader) (io.Reader, error) {
	in := bufio.NewReaderSize(r, 128<<10)
	if head, _ := in.Peek(2); string(head) == "\x1f\x8b" {
		unzipped, err := gzip.NewReader(in)
		if err != nil {
			return nil, err
		}
		in = bufio.NewReader(unzipped)
	}
	if head, _ := in.Peek(3); string(head) == "\xef\xbb\xbf" {
		_, _ = in.Discard(3) // cannot fail: they were peeked
	}
	head, err := in.Peek(512)
	if err != nil && err != io.EOF {
		return nil, err
	}
	text := bytes.TrimLeft(head, " \t\r\n")
	switch {
	case len(text) == 0 && len(head) < 512:
		return nil, fmt.Errorf("the file is empty; `terraform state pull` writes the state of a workspace: %w", ErrNotState)
	case len(text) == 0 || text[0] == '{':
		return in, nil
	case bytes.HasPrefix(text, []byte("PK\x03\x04")):
		return nil, fmt.Errorf("a zip file, perhaps a saved plan; give the state, which `terraform state pull` writes: %w", ErrNotState)
	case bytes.HasPrefix(text, []byte("\xff\xfe")), bytes.HasPrefix(text, []byte("\xfe\xff")):
		return nil, fmt.Errorf("UTF-16 text, as PowerShell's > writes it; write it as UTF-8 (Out-File -Encoding utf8): %w", drift.ErrInvalid)
	case text[0] == '<':
		return nil, fmt.Errorf("HTML or XML, perhaps the error page of a download; look at its first lines: %w", ErrNotState)
	case text[0] == '[':
		return nil, fmt.Errorf("a JSON list; a state is one JSON object: %w", ErrNotState)
	case text[0] == 0:
		return nil, fmt.Errorf("it begins with a NUL byte; a state is JSON text, restore it from a backup: %w", ErrNotState)
	default:
		return nil, fmt.Errorf("YAML, HCL or other text; a state is JSON, as `terraform state pull` writes it: %w", ErrNotState)
	}
}

// member reads one member of the document itself. Which members were seen tells
// a raw state from the output of show and from a stranger.
func (d *document) member(name string) error {
	switch name {
	case "version":
		return d.readVersion()
	case "terraform_version", "lineage":
		s, err := d.text(d.dec)
		if err != nil {
			return err
		}
		d.identified = true
		if name == "lineage" {
			d.header.Lineage = s
		} else {
			d.header.TerraformVersion = s
		}
		return d.checkVersion()
	case "serial":
		s, err := d.text(d.dec)
		if err != nil {
			return err
		}
		serial, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			return d.invalid("serial is no whole number; restore the state from a backup")
		}
		d.identified, d.serial, d.header.Serial = true, true, serial
		return d.checkVersion()
	case "format_version":
		s, err := d.text(d.dec)
		if err != nil {
			return err
		}
		d.identified, d.format = true, s
		return checkFormat(s)
	case "outputs", "check_results", "checks":
		return d.stopOr(d.skip)
	case "resources":
		if d.version == "" && !d.identified {
			return d.stranger(name)
		}
		return d.stopOr(func() error { return d.list(d.dec, d.resource) })
	case "values":
		if d.format == "" {
			return d.stranger(name)
		}
		return d.stopOr(func() error { return d.object(d.dec, d.values) })
	case "planned_values", "resource_changes":
		return fmt.Errorf("a plan; give the state, which `terraform show -json` writes if it is not given a plan: %w", ErrNotState)
	case "encrypted_data":
		return fmt.Errorf("encrypted by OpenTofu; give the output of `tofu show -json`, which decrypts it: %w", drift.ErrInvalid)
	case "meta", "encryption_version": // beside encrypted_data
		return d.skip()
	case "ID":
		d.lock = true
		return d.skip()
	case "Operation", "Who":
		if d.lock {
			return fmt.Errorf("the record of a state lock; give the state beside it: %w", ErrNotState)
		}
	}
	if !d.identified {
		return d.stranger(name)
	}
	return d.skip()
}

// stopOr ends the reading of a header where nothing is missing from it.
func (d *document) stopOr(read func() error) error {
	raw := d.version != "" && d.serial && d.header.Lineage != ""
	if d.headerOnly && (raw || d.format != "") {
		return errHeaderDone
	}
	if d.headerOnly {
		return d.skip()
	}
	return read()
}

func (d *document) readVersion() error {
	if d.dec.PeekKind() != '0' {
		return d.stranger("version") // a package.json, say
	}
	tok, err := d.dec.ReadToken()
	if err != nil {
		return err
	}
	d.version = tok.String()
	return d.checkVersion()
}

// checkVersion judges the version as soon as the document is known to be a
// state: many a JSON file has a version.
func (d *document) checkVersion() error {
	if d.version == "" || !d.identified || d.version == strconv.Itoa(Version) {
		return nil
	}
	switch d.version {
	case "1", "2", "3":
		return fmt.Errorf("state version %s, of Terraform before 0.12 or the backend's record in .terraform; `terraform state pull` of 0.12 or later writes version %d: %w",
			d.version, Version, drift.ErrInvalid)
	}
	return fmt.Errorf("state version %.20s is not known, only %d; is there a newer tfdrift? `terraform show -json` may do meanwhile: %w", d.version, Version, drift.ErrInvalid)
}

// complete judges a document read to its end.
func (d *document) complete() error {
	if !d.identified && d.version != strconv.Itoa(Version) {
		return fmt.Errorf("a JSON object without version, serial and lineage; `terraform state pull` writes a state: %w", ErrNotState)
	}
	if d.version == "" && d.format == "" {
		return fmt.Errorf("a state without its version; restore it from a backup: %w", drift.ErrInvalid)
	}
	return nil
}

func (d *document) stranger(name string) error {
	return fmt.Errorf("a JSON object with a member %.40q, which no state begins with; `terraform state pull` writes a state: %w", name, ErrNotState)
}

// object reads an object's members, each with member. null is an empty object.
func (d *document) object(dec *jsontext.Decoder, member func(name string) error) error {
	return d.container(dec, '{', "an object", func() error {
		raw, err := dec.ReadValue()
		if err != nil {
			return err
		}
		if name, ok := members[string(raw)]; ok { // without making a string of it
			return member(name)
		}
		name, err := jsontext.AppendUnquote(nil, raw)
		if err != nil {
			return err
		}
		return member(string(name))
	})
}

// members are the names that states are full of, by how they are written.
var members = func() map[string]string {
	names := map[string]string{}
	for _, name := range [...]string{
		"module", "mode", "type", "name", "provider", "instances", "index_key", "status", "deposed", "schema_version", "attributes", "attributes_flat",
		"sensitive_attributes", "identity", "identity_schema_version", "private", "dependencies", "create_before_destroy",
	} {
		names[`"`+name+`"`] = name
	}
	return names
}()

// list reads a list's elements, each with element. null is an empty list.
func (d *document) list(dec *jsontext.Decoder, element func(*jsontext.Decoder) error) error {
	return d.container(dec, '[', "a list", func() error { return element(dec) })
}

func (d *document) container(dec *jsontext.Decoder, open jsontext.Kind, what string, next func() error) error {
	tok, err := dec.ReadToken()
	if err != nil {
		return err
	}
	if tok.Kind() == 'n' {
		return nil
	}
	if tok.Kind() != open {
		return d.mistyped(dec, what)
	}
	for kind := dec.PeekKind(); kind != ']' && kind != '}'; kind = dec.PeekKind() {
		d.in.renew()
		if err := next(); err != nil {
			return err
		}
	}
	_, err = dec.ReadToken()
	return err
}

// text reads a string or a number as it is written; null is "".
func (d *document) text(dec *jsontext.Decoder) (string, error) {
	tok, err := dec.ReadToken()
	if err != nil {
		return "", err
	}
	switch tok.Kind() {
	case '"', '0':
		return tok.String(), nil
	case 'n':
		return "", nil
	}
	return "", d.mistyped(dec, "text")
}

// skip passes over the next value, of whatever size.
func (d *document) skip() error { return d.skipIn(d.dec) }

func (d *document) skipIn(dec *jsontext.Decoder) error {
	depth := dec.StackDepth()
	for {
		d.in.renew()
		if _, err := dec.ReadToken(); err != nil {
			return err
		}
		if dec.StackDepth() <= depth {
			return nil
		}
	}
}

func (d *document) mistyped(dec *jsontext.Decoder, want string) error {
	return fmt.Errorf("at byte %d: want %s at %.100q; restore the state from a backup: %w", dec.InputOffset(), want, dec.StackPointer(), drift.ErrInvalid)
}

func (d *document) invalid(problem string) error {
	return fmt.Errorf("at byte %d: %s: %w", d.dec.InputOffset(), problem, drift.ErrInvalid)
}

// explain says of an error of the decoder where it is and what to do.
func (d *document) explain(err error) error {
	var syntax *jsontext.SyntacticError
	var foreign theirs
	switch {
	case err == nil:
		return nil
	case errors.As(err, &foreign):
		return foreign.error
	case errors.Is(d.in.err, errTooLarge):
		return fmt.Errorf("after byte %d: %w", d.dec.InputOffset(), errTooLarge)
	case d.in.err != nil:
		return d.damaged(d.in.err)
	case errors.Is(err, drift.ErrInvalid), errors.Is(err, errHeaderDone):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return d.broken(d.dec.InputOffset(), "the state ends in the middle; it is truncated, fetch it again or restore it from a backup")
	case errors.As(err, &syntax):
		return d.broken(syntax.ByteOffset, syntax.Err.Error()+"; is it edited by hand? Restore it from a backup")
	}
	return d.invalid(err.Error() + ", as no resource is; restore it from a backup") // a tree's only other error
}

// broken is the error of a document that breaks off or stops being JSON,
// perhaps before it could be told what it is.
func (d *document) broken(offset int64, problem string) error {
	kind := drift.ErrInvalid
	if !d.identified {
		kind = ErrNotState
	}
	return fmt.Errorf("at byte %d: %s: %w", offset, problem, kind)
}

// damaged tells compressed data that can never be read from a failure to read it.
func (d *document) damaged(err error) error {
	var corrupt flate.CorruptInputError
	if d.source.err != nil {
		return d.source.err
	}
	if errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.As(err, &corrupt) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("the gzip data is damaged (%v); fetch it again: %w", err, drift.ErrInvalid)
	}
	return err
}

// watched is a reader that remembers its own failure, which gzip may report as
// damage.
type watched struct {
	r   io.Reader
	err error
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if err != nil && err != io.EOF {
		w.err = err
	}
	return n, err
}
