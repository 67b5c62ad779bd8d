package stdoutbus_test

import (
	"bytes"
	"errors"
	"testing"

	"tfdrift/internal/bus"
	"tfdrift/internal/bus/bustest"
	"tfdrift/internal/bus/stdoutbus"
	"tfdrift/internal/drift"
)

func TestStandardOutputKeepsTheContract(t *testing.T) {
	bustest.Run(t, func(*testing.T) (bus.Bus, func() [][]byte) {
		var out bytes.Buffer
		return stdoutbus.New(&out), func() [][]byte {
			if out.Len() == 0 {
				return nil
			}
			return bytes.Split(bytes.TrimSuffix(out.Bytes(), []byte{'\n'}), []byte{'\n'})
		}
	})
}

type closedPipe struct{}

func (closedPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestAMessageIsALineAndAClosedPipeAsksForMorePatience(t *testing.T) {
	var out bytes.Buffer
	if errs := stdoutbus.New(&out).Send(t.Context(), [][]byte{[]byte("{\n  \"a\": 1\n}")}); errs != nil || out.String() != "{\"a\":1}\n" {
		t.Errorf("%q, errors %v", out.String(), errs)
	}
	if errs := stdoutbus.New(closedPipe{}).Send(t.Context(), [][]byte{[]byte("{}")}); len(errs) != 1 || !errors.Is(errs[0], drift.ErrRetry) {
		t.Errorf("errors %v", errs)
	}
}
