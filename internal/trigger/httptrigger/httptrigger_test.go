package httptrigger_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
	"tfdrift/internal/spool"
	"tfdrift/internal/trigger/httptrigger"
)

const record = `{"eventVersion":"1.08","eventID":"e","eventName":"StopInstances","eventSource":"ec2.amazonaws.com","eventTime":"2026-08-20T09:00:00Z","awsRegion":"us-east-1","recipientAccountId":"111122223333","userIdentity":{"type":"Root"}}`

func zipped(t *testing.T, s string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(s))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestEvents(t *testing.T) {
	tests := []struct {
		name, body string
		refuse     error
		status     int
		want       httptrigger.Answer
		retry      bool
	}{
		{name: "one event", body: record, status: 202, want: httptrigger.Answer{Accepted: 1}},
		{name: "many, in any framing", body: record + "\n[" + record + "," + record + "]\n" + `{"Records":[` + record + `]}`, status: 202, want: httptrigger.Answer{Accepted: 4}},
		{name: "gzip", body: zipped(t, record), status: 202, want: httptrigger.Answer{Accepted: 1}},
		{name: "nothing", body: "", status: 202},
		{name: "JSON that is no event", body: `{"hello":"world"}`, status: 202, want: httptrigger.Answer{PassedOver: 1}},
		{name: "a broken document costs only itself", body: record + "\n{broken\n" + record, status: 400,
			want: httptrigger.Answer{Accepted: 2, Unreadable: 1, Errors: []httptrigger.Broken{{Line: 2, Offset: int64(len(record) + 1)}}}},
		{name: "a full spool", body: record, refuse: spool.ErrFull, status: 429, retry: true},
		{name: "a broken disk", body: record, refuse: errors.New("I/O error at sector 7"), status: 503, retry: true},
		{name: "too large", body: strings.Repeat(" ", httptrigger.MaxBody) + record, status: 413},
		{name: "small, and too large unpacked", body: zipped(t, strings.Repeat(strings.Replace(record, `{"type"`, `{"x":"`+strings.Repeat("y", 1<<20)+`","type"`, 1)+"\n", 5)+
			strings.Repeat(strings.Replace(record, `"eventName"`, `"requestParameters":{"x":"`+strings.Repeat("y", 1<<20)+`"},"eventName"`, 1)+"\n", 20)), status: 413},
		{name: "gzip cut off", body: zipped(t, record)[:100], status: 400},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			accepted := 0
			h := httptrigger.NewEvents(func(_ context.Context, events []*drift.Event) error {
				if test.refuse == nil {
					accepted += len(events)
				}
				return test.refuse
			})
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest("POST", "/events", strings.NewReader(test.body)))
			if w.Code != test.status {
				t.Fatalf("status %d, want %d: %s", w.Code, test.status, w.Body)
			}
			var got httptrigger.Answer
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if (got.Error != "") != (got.Accepted == 0 && test.status >= 400) {
				t.Errorf("error %q", got.Error)
			}
			if strings.Contains(w.Body.String(), "sector") {
				t.Errorf("the answer tells of the inside: %s", w.Body)
			}
			got.Error = ""
			for i := range got.Errors {
				if got.Errors[i].Error == "" {
					t.Error("no reason")
				}
				got.Errors[i].Error = ""
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if accepted != got.Accepted {
				t.Errorf("%d are safe, %d are told", accepted, got.Accepted)
			}
			if (w.Header().Get("Retry-After") != "") != test.retry {
				t.Errorf("Retry-After %q", w.Header().Get("Retry-After"))
			}
		})
	}
}

func TestEventsArePosted(t *testing.T) {
	w := httptest.NewRecorder()
	httptrigger.NewEvents(nil).ServeHTTP(w, httptest.NewRequest("GET", "/events", nil))
	if w.Code != 405 || w.Header().Get("Allow") != "POST" {
		t.Errorf("status %d, allow %q", w.Code, w.Header().Get("Allow"))
	}
}

func TestAListenerThatAsksNobodyStaysOnItsHost(t *testing.T) {
	const token = "a token that nobody guesses"
	tests := []struct {
		listen, token string
		certificates  bool
		ok            bool
	}{
		{"127.0.0.1:8080", "", false, true},
		{"[::1]:8080", "", false, true},
		{"localhost:0", "", false, true},
		{"0.0.0.0:8080", "", false, false},
		{":8080", "", false, false},
		{"[::]:8080", "", false, false},
		{"example.org:8080", "", false, false},
		{"127.0.0.1.example.org:80", "", false, false},
		{":8080", token, false, true},
		{":8080", "", true, true},
		{"127.0.0.1:8080", "short", false, false},
	}
	for _, test := range tests {
		_, err := httptrigger.NewGuard(test.listen, test.token, test.certificates)
		if (err == nil) != test.ok || err != nil && !errors.Is(err, drift.ErrInvalid) {
			t.Errorf("%s, token %q, certificates %v: error %v", test.listen, test.token, test.certificates, err)
		}
		if err != nil && test.token != "" && strings.Contains(err.Error(), test.token) {
			t.Errorf("the error tells the token: %v", err)
		}
	}
}

func TestTheGuardLetsInWhoProvesHimself(t *testing.T) {
	const token = "a token that nobody guesses"
	verified := &tls.ConnectionState{VerifiedChains: [][]*x509.Certificate{{}}}
	tests := []struct {
		name          string
		token         string
		certificates  bool
		authorization string
		tls           *tls.ConnectionState
		host          string
		site          string
		want          int
	}{
		{name: "the token", token: token, authorization: "Bearer " + token, want: 200},
		{name: "the scheme in small letters", token: token, authorization: "bearer " + token, want: 200},
		{name: "an empty password", token: token, authorization: "Basic Og==", want: 401},
		{name: "none", token: token, want: 401},
		{name: "another", token: token, authorization: "Bearer a token that somebody guesses", want: 401},
		{name: "a certificate", certificates: true, tls: verified, want: 200},
		{name: "TLS without certificate", certificates: true, tls: &tls.ConnectionState{}, want: 401},
		{name: "the token in place of a certificate", token: token, certificates: true, authorization: "Bearer " + token, tls: &tls.ConnectionState{}, want: 200},
		{name: "this host", host: "127.0.0.1:8080", want: 200},
		{name: "a name that was turned to this host", host: "evil.example:8080", want: 403},
		{name: "a page of another site", host: "127.0.0.1:8080", site: "cross-site", want: 403},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			guard, err := httptrigger.NewGuard("127.0.0.1:8080", test.token, test.certificates)
			if err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequest("POST", "/events", nil)
			r.TLS = test.tls
			if test.host != "" {
				r.Host = test.host
			}
			for name, value := range map[string]string{"Authorization": test.authorization, "Sec-Fetch-Site": test.site} {
				if value != "" {
					r.Header.Set(name, value)
				}
			}
			w := httptest.NewRecorder()
			guard.Protect(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})).ServeHTTP(w, r)
			if w.Code != test.want {
				t.Errorf("status %d, want %d: %s", w.Code, test.want, w.Body)
			}
		})
	}
	guard, err := httptrigger.NewGuard(":80", token, false)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", "/", nil)
	r.SetBasicAuth("anybody", token)
	w := httptest.NewRecorder()
	guard.Protect(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})).ServeHTTP(w, r)
	if w.Code != 200 {
		t.Errorf("the token as a browser's password: status %d", w.Code)
	}
}

func TestReadyTellsWhyNot(t *testing.T) {
	for _, reasons := range [][]string{nil, {"state prod was not read yet"}} {
		w := httptest.NewRecorder()
		httptrigger.Ready(func() []string { return reasons })(w, httptest.NewRequest("GET", "/ready", nil))
		if (w.Code == 200) != (reasons == nil) || reasons != nil && !strings.Contains(w.Body.String(), reasons[0]) {
			t.Errorf("%v: status %d, %s", reasons, w.Code, w.Body)
		}
	}
}
