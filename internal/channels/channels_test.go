package channels_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/channels"
	"tfdrift/internal/config"
	"tfdrift/internal/secret"
)

func TestRoutesAreThoseOfTheConfiguration(t *testing.T) {
	environment := map[string]string{"HOOK": "https://example.com/hunter2", "TOKEN": "t"}
	secrets := secret.New(map[config.SecretSource]secret.Store{
		config.FromEnv: secret.Env(func(name string) (string, bool) { v, ok := environment[name]; return v, ok }),
	})
	tests := []struct {
		name, notifications string
		want                []string // names and retries; then what is not served
		err                 string
	}{
		{name: "none"},
		{name: "slack and a webhook", notifications: "slack: {webhook_url_from_env: HOOK, max_retries: 5}\n  webhook: {url_from_env: HOOK, headers: {X-Token_from_env: TOKEN}}", want: []string{"slack 5", "webhook 3"}},
		{name: "one that is off", notifications: "slack: {enabled: false}", want: nil},
		{name: "a webhook without a URL", notifications: "webhook: {timeout: 1s}"},
		{name: "one that is not served here", notifications: "discord: {webhook_url_from_env: HOOK}", want: []string{"unserved notifications.discord"}},
		{name: "a variable that is not set", notifications: "slack: {webhook_url_from_env: OTHER}", err: "notifications.slack.webhook_url: the environment variable OTHER"},
		{name: "a secret of Google's", notifications: "slack: {webhook_url_from_gcp_secret: projects/1/secrets/x}", err: "notifications.slack.webhook_url: Google secret projects/1/secrets/x cannot be read"},
		{name: "an address that is none", notifications: "slack: {webhook_url_from_env: TOKEN}", err: "slack: webhook_url: the address is no https://"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := ""
			if test.notifications != "" {
				text = "notifications:\n  " + test.notifications + "\n"
			}
			cfg, _, err := config.Parse("c.yaml", []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			all, unserved := channels.Routes(cfg.Notifications, secrets)
			late, err := channels.Open(t.Context(), all)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("error %v, want %q in it", err, test.err)
				}
				return
			}
			var got []string
			for _, r := range all {
				got = append(got, r.Channel.Name()+" "+string(rune('0'+r.MaxRetries)))
			}
			for _, u := range unserved {
				got = append(got, "unserved "+u)
			}
			if diff := cmp.Diff(test.want, got); diff != "" || err != nil || late != nil {
				t.Errorf("%v, late %v (-want +got):\n%s", err, late, diff)
			}
		})
	}
}
