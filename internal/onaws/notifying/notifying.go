// Package notifying is what the notifier on Lambda is made of: the channels of the
// configuration, the outbox in DynamoDB, and a queue for what they refuse.
package notifying

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"tfdrift/internal/channel"
	"tfdrift/internal/channels"
	"tfdrift/internal/drift"
	"tfdrift/internal/ledger/dynamoledger"
	"tfdrift/internal/notifier"
	"tfdrift/internal/onaws"
	"tfdrift/internal/outbox"
	"tfdrift/internal/outbox/dynamooutbox"
	"tfdrift/internal/silence"
	"tfdrift/internal/silence/dynamosilence"
	"tfdrift/internal/trigger/lambdatrigger"
)

// New is what delivers publications to the channels of the configuration.
func New(f *onaws.Function) (*notifier.Messenger, error) {
	routes, unserved := channels.Routes(f.Config.Notifications, f.Secrets)
	for _, key := range unserved {
		f.Log.Warn("a channel of the configuration is not served by this function; nothing is sent to it", "channel", key)
	}
	var names []string
	table := f.Table(f.Env.LedgerTable)
	silences := dynamosilence.New(table)
	for i := range routes {
		names = append(names, routes[i].Channel.Name())
		routes[i].Channel = silence.Silenced(routes[i].Channel, silences, time.Now, func(channel.Message) { f.Metrics.Add("tfdrift_notifications_silenced_total", 1) })
	}
	queue := f.Queue(f.Env.RetryQueue)
	later := func(ctx context.Context, channel, finding string, at time.Time) error {
		body, err := json.Marshal(lambdatrigger.Delivery{Channel: channel, Finding: finding})
		if err != nil {
			return err
		}
		return queue.Put(ctx, body, time.Until(at))
	}
	counted := func(channel string, o outbox.Outcome) {
		name := "tfdrift_notifications_failed_total"
		switch {
		case o.Delivered:
			name = "tfdrift_notifications_delivered_total"
		case o.GivenUp != "":
			f.Metrics.AddOf("tfdrift_notifications_given_up_total", "channel", channel, 1)
			f.Metrics.Add("tfdrift_notifications_given_up_total", 1) // an alarm wants one series
		}
		f.Metrics.AddOf(name, "channel", channel, 1)
	}
	return notifier.NewMessenger(dynamooutbox.New(table, names, time.Now), later, routes, notifier.Options{Log: f.Component("notifier"), Counted: counted})
}

// Tell delivers what a message tells of: a publication of the ledger's stream, or
// a delivery whose time has come.
func Tell(m *notifier.Messenger) func(context.Context, lambdatrigger.Message) error {
	return func(ctx context.Context, message lambdatrigger.Message) error {
		switch message.Source {
		case lambdatrigger.DynamoDB:
			p, news, err := dynamoledger.Publication(message.Body)
			if err != nil || !news {
				return err
			}
			return m.Deliver(ctx, p)
		case lambdatrigger.SQS:
			d, err := lambdatrigger.ParseDelivery(message)
			if err != nil {
				return err
			}
			return m.Again(ctx, d.Channel, d.Finding)
		}
		return fmt.Errorf("the notifier is woken by the ledger's stream and by its retry queue, and not by this: %w", drift.ErrInvalid)
	}
}
