package main

import (
	"fmt"
	"net/http"

	"tfdrift/internal/channel"
	"tfdrift/internal/channel/slack"
	"tfdrift/internal/channel/webhook"
	"tfdrift/internal/config"
	"tfdrift/internal/notifier"
)

// routes makes the channels of a configuration; lookup reads the environment.
// unserved are the keys of enabled channels that this command cannot serve: the
// functions in the cloud do, and whoever runs it must know.
func routes(n config.Notifications, lookup func(string) (string, bool)) (all []notifier.Route, unserved []string, err error) {
	add := func(d config.Delivery, c channel.Channel) {
		all = append(all, notifier.Route{Channel: c, MaxRetries: d.MaxRetries})
	}
	if s := n.Slack; s != nil && s.Enabled {
		address, err := s.WebhookURL.Resolve(lookup)
		if err != nil {
			return nil, nil, fmt.Errorf("notifications.slack.webhook_url: %w", err)
		}
		c, err := slack.New(address, s.Channel, s.Timeout)
		if err != nil {
			return nil, nil, fmt.Errorf("notifications: %w", err)
		}
		add(s.Delivery, c)
	}
	if w := n.Webhook; w != nil && w.Enabled && w.URL.Source() != config.NoSecret {
		c, err := openWebhook(w, lookup)
		if err != nil {
			return nil, nil, err
		}
		add(w.Delivery, c)
	}
	for _, other := range []struct {
		key string
		on  bool
	}{
		{"teams", n.Teams != nil && n.Teams.Enabled}, {"discord", n.Discord != nil && n.Discord.Enabled}, {"pagerduty", n.PagerDuty != nil && n.PagerDuty.Enabled},
		{"sns", n.SNS != nil && n.SNS.Enabled}, {"eventbridge", n.EventBridge != nil && n.EventBridge.Enabled}, {"security_hub", n.SecurityHub != nil && n.SecurityHub.Enabled},
	} {
		if other.on {
			unserved = append(unserved, "notifications."+other.key)
		}
	}
	return all, unserved, nil
}

func openWebhook(w *config.Webhook, lookup func(string) (string, bool)) (*webhook.Webhook, error) {
	address, err := w.URL.Resolve(lookup)
	if err != nil {
		return nil, fmt.Errorf("notifications.webhook.url: %w", err)
	}
	header := http.Header{}
	for name, secret := range w.Headers {
		value, err := secret.Resolve(lookup)
		if err != nil {
			return nil, fmt.Errorf("notifications.webhook.headers.%s: %w", name, err)
		}
		header.Set(name, value)
	}
	var key string
	if w.SigningSecret.Source() != config.NoSecret {
		if key, err = w.SigningSecret.Resolve(lookup); err != nil {
			return nil, fmt.Errorf("notifications.webhook.signing_secret: %w", err)
		}
	}
	c, err := webhook.New(address, header, key, w.Timeout)
	if err != nil {
		return nil, fmt.Errorf("notifications: %w", err)
	}
	return c, nil
}
