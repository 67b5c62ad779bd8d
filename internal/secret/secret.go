// Package secret finds the values that the configuration only refers to, and
// keeps them in this process's memory alone. It is the port of what holds
// secrets, with the environment and an in-memory backend; secret managers are
// sub-packages, and package secrettest holds the contract that all of them
// keep. No error, and no text that is printed, shows a value.
package secret

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"tfdrift/internal/config"
	"tfdrift/internal/drift"
)

// Store is the port. Its methods may be called concurrently.
type Store interface {
	// Read returns the newest value of a secret, which is never "". One that is
	// not there, or is empty, is [drift.ErrNotFound]; one that may not be read is
	// [drift.ErrRetry], since somebody may allow it. Errors name the secret.
	Read(ctx context.Context, name string) (string, error)
}

// Env is the environment: a backend that reads by os.LookupEnv.
type Env func(name string) (string, bool)

// Read implements [Store].
func (e Env) Read(_ context.Context, name string) (string, error) {
	value, ok := e(name)
	if !ok || value == "" {
		return "", fmt.Errorf("the environment variable %s, which the configuration names, is not set: %w", name, drift.ErrNotFound)
	}
	return value, nil
}

// Memory is the in-memory backend.
type Memory struct {
	mu     sync.Mutex
	values map[string]string
	fails  error
	reads  int
}

// Set keeps a value; "" forgets it.
func (m *Memory) Set(name, value string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.values == nil {
		m.values = map[string]string{}
	}
	m.values[name] = value
}

// Fail makes every reading fail; nil: not any more.
func (m *Memory) Fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fails = err
}

// Reads is how often it was read.
func (m *Memory) Reads() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.reads
}

// Read implements [Store].
func (m *Memory) Read(_ context.Context, name string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reads++
	switch {
	case m.fails != nil:
		return "", fmt.Errorf("secret %s: %w", name, m.fails)
	case m.values[name] == "":
		return "", fmt.Errorf("there is no secret %s: %w", name, drift.ErrNotFound)
	}
	return m.values[name], nil
}

// Secrets resolves the secrets of a configuration. A value is read when it is
// first needed, and kept.
type Secrets struct {
	stores map[config.SecretSource]Store
	// Now is the clock; nil: the system's.
	Now func() time.Time

	mu   sync.Mutex
	kept map[string]*kept
}

// kept is a value. Its lock is held while it is read, so that a store that
// hangs holds up nobody who needs another one.
type kept struct {
	mu      sync.Mutex
	value   string    // "": not read yet
	renewed time.Time // when it was read because it was refused
}

// New returns a resolver over the stores of each source. A source without one
// is refused.
func New(stores map[config.SecretSource]Store) *Secrets {
	return &Secrets{stores: stores, kept: map[string]*kept{}}
}

// Format prints no value, whatever the verb.
func (s *Secrets) Format(f fmt.State, _ rune) { io.WriteString(f, "secrets") }

// Value returns what a secret is. Of a secret manager's secret that holds a
// JSON object, NAME#KEY is the text under a key. The zero secret is
// [drift.ErrNotFound]; a source without a store, and a key that is not in the
// object, are [drift.ErrInvalid].
func (s *Secrets) Value(ctx context.Context, secret config.Secret) (string, error) {
	return secret.Resolve(func(source config.SecretSource, reference string) (string, error) {
		k := s.at(source, reference)
		k.mu.Lock()
		defer k.mu.Unlock()
		if k.value == "" {
			if err := s.read(ctx, k, source, reference); err != nil {
				return "", err
			}
		}
		return k.value, nil
	})
}

// renewEvery is how often a value that is refused is read anew: a channel that
// refuses everything must not ask for its secret each time.
const renewEvery = 30 * time.Second

// Renew reads secrets anew, after they were refused, and reports whether one
// of them has another value now. What cannot be read stays as it was.
func (s *Secrets) Renew(ctx context.Context, secrets ...config.Secret) (changed bool, err error) {
	for _, secret := range secrets {
		if secret.Source() == config.NoSecret || secret.Source() == config.Plain {
			continue
		}
		_, err := secret.Resolve(func(source config.SecretSource, reference string) (string, error) {
			k := s.at(source, reference)
			k.mu.Lock()
			defer k.mu.Unlock()
			if s.now().Sub(k.renewed) < renewEvery {
				return "", nil
			}
			before := k.value
			err := s.read(ctx, k, source, reference)
			k.renewed = s.now()
			changed = changed || k.value != before
			return "", err
		})
		if err != nil {
			return changed, err
		}
	}
	return changed, nil
}

func (s *Secrets) at(source config.SecretSource, reference string) *kept {
	s.mu.Lock()
	defer s.mu.Unlock()
	place := string(source) + " " + reference
	k := s.kept[place]
	if k == nil {
		k = &kept{}
		s.kept[place] = k
	}
	return k
}

// read reads a value from its store.
func (s *Secrets) read(ctx context.Context, k *kept, source config.SecretSource, reference string) error {
	store := s.stores[source]
	if store == nil {
		return fmt.Errorf("%s cannot be read by this command yet; put its value into an environment variable, and name that with …_from_env: %w",
			config.NewSecret(source, reference), drift.ErrInvalid)
	}
	name, key, inObject := reference, "", false
	if source != config.FromEnv {
		name, key, inObject = strings.Cut(reference, "#")
	}
	value, err := store.Read(ctx, name)
	if err == nil && inObject {
		value, err = member(value, name, key)
	}
	if err == nil {
		k.value = value
	}
	return err
}

// member is the text under a key of a JSON object. Errors of the decoder are
// not told: they may quote it.
func member(object, name, key string) (string, error) {
	var members map[string]any
	if json.Unmarshal([]byte(object), &members) != nil {
		return "", fmt.Errorf("secret %s is no JSON object, so it has no key %s; leave #%s out, if the secret is the value itself: %w", name, key, key, drift.ErrInvalid)
	}
	value, ok := members[key].(string)
	if !ok || value == "" {
		return "", fmt.Errorf("secret %s has no text under the key %s: %w", name, key, drift.ErrInvalid)
	}
	return value, nil
}

func (s *Secrets) now() time.Time {
	if s.Now == nil {
		return time.Now()
	}
	return s.Now()
}
