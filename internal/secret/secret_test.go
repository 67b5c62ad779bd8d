package secret_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tfdrift/internal/config"
	"tfdrift/internal/drift"
	"tfdrift/internal/secret"
	"tfdrift/internal/secret/secrettest"
)

func TestTheEnvironmentKeepsTheContract(t *testing.T) {
	secrettest.Run(t, func(t *testing.T) secrettest.Place {
		var variables sync.Map
		return secrettest.Place{
			Store: secret.Env(func(name string) (string, bool) {
				v, ok := variables.Load(name)
				text, _ := v.(string)
				return text, ok
			}),
			Set: func(name, value string) { variables.Store(name, value) },
		}
	})
}

func TestMemoryKeepsTheContract(t *testing.T) {
	secrettest.Run(t, func(t *testing.T) secrettest.Place {
		m := &secret.Memory{}
		return secrettest.Place{Store: m, Set: m.Set, Refuse: func(refuse bool) {
			if m.Fail(nil); refuse {
				m.Fail(drift.ErrRetry)
			}
		}}
	})
}

func open() (*secret.Secrets, *secret.Memory, *time.Time) {
	m, now := &secret.Memory{}, time.Now()
	env := secret.Env(func(name string) (string, bool) { return "of the environment", name == "SET#1" })
	s := secret.New(map[config.SecretSource]secret.Store{config.FromEnv: env, config.FromAWS: m})
	s.Now = func() time.Time { return now }
	return s, m, &now
}

func TestASecretIsFoundWhereTheConfigurationSays(t *testing.T) {
	s, m, _ := open()
	m.Set("plain", "value")
	m.Set("object", `{"hook": "of the key", "port": 1, "hunter": "hunter2"}`)
	for _, test := range []struct {
		secret config.Secret
		want   string
		kind   error
		says   string
	}{
		{config.NewSecret(config.Plain, "here"), "here", nil, ""},
		{config.NewSecret(config.FromEnv, "SET#1"), "of the environment", nil, ""},
		{config.NewSecret(config.FromEnv, "UNSET"), "", drift.ErrNotFound, "variable UNSET"},
		{config.NewSecret(config.FromAWS, "plain"), "value", nil, ""},
		{config.NewSecret(config.FromAWS, "object#hook"), "of the key", nil, ""},
		{config.NewSecret(config.FromAWS, "object#port"), "", drift.ErrInvalid, "no text under the key port"},
		{config.NewSecret(config.FromAWS, "object#gone"), "", drift.ErrInvalid, "no text under the key gone"},
		{config.NewSecret(config.FromAWS, "plain#hook"), "", drift.ErrInvalid, "leave #hook out"},
		{config.NewSecret(config.FromAWS, "gone"), "", drift.ErrNotFound, "gone"},
		{config.NewSecret(config.FromGCP, "projects/1/secrets/x"), "", drift.ErrInvalid, "Google secret projects/1/secrets/x cannot be read by this command yet"},
		{config.Secret{}, "", drift.ErrNotFound, "no secret"},
	} {
		got, err := s.Value(t.Context(), test.secret)
		if got != test.want || !errors.Is(err, test.kind) || err != nil && (!strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "hunter2")) {
			t.Errorf("%s: %q, error %v", test.secret, got, err)
		}
	}
	if printed := fmt.Sprintf("%v %+v %#v %s", s, s, s, s); strings.Contains(printed, "value") {
		t.Error(printed)
	}
}

func TestAValueIsReadOnceAndAgainWhenItIsRefused(t *testing.T) {
	s, m, now := open()
	ref := config.NewSecret(config.FromAWS, "token")
	m.Set("token", "old")
	want := func(value string, reads int) {
		t.Helper()
		if got, err := s.Value(t.Context(), ref); got != value || err != nil || m.Reads() != reads {
			t.Errorf("%q after %d reads, error %v; want %q, %d", got, m.Reads(), err, value, reads)
		}
	}
	renew := func(want bool) {
		t.Helper()
		if changed, err := s.Renew(t.Context(), config.NewSecret(config.Plain, "x"), config.Secret{}, ref); changed != want || err != nil {
			t.Errorf("changed %v, error %v; want %v", changed, err, want)
		}
	}
	want("old", 1)
	m.Set("token", "new")
	want("old", 1)
	renew(true)
	want("new", 2)
	renew(false) // it was read anew just now
	want("new", 2)
	*now = now.Add(time.Minute)
	renew(false)
	want("new", 3)
	*now = now.Add(time.Minute)
	m.Fail(drift.ErrRetry)
	if _, err := s.Renew(t.Context(), ref); !errors.Is(err, drift.ErrRetry) {
		t.Errorf("error %v", err)
	}
	want("new", 4)
}
