package catalog

import (
	"tfdrift/internal/drift"
	"tfdrift/internal/identity"
	"tfdrift/internal/tree"
)

// kmsVersion: a key shows its primary version in state, so that what becomes of
// that version shows on the key where no state manages the version itself.
func kmsVersion(call Call, row Row) []drift.Choice {
	state := map[string]string{
		"DestroyCryptoKeyVersion": "DESTROY_SCHEDULED", "RestoreCryptoKeyVersion": "DISABLED",
		"UpdateCryptoKeyVersion": text(call.Body, "state"),
	}[row.Event]
	name, _ := parseGoogle(call.Resource)
	key := name.after("cryptoKeys")
	if key == "" || state == "" {
		return nil
	}
	of := name
	of.path = name.path[:max(0, len(name.path)-2)]
	t := target(row, row.Type, drift.Set, key, drift.Match{Attribute: "id", Value: of.String()})
	t.Parent = true
	t.Tell = func(e *drift.Entry) (drift.Effect, []drift.Fact) {
		primary, ok := parseGoogle(text(e.Attributes, "primary.name"))
		if !ok || !primary.same(name) {
			return "", nil
		}
		return drift.Set, []drift.Fact{{Attribute: "primary", Op: drift.OpMerge, Value: map[string]any{"state": state}}}
	}
	return []drift.Choice{{t}}
}

// kmsPrimary: another version of a key encrypts from now on.
func kmsPrimary(call Call, row Row) []drift.Choice {
	version := text(call.Params, "cryptoKeyVersionId", "crypto_key_version_id")
	if version == "" {
		return nil
	}
	t := target(row, row.Type, drift.Set, call.Resource, drift.Match{Attribute: "*", Value: call.Resource})
	t.Tell = func(e *drift.Entry) (drift.Effect, []drift.Fact) {
		now := tree.GetString(e.Attributes, "primary.name")
		if now == "" || identity.Short(now) == version {
			return "", nil
		}
		primary := map[string]any{"name": text(e.Attributes, "id") + "/cryptoKeyVersions/" + version}
		return drift.Set, []drift.Fact{{Attribute: "primary", Op: drift.OpMerge, Value: primary}}
	}
	return []drift.Choice{{t}}
}
