package silence_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"tfdrift/internal/channel"
	"tfdrift/internal/drift"
	"tfdrift/internal/silence"
	"tfdrift/internal/silence/silencetest"
)

var now = time.Date(2026, 8, 20, 9, 0, 0, 0, time.UTC)

func TestMemoryKeepsTheContract(t *testing.T) {
	silencetest.Run(t, func(*testing.T) silence.Silences { return silence.NewMemory() })
}

func finding() drift.Finding {
	return drift.Finding{
		Severity: drift.High, Resource: drift.ResourceRef{Address: "module.network.aws_vpc.main[0]", Type: "aws_vpc", ID: "vpc-1"},
		Actor: drift.Actor{Name: "alice@example.org", ARN: "arn:aws:sts::111122223333:assumed-role/admin/alice@example.org", Names: []string{"admin"}},
	}
}

func TestCovers(t *testing.T) {
	hour := now.Add(time.Hour)
	tests := []struct {
		name    string
		silence silence.Silence
		want    bool
	}{
		{"of the type", silence.Silence{Type: "aws_*", Until: hour}, true},
		{"of another", silence.Silence{Type: "google_*", Until: hour}, false},
		{"of the module", silence.Silence{Address: "module.network", Until: hour}, true},
		{"of another module", silence.Silence{Address: "module.net", Until: hour}, false},
		{"of the severity", silence.Silence{Severity: drift.High, Until: hour}, true},
		{"of a graver one only", silence.Silence{Severity: drift.Critical, Until: hour}, false},
		{"of the actor", silence.Silence{Actor: "alice@*", Until: hour}, true},
		{"of the actor's role", silence.Silence{Actor: "admin", Until: hour}, true},
		{"of somebody else", silence.Silence{Actor: "bob", Until: hour}, false},
		{"all must match", silence.Silence{Type: "aws_vpc", Actor: "bob", Until: hour}, false},
		{"it is over", silence.Silence{Type: "aws_vpc", Until: now}, false},
	}
	for _, test := range tests {
		f := finding()
		if got := test.silence.Covers(&f, now); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

func TestNewSaysWhatIsWrong(t *testing.T) {
	hour := now.Add(time.Hour)
	for name, s := range map[string]silence.Silence{
		"everything":       {Until: hour},
		"a broken pattern": {Type: "aws_[", Until: hour},
		"an unknown grade": {Severity: "loud", Until: hour},
		"already over":     {Type: "aws_vpc", Until: now},
		"without an end":   {Type: "aws_vpc"},
		"a broken actor":   {Actor: "[", Until: hour},
		"a broken address": {Address: "module.[!", Until: hour},
	} {
		if _, err := silence.New(s, now); !errors.Is(err, drift.ErrInvalid) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	a, errA := silence.New(silence.Silence{Type: "aws_vpc", Until: hour}, now)
	b, errB := silence.New(silence.Silence{Type: "aws_vpc", Until: hour}, now)
	if err := errors.Join(errA, errB); err != nil || a.ID == "" || a.ID == b.ID || !a.Created.Equal(now) {
		t.Errorf("%+v, %+v, error %v", a, b, err)
	}
}

type sent struct{ messages int }

func (s *sent) Name() string { return "sent" }

func (s *sent) Send(context.Context, channel.Message) error {
	s.messages++
	return nil
}

// deaf cannot be read.
type deaf struct{ silence.Silences }

func (deaf) List(context.Context) ([]silence.Silence, error) { return nil, drift.ErrRetry }

func TestASilencedFindingIsNotSent(t *testing.T) {
	silences := silence.NewMemory()
	if err := silences.Put(t.Context(), silence.Silence{ID: "s", Type: "aws_vpc", Until: now.Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	clock := now
	var to sent
	kept := 0
	c := silence.Silenced(&to, silences, func() time.Time { return clock }, func(channel.Message) { kept++ })
	send := func(c channel.Channel) {
		t.Helper()
		if err := c.Send(t.Context(), channel.Message{Finding: finding()}); err != nil {
			t.Fatal(err)
		}
	}
	send(c)
	clock = clock.Add(time.Hour)
	send(c)
	send(silence.Silenced(&to, deaf{silences}, func() time.Time { return now }, nil))
	if to.messages != 2 || kept != 1 || c.Name() != "sent" {
		t.Errorf("%d sent, %d kept back; want 2 and 1", to.messages, kept)
	}
}
