package state

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// maxPending is how many parts of a resource's instances are held back until
// its module is known.
const maxPending = 1 << 18

// resource is one element of a raw state's resources: a block of configuration
// with its instances.
type resource struct {
	module, mode, typ, name string
	provider                drift.Provider
	described               int // how many of mode, type, name and provider are known

	// Terraform writes a resource's module before its instances and leaves out
	// that of the root; tools that edit states put it anywhere. So the instances
	// are held back till the resource's end, if they are few, and go as the
	// root's if they are many.
	hasModule bool
	pending   []*instance
	begun     int
	gone      bool
}

// instance is what makes an entry, as it is written.
type instance struct {
	key                             any
	attributes, identity, sensitive jsontext.Value // nil where there are none
}

func (d *document) resource(dec *jsontext.Decoder) error {
	var res resource
	var early jsontext.Value // instances that stand before what describes them, as in JSON with sorted members
	err := d.object(dec, func(member string) (err error) {
		switch member {
		case "module":
			res.hasModule = true
			res.module, err = d.text(dec)
			if res.gone && res.module != "" {
				return d.invalid(fmt.Sprintf("the module of %s.%s stands behind its instances; have Terraform write the state", res.typ, res.name))
			}
		case "mode":
			res.described++
			res.mode, err = d.text(dec)
		case "type":
			res.described++
			res.typ, err = d.text(dec)
		case "name":
			res.described++
			res.name, err = d.text(dec)
		case "provider":
			var ref string
			res.described++
			ref, err = d.text(dec)
			res.provider = provider(ref)
		case "instances":
			if res.described >= 4 {
				return d.instances(dec, &res)
			}
			var raw jsontext.Value
			raw, err = dec.ReadValue()
			early = bytes.Clone(raw)
		default:
			return d.skipIn(dec)
		}
		return err
	})
	if err != nil {
		return err
	}
	if early != nil {
		inner := jsontext.NewDecoder(bytes.NewReader(early), jsontext.AllowDuplicateNames(true))
		if err := d.instances(inner, &res); err != nil {
			return err
		}
	}
	return d.flush(&res)
}

func (d *document) instances(dec *jsontext.Decoder, res *resource) error {
	var passed *int
	switch {
	case res.mode != "managed":
		passed = &d.header.Data
	case res.provider == "":
		passed = &d.header.Foreign
	case res.typ == "" || res.name == "":
		return d.mistyped(dec, "a type and a name before the instances")
	}
	if d.beside == nil {
		d.beside = begin(d.emit)
	}
	res.begun = d.in.parts
	return d.list(dec, func(dec *jsontext.Decoder) error {
		if passed != nil {
			*passed++
			return d.skipIn(dec)
		}
		inst, err := d.instance(dec, res)
		if err != nil || inst == nil {
			return err
		}
		if res.hasModule {
			res.gone = true
			return d.later(*res, inst)
		}
		inst.attributes, inst.identity, inst.sensitive = bytes.Clone(inst.attributes), bytes.Clone(inst.identity), bytes.Clone(inst.sensitive)
		res.pending = append(res.pending, inst)
		if d.in.parts-res.begun > maxPending {
			res.gone = true
			return d.flush(res)
		}
		return nil
	})
}

// instance reads one instance; nil is one that is passed over. What it holds is
// good for the next job.
func (d *document) instance(dec *jsontext.Decoder, res *resource) (*instance, error) {
	var inst instance
	var deposed string
	var flat bool
	err := d.object(dec, func(member string) (err error) {
		switch member {
		case "index_key":
			inst.key, err = tree.Decode(dec)
		case "deposed":
			deposed, err = d.text(dec)
		case "attributes":
			inst.attributes, err = d.written(dec, '{', "an object")
		case "attributes_flat":
			flat = dec.PeekKind() == '{'
			return d.skipIn(dec)
		case "sensitive_attributes":
			inst.sensitive, err = d.written(dec, '[', "a list of paths")
		case "identity":
			inst.identity, err = d.written(dec, '{', "an object")
		default: // status: a tainted object exists all the same
			return d.skipIn(dec)
		}
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case deposed != "":
		d.header.Deposed++
		return nil, nil
	case inst.attributes == nil && flat:
		d.header.Flat++
		return nil, nil
	}
	return &inst, nil
}

// later has an instance delivered while the next are read.
func (d *document) later(res resource, inst *instance) error {
	return d.beside.do(func(b *batch) (*drift.Entry, error) { return d.make(&res, inst, b) })
}

// make makes an entry of an instance, unless it is known.
func (d *document) make(res *resource, inst *instance, b *batch) (*drift.Entry, error) {
	address := address(res.module, res.typ, res.name, inst.key)
	if known, err := d.isKnown(address, res.typ, res.provider, inst.attributes, inst.identity, inst.sensitive); known || err != nil {
		return nil, err
	}
	identity, err := d.build(inst.identity)
	if err != nil {
		return nil, err
	}
	sensitive, err := d.paths(inst.sensitive)
	if err != nil {
		return nil, err
	}
	attributes, rest, err := d.attributes(res.typ, inst.attributes, identity, sensitive, b)
	if err != nil {
		return nil, err
	}
	entry := d.entry(res.typ, res.provider, attributes, identity, func(attributes map[string]any) {
		for _, p := range sensitive {
			d.seal.path(attributes, p)
		}
	})
	entry.Address, entry.Rest = address, rest
	return entry, nil
}

// entry makes an entry of attributes that are still in clear, with seal for
// those that the state marks.
func (d *document) entry(typ string, cloud drift.Provider, attributes, identity map[string]any, seal func(map[string]any)) *drift.Entry {
	place := locate(cloud, typ, attributes, identity)
	for name, v := range identity { // Terraform >= 1.12: what an import needs, account and region among it
		if attributes[name] == nil {
			attributes[name] = v
		}
	}
	seal(attributes)
	for _, p := range d.secret(typ) {
		d.seal.path(attributes, p)
	}
	id, _ := tree.Text(attributes["id"])
	d.header.Entries++
	return &drift.Entry{State: d.name, Type: typ, Provider: cloud, Account: place.account, Region: place.region, ID: id, Attributes: attributes}
}

func (d *document) flush(res *resource) error {
	for _, inst := range res.pending {
		if err := d.later(*res, inst); err != nil {
			return err
		}
	}
	res.pending = nil
	return nil
}

// isKnown asks whether an instance is known, and counts it if it is. written is
// all that its entry will be made of.
func (d *document) isKnown(address, typ string, cloud drift.Provider, written ...jsontext.Value) (bool, error) {
	if d.known == nil {
		return false, nil
	}
	known, err := d.known(address, d.digest(typ, cloud, written))
	if err != nil {
		return false, theirs{err}
	}
	if known {
		d.header.Entries++
	}
	return known, nil
}

// written reads a value as it is written; null is nil.
func (d *document) written(dec *jsontext.Decoder, kind jsontext.Kind, what string) (jsontext.Value, error) {
	raw, err := dec.ReadValue()
	switch {
	case err != nil:
		return nil, err
	case raw.Kind() == 'n':
		return nil, nil
	case raw.Kind() != kind:
		return nil, d.mistyped(dec, what)
	}
	return d.beside.keep(raw), nil
}

// build makes the tree of an object.
func (d *document) build(raw jsontext.Value) (map[string]any, error) {
	if raw == nil {
		return nil, nil
	}
	v, err := d.trees.Build(raw, 0)
	object, _ := v.(map[string]any)
	return object, err
}

// attributes makes the tree of an instance's attributes. Where the names are
// known that an entry is found by, only what has to be looked into is made a
// tree: those names, what tells the place, and whatever may be secret.
func (d *document) attributes(typ string, raw jsontext.Value, identity map[string]any, sensitive []path, b *batch) (attributes map[string]any, rest []byte, err error) {
	switch {
	case raw == nil:
		return map[string]any{}, nil, nil
	case d.names == nil || slices.ContainsFunc(sensitive, path.ofAll):
		attributes, err = d.build(raw)
		return attributes, nil, err
	}
	read := d.mustRead(typ)
	wanted := func(name string) bool {
		if read[name] || strings.HasSuffix(name, "_arn") {
			return true
		}
		_, ok := identity[name]
		return ok || slices.ContainsFunc(sensitive, func(p path) bool { return p[0].name == name })
	}
	start := len(b.text)
	attributes, b.text, err = d.trees.BuildPart(raw, wanted, b.text)
	return attributes, b.text[start:len(b.text):len(b.text)], err
}

// mustRead are the attributes that are looked into in every resource of a type.
func (d *document) mustRead(typ string) map[string]bool {
	names := d.toRead[typ]
	if names == nil {
		names = map[string]bool{}
		for _, name := range append(d.names(typ), placeNames...) {
			names[name] = true
		}
		for _, p := range d.secret(typ) {
			names[p[0].name] = true
		}
		if d.toRead == nil {
			d.toRead = map[string]map[string]bool{}
		}
		d.toRead[typ] = names
	}
	return names
}

// form counts the ways in which entries were made of what states hold. Another
// number makes every entry anew.
const form = "1"

// hashSize is enough for telling contents apart that nobody can choose to be
// alike without the key.
const hashSize = 16

// digest is the hash of what an entry will be made of: what is written, and what
// is known of the type.
func (d *document) digest(typ string, cloud drift.Provider, written []jsontext.Value) string {
	d.scratch = append(append(append(append(append(d.scratch[:0], form...), ' '), cloud...), ' '), typ...)
	for _, raw := range written {
		d.scratch = strconv.AppendInt(append(d.scratch, ' '), int64(len(raw)), 10)
	}
	if d.secret(typ) != nil {
		d.scratch = fmt.Append(append(d.scratch, ' '), d.secret(typ))
	}
	d.hash.Reset()
	d.hash.Write(append(d.scratch, '\n'))
	for _, raw := range written {
		d.hash.Write(raw)
	}
	d.scratch = d.hash.Sum(d.scratch[:0])
	return string(d.scratch[:hashSize])
}

// secret are the paths that are secret in every resource of a type.
func (d *document) secret(typ string) []path {
	paths, ok := d.secrets[typ]
	if !ok {
		if d.secrets == nil {
			d.secrets = map[string][]path{}
		}
		paths = d.seal.known(typ)
		d.secrets[typ] = paths
	}
	return paths
}

var errPaths = fmt.Errorf("sensitive_attributes that are no paths of steps; restore the state from a backup: %w", drift.ErrInvalid)

// paths reads the sensitive_attributes of an instance.
func (d *document) paths(raw jsontext.Value) ([]path, error) {
	if len(raw) <= len("[]") {
		return nil, nil
	}
	v, err := d.trees.Build(raw, 0)
	if err != nil {
		return nil, err
	}
	list, _ := v.([]any)
	var paths []path
	for _, e := range list {
		steps, ok := e.([]any)
		if !ok {
			return nil, errPaths
		}
		var p path
		for _, s := range steps {
			p = append(p, parseStep(s))
		}
		paths = append(paths, p)
	}
	return paths, nil
}

// parseStep reads {"type": "get_attr", "value": "name"} and {"type": "index",
// "value": {"value": 0, "type": "number"}}.
func parseStep(v any) step {
	object, _ := v.(map[string]any)
	key := object["value"]
	if typed, ok := key.(map[string]any); ok {
		key = typed["value"]
	}
	switch key := key.(type) {
	case string:
		return step{name: key}
	case json.Number:
		if i, err := key.Int64(); err == nil && i >= 0 {
			return step{index: int(i), isIndex: true}
		}
	}
	return step{opaque: true} // an element of a set, named by its whole value
}
