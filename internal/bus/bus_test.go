package bus_test

import (
	"testing"

	"tfdrift/internal/bus"
	"tfdrift/internal/bus/bustest"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	bustest.Run(t, func(*testing.T) (bus.Bus, func() [][]byte) {
		m := &bus.Memory{}
		return m, m.Messages
	})
}
