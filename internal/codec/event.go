package codec

import (
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
