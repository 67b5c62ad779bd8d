package webhook_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/channel"
	"tfdrift/internal/channel/channeltest"
	"tfdrift/internal/channel/webhook"
	"tfdrift/internal/drift"
)

func TestContract(t *testing.T) {
	channeltest.RunHTTP(t, func(t *testing.T, address string, timeout time.Duration) channel.Channel {
		return open(t, address, nil, "", timeout)
	})
}

func open(t *testing.T, address string, header http.Header, secret string, timeout time.Duration) *webhook.Webhook {
	t.Helper()
	w, err := webhook.New(address, header, secret, timeout)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// posted is what the endpoint gets of the example.
func posted(t *testing.T, header http.Header, secret string) (got http.Header, body string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		got, body = r.Header, string(raw)
	}))
	defer server.Close()
	w := open(t, server.URL, header, secret, time.Minute)
	w.Now = func() time.Time { return time.Unix(1614265330, 0) }
	if err := w.Send(t.Context(), channel.Message{Finding: channeltest.Example(), Revision: 4}); err != nil {
		t.Fatal(err)
	}
	return got, body
}

func TestTheBodyIsTheFinding(t *testing.T) {
	_, body := posted(t, nil, "")
	var got drift.Finding
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(channeltest.Example(), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheHeadersMakeACloudEvent(t *testing.T) {
	header, _ := posted(t, http.Header{"Authorization": {"Bearer x"}}, "")
	for name, want := range map[string]string{
		"ce-specversion": "1.0", "ce-id": "f1.4", "ce-source": "tfdrift", "ce-type": "tfdrift.finding.open", "ce-time": "2026-08-20T09:01:07Z",
		"Authorization": "Bearer x", "webhook-signature": "",
	} {
		if got := header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// The signature is verified as a receiver does it.
func TestASignedMessageIsVerifiedByIdTimeAndBody(t *testing.T) {
	for _, secret := range []string{"a key of words", "whsec_YSBrZXkgb2Ygd29yZHM="} {
		header, body := posted(t, nil, secret)
		want := "v1," + signature(t, "a key of words", header.Get("webhook-id")+"."+header.Get("webhook-timestamp")+"."+body)
		if got := header.Get("webhook-signature"); got != want {
			t.Errorf("signature %q, want %q", got, want)
		}
		if header.Get("webhook-timestamp") != "1614265330" || header.Get("webhook-id") != "f1.4" {
			t.Errorf("id %q, time %q", header.Get("webhook-id"), header.Get("webhook-timestamp"))
		}
	}
}

func TestMistakesAreToldWithoutValues(t *testing.T) {
	tests := []struct {
		name, address string
		header        http.Header
		secret, want  string
	}{
		{"no address", "", nil, "", "no https:// or http:// URL"},
		{"a line break after a token", "https://x", http.Header{"Authorization": {"hunter2\n"}}, "", "header Authorization has a line break"},
		{"a header without a name", "https://x", http.Header{"A B": {"hunter2"}}, "", `"A B" is no name of a header`},
		{"a secret that is no base64", "https://x", nil, "whsec_hunter2!", "no base64"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := webhook.New(test.address, test.header, test.secret, time.Second)
			if !errors.Is(err, drift.ErrInvalid) || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("error %v, want %q in it", err, test.want)
			}
		})
	}
}

func TestAnAnswerThatRepeatsATokenIsNotTold(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		io.WriteString(w, r.Header.Get("X-Token"))
	}))
	defer server.Close()
	err := open(t, server.URL, http.Header{"X-Token": {"sesame"}}, "", time.Minute).Send(t.Context(), channel.Message{Finding: channeltest.Example()})
	if err == nil || strings.Contains(err.Error(), "sesame") {
		t.Errorf("error %v", err)
	}
}

func signature(t *testing.T, key, content string) string {
	t.Helper()
	mac := hmac.New(sha256.New, []byte(key))
	io.WriteString(mac, content)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
