package roster_test

import (
	"testing"

	"tfdrift/internal/roster"
	"tfdrift/internal/roster/rostertest"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	rostertest.Run(t, func(*testing.T) roster.Roster { return roster.NewMemory() })
}
