// Package channeltest is the contract of package channel as a test suite.
// Every channel's test is one call of [Run], or of [RunHTTP], which includes it.
package channeltest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"tfdrift/internal/channel"
	"tfdrift/internal/drift"
)

// Open returns a channel and what was sent through it so far, as the other
// side has it.
type Open func(t *testing.T) (c channel.Channel, sent func() string)

// Run holds a channel to what every one promises. Commands are texts that the
// other side would obey if they came to it as they are: mentions, links, the
// end of a code span. None of them may.
func Run(t *testing.T, open Open, commands ...string) {
	for _, row := range []struct {
		name   string
		reason string
		test   func(*testing.T, channel.Channel, func() string)
	}{
		{"it has a name of one word", "marks of what was delivered are kept under it",
			func(t *testing.T, c channel.Channel, _ func() string) {
				if c.Name() == "" || strings.ContainsFunc(c.Name(), func(r rune) bool { return r <= ' ' }) {
					t.Errorf("name %q", c.Name())
				}
			}},
		{"an opening says what, who and where", "the reader decides by it whether to get up",
			func(t *testing.T, c channel.Channel, sent func() string) {
				send(t, c, Example(), 1)
				want(t, sent(), "aws_security_group.web", "instance_type", "t3.micro", "t3.large", "alice", "198.51.100.23", "111122223333", "us-east-1", "ModifyThing")
			}},
		{"an update is sent", "a finding that grows is news",
			func(t *testing.T, c channel.Channel, sent func() string) {
				f := Example()
				f.Status = drift.Updated
				send(t, c, f, 2)
				want(t, sent(), "updated", "aws_security_group.web")
			}},
		{"a resolution is sent", "else people look for what is not there any more",
			func(t *testing.T, c channel.Channel, sent func() string) {
				f := Example()
				f.Status, f.Changes = drift.Resolved, []drift.Attribute{}
				send(t, c, f, 3)
				want(t, strings.ToLower(sent()), "resolved", "aws_security_group.web")
			}},
		{"a deletion is sent", "deleted resources have no changes to show",
			func(t *testing.T, c channel.Channel, sent func() string) {
				f := Example()
				f.Kind, f.Changes = drift.Deleted, []drift.Attribute{}
				send(t, c, f, 1)
				want(t, sent(), "deleted", "aws_security_group.web")
			}},
		{"an unmanaged resource is named by type and id", "it has no address",
			func(t *testing.T, c channel.Channel, sent func() string) {
				f := Example()
				f.Kind, f.Changes, f.Resource = drift.Unmanaged, []drift.Attribute{}, drift.ResourceRef{Type: "aws_iam_user", ID: "eve"}
				send(t, c, f, 1)
				want(t, sent(), "unmanaged", "aws_iam_user", "eve")
			}},
		{"no secret leaves", "a channel is read by many",
			func(t *testing.T, c channel.Channel, sent func() string) {
				const secret = "hunter2hunter2"
				sealed := drift.Sealed{KeyID: secret, MAC: secret}
				f := Example()
				f.Changes = []drift.Attribute{
					{Name: "password", Op: drift.OpSet, Before: secret, After: secret, Sensitive: true},
					{Name: "token", Op: drift.OpSet, Before: "x", After: sealed},
					{Name: "settings", Op: drift.OpSet, Before: []any{map[string]any{"key": sealed, "size": json.Number("1")}}, After: []any{map[string]any{"key": drift.Sealed{KeyID: secret, MAC: "m"}, "size": json.Number("2")}}},
					{Name: "members", Op: drift.OpAdd, After: []any{sealed, "m"}},
				}
				send(t, c, f, 1)
				want(t, sent(), "password", "token", "settings", "members")
				if strings.Contains(sent(), secret) {
					t.Errorf("a secret was sent: %s", sent())
				}
			}},
		{"foreign text commands nothing", "names, tags and user agents are anybody's",
			func(t *testing.T, c channel.Channel, sent func() string) {
				for i, command := range commands {
					send(t, c, filled(command), i+1)
					if strings.Contains(sent(), command) {
						t.Errorf("%q was sent as it is: %s", command, sent())
					}
				}
			}},
		{"text that is no UTF-8 is sent", "tags and user agents are foreign bytes",
			func(t *testing.T, c channel.Channel, sent func() string) {
				send(t, c, filled("a\xff\xfeb"), 1)
				want(t, sent(), "a")
			}},
		{"a finding of a thousand long changes is sent", "limits of the other side are the channel's to keep",
			func(t *testing.T, c channel.Channel, sent func() string) {
				f := Example()
				f.Changes = nil
				long := strings.Repeat("&<>", 400)
				for i := range 1000 {
					f.Changes = append(f.Changes, drift.Attribute{Name: fmt.Sprintf("a%d%s", i, long), Op: drift.OpSet, Before: long, After: long + "x"})
				}
				f.Resource.Address, f.Resource.State, f.Actor.Name, f.Actor.UserAgent, f.Rules = "aws_x.y"+long, long, long, long, []string{long, long}
				send(t, c, f, 1)
				want(t, sent(), "aws_x.y")
			}},
		{"an empty finding breaks nothing", "fields may be missing from a foreign record",
			func(t *testing.T, c channel.Channel, _ func() string) { send(t, c, drift.Finding{}, 1) }},
		{"a finding sent is left as it was", "it goes to the other channels too",
			func(t *testing.T, c channel.Channel, _ func() string) {
				f := filled("x")
				before := fmt.Sprintf("%#v", f)
				send(t, c, f, 1)
				if after := fmt.Sprintf("%#v", f); after != before {
					t.Errorf("was %s\nis %s", before, after)
				}
			}},
		{"messages are sent at once", "the notifier has several workers",
			func(t *testing.T, c channel.Channel, _ func() string) {
				var all sync.WaitGroup
				for i := range 8 {
					all.Go(func() {
						if err := c.Send(t.Context(), channel.Message{Finding: Example(), Revision: i}); err != nil {
							t.Error(err)
						}
					})
				}
				all.Wait()
			}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Cleanup(func() { because(t, row.reason) })
			c, sent := open(t)
			row.test(t, c, sent)
		})
	}
}

// Secret stands in the path of every address that RunHTTP hands out.
const Secret = "/T000/hunter2hunter2"

// HTTP opens a channel that posts to an address, with a timeout.
type HTTP func(t *testing.T, address string, timeout time.Duration) channel.Channel

// RunHTTP is [Run] for a channel that posts to an address, and holds it to the
// shared table of refusals. Commands are looked for in the strings of its JSON.
func RunHTTP(t *testing.T, open HTTP, commands ...string) {
	Run(t, func(t *testing.T) (channel.Channel, func() string) {
		var mu sync.Mutex
		var texts string
		url := serve(t, func(w http.ResponseWriter, r *http.Request) {
			var body any
			raw, _ := io.ReadAll(r.Body)
			if err := json.Unmarshal(raw, &body); err != nil {
				t.Errorf("the body is no JSON: %v: %s", err, raw)
			}
			mu.Lock()
			defer mu.Unlock()
			texts = strings.Join(stringsOf(body), "\n")
		})
		return open(t, url+Secret, time.Minute), func() string {
			mu.Lock()
			defer mu.Unlock()
			return texts
		}
	}, commands...)

	for _, test := range []struct {
		status  int
		header  string // Retry-After
		kind    error  // nil: taken
		after   time.Duration
		limited bool
	}{
		{status: 200}, {status: 201}, {status: 202}, {status: 204},
		{status: 500, kind: drift.ErrRetry}, {status: 502, kind: drift.ErrRetry}, {status: 504, kind: drift.ErrRetry}, {status: 408, kind: drift.ErrRetry},
		{status: 503, header: "7", kind: drift.ErrRetry, after: 7 * time.Second},
		{status: 429, kind: drift.ErrRetry, limited: true},
		{status: 429, header: "30", kind: drift.ErrRetry, after: 30 * time.Second, limited: true},
		{status: 429, header: "99999999999", kind: drift.ErrRetry, after: time.Hour, limited: true},
		{status: 429, header: "-5", kind: drift.ErrRetry, limited: true},
		{status: 429, header: "soon", kind: drift.ErrRetry, limited: true},
		{status: 400, kind: drift.ErrInvalid}, {status: 401, kind: drift.ErrInvalid}, {status: 403, kind: drift.ErrInvalid}, {status: 404, kind: drift.ErrInvalid}, {status: 410, kind: drift.ErrInvalid}, {status: 413, kind: drift.ErrInvalid},
	} {
		t.Run(strings.TrimSpace(fmt.Sprintf("status %d %s", test.status, test.header)), func(t *testing.T) {
			url := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if test.header != "" {
					w.Header().Set("Retry-After", test.header)
				}
				w.WriteHeader(test.status)
				if test.kind != nil {
					fmt.Fprintf(w, "you sent %s", r.URL) // must not come back
				}
			})
			err := open(t, url+Secret, time.Minute).Send(t.Context(), message())
			if test.kind == nil {
				if err != nil {
					t.Error(err)
				}
				return
			}
			r := wantRefusal(t, err, test.kind)
			if r.After != test.after || r.Limited != test.limited {
				t.Errorf("after %v, limited %v; want %v, %v", r.After, r.Limited, test.after, test.limited)
			}
		})
	}
	t.Run("a redirect is not followed", func(t *testing.T) {
		elsewhere := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("another host was told") })
		url := serve(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere, http.StatusTemporaryRedirect)
		})
		wantRefusal(t, open(t, url+Secret, time.Minute).Send(t.Context(), message()), drift.ErrInvalid)
	})
	t.Run("one that hangs is left after the timeout", func(t *testing.T) {
		wantPrompt(t, open(t, hanging(t)+Secret, 50*time.Millisecond), t.Context())
	})
	t.Run("one that hangs is left when the caller goes", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		wantPrompt(t, open(t, hanging(t)+Secret, time.Minute), ctx)
	})
	t.Run("one that is not there may come", func(t *testing.T) {
		server := httptest.NewServer(nil)
		server.Close()
		wantRefusal(t, open(t, server.URL+Secret, time.Minute).Send(t.Context(), message()), drift.ErrRetry)
	})
	t.Run("it says who calls", func(t *testing.T) {
		var agent, method, typ string
		url := serve(t, func(w http.ResponseWriter, r *http.Request) {
			agent, method, typ = r.UserAgent(), r.Method, r.Header.Get("Content-Type")
		})
		if err := open(t, url+Secret, time.Minute).Send(t.Context(), message()); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(agent, "tfdrift") || method != http.MethodPost || !strings.HasPrefix(typ, "application/json") {
			t.Errorf("%s by %q of %q", method, agent, typ)
		}
	})
}

// Example is a finding of every field.
func Example() drift.Finding {
	return drift.Finding{
		ID: "f1", Status: drift.Open, Kind: drift.Modified, Severity: drift.Critical, Rules: []string{"Groups"}, Provider: drift.AWS, Account: "111122223333", Region: "us-east-1", Environment: "production",
		Resource: drift.ResourceRef{Address: "module.a.aws_security_group.web[0]", Type: "aws_security_group", ID: "sg-1", State: "s3://b/prod.tfstate"},
		Changes: []drift.Attribute{
			{Name: "instance_type", Op: drift.OpSet, Before: "t3.micro", After: "t3.large"},
			{Name: "user_data", Op: drift.OpSet, Unknown: true},
		},
		Actor: drift.Actor{Type: "IAMUser", Name: "alice", ARN: "arn:aws:iam::111122223333:user/alice", SourceIP: "198.51.100.23", UserAgent: "aws-cli/2"},
		Event: drift.EventRef{ID: "e1", Name: "ModifyThing", Source: "ec2.amazonaws.com", Time: time.Date(2026, 8, 20, 9, 1, 7, 0, time.UTC), Via: drift.ViaCloudTrail},
	}
}

// filled is a finding that has a text wherever text may come from outside.
func filled(s string) drift.Finding {
	f := Example()
	f.Account, f.Region, f.Environment, f.Rules = s, s, s, []string{s}
	f.Resource = drift.ResourceRef{Address: s, Type: s, ID: s, State: s}
	f.Changes = []drift.Attribute{
		{Name: s, Op: drift.OpSet, Before: s, After: map[string]any{s: s}},
		{Name: s, Op: drift.OpAdd, After: []any{s}}, {Name: s, Op: drift.OpRemove, Before: s}, {Name: s, Op: drift.OpSet, Sensitive: true}, {Name: s, Op: drift.OpSet, Unknown: true},
	}
	f.Actor = drift.Actor{Type: s, Name: s, ARN: s, SourceIP: s, UserAgent: s, AccessKeyID: s}
	f.Event.Name, f.Event.Source, f.Event.ID = s, s, s
	return f
}

func message() channel.Message { return channel.Message{Finding: Example(), Revision: 1} }

func send(t *testing.T, c channel.Channel, f drift.Finding, revision int) {
	t.Helper()
	if err := c.Send(t.Context(), channel.Message{Finding: f, Revision: revision}); err != nil {
		t.Fatal(err)
	}
}

func want(t *testing.T, sent string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(sent, w) {
			t.Errorf("no %q in what was sent: %s", w, sent)
		}
	}
}

// wantRefusal also holds the error to silence on the address.
func wantRefusal(t *testing.T, err error, kind error) *channel.Refusal {
	t.Helper()
	var r *channel.Refusal
	if !errors.As(err, &r) || !errors.Is(err, kind) {
		t.Fatalf("error %v, want a refusal of kind %v", err, kind)
	}
	if strings.Contains(err.Error(), "hunter2") || strings.ContainsFunc(err.Error(), unicode.IsControl) {
		t.Errorf("the error shows the secret, or is more than a line: %v", err)
	}
	return r
}

func wantPrompt(t *testing.T, c channel.Channel, ctx context.Context) {
	t.Helper()
	started := time.Now()
	wantRefusal(t, c.Send(ctx, message()), drift.ErrRetry)
	if took := time.Since(started); took > 10*time.Second {
		t.Errorf("an attempt took %v", took)
	}
}

func serve(t *testing.T, handle http.HandlerFunc) string {
	server := httptest.NewServer(handle)
	t.Cleanup(server.Close)
	return server.URL
}

// hanging serves an address that takes a request and never answers.
func hanging(t *testing.T) string {
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	t.Cleanup(func() {
		close(release)
		server.Close()
	})
	return server.URL
}

// stringsOf are all strings of a JSON tree, names of members too.
func stringsOf(v any) []string {
	var all []string
	switch v := v.(type) {
	case string:
		all = append(all, v)
	case []any:
		for _, e := range v {
			all = append(all, stringsOf(e)...)
		}
	case map[string]any:
		for k, e := range v {
			all = append(append(all, k), stringsOf(e)...)
		}
	}
	return all
}

func because(t *testing.T, reason string) {
	if t.Failed() {
		t.Log("it matters because", reason)
	}
}
