package aws_test

import (
	_ "embed"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tfdrift/internal/awstest"
)

// TestTemplatesAreLinted has cfn-lint check every type, property and value against
// CloudFormation's specification, and SAM's translator expand template.yaml: what
// `sam validate --lint` does.
func TestTemplatesAreLinted(t *testing.T) {
	cfnLint := linter(t)
	for _, file := range []string{samTemplate, "../aws-forwarding/template.yaml"} {
		if out, err := exec.Command(cfnLint, "--format", "parseable", "--", file).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", file, err, out)
		}
	}
	broken := filepath.Join(t.TempDir(), "template.yaml")
	if err := os.WriteFile(broken, []byte(strings.Replace(read(t, samTemplate), "BatchSize:", "BatchSizes:", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := exec.Command(cfnLint, "--", broken).Run(); err == nil {
		t.Error("a property that does not exist is not found")
	}
}

func TestTerraformIsValid(t *testing.T) {
	for _, dir := range []string{"infra/aws", "infra/aws-forwarding"} {
		terraformCheck(t, dir, "validate")
	}
}

// TestTerraformApplies makes the stack with invented values in the place of what a cloud would answer.
func TestTerraformApplies(t *testing.T) {
	terraformCheck(t, "infra/aws", "apply")
	for _, form := range []string{"none", "all"} {
		terraformCheck(t, "infra/aws-forwarding", "apply", "-var=bus_arn=arn:aws:events:eu-west-1:111122223333:event-bus/tfdrift", "-var=changes="+form, `-var=state_buckets=["acme"]`)
	}
}

// TestNoStateHoldsTheSealingKey: CloudFormation makes it up, and Terraform is not told.
func TestNoStateHoldsTheSealingKey(t *testing.T) {
	for _, file := range terraformFiles(t) {
		for _, forbidden := range []string{"aws_secretsmanager_secret_version", "random_password", "random_bytes", "aws_secretsmanager_random_password"} {
			if strings.Contains(read(t, file), forbidden) {
				t.Errorf("%s: %s brings a secret's value into the plan or the state", file, forbidden)
			}
		}
	}
}

func terraformFiles(t *testing.T) (files []string) {
	t.Helper()
	for _, pattern := range []string{"*.tf", "../aws-forwarding/*.tf", "../modules/aws/*/*.tf"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	return files
}

//go:embed requirements.txt
var requirements []byte

func linter(t *testing.T) string {
	t.Helper()
	bin, err := awstest.Tools("lint", requirements)
	if err != nil {
		without(t, "no cfn-lint (%v); `make e2e` installs it, it needs python3 and pip", err)
	}
	return filepath.Join(bin, "cfn-lint")
}
