package config

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"tfdrift/internal/drift"
)

// Variable is the environment variable that holds a deployed function's
// configuration.
const Variable = "TFDRIFT_CONFIG"

// Load reads what [Variable] holds: the path of a file, the YAML itself, or the
// YAML as base64 of gzip, since a function's environment is small. Nothing is
// the defaults.
func Load(value string) (*Config, []Warning, error) {
	packed := strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == ' ' {
			return -1
		}
		return r
	}, value)
	switch {
	case strings.HasPrefix(packed, "H4sI"): // base64 of gzip's first bytes, RFC 1952
		text, err := unpack(packed)
		if err != nil {
			return nil, nil, fmt.Errorf("%s looks like base64 of gzip, but %w", Variable, err)
		}
		return Parse(Variable, text)
	case packed == "" || isYAML(value):
		return Parse(Variable, []byte(value))
	}
	return LoadFile(value)
}

// isYAML tells a mapping from a path: a path has no line breaks, and no colon
// with a space or the end behind it.
func isYAML(value string) bool {
	return strings.ContainsAny(value, "\n{") || strings.Contains(value, ": ") || strings.HasSuffix(value, ":")
}

func unpack(packed string) ([]byte, error) {
	raw, err := base64.StdEncoding.DecodeString(packed)
	if err != nil {
		return nil, fmt.Errorf("it is no base64: %w: %w", err, drift.ErrInvalid)
	}
	zipped, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("it is no gzip: %w: %w", err, drift.ErrInvalid)
	}
	text, err := readBounded(zipped)
	if err != nil {
		return nil, fmt.Errorf("it cannot be unpacked: %w: %w", err, drift.ErrInvalid)
	}
	return text, nil
}

// LoadFile reads a file.
func LoadFile(path string) (*Config, []Warning, error) {
	file, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil, fmt.Errorf("the configuration %s does not exist; give the path of a YAML file, or the YAML itself: %w", short(path), drift.ErrNotFound)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("the configuration cannot be opened: %w", err)
	}
	defer file.Close()
	text, err := readBounded(file)
	if err != nil {
		return nil, nil, fmt.Errorf("the configuration %s cannot be read: %w", path, err)
	}
	return Parse(path, text)
}

// readBounded reads one byte more than a configuration may have, so that Parse
// sees that it is too large.
func readBounded(r io.Reader) ([]byte, error) {
	return io.ReadAll(io.LimitReader(r, maxBytes+1))
}
