package outbox_test

import (
	"testing"

	"tfdrift/internal/outbox"
	"tfdrift/internal/outbox/outboxtest"
)

func TestContract(t *testing.T) {
	outboxtest.Run(t, func(*testing.T) outbox.Outbox { return outbox.NewMemory() })
}
