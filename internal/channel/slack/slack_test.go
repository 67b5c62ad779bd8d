package slack_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/channel"
	"tfdrift/internal/channel/channeltest"
	"tfdrift/internal/channel/slack"
	"tfdrift/internal/drift"
)

func TestContract(t *testing.T) {
	channeltest.RunHTTP(t, func(t *testing.T, address string, timeout time.Duration) channel.Channel {
		return open(t, address, timeout)
	},
		"<!channel>", "<@U1>", "<https://evil.example|your bank>", "&lt;", "\x1b[2J", "\u202e")
}

func open(t *testing.T, address string, timeout time.Duration) *slack.Slack {
	t.Helper()
	s, err := slack.New(address, "#drift", timeout)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

type text struct{ Type, Text string }

type payload struct {
	Channel, Text string
	Attachments   []struct {
		Color, Fallback string
		Blocks          []struct {
			Type   string
			Text   *text
			Fields []text
		}
	}
}

// posted is what Slack gets of a finding.
func posted(t *testing.T, f drift.Finding) (p payload) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		if err := json.Unmarshal(raw, &p); err != nil {
			t.Error(err)
		}
		io.WriteString(w, "ok")
	}))
	defer server.Close()
	if err := open(t, server.URL, time.Minute).Send(t.Context(), channel.Message{Finding: f, Revision: 1}); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p payload) lines() []string {
	lines := []string{p.Channel + " " + p.Attachments[0].Color + " " + p.Text}
	for _, b := range p.Attachments[0].Blocks {
		if b.Text != nil {
			lines = append(lines, b.Text.Text)
		}
		for _, f := range b.Fields {
			lines = append(lines, "  "+f.Text)
		}
	}
	return lines
}

func TestAMessageReadsFromWhatToWhatToDo(t *testing.T) {
	f := channeltest.Example()
	f.Changes = append(f.Changes, drift.Attribute{Name: "ingress", Op: drift.OpAdd, After: map[string]any{"port": json.Number("22")}}, drift.Attribute{Name: "role", Op: drift.OpSet, Before: "a", After: ""})
	want := []string{
		"#drift #b00020 CRITICAL: module.a.aws_security_group.web[0] modified",
		"*`module.a.aws_security_group.web[0]`*  modified · 111122223333 us-east-1 · production",
		"~ `instance_type`: `t3.micro` → `t3.large`\n~ `user_data`: changed (the record hides the value)\n+ `ingress`: `{\"port\":22}`\n~ `role`: `a` → (empty)",
		"  who: alice (IAMUser)", "  when: 2026-08-20 09:01:07 UTC, ModifyThing", "  from: 198.51.100.23, aws-cli/2", "  state: s3://b/prod.tfstate", "  rules: Groups",
		"`put it back:  terraform apply -target='module.a.aws_security_group.web[0]'`",
		"`or keep it:   write the new value into the code, until terraform plan is empty`",
	}
	if diff := cmp.Diff(want, posted(t, f).lines()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAResolvedFindingIsGreenAndAsksForNothing(t *testing.T) {
	f := channeltest.Example()
	f.Status, f.Changes = drift.Resolved, nil
	want := []string{"#drift #2e7d32 Resolved: module.a.aws_security_group.web[0] is as its state says again"}
	got := posted(t, f).lines()
	if diff := cmp.Diff(want, got[:1]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if strings.Contains(strings.Join(got, "\n"), "terraform apply") {
		t.Errorf("something to do in %q", got)
	}
}

// A backtick would end the span and begin markup.
func TestValuesStayInTheirCodeSpans(t *testing.T) {
	f := channeltest.Example()
	f.Resource.Address = "a`*b*"
	f.Changes = []drift.Attribute{{Name: "x`", Op: drift.OpSet, Before: "` *now*", After: "a\n`b"}}
	got := posted(t, f).lines()
	want := []string{"*`aˋ*b*`*  modified · 111122223333 us-east-1 · production", "~ `xˋ`: `ˋ *now*` → `a ˋb`"}
	if diff := cmp.Diff(want, got[1:3]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Slack refuses a whole message for one text that is too long.
func TestMessagesKeepSlacksLimits(t *testing.T) {
	f := channeltest.Example()
	long := strings.Repeat("`&<é", 1000)
	for i := range 500 {
		f.Changes = append(f.Changes, drift.Attribute{Name: fmt.Sprint(i, long), Op: drift.OpSet, Before: long, After: []any{long, i}})
	}
	f.Resource.Address, f.Resource.State, f.Actor.Name, f.Rules, f.Environment = long, long, long, []string{long}, long
	blocks := posted(t, f).Attachments[0].Blocks
	if len(blocks) > 50 {
		t.Errorf("%d blocks", len(blocks))
	}
	for _, b := range blocks {
		if b.Text != nil && (len(b.Text.Text) > 3000 || b.Text.Text == "") {
			t.Errorf("a text of %d bytes", len(b.Text.Text))
		}
		for _, f := range b.Fields {
			if len(f.Text) > 2000 || f.Text == "" {
				t.Errorf("a field of %d bytes", len(f.Text))
			}
		}
	}
	if !strings.Contains(fmt.Sprint(blocksText(blocks[:len(blocks)-3])), "and 462 more") {
		t.Error("what is left out is not counted")
	}
}

func blocksText(blocks []struct {
	Type   string
	Text   *text
	Fields []text
}) (all []string) {
	for _, b := range blocks {
		if b.Text != nil {
			all = append(all, b.Text.Text)
		}
	}
	return all
}

func TestSlacksReasonIsTold(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		io.WriteString(w, "no_service")
	}))
	defer server.Close()
	err := open(t, server.URL+"/services/T/B/x", time.Minute).Send(t.Context(), channel.Message{Finding: channeltest.Example()})
	const want = "slack: answered with status 404 Not Found (no_service): invalid"
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestAnAddressThatIsNoneIsNotShown(t *testing.T) {
	for _, address := range []string{"", "hooks.slack.com/services/hunter2", "https://", "ftp://x/hunter2", "https://x/hunter2\x7f", "://hunter2"} {
		_, err := slack.New(address, "", time.Second)
		if !errors.Is(err, drift.ErrInvalid) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: error %v", address, err)
		}
	}
}
