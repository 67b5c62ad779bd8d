package main

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/catalog"
	"tfdrift/internal/drift"
)

func TestARequestIsReadAsItWasWritten(t *testing.T) {
	for _, text := range []string{
		"",
		"clusterName@name",
		"Count# Enabled? Tags% Ids[] Rules[{name value#}] Config{mode deep{}} Name@n",
		"Outer{Inner{a b[] c[{}]}} Last",
	} {
		members, rest := parseMembers(text)
		if got := spell(members); got != text || rest != "" {
			t.Errorf("%q is read as %q, rest %q", text, got, rest)
		}
	}
}

func TestAMethodIsLoggedUnderSomeName(t *testing.T) {
	tests := []struct{ id, want string }{
		{"compute.firewalls.patch", "firewalls.patch"},
		{"secretmanager.projects.secrets.create", "CreateSecret"},
		{"pubsub.projects.topics.patch", "UpdateTopic"},
		{"bigquery.datasets.insert", "InsertDataset"},
		{"dns.policies.create", "CreatePolicy"},
	}
	for _, test := range tests {
		found := false
		for _, name := range loggedAs(test.id) {
			found = found || name == test.want
		}
		if !found {
			t.Errorf("%s: %v, want %s among them", test.id, loggedAs(test.id), test.want)
		}
	}
}

// What a parameter counts as, of operations that the catalog has rows of every
// kind for.
func TestWhatBecomesOfParameters(t *testing.T) {
	tests := []struct {
		name          string
		provider      drift.Provider
		source, event string
		request       string
		typ, schema   string
		want          map[string]verdict
	}{
		{name: "the name tells the attribute, or a rename does where it would not need to", provider: drift.AWS, source: "rds", event: "ModifyDBInstance",
			request: "DBInstanceClass DBInstanceIdentifier MultiAZ? ApplyImmediately? Frobnication",
			typ:     "aws_db_instance", schema: `{"instance_class": "string", "multi_az": "bool", "identifier": "string"}`,
			want: map[string]verdict{"DBInstanceClass": byOverride, "MultiAZ": byState, "DBInstanceIdentifier": identity, "ApplyImmediately": irrelevant, "Frobnication": unmatched}},
		{name: "a rename tells it", provider: drift.AWS, source: "ecr", event: "PutLifecyclePolicy", request: "lifecyclePolicyText repositoryName registryId",
			typ: "aws_ecr_lifecycle_policy", schema: `{"policy": "string", "repository": "string"}`,
			want: map[string]verdict{"lifecyclePolicyText": byOverride, "repositoryName": identity, "registryId": irrelevant}},
		{name: "a wrapper counts by what it holds", provider: drift.AWS, source: "ecs", event: "UpdateService",
			request: "cluster service deploymentConfiguration{maximumPercent# minimumHealthyPercent# lifecycleHooks[]}",
			typ:     "aws_ecs_service", schema: `{"cluster": "string", "name": "string", "deployment_maximum_percent": "number", "deployment_minimum_healthy_percent": "number"}`,
			want: map[string]verdict{"cluster": identity, "service": identity, "deploymentConfiguration.maximumPercent": byOverride,
				"deploymentConfiguration.minimumHealthyPercent": byOverride, "deploymentConfiguration.lifecycleHooks": unmatched}},
		{name: "a name as EC2 logs it", provider: drift.AWS, source: "ec2", event: "MonitorInstances", request: "InstanceIds@InstanceId[]",
			typ: "aws_instance", schema: `{"monitoring": "bool"}`, want: map[string]verdict{"InstanceIds": identity}},
		{name: "a body below its noun", provider: drift.GCP, source: "secretmanager", event: "UpdateSecret", request: "labels% name rotation{rotationPeriod} mystery",
			typ: "google_secret_manager_secret", schema: `{"labels": ["map", "string"], "rotation": ["list", ["object", {"rotation_period": "string"}]]}`,
			want: map[string]verdict{"labels": byState, "name": identity, "rotation": byState, "mystery": unmatched}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var schema map[string]any
			if err := json.Unmarshal([]byte(test.schema), &schema); err != nil {
				t.Fatal(err)
			}
			entry := &drift.Entry{Provider: test.provider, Type: test.typ, Attributes: map[string]any{}}
			for name, typ := range schema {
				entry.Attributes[name] = valueOf(typ)
			}
			members, _ := parseMembers(test.request)
			r := request{provider: test.provider, source: test.source, event: test.event, members: members}
			m, ok := measure(r, catalog.Lookup(test.provider, test.source, test.event), map[string]*drift.Entry{test.typ: entry})
			if !ok {
				t.Fatal("nothing comes out")
			}
			if diff := cmp.Diff(test.want, m.verdicts); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
