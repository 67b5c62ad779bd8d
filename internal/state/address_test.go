package state

import (
	"encoding/json"
	"testing"

	"tfdrift/internal/drift"
)

// The spellings are those of `terraform state list` of Terraform 1.11.
func TestAddressIsAsTerraformPrintsIt(t *testing.T) {
	for _, test := range []struct {
		key  any
		want string
	}{
		{nil, `module.m.t.n`},
		{json.Number("0"), `module.m.t.n[0]`},
		{"", `module.m.t.n[""]`},
		{"a.b", `module.m.t.n["a.b"]`},
		{`a"b`, `module.m.t.n["a\"b"]`},
		{`back\slash`, `module.m.t.n["back\\slash"]`},
		{"tab\there", `module.m.t.n["tab\there"]`},
		{"nl\nx", `module.m.t.n["nl\nx"]`},
		{"${y} %{z} $ %", `module.m.t.n["$${y} %%{z} $ %"]`},
		{"ü\u200b", `module.m.t.n["ü\u200b"]`},
		{"\U000e0001", `module.m.t.n["\U000e0001"]`},
	} {
		if got := address("module.m", "t", "n", test.key); got != test.want {
			t.Errorf("address with key %q: %s, want %s", test.key, got, test.want)
		}
	}
}

func TestProviderIsToldByItsOwnName(t *testing.T) {
	for _, test := range []struct {
		ref  string
		want drift.Provider
	}{
		{`provider["registry.terraform.io/hashicorp/aws"]`, drift.AWS},
		{`module.x.provider["registry.terraform.io/hashicorp/aws"].alias`, drift.AWS},
		{`module.provider["aws"].provider["registry.opentofu.org/hashicorp/google"]`, drift.GCP},
		{`provider["registry.terraform.io/-/google-beta"]`, drift.GCP},
		{`provider["registry.acme.test/mirror/aws"].west`, drift.AWS},
		{`registry.opentofu.org/hashicorp/google-beta`, drift.GCP},
		{`module.x.provider.aws.west`, drift.AWS},
		{`provider.google`, drift.GCP},
		{`aws`, drift.AWS},
		{`provider["registry.terraform.io/hashicorp/awscc"]`, ""},
		{`provider["registry.terraform.io/hashicorp/random"]`, ""},
		{`provider["`, ""},
		{``, ""},
	} {
		if got := provider(test.ref); got != test.want {
			t.Errorf("provider(%s) = %q, want %q", test.ref, got, test.want)
		}
	}
}
