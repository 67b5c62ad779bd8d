package channel_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"tfdrift/internal/channel"
	"tfdrift/internal/drift"
)

// vault holds a token, and a door that knows another one or the same.
type vault struct {
	mu     sync.Mutex
	token  string // as it is kept
	read   string // as it was read
	known  string // at the door
	fails  error
	reads  int
	opened int
	sent   int
}

func (v *vault) channel() *channel.Renewable {
	return channel.NewRenewable("door", func(context.Context) (channel.Channel, error) {
		v.mu.Lock()
		defer v.mu.Unlock()
		if v.opened++; v.read == "" {
			v.read = v.token
		}
		return &door{v, v.read}, v.fails
	}, func(context.Context) (bool, error) {
		v.mu.Lock()
		defer v.mu.Unlock()
		if v.reads++; v.fails != nil {
			return false, v.fails
		}
		changed := v.read != v.token
		v.read = v.token
		return changed, nil
	})
}

type door struct {
	*vault
	token string
}

func (d *door) Name() string { return "door" }

func (d *door) Send(context.Context, channel.Message) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.known == "full" {
		return &channel.Refusal{Kind: drift.ErrRetry, Why: "full"}
	}
	if d.token != d.known {
		return &channel.Refusal{Kind: drift.ErrInvalid, Why: "who are you", Stranger: true}
	}
	d.sent++
	return nil
}

func TestARotatedSecretIsReadAnewOnce(t *testing.T) {
	v := &vault{token: "old", known: "old"}
	c := v.channel()
	send := func(kind error) {
		t.Helper()
		if err := c.Send(t.Context(), channel.Message{}); !errors.Is(err, kind) || (err == nil) != (kind == nil) {
			t.Errorf("error %v, want %v", err, kind)
		}
	}
	send(nil)
	v.token, v.known = "new", "new"
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { send(nil) })
	}
	all.Wait()
	if v.reads != 1 || v.sent != 9 || v.opened != 2 {
		t.Errorf("read anew %d times, sent %d, opened %d; want 1, 9, 2", v.reads, v.sent, v.opened)
	}
	v.known = "other" // and nobody told the vault
	send(drift.ErrInvalid)
	if v.reads != 2 || v.opened != 2 {
		t.Errorf("read anew %d times, opened %d", v.reads, v.opened)
	}
	v.known = "full"
	send(drift.ErrRetry)
	if v.reads != 2 {
		t.Error("it was read anew although nobody asked who we are")
	}
}

func TestASecretThatCannotBeReadKeepsMessagesWaiting(t *testing.T) {
	v := &vault{token: "t", known: "t", fails: fmt.Errorf("the vault is closed: %w", drift.ErrRetry)}
	c := v.channel()
	waits := func() {
		t.Helper()
		var refused *channel.Refusal
		if err := c.Send(t.Context(), channel.Message{}); !errors.As(err, &refused) || !errors.Is(err, drift.ErrRetry) || !refused.Limited {
			t.Errorf("error %v, want that it waits", err)
		}
	}
	if err := c.Open(t.Context()); !errors.Is(err, drift.ErrRetry) {
		t.Errorf("error %v", err)
	}
	waits()
	v.fails = nil
	if err := c.Send(t.Context(), channel.Message{}); err != nil {
		t.Error(err)
	}
	v.known, v.fails = "new", fmt.Errorf("the vault is closed: %w", drift.ErrRetry)
	waits()
	v.fails = fmt.Errorf("the vault is gone: %w", drift.ErrNotFound)
	if err := c.Send(t.Context(), channel.Message{}); !errors.Is(err, drift.ErrInvalid) {
		t.Errorf("error %v, want that it is given up", err)
	}
}

func TestWhoIsNotKnownIsToldByTheStatus(t *testing.T) {
	for status, want := range map[int]bool{401: true, 403: true, 404: true, 410: true, 400: false, 413: false, 429: false, 500: false, 302: false} {
		if r := channel.Answered(status, http.Header{}, time.Now()); r.Stranger != want {
			t.Errorf("status %d: stranger %v", status, r.Stranger)
		}
	}
}
