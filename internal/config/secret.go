package config

import (
	"fmt"
	"io"
	"log/slog"

	"tfdrift/internal/drift"
)

// SecretSource is where a secret's value is.
type SecretSource string

// The sources. In the file the source is the key's ending: webhook_url is
// plain, webhook_url_from_env an environment variable, and so on.
const (
	NoSecret  SecretSource = ""
	Plain     SecretSource = "plain"
	FromEnv   SecretSource = "env"
	FromAWS   SecretSource = "aws_secret" // AWS Secrets Manager, by name or ARN
	FromGCP   SecretSource = "gcp_secret" // Google Secret Manager, by resource name
	fromInfix              = "_from_"
)

// Secret refers to a secret value. It never prints one: not by fmt, not in
// JSON, YAML or a log. The zero Secret refers to none.
type Secret struct {
	source SecretSource
	// value is the reference, or the secret itself if plain. A pointer, since
	// fmt prints the fields of a struct that holds a Secret unexported.
	value *string
}

// NewSecret refers to a value: the value itself if plain, otherwise the
// variable or the secret's name.
func NewSecret(source SecretSource, reference string) Secret {
	return Secret{source, &reference}
}

// Source is where the value is.
func (s Secret) Source() SecretSource { return s.source }

// Reference is the variable or the secret's name; "" for a plain or no secret.
func (s Secret) Reference() string {
	if s.source == NoSecret || s.source == Plain {
		return ""
	}
	return *s.value
}

// Resolve returns the value: the secret itself if plain, else what read finds
// of its reference. No secret is [drift.ErrNotFound].
func (s Secret) Resolve(read func(source SecretSource, reference string) (string, error)) (string, error) {
	switch s.source {
	case NoSecret:
		return "", fmt.Errorf("no secret is configured: %w", drift.ErrNotFound)
	case Plain:
		return *s.value, nil
	}
	return read(s.source, *s.value)
}

// String names the reference, never the value.
func (s Secret) String() string {
	switch s.source {
	case NoSecret:
		return "no secret"
	case Plain:
		return "[redacted]"
	case FromEnv:
		return "environment variable " + *s.value
	case FromAWS:
		return "AWS secret " + *s.value
	}
	return "Google secret " + *s.value
}

// Format prints [Secret.String] whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, s.String()) }

// MarshalText is [Secret.String], for JSON and YAML.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue is [Secret.String], for slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Equal reports whether two secrets are the same reference, or the same value.
func (s Secret) Equal(t Secret) bool {
	return s.source == t.source && (s.value == nil) == (t.value == nil) && (s.value == nil || *s.value == *t.value)
}
