// Package bustest is the contract of package bus as a test suite. Every
// backend's test is one call of [Run].
package bustest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/bus"
	"tfdrift/internal/drift"
)

// Open returns a bus, and what arrived on its other side so far, in any order.
type Open func(t *testing.T) (b bus.Bus, arrived func() [][]byte)

// Run holds a bus to what every one promises.
func Run(t *testing.T, open Open) {
	for _, row := range []struct {
		name, reason string
		test         func(*testing.T, bus.Bus, func() [][]byte)
	}{
		{"what is sent arrives as it is", "the detector decodes these bytes", func(t *testing.T, b bus.Bus, arrived func() [][]byte) {
			message := []byte(`{"rule":"é \"quoted\" \\ <b>&","output_fields":{"ct.request":"{\"a\":[1.50,null]}"}}`)
			wantSent(t, b.Send(t.Context(), [][]byte{message}))
			wantArrived(t, arrived, string(message))
		}},
		{"a full batch arrives", "one call is one price and one wait", func(t *testing.T, b bus.Bus, arrived func() [][]byte) {
			var batch [][]byte
			for i := range b.Limits().Messages {
				batch = append(batch, message(i, 100))
			}
			wantSent(t, b.Send(t.Context(), batch))
			if got := len(arrived()); got != len(batch) {
				t.Errorf("%d of %d arrived", got, len(batch))
			}
		}},
		{"no message is no error", "", func(t *testing.T, b bus.Bus, _ func() [][]byte) { wantSent(t, b.Send(t.Context(), nil)) }},
		{"the largest message arrives", "what is larger is cut down to it", func(t *testing.T, b bus.Bus, arrived func() [][]byte) {
			large := message(0, b.Limits().Bytes)
			wantSent(t, b.Send(t.Context(), [][]byte{large}))
			if got := arrived(); len(got) != 1 || !bytes.Equal(got[0], large) {
				t.Errorf("%d arrived", len(got))
			}
		}},
		{"a message that is too large is refused for good", "sending it again would stop all behind it", func(t *testing.T, b bus.Bus, arrived func() [][]byte) {
			errs := b.Send(t.Context(), [][]byte{message(0, b.Limits().Bytes+1)})
			if len(errs) != 1 || !errors.Is(errs[0], drift.ErrInvalid) {
				t.Errorf("errors %v", errs)
			}
			wantArrived(t, arrived)
		}},
		{"an end of patience asks to send again", "nobody knows what arrived", func(t *testing.T, b bus.Bus, _ func() [][]byte) {
			ended, end := context.WithCancel(t.Context())
			end()
			errs := b.Send(ended, [][]byte{message(0, 10), message(1, 10)})
			if len(errs) != 2 || !errors.Is(errs[0], drift.ErrRetry) || !errors.Is(errs[1], drift.ErrRetry) {
				t.Errorf("errors %v", errs)
			}
		}},
		{"many send at once", "a call takes as long as the way there and back", func(t *testing.T, b bus.Bus, arrived func() [][]byte) {
			var want []string
			var all sync.WaitGroup
			for i := range 40 {
				m := message(i, 50)
				want = append(want, string(m))
				all.Go(func() { wantSent(t, b.Send(t.Context(), [][]byte{m})) })
			}
			all.Wait()
			wantArrived(t, arrived, want...)
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			b, arrived := open(t)
			defer b.Close()
			row.test(t, b, arrived)
			if t.Failed() && row.reason != "" {
				t.Log("it matters because", row.reason)
			}
		})
	}
}

// message is a JSON document of a number of bytes, if that is not too few.
func message(n, size int) []byte {
	m := fmt.Sprintf(`{"n":%d,"x":""}`, n)
	if fill := size - len(m); fill > 0 {
		m = fmt.Sprintf(`{"n":%d,"x":"%s"}`, n, strings.Repeat("x", fill))
	}
	if !json.Valid([]byte(m)) {
		panic(m)
	}
	return []byte(m)
}

func wantSent(t *testing.T, errs []error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil || errs != nil {
		t.Errorf("errors %v", errs)
	}
}

func wantArrived(t *testing.T, arrived func() [][]byte, want ...string) {
	t.Helper()
	var got []string
	for _, m := range arrived() {
		got = append(got, string(m))
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("arrived (-want +got):\n%s", diff)
	}
}
