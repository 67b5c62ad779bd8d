package applies_test

import (
	"testing"

	"tfdrift/internal/applies"
	"tfdrift/internal/applies/appliestest"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	appliestest.Run(t, func(*testing.T) applies.Applies { return applies.NewMemory() })
}
