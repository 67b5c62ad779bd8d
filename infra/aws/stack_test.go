// Tests of the AWS stack in its two forms, template.yaml and this folder. What the
// functions need of it stands in docs/aws-functions.md.
package aws_test

import (
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var samTemplate = filepath.Join(root, "template.yaml")

// somewhere is where the stack is when Terraform is not asked.
var somewhere = here{"aws", "eu-west-1", "111122223333", "amazonaws.com"}

// variables are two ways to deploy: as little as is of use, and everything.
var variables = map[string]map[string]any{
	"a bucket of states": {"state_buckets": []any{"acme-terraform"}},
	"everything": {
		"name": "drift", "config": "environment: production\n", "state_buckets": []any{"acme", "acme-eu"}, "state_objects": []any{"acme/prod/*", "acme-eu/env:/*"},
		"state_kms_key_arns": []any{"arn:aws:kms:eu-west-1:111122223333:key/1", "arn:aws:kms:eu-west-1:111122223333:key/2"},
		"secret_arns":        []any{"arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-AbCdEf"}, "secret_kms_key_arns": []any{"arn:aws:kms:eu-west-1:111122223333:key/3"},
		"findings_bus_arn":   "arn:aws:events:eu-west-1:444455556666:event-bus/tfdrift-findings",
		"findings_topic_arn": "arn:aws:sns:eu-west-1:111122223333:drift", "security_hub": true, "refresh_rate": "30 minutes",
		"kms_key_arn": "arn:aws:kms:eu-west-1:111122223333:key/4", "create_trail": true, "create_backup_bucket": true, "backup_days": 30,
		"forwarder_accounts": []any{"111122223333", "444455556666"}, "findings_bus_organization_id": "o-abcdefghij", "alarm_email": "ops@example.com",
		"alarm_topic_arn": "arn:aws:sns:eu-west-1:111122223333:ops", "falco": true, "latency_alarm_seconds": 60, "stale_alarm_hours": 5, "log_retention_days": 7,
		"log_level": "debug", "log_components": "detector=debug", "memory_size": 512, "event_worker_count": 10, "state_parser_workers": 5, "notifier_workers": 4,
		"deployment_preference": "AllAtOnce", "deletion_protection": false,
	},
}

// pascal is the rule by which a variable of Terraform is a parameter of SAM.
func pascal(snake string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(snake, "_") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

// parameters are a way to deploy in SAM's words.
func parameters(variables map[string]any) map[string]any {
	all := map[string]any{}
	for name, value := range variables {
		if flag, ok := value.(bool); ok {
			value = map[bool]string{true: "true", false: "false"}[flag]
		}
		all[pascal(name)] = value
	}
	return all
}

func TestBothFormsSayTheSame(t *testing.T) {
	for name, given := range variables {
		t.Run(name, func(t *testing.T) {
			p := readPlan(t, given)
			want, got := readTemplate(t, samTemplate, p.here, parameters(given)).inventory(t), p.inventory(t)
			for _, in := range []inventory{want, got} {
				delete(in, "role "+nameOf(given)+"-deployment-"+p.here.region) // SAM makes it
				for thing, says := range in {
					if strings.HasPrefix(thing, "function ") && given["config"] != nil { // Terraform packs it
						delete(says["environment"].(map[string]any), "TFDRIFT_CONFIG")
					}
				}
				samPartition(in, p.here)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("template.yaml (-) and infra/aws (+) differ:\n%s", diff)
			}
		})
	}
}

// samPartition writes ARNs of states as template.yaml must: with "aws" for the
// partition, since CloudFormation cannot have anything else in lists.
func samPartition(in inventory, at here) {
	for _, says := range in {
		for _, s := range list(says["may"]) {
			for i, arn := range list(object(s)["Resource"]) {
				object(s)["Resource"].([]any)[i] = strings.Replace(arn.(string), "arn:"+at.partition+":s3:::acme", "arn:aws:s3:::acme", 1)
			}
		}
	}
}

func nameOf(given map[string]any) string {
	if name, ok := given["name"].(string); ok {
		return name
	}
	return "tfdrift"
}

func TestBothFormsHaveTheSameInputs(t *testing.T) {
	for _, form := range []struct{ template, variables string }{
		{samTemplate, "variables.tf"},
		{"../aws-forwarding/template.yaml", "../aws-forwarding/variables.tf"},
	} {
		var want []string
		descriptions := map[string]string{}
		for name, text := range declaredVariables(t, form.variables) {
			want = append(want, pascal(name))
			descriptions[pascal(name)] = text
		}
		declared := readTemplate(t, form.template, somewhere, nil).declared
		slices.Sort(want)
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(declared))); diff != "" {
			t.Errorf("%s (-) and %s (+) differ:\n%s", form.variables, form.template, diff)
		}
		for name, p := range declared {
			if got, _ := p.(map[string]any)["Description"].(string); got != descriptions[name] && name != "Config" {
				t.Errorf("%s: %s means %q, its variable %q", form.template, name, got, descriptions[name])
			}
		}
	}
}

func TestEverythingIsTried(t *testing.T) {
	for name := range declaredVariables(t, "variables.tf") {
		if _, ok := variables["everything"][name]; !ok {
			t.Errorf("the test that both forms say the same does not try %s", name)
		}
	}
}

var variable = regexp.MustCompile(`(?m)^variable "(\w+)" \{\n  description = "(.*)"$`)

// declaredVariables are the variables of a Terraform file, and what they mean.
func declaredVariables(t *testing.T, file string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, m := range variable.FindAllStringSubmatch(read(t, file), -1) {
		all[m[1]] = m[2]
	}
	return all
}

// TestNamesFit: what is named after the longest name, account and region is no longer than AWS takes.
func TestNamesFit(t *testing.T) {
	given := maps.Clone(variables["everything"])
	given["name"] = strings.Repeat("n", 24)
	far := here{"aws", "ap-southeast-1", "111122223333", "amazonaws.com"}
	most := map[string]int{"bucket": 63, "role": 64, "function": 64, "rule": 64, "schedule": 64, "schedules": 64, "queue": 80, "trail": 128}
	for thing := range readTemplate(t, samTemplate, far, parameters(given)).inventory(t) {
		kind, name, _ := strings.Cut(thing, " ")
		if max := most[kind]; max > 0 && !strings.HasPrefix(thing, kind+" policy") && len(name) > max {
			t.Errorf("%s has %d characters, AWS takes %d", thing, len(name), max)
		}
	}
	if p := readTemplate(t, samTemplate, far, nil).declared["Name"].(map[string]any)["AllowedPattern"]; p != "^[a-z][a-z0-9-]{0,23}$" {
		t.Errorf("names match %s, and are tried with 24 characters", p)
	}
}
