package eventbridgebus_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"tfdrift/internal/bus"
	"tfdrift/internal/bus/bustest"
	"tfdrift/internal/bus/eventbridgebus"
	"tfdrift/internal/drift"
)

func open(t *testing.T, service *bustest.PutEvents) *eventbridgebus.Bus {
	t.Helper()
	server := httptest.NewServer(service)
	t.Cleanup(server.Close)
	b, err := eventbridgebus.New(aws.Config{
		Region: "us-east-1", BaseEndpoint: &server.URL,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "example"}, nil
		}),
	}, "default")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEventBridgeKeepsTheContract(t *testing.T) {
	bustest.Run(t, func(t *testing.T) (bus.Bus, func() [][]byte) {
		service := &bustest.PutEvents{}
		return open(t, service), service.Arrived
	})
}

func TestOneRefusedEntryIsToldFromItsNeighbours(t *testing.T) {
	service := &bustest.PutEvents{Refuse: func(detail string) string {
		switch {
		case strings.Contains(detail, "slow"):
			return "ThrottlingException"
		case strings.Contains(detail, "bad"):
			return "MalformedDetail"
		}
		return ""
	}}
	errs := open(t, service).Send(t.Context(), [][]byte{[]byte(`{"n":1}`), []byte(`{"n":"slow"}`), []byte(`{"n":2}`), []byte(`{"n":"bad"}`)})
	if len(errs) != 4 || errs[0] != nil || !errors.Is(errs[1], drift.ErrRetry) || errs[2] != nil || !errors.Is(errs[3], drift.ErrInvalid) {
		t.Errorf("errors %v", errs)
	}
	if got := len(service.Arrived()); got != 2 {
		t.Errorf("%d arrived", got)
	}
}

func TestACallThatFailsSaysWhatToDo(t *testing.T) {
	for code, want := range map[string]struct {
		status   int
		sentinel error
		remedy   string
	}{
		"ThrottlingException":       {400, drift.ErrRetry, "Throttling"},
		"InternalException":         {500, drift.ErrRetry, ""},
		"AccessDeniedException":     {400, drift.ErrRetry, "events:PutEvents"},
		"ResourceNotFoundException": {400, drift.ErrRetry, "is there such a bus"},
		"ExpiredTokenException":     {400, drift.ErrRetry, "the session has expired"},
		"ValidationException":       {400, drift.ErrInvalid, ""},
	} {
		service := &bustest.PutEvents{Fail: func(int) (int, string) { return want.status, code }}
		errs := open(t, service).Send(t.Context(), [][]byte{[]byte(`{}`)})
		if len(errs) != 1 || !errors.Is(errs[0], want.sentinel) || !strings.Contains(errs[0].Error(), want.remedy) {
			t.Errorf("%s: %v", code, errs)
		}
		if service.Calls() != 1 {
			t.Errorf("%s: %d calls; how often to try is the forwarder's to say", code, service.Calls())
		}
	}
}

// EventBridge refuses a whole call for what one of its entries is.
func TestAnEntryThatSpoilsItsCallCostsOnlyItself(t *testing.T) {
	service := &bustest.PutEvents{Fail: func(call int) (int, string) {
		if call == 1 || call == 3 { // the batch, then its second entry alone
			return 400, "ValidationException"
		}
		return 0, ""
	}}
	errs := open(t, service).Send(t.Context(), [][]byte{[]byte(`{"n":1}`), []byte(`{"n":2}`), []byte(`{"n":3}`)})
	if len(errs) != 3 || errs[0] != nil || !errors.Is(errs[1], drift.ErrInvalid) || errs[2] != nil {
		t.Errorf("errors %v", errs)
	}
}

func TestABusHasAName(t *testing.T) {
	for _, name := range []string{"default", "arn:aws:events:us-east-1:111122223333:event-bus/drift", "arn:aws-us-gov:events:us-gov-west-1:111122223333:event-bus/a.b"} {
		if _, err := eventbridgebus.New(aws.Config{}, name); err != nil {
			t.Error(err)
		}
	}
	for _, name := range []string{"", "my bus", "arn:aws:sns:us-east-1:111122223333:topic"} {
		if _, err := eventbridgebus.New(aws.Config{}, name); !errors.Is(err, drift.ErrInvalid) {
			t.Errorf("%q: %v", name, err)
		}
	}
}
