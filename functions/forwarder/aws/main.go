// Command forwarder relays Falco's alerts to an Amazon EventBridge bus.
package main

import (
	"context"
	"fmt"
	"os"

	awsconfig "github.com/aws/aws-sdk-go-v2/config"

	"tfdrift/functions/forwarder/container"
	"tfdrift/internal/bus"
	"tfdrift/internal/bus/eventbridgebus"
	"tfdrift/internal/config"
)

func main() {
	os.Exit(container.Main(os.Args, func(ctx context.Context, c config.Forwarder) (bus.Bus, error) {
		account, err := awsconfig.LoadDefaultConfig(ctx)
		if err != nil {
			return nil, fmt.Errorf("the AWS configuration: %w", err)
		}
		b, err := eventbridgebus.New(account, c.EventBus)
		if err != nil {
			return nil, fmt.Errorf("forwarder.event_bus: %w", err)
		}
		return b, nil
	}))
}
