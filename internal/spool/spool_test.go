package spool_test

import (
	"testing"

	"tfdrift/internal/spool"
	"tfdrift/internal/spool/spooltest"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	spooltest.Run(t, func(_ *testing.T, capacity int) spool.Spool {
		m := spool.NewMemory()
		m.Capacity = capacity
		return m
	})
}
