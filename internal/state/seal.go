package state

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// Sealer replaces secret values by keyed hashes (HMAC-SHA256), so that a change
// of a secret can be proved and the secret is held nowhere. It is safe for
// concurrent use.
type Sealer struct {
	key       []byte
	id        string
	sensitive func(typ string) []string
}

// NewSealer makes a sealer of a key of at least 32 random bytes. sensitive names
// the attributes of a resource type that are secret whatever a state marks
// ("master_password"; "node_config.token" goes through the elements of lists);
// it may be nil.
func NewSealer(key []byte, sensitive func(typ string) []string) (*Sealer, error) {
	if len(key) < sha256.Size {
		return nil, fmt.Errorf("sealing key of %d bytes, whose seals could be guessed; make one of %d random bytes: %w", len(key), sha256.Size, drift.ErrInvalid)
	}
	s := &Sealer{key: append([]byte(nil), key...), sensitive: sensitive}
	s.id = s.mac([]byte("tfdrift key id"))[:16]
	return s, nil
}

// Seal hashes the canonical form of a value. Scalars of equal text are equal,
// whatever their JSON type: clouds log as text what states hold as numbers.
func (s *Sealer) Seal(v any) drift.Sealed {
	if text, ok := tree.Text(v); ok {
		v = text
	}
	return drift.Sealed{KeyID: s.id, MAC: s.mac(tree.Canonical(v))}
}

func (s *Sealer) mac(text []byte) string {
	h := hmac.New(sha256.New, s.key)
	h.Write(text)
	return hex.EncodeToString(h.Sum(nil))
}

// path is the way to a value in a tree.
type path []step

// ofAll reports whether all of the resource may be meant.
func (p path) ofAll() bool { return len(p) == 0 || p[0].opaque || p[0].isIndex }

// step goes to a member, to an element, or, if opaque, where only the cloud's
// provider could tell.
type step struct {
	name    string
	index   int
	isIndex bool
	opaque  bool
}

// known are the paths that are secret in every resource of a type.
func (s *Sealer) known(typ string) []path {
	if s.sensitive == nil {
		return nil
	}
	var paths []path
	for _, dotted := range s.sensitive(typ) {
		var p path
		for name := range strings.SplitSeq(dotted, ".") {
			p = append(p, step{name: name})
		}
		paths = append(paths, p)
	}
	return paths
}

// path seals what stands at p in a resource's attributes.
func (s *Sealer) path(attributes map[string]any, p path) {
	if p.ofAll() {
		for name, v := range attributes {
			attributes[name] = s.at(v, nil)
		}
		return
	}
	s.at(attributes, p)
}

// at returns v with what stands at p sealed. Where the path does not fit the
// value, all that it might mean is sealed. Absent and null values stay as they
// are, being no secret.
func (s *Sealer) at(v any, p path) any {
	switch v.(type) {
	case nil, drift.Sealed:
		return v
	}
	if len(p) == 0 || p[0].opaque {
		return s.Seal(v)
	}
	switch v := v.(type) {
	case map[string]any:
		if p[0].isIndex {
			return s.Seal(v)
		}
		if m, ok := v[p[0].name]; ok {
			v[p[0].name] = s.at(m, p[1:])
		}
		return v
	case []any:
		if p[0].isIndex && p[0].index >= len(v) {
			return s.Seal(v)
		}
		if p[0].isIndex {
			v[p[0].index] = s.at(v[p[0].index], p[1:])
			return v
		}
		for i := range v {
			v[i] = s.at(v[i], p)
		}
		return v
	}
	return s.Seal(v)
}

// marks seals what the sensitive_values of show mark with true.
func (s *Sealer) marks(v, marks any) any {
	switch v.(type) {
	case nil, drift.Sealed:
		return v
	}
	switch marks := marks.(type) {
	case bool:
		if marks {
			return s.Seal(v)
		}
	case map[string]any:
		object, ok := v.(map[string]any)
		if !ok {
			return s.Seal(v)
		}
		for name, m := range marks {
			if member, ok := object[name]; ok {
				object[name] = s.marks(member, m)
			}
		}
	case []any:
		list, ok := v.([]any)
		if !ok || len(marks) > len(list) {
			return s.Seal(v)
		}
		for i, m := range marks {
			list[i] = s.marks(list[i], m)
		}
	}
	return v
}
