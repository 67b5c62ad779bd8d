package codec

import (
	"fmt"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"tfdrift/internal/drift"
	"tfdrift/internal/ledger"
	"tfdrift/internal/outbox"
)

// MarshalRecord is the stored form of a ledger record.
func MarshalRecord(r ledger.Record) ([]byte, error) { return marshal(&r) }

// UnmarshalRecord reads the stored form of a ledger record.
func UnmarshalRecord(raw []byte) (r ledger.Record, err error) { return r, unmarshal(raw, &r) }

// MarshalFinding is the stored form of a finding: its public form leaves out
// what only rules look at.
func MarshalFinding(f drift.Finding) ([]byte, error) { return marshal(&f) }

// UnmarshalFinding reads the stored form of a finding.
func UnmarshalFinding(raw []byte) (f drift.Finding, err error) { return f, unmarshal(raw, &f) }

// MarshalItem is the stored form of what waits for a channel.
func MarshalItem(it outbox.Item) ([]byte, error) { return marshal(&it) }

// UnmarshalItem reads the stored form of what waits for a channel.
func UnmarshalItem(raw []byte) (it outbox.Item, err error) { return it, unmarshal(raw, &it) }

func marshal(v any) ([]byte, error) {
	raw, err := jsonv2.Marshal(v, form, jsonv2.WithMarshalers(marshalers))
	if err != nil {
		return nil, fmt.Errorf("stored form of %T: %w", v, err)
	}
	return raw, nil
}

func unmarshal(raw []byte, v any) error {
	if err := jsonv2.Unmarshal(raw, v, form, jsonv2.WithUnmarshalers(unmarshalers)); err != nil {
		return fmt.Errorf("stored form of %T: %w", v, err)
	}
	return nil
}

// form tells nil from empty, and takes every string: a record that cannot be
// written would be tried again for ever.
var form = jsonv2.JoinOptions(
	jsonv2.FormatNilSliceAsNull(true), jsonv2.FormatNilMapAsNull(true), jsonv2.OmitZeroStructFields(true),
	jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true),
)

// The forms of what holds a tree, and of what has a public form that says less
// than there is.
type (
	fact struct {
		Attribute          string
		Op                 drift.Op
		Value              jsontext.Value
		Unknown, Sensitive bool
	}
	attribute struct {
		Name               string
		Op                 drift.Op
		Before, After      jsontext.Value
		Sensitive, Unknown bool
	}
	actor struct {
		Type, Name, ARN, SourceIP, UserAgent, AccessKeyID string
		Console                                           bool
		Names                                             []string
	}
)

var marshalers = jsonv2.JoinMarshalers(
	jsonv2.MarshalToFunc(func(enc *jsontext.Encoder, f drift.Fact) error {
		return jsonv2.MarshalEncode(enc, fact{f.Attribute, f.Op, value(f.Value), f.Unknown, f.Sensitive})
	}),
	jsonv2.MarshalToFunc(func(enc *jsontext.Encoder, a drift.Attribute) error {
		if a.Sensitive {
			a.Before, a.After = nil, nil
		}
		return jsonv2.MarshalEncode(enc, attribute{a.Name, a.Op, value(a.Before), value(a.After), a.Sensitive, a.Unknown})
	}),
	jsonv2.MarshalToFunc(func(enc *jsontext.Encoder, a drift.Actor) error {
		return jsonv2.MarshalEncode(enc, actor(a))
	}),
)

var unmarshalers = jsonv2.JoinUnmarshalers(
	jsonv2.UnmarshalFromFunc(func(dec *jsontext.Decoder, f *drift.Fact) (err error) {
		var stored fact
		if err = jsonv2.UnmarshalDecode(dec, &stored); err != nil {
			return err
		}
		*f = drift.Fact{Attribute: stored.Attribute, Op: stored.Op, Unknown: stored.Unknown, Sensitive: stored.Sensitive}
		f.Value, err = parse(stored.Value)
		return err
	}),
	jsonv2.UnmarshalFromFunc(func(dec *jsontext.Decoder, a *drift.Attribute) (err error) {
		var stored attribute
		if err = jsonv2.UnmarshalDecode(dec, &stored); err != nil {
			return err
		}
		*a = drift.Attribute{Name: stored.Name, Op: stored.Op, Sensitive: stored.Sensitive, Unknown: stored.Unknown}
		if a.Before, err = parse(stored.Before); err != nil {
			return err
		}
		a.After, err = parse(stored.After)
		return err
	}),
	jsonv2.UnmarshalFromFunc(func(dec *jsontext.Decoder, a *drift.Actor) error {
		var stored actor
		if err := jsonv2.UnmarshalDecode(dec, &stored); err != nil {
			return err
		}
		*a = drift.Actor(stored)
		return nil
	}),
)

// value is the stored form of a tree as a member: absent where it is null.
func value(v any) jsontext.Value {
	if v == nil {
		return nil
	}
	return AppendTree(nil, v)
}

func parse(raw jsontext.Value) (any, error) {
	if raw == nil {
		return nil, nil
	}
	return ParseTree(raw)
}
