package onaws

import (
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"

	"tfdrift/internal/drift"
)

func TestEveryVariableIsDocumented(t *testing.T) {
	raw, err := os.ReadFile("../../docs/aws-functions.md")
	if err != nil {
		t.Fatal(err)
	}
	table, _, _ := strings.Cut(string(raw), "## What they hear")
	fields := reflect.TypeFor[Environment]()
	for i := range fields.NumField() {
		tag := fields.Field(i).Tag
		variable, need := tag.Get("env"), strings.Fields(tag.Get("need"))
		if !strings.HasPrefix(variable, "TFDRIFT_") {
			continue
		}
		row := ""
		for line := range strings.Lines(table) {
			if strings.Contains(line, "`"+variable+"`") {
				row = strings.Split(line, "|")[1]
			}
		}
		if row == "" {
			t.Errorf("docs/aws-functions.md does not tell of %s", variable)
		}
		for _, function := range need {
			if !strings.Contains(row, function) && !strings.Contains(row, "all") {
				t.Errorf("docs/aws-functions.md does not say that the %s needs %s", function, variable)
			}
		}
	}
}

func TestAllMissingVariablesAreNamedAtOnce(t *testing.T) {
	_, err := readEnvironment("detector", only("TFDRIFT_LEDGER_TABLE", "x"))
	if !errors.Is(err, drift.ErrInvalid) || !strings.Contains(err.Error(), "TFDRIFT_INDEX_TABLE") || !strings.Contains(err.Error(), "TFDRIFT_SCHEDULE_GROUP") || strings.Contains(err.Error(), "LEDGER") || strings.Contains(err.Error(), "RETRY") {
		t.Errorf("error %v", err)
	}
}

func TestTheDeploymentIsNamedByTheFunction(t *testing.T) {
	for name, want := range map[string]string{"tfdrift-detector": "tfdrift", "tfdrift-eu-detector": "tfdrift-eu", "detector": "detector", "": ""} {
		e, err := readEnvironment("x", only("AWS_LAMBDA_FUNCTION_NAME", name))
		if err != nil || e.Deployment != want {
			t.Errorf("%q: %q, error %v; want %q", name, e.Deployment, err, want)
		}
	}
}

// only is an environment of one variable.
func only(name, value string) func(string) (string, bool) {
	return func(asked string) (string, bool) {
		if asked == name {
			return value, true
		}
		return "", false
	}
}
