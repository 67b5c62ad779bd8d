package aws_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"tfdrift/internal/awstest"
)

const root = "../.." // of the project

// terraformCheck runs terraform on a folder against the published schemas of the
// provider, without a cloud and its credentials. The tool is not the project's:
// where it is absent the test is skipped.
func terraformCheck(t testing.TB, dir string, args ...string) []byte {
	t.Helper()
	tool := os.Getenv("TFDRIFT_TERRAFORM_CHECK")
	if tool == "" {
		tool = filepath.Join(root, "../shared/tools/terraform-check")
	}
	if _, err := os.Stat(tool); err != nil {
		t.Skipf("terraform-check: %v; TFDRIFT_TERRAFORM_CHECK may name it", err)
	}
	var out, all bytes.Buffer
	cmd := exec.Command(tool, append([]string{filepath.Join(root, dir)}, args...)...)
	cmd.Stdout, cmd.Stderr = &out, &all
	if err := cmd.Run(); err != nil {
		t.Fatalf("terraform-check %s %s: %v\n%s%s", dir, strings.Join(args, " "), err, out.String(), all.String())
	}
	return out.Bytes()
}

// without skips a test of a component that is not here; where components are
// required, it fails.
func without(t testing.TB, format string, args ...any) {
	t.Helper()
	if awstest.Required() {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

// plan is what Terraform would make of infra/aws, with values for its variables.
type plan struct {
	here      here
	resources []resource
}

type resource struct {
	address, typ string
	values       map[string]any
}

func readPlan(t testing.TB, variables map[string]any) plan {
	t.Helper()
	dir := t.TempDir()
	file, stored := filepath.Join(dir, "test.tfvars.json"), filepath.Join(dir, "plan")
	raw, err := json.Marshal(variables)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	terraformCheck(t, "infra/aws", "plan", "-var-file="+file, "-out="+stored)
	var shown tfjson.Plan
	if err := json.Unmarshal(terraformCheck(t, "infra/aws", "show", "-json", stored), &shown); err != nil {
		t.Fatal(err)
	}
	var p plan
	for _, r := range shown.PriorState.Values.RootModule.Resources {
		switch r.Address {
		case "data.aws_region.here":
			p.here.region = r.AttributeValues["region"].(string)
		case "data.aws_caller_identity.here":
			p.here.account = r.AttributeValues["account_id"].(string)
		case "data.aws_partition.here":
			p.here.partition, p.here.suffix = r.AttributeValues["partition"].(string), r.AttributeValues["dns_suffix"].(string)
		}
	}
	var collect func(m *tfjson.StateModule)
	collect = func(m *tfjson.StateModule) {
		for _, r := range m.Resources {
			p.resources = append(p.resources, resource{r.Address, r.Type, r.AttributeValues})
		}
		for _, child := range m.ChildModules {
			collect(child)
		}
	}
	collect(shown.PlannedValues.RootModule)
	return p
}

func (p plan) ofType(typ string) (found []resource) {
	for _, r := range p.resources {
		if r.typ == typ {
			found = append(found, r)
		}
	}
	return found
}

// block is a nested block of which there is at most one; nil without one.
func block(values map[string]any, name string) map[string]any {
	list, _ := values[name].([]any)
	if len(list) == 0 {
		return nil
	}
	return list[0].(map[string]any)
}
