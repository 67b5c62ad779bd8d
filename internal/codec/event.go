package codec

import (
	"fmt"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"tfdrift/internal/applies"
	"tfdrift/internal/drift"
)

// MarshalEvent is the stored form of an event that waits for its judgement.
func MarshalEvent(ev *drift.Event) ([]byte, error) { return marshal(ev) }

// UnmarshalEvent reads the stored form of an event.
func UnmarshalEvent(raw []byte) (ev drift.Event, err error) { return ev, unmarshal(raw, &ev) }

// MarshalAside is the stored form of an event that was set aside.
func MarshalAside(a applies.Aside) ([]byte, error) { return marshal(&a) }

// UnmarshalAside reads the stored form of an event that was set aside.
func UnmarshalAside(raw []byte) (a applies.Aside, err error) { return a, unmarshal(raw, &a) }

// MarshalWindows is the stored form of a state's lock windows.
func MarshalWindows(w []applies.Window) ([]byte, error) { return marshal(w) }

// UnmarshalWindows reads the stored form of a state's lock windows.
func UnmarshalWindows(raw []byte) (w []applies.Window, err error) { return w, unmarshal(raw, &w) }

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

// form tells nil from empty, and takes every string: what cannot be written
// would be tried again for ever.
var form = jsonv2.JoinOptions(
	jsonv2.FormatNilSliceAsNull(true), jsonv2.FormatNilMapAsNull(true), jsonv2.OmitZeroStructFields(true),
	jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true),
)

// storedActor is all of an actor; its public form says less than there is.
type storedActor struct {
	Type, Name, ARN, SourceIP, UserAgent, AccessKeyID string
	Console                                           bool
	Names                                             []string
}

var (
	marshalers = jsonv2.MarshalToFunc(func(enc *jsontext.Encoder, a drift.Actor) error {
		return jsonv2.MarshalEncode(enc, storedActor(a))
	})
	unmarshalers = jsonv2.UnmarshalFromFunc(func(dec *jsontext.Decoder, a *drift.Actor) error {
		var stored storedActor
		if err := jsonv2.UnmarshalDecode(dec, &stored); err != nil {
			return err
		}
		*a = drift.Actor(stored)
		return nil
	})
)
