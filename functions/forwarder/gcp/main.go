// Command forwarder relays Falco's alerts to a Google Cloud Pub/Sub topic.
package main

import (
	"context"
	"fmt"
	"os"

	"cloud.google.com/go/pubsub/v2"

	"tfdrift/functions/forwarder/container"
	"tfdrift/internal/bus"
	"tfdrift/internal/bus/pubsubbus"
	"tfdrift/internal/config"
)

func main() { os.Exit(container.Main(os.Args, container.Cloud{OpenBus: openBus})) }

func openBus(ctx context.Context, c config.Forwarder) (bus.Bus, error) {
	client, err := pubsub.NewClient(ctx, pubsub.DetectProjectID)
	if err != nil {
		return nil, fmt.Errorf("Pub/Sub: %w; is there a service account here, or GOOGLE_CLOUD_PROJECT set?", err)
	}
	b, err := pubsubbus.New(client, c.Topic)
	if err != nil {
		client.Close()
		return nil, fmt.Errorf("forwarder.topic: %w", err)
	}
	return b, nil
}
