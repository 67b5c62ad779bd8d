// Package webhook posts findings to any HTTP endpoint. The body is the finding
// as JSON; the headers make it a CloudEvent in binary content mode
// (CloudEvents "HTTP Protocol Binding", 3.1) and, where a signing secret is
// given, a message signed as the "Standard Webhooks" specification says.
package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"tfdrift/internal/channel"
	"tfdrift/internal/drift"
)

// Webhook is an HTTP endpoint.
type Webhook struct {
	endpoint *channel.Endpoint
	key      []byte
	// Now is the clock of signatures; nil: the system's.
	Now func() time.Time
}

// New returns the channel for an address. The headers, which may be
// credentials, go with every message. Without a signing secret messages are
// not signed; one that begins with "whsec_" is base64, as the specification
// writes them. An attempt ends after the timeout.
func New(address string, header http.Header, signingSecret string, timeout time.Duration) (*Webhook, error) {
	endpoint, err := channel.NewEndpoint(address, header, timeout)
	if err != nil {
		return nil, fmt.Errorf("webhook: url and headers: %w", err)
	}
	key := []byte(signingSecret)
	if text, ok := strings.CutPrefix(signingSecret, "whsec_"); ok {
		if key, err = base64.StdEncoding.DecodeString(text); err != nil || len(key) == 0 {
			return nil, fmt.Errorf("webhook: signing_secret begins with whsec_ and is no base64 after it: %w", drift.ErrInvalid)
		}
	}
	return &Webhook{endpoint: endpoint, key: key}, nil
}

// Name implements [channel.Channel].
func (w *Webhook) Name() string { return "webhook" }

// Send implements [channel.Channel]. Sent twice, a message has the same ce-id:
// by it the receiver knows what it has.
func (w *Webhook) Send(ctx context.Context, m channel.Message) error {
	f := channel.Shown(m.Finding)
	body, err := json.Marshal(f)
	if err != nil {
		return &channel.Refusal{Kind: drift.ErrInvalid, Why: "webhook: the finding cannot be written as JSON"}
	}
	if err := w.endpoint.Post(ctx, body, w.header(&f, m.Revision, body)); err != nil {
		return fmt.Errorf("webhook: %w", err)
	}
	return nil
}

func (w *Webhook) header(f *drift.Finding, revision int, body []byte) http.Header {
	id := url.PathEscape(f.ID) + "." + strconv.Itoa(revision)
	h := http.Header{}
	h.Set("ce-specversion", "1.0")
	h.Set("ce-id", id)
	h.Set("ce-source", "tfdrift")
	h.Set("ce-type", "tfdrift.finding."+url.PathEscape(string(f.Status)))
	if !f.Event.Time.IsZero() {
		h.Set("ce-time", f.Event.Time.UTC().Format(time.RFC3339Nano))
	}
	if len(w.key) == 0 {
		return h
	}
	at := strconv.FormatInt(w.now().Unix(), 10)
	mac := hmac.New(sha256.New, w.key)
	fmt.Fprintf(mac, "%s.%s.%s", id, at, body)
	h.Set("webhook-id", id)
	h.Set("webhook-timestamp", at)
	h.Set("webhook-signature", "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return h
}

func (w *Webhook) now() time.Time {
	if w.Now == nil {
		return time.Now()
	}
	return w.Now()
}
