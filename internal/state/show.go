package state

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
	tfjson "github.com/hashicorp/terraform-json"

	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// checkFormat judges the format_version of show as terraform-json does.
func checkFormat(version string) error {
	if err := (&tfjson.State{FormatVersion: version}).Validate(); err != nil {
		return fmt.Errorf("%v; is there a newer tfdrift? `terraform state pull` may do meanwhile: %w", err, drift.ErrInvalid)
	}
	return nil
}

// values reads a member of the values of show.
func (d *document) values(member string) error {
	if member != "root_module" {
		return d.skip()
	}
	return d.module(d.dec)
}

// module reads a module of show and those below it. The resources are
// terraform-json's, one at a time, since a tfjson.State would hold them all.
func (d *document) module(dec *jsontext.Decoder) error {
	return d.object(dec, func(member string) error {
		switch member {
		case "resources":
			return d.list(dec, d.shown)
		case "child_modules":
			return d.list(dec, d.module)
		}
		return d.skip()
	})
}

// shown reads one resource instance of show.
func (d *document) shown(dec *jsontext.Decoder) error {
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	var res tfjson.StateResource
	var marks any
	if err := unmarshal(raw, &res); err != nil {
		return d.mistyped(dec, "a resource")
	}
	if len(res.SensitiveValues) > 0 {
		if marks, err = tree.Parse(res.SensitiveValues); err != nil {
			return d.mistyped(dec, "sensitive values")
		}
	}
	cloud := provider(res.ProviderName)
	switch {
	case res.Mode != tfjson.ManagedResourceMode:
		d.header.Data++
		return nil
	case cloud == "":
		d.header.Foreign++
		return nil
	case res.DeposedKey != "":
		d.header.Deposed++
		return nil
	case res.Type == "" || res.Address == "":
		return d.mistyped(dec, "a resource with type and address")
	case deeper(res.AttributeValues, tree.MaxDepth):
		return d.invalid(fmt.Sprintf("nested more than %d levels deep; no resource is", tree.MaxDepth))
	case res.AttributeValues == nil:
		res.AttributeValues = map[string]any{}
	}
	if d.beside == nil {
		d.beside = begin(d.emit)
	}
	kept := jsontext.Value(d.beside.keep(raw))
	return d.beside.do(func(*batch) (*drift.Entry, error) {
		if known, err := d.isKnown(res.Address, res.Type, cloud, kept); known || err != nil {
			return nil, err
		}
		entry := d.entry(res.Type, cloud, res.AttributeValues, res.IdentityValues, func(attributes map[string]any) {
			if all, ok := marks.(bool); ok && all {
				d.seal.path(attributes, nil)
				return
			}
			d.seal.marks(attributes, marks)
		})
		entry.Address = res.Address
		return entry, nil
	})
}

// unmarshal keeps numbers as text, as trees do.
func unmarshal(raw []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	return dec.Decode(v)
}

// deeper reports whether a tree is nested more than n levels deep.
func deeper(v any, n int) bool {
	if n < 0 {
		return true
	}
	switch v := v.(type) {
	case map[string]any:
		for _, m := range v {
			if deeper(m, n-1) {
				return true
			}
		}
	case []any:
		for _, e := range v {
			if deeper(e, n-1) {
				return true
			}
		}
	}
	return false
}
