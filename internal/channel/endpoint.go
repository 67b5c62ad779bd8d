package channel

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"tfdrift/internal/drift"
)

// Endpoint is an HTTP address that messages are posted to. The address may be
// a secret, as those of incoming webhooks are: no error shows it.
type Endpoint struct {
	address string
	header  http.Header
	client  *http.Client
}

// NewEndpoint returns an endpoint whose attempts each end after a timeout. The
// header goes with every message. Its errors name what is wrong with an address
// or a header, never their values; they are [drift.ErrInvalid].
func NewEndpoint(address string, header http.Header, timeout time.Duration) (*Endpoint, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, fmt.Errorf("the address is no https:// or http:// URL: %w", drift.ErrInvalid)
	}
	for name, values := range header {
		if name == "" || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == ':' }) {
			return nil, fmt.Errorf("%q is no name of a header: %w", name, drift.ErrInvalid)
		}
		for _, v := range values {
			if strings.ContainsFunc(v, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
				return nil, fmt.Errorf("the value of header %s has a line break or another control character; is there one at the end of its file or secret? %w", name, drift.ErrInvalid)
			}
		}
	}
	header = header.Clone()
	if header == nil {
		header = http.Header{}
	}
	if header.Get("User-Agent") == "" {
		header.Set("User-Agent", "tfdrift")
	}
	return &Endpoint{u.String(), header, &http.Client{
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Post makes one attempt to deliver a JSON body, with headers of this message
// beside the endpoint's own. Its errors are [Refusal]s.
func (e *Endpoint) Post(ctx context.Context, body []byte, header http.Header) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.address, bytes.NewReader(body))
	if err != nil {
		return &Refusal{Kind: drift.ErrInvalid, Why: "the address cannot be posted to"}
	}
	req.Header.Set("Content-Type", "application/json")
	for _, h := range []http.Header{header, e.header} {
		for name, values := range h {
			req.Header[http.CanonicalHeaderKey(name)] = values
		}
	}
	resp, err := e.client.Do(req)
	if err != nil {
		return &Refusal{Kind: drift.ErrRetry, Why: "no answer: " + e.cause(err)}
	}
	defer resp.Body.Close()
	answer, _ := io.ReadAll(io.LimitReader(resp.Body, 4<<10)) // the status decides; read so that the connection is used again
	refused := Answered(resp.StatusCode, resp.Header, time.Now())
	if refused == nil {
		return nil
	}
	if word := strings.TrimSpace(string(answer)); codeWord.MatchString(word) && !e.holds(word) {
		refused.Why += " (" + word + ")"
	}
	return refused
}

// codeWord is how Slack and its kin say what is wrong ("invalid_blocks"). Other
// answers are not repeated: they may hold what was sent.
var codeWord = regexp.MustCompile(`^[a-z]+(_[a-z]+){0,6}$`)

// cause is why there was no answer, without the address, which errors of
// net/http begin with.
func (e *Endpoint) cause(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		if u.Timeout() {
			return "the time allowed for an attempt is over"
		}
		err = u.Err
	}
	if e.holds(err.Error()) {
		return "the connection failed"
	}
	return Harmless(err.Error())
}

// holds reports whether text is, or shows, a part of the endpoint's secrets.
func (e *Endpoint) holds(text string) bool {
	u, err := url.Parse(e.address)
	if err != nil || len(u.Path) > 1 && strings.Contains(text, u.Path) || strings.Contains(e.address, "/"+text) {
		return true
	}
	for name, values := range e.header {
		for _, v := range values {
			if name != "User-Agent" && v != "" && (strings.Contains(text, v) || strings.Contains(v, text)) {
				return true
			}
		}
	}
	return false
}
