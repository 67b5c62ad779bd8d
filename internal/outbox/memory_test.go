package outbox_test

import (
	"testing"

	"tfdrift/internal/outbox"
	"tfdrift/internal/outbox/outboxtest"
)

func TestContract(t *testing.T) {
	outboxtest.Run(t, func(*testing.T) outbox.Outbox { return outbox.NewMemory() })
}

func TestMemoryKeepsTheContractOfItems(t *testing.T) {
	outboxtest.RunItems(t, func(*testing.T) outbox.Items { return outbox.NewMemory() })
}
