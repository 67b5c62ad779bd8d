package state

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"tfdrift/internal/drift"
)

// address is a resource instance's address as Terraform prints it. key is the
// index_key: nil, a number or a string.
func address(module, typ, name string, key any) string {
	addr := typ + "." + name
	if module != "" {
		addr = module + "." + addr
	}
	switch key := key.(type) {
	case string:
		return addr + "[" + quote(key) + "]"
	case json.Number:
		return addr + "[" + string(key) + "]"
	}
	return addr
}

// quote spells an instance key as Terraform does: a string of HCL, in which
// template introducers are doubled and what cannot be printed is escaped (The
// Terraform language, "Strings and Templates").
func quote(key string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i, r := range key {
		switch {
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '"', r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case (r == '$' || r == '%') && strings.HasPrefix(key[i+1:], "{"):
			b.WriteRune(r)
			b.WriteRune(r)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// provider is the cloud of a provider as states name it:
// module.m.provider["registry.terraform.io/hashicorp/aws"].west,
// registry.opentofu.org/hashicorp/google-beta (of show), provider.aws.west
// (before 0.13). Only the provider's own name counts: mirrors and forks serve
// the same types from other hosts and namespaces. Other providers are "".
func provider(ref string) drift.Provider {
	if i := strings.LastIndex(ref, `provider["`); i >= 0 {
		ref, _, _ = strings.Cut(ref[i+len(`provider["`):], `"`)
	} else if i := strings.LastIndex(ref, "provider."); i >= 0 {
		ref, _, _ = strings.Cut(ref[i+len("provider."):], ".")
	}
	switch ref[strings.LastIndexByte(ref, '/')+1:] {
	case "aws":
		return drift.AWS
	case "google", "google-beta":
		return drift.GCP
	}
	return ""
}
