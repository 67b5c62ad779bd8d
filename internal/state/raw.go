package state

import (
	"bytes"
	"encoding/json"
	"fmt"

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

type instance struct {
	entry *drift.Entry
	key   any
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
		res.pending = append(res.pending, inst)
		if res.hasModule || d.in.parts-res.begun > maxPending {
			res.gone = true
			return d.flush(res)
		}
		return nil
	})
}

// instance reads one instance; nil is one that is passed over.
func (d *document) instance(dec *jsontext.Decoder, res *resource) (*instance, error) {
	var attributes, identity map[string]any
	var key any
	var sensitive []path
	var deposed string
	var flat bool
	err := d.object(dec, func(member string) (err error) {
		switch member {
		case "index_key":
			key, err = tree.Decode(dec)
		case "deposed":
			deposed, err = d.text(dec)
		case "attributes":
			attributes, err = d.tree(dec)
		case "attributes_flat":
			flat = dec.PeekKind() == '{'
			return d.skipIn(dec)
		case "sensitive_attributes":
			sensitive, err = d.paths(dec)
		case "identity":
			identity, err = d.tree(dec)
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
	case attributes == nil && flat:
		d.header.Flat++
		return nil, nil
	case attributes == nil:
		attributes = map[string]any{}
	}
	entry := d.entry(res.typ, res.provider, attributes, identity, func(attributes map[string]any) {
		for _, p := range sensitive {
			d.seal.path(attributes, p)
		}
	})
	return &instance{entry, key}, nil
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
	for _, p := range d.seal.known(typ) {
		d.seal.path(attributes, p)
	}
	id, _ := tree.Text(attributes["id"])
	return &drift.Entry{State: d.name, Type: typ, Provider: cloud, Account: place.account, Region: place.region, ID: id, Attributes: attributes}
}

func (d *document) flush(res *resource) error {
	for _, inst := range res.pending {
		inst.entry.Address = address(res.module, res.typ, res.name, inst.key)
		if err := d.deliver(inst.entry); err != nil {
			return err
		}
	}
	res.pending = res.pending[:0]
	return nil
}

func (d *document) deliver(entry *drift.Entry) error {
	d.header.Entries++
	d.emitErr = d.emit(entry)
	return d.emitErr
}

// tree reads an object as a tree; null is nil.
func (d *document) tree(dec *jsontext.Decoder) (map[string]any, error) {
	v, err := tree.Decode(dec)
	if err != nil {
		return nil, err
	}
	if v == nil {
		return nil, nil
	}
	object, ok := v.(map[string]any)
	if !ok {
		return nil, d.mistyped(dec, "an object")
	}
	return object, nil
}

// paths reads the sensitive_attributes of an instance.
func (d *document) paths(dec *jsontext.Decoder) ([]path, error) {
	v, err := tree.Decode(dec)
	if err != nil {
		return nil, err
	}
	list, ok := v.([]any)
	if !ok && v != nil {
		return nil, d.mistyped(dec, "a list of paths")
	}
	var paths []path
	for _, e := range list {
		steps, ok := e.([]any)
		if !ok {
			return nil, d.mistyped(dec, "paths of steps")
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
