// Command forwarder relays Falco's alerts to an Amazon EventBridge bus.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"

	"tfdrift/functions/forwarder/container"
	"tfdrift/internal/bus"
	"tfdrift/internal/bus/eventbridgebus"
	"tfdrift/internal/config"
	"tfdrift/internal/secret"
	"tfdrift/internal/secret/awssecret"
)

func main() {
	os.Exit(container.Main(os.Args, container.Cloud{
		OpenBus: openBus,
		Secrets: map[config.SecretSource]secret.Store{config.FromAWS: awssecret.New(account)},
	}))
}

func account(ctx context.Context) (aws.Config, error) { return awsconfig.LoadDefaultConfig(ctx) }

func openBus(ctx context.Context, c config.Forwarder) (bus.Bus, error) {
	a, err := account(ctx)
	if err != nil {
		return nil, fmt.Errorf("the AWS configuration: %w", err)
	}
	b, err := eventbridgebus.New(a, c.EventBus)
	if err != nil {
		return nil, fmt.Errorf("forwarder.event_bus: %w", err)
	}
	return b, nil
}
