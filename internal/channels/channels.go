// Package channels makes the channels of a configuration, over the packages of
// each of them. What is sent there, and when, is the notifier's to say.
package channels

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"tfdrift/internal/channel"
	"tfdrift/internal/channel/slack"
	"tfdrift/internal/channel/webhook"
	"tfdrift/internal/config"
	"tfdrift/internal/drift"
	"tfdrift/internal/notifier"
	"tfdrift/internal/secret"
)

// Routes are the enabled channels of a configuration. Each is opened when it is
// first needed, or by [Open]: their secrets are not read yet. unserved are the
// keys of enabled channels that cannot be served: whoever runs this must know.
func Routes(n config.Notifications, secrets *secret.Secrets) (all []notifier.Route, unserved []string) {
	add := func(d config.Delivery, name string, open func(context.Context) (channel.Channel, error), used ...config.Secret) {
		c := channel.NewRenewable(name, open, func(ctx context.Context) (bool, error) { return secrets.Renew(ctx, used...) })
		all = append(all, notifier.Route{Channel: c, MaxRetries: d.MaxRetries})
	}
	if s := n.Slack; s != nil && s.Enabled {
		add(s.Delivery, "slack", func(ctx context.Context) (channel.Channel, error) { return openSlack(ctx, s, secrets) }, s.WebhookURL)
	}
	if w := n.Webhook; w != nil && w.Enabled && w.URL.Source() != config.NoSecret {
		used := []config.Secret{w.URL, w.SigningSecret}
		for _, value := range w.Headers {
			used = append(used, value)
		}
		add(w.Delivery, "webhook", func(ctx context.Context) (channel.Channel, error) { return openWebhook(ctx, w, secrets) }, used...)
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
	return all, unserved
}

// Open opens routes now, so that what is wrong with a channel is heard at once.
// late is why some could not be opened yet; they will be.
func Open(ctx context.Context, all []notifier.Route) (late []error, err error) {
	for _, r := range all {
		c, ok := r.Channel.(*channel.Renewable)
		if !ok {
			continue
		}
		switch failed := c.Open(ctx); {
		case errors.Is(failed, drift.ErrRetry):
			late = append(late, failed)
		case failed != nil:
			err = errors.Join(err, failed)
		}
	}
	return late, err
}

func openSlack(ctx context.Context, s *config.Slack, secrets *secret.Secrets) (channel.Channel, error) {
	address, err := secrets.Value(ctx, s.WebhookURL)
	if err != nil {
		return nil, fmt.Errorf("notifications.slack.webhook_url: %w", err)
	}
	c, err := slack.New(address, s.Channel, s.Timeout)
	if err != nil {
		return nil, fmt.Errorf("notifications: %w", err)
	}
	return c, nil
}

func openWebhook(ctx context.Context, w *config.Webhook, secrets *secret.Secrets) (channel.Channel, error) {
	address, err := secrets.Value(ctx, w.URL)
	if err != nil {
		return nil, fmt.Errorf("notifications.webhook.url: %w", err)
	}
	header := http.Header{}
	for name, secret := range w.Headers {
		value, err := secrets.Value(ctx, secret)
		if err != nil {
			return nil, fmt.Errorf("notifications.webhook.headers.%s: %w", name, err)
		}
		header.Set(name, value)
	}
	var key string
	if w.SigningSecret.Source() != config.NoSecret {
		if key, err = secrets.Value(ctx, w.SigningSecret); err != nil {
			return nil, fmt.Errorf("notifications.webhook.signing_secret: %w", err)
		}
	}
	c, err := webhook.New(address, header, key, w.Timeout)
	if err != nil {
		return nil, fmt.Errorf("notifications: %w", err)
	}
	return c, nil
}
