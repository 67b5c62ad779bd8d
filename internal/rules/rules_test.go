package rules

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
)

// finding is a modified resource whose attributes changed, by alice.
func finding(address string, changed ...string) *drift.Finding {
	typ := address[strings.LastIndex(address[:strings.LastIndex(address, ".")], ".")+1 : strings.LastIndex(address, ".")]
	f := &drift.Finding{
		Kind:     drift.Modified,
		Resource: drift.ResourceRef{Address: address, Type: typ, ID: "id"},
		Actor:    drift.Actor{Name: "alice", ARN: "arn:aws:iam::1:user/alice", Names: []string{"alice", "arn:aws:iam::1:user/alice"}},
	}
	for _, name := range changed {
		f.Changes = append(f.Changes, drift.Attribute{Name: name, Op: drift.OpSet, Before: "a", After: "b"})
	}
	return f
}

func of(kind drift.Kind, f *drift.Finding) *drift.Finding {
	f.Kind, f.Changes = kind, nil
	if kind == drift.Unmanaged {
		f.Resource.Address = ""
	}
	return f
}

func by(f *drift.Finding, names ...string) *drift.Finding {
	f.Actor = drift.Actor{Name: names[0], Names: names}
	return f
}

func set(f *drift.Finding, name string, before, after any) *drift.Finding {
	f.Changes = append(f.Changes, drift.Attribute{Name: name, Op: drift.OpSet, Before: before, After: after})
	return f
}

func patterns[T any, P interface {
	*T
	UnmarshalText([]byte) error
}](texts ...string) []T {
	var out []T
	for _, text := range texts {
		out = append(out, mustPattern[T, P](text))
	}
	return out
}

func types(texts ...string) []Pattern               { return patterns[Pattern](texts...) }
func users(texts ...string) []Pattern               { return patterns[Pattern](texts...) }
func attributes(texts ...string) []AttributePattern { return patterns[AttributePattern](texts...) }
func addresses(texts ...string) []AddressPattern    { return patterns[AddressPattern](texts...) }

type outcome struct {
	Report   bool
	Severity drift.Severity
	Names    []string
	Changed  []string
}

func TestJudge(t *testing.T) {
	iam := Rule{Name: "IAM", ResourceTypes: types("aws_iam_role", "aws_iam_policy"), WatchedAttributes: attributes("policy", "assume_role_policy"), Severity: drift.Critical}
	sql := Rule{Name: "SQL", ResourceTypes: types("google_sql_*"), WatchedAttributes: attributes("settings[0].tier"), Severity: drift.High}
	manual := Rule{Name: "Manual EC2", ResourceTypes: types("aws_instance"), WatchedAttributes: attributes("*"), ExcludeUsers: users("AWSServiceRoleForAutoScaling", "AWSServiceRoleForECS", "arn:aws:iam::*:role/ci-*"), Severity: drift.High}
	production := Rule{Name: "Production", ResourceTypes: types("*"), Environment: "production", Severity: drift.Low}
	managed := Rule{Name: "Managed", ResourceTypes: types("aws_iam_role"), TerraformManagedOnly: true}

	for _, tt := range []struct {
		name    string
		config  Config
		finding *drift.Finding
		want    outcome
	}{
		{"without rules everything is reported with built-in severity", Config{}, finding("aws_sqs_queue.jobs", "delay_seconds"),
			outcome{Report: true, Severity: drift.Medium, Changed: []string{"delay_seconds"}}},
		{"without rules changes by cloud services are reported too", Config{}, by(finding("aws_instance.web", "ami"), "autoscaling.amazonaws.com"),
			outcome{Report: true, Severity: drift.Medium, Changed: []string{"ami"}}},
		{"with rules what none matches is not reported", Config{Rules: []Rule{iam}}, finding("aws_instance.web", "ami"),
			outcome{Changed: []string{"ami"}}},
		{"unmatched reports the rest", Config{Rules: []Rule{iam}, Unmatched: drift.Low}, finding("aws_instance.web", "ami"),
			outcome{Report: true, Severity: drift.Low, Changed: []string{"ami"}}},
		{"a watched attribute changed", Config{Rules: []Rule{iam}}, finding("aws_iam_role.app", "description", "assume_role_policy"),
			outcome{Report: true, Severity: drift.Critical, Names: []string{"IAM"}, Changed: []string{"description", "assume_role_policy"}}},
		{"no watched attribute changed", Config{Rules: []Rule{iam}}, finding("aws_iam_role.app", "description"),
			outcome{Changed: []string{"description"}}},
		{"what changed is not known", Config{Rules: []Rule{iam}}, finding("aws_iam_role.app"),
			outcome{Report: true, Severity: drift.Critical, Names: []string{"IAM"}}},
		{"deletion matches whatever is watched", Config{Rules: []Rule{iam}}, of(drift.Deleted, finding("aws_iam_role.app")),
			outcome{Report: true, Severity: drift.Critical, Names: []string{"IAM"}}},
		{"an unmanaged resource matches whatever is watched", Config{Rules: []Rule{iam}}, of(drift.Unmanaged, finding("aws_iam_role.app")),
			outcome{Report: true, Severity: drift.Critical, Names: []string{"IAM"}}},
		{"a whole block changed of which a part is watched", Config{Rules: []Rule{sql}}, finding("google_sql_database_instance.main", "settings"),
			outcome{Report: true, Severity: drift.High, Names: []string{"SQL"}, Changed: []string{"settings"}}},
		{"another part of the block changed", Config{Rules: []Rule{sql}}, finding("google_sql_database_instance.main", "settings[0].disk_size"),
			outcome{Changed: []string{"settings[0].disk_size"}}},

		{"several rules: the highest severity, all names in the configuration's order",
			Config{Environment: "production", Rules: []Rule{production, sql, manual, {Name: "Again", ResourceTypes: types("aws_*"), Severity: drift.Medium}}},
			finding("aws_instance.web", "ami"),
			outcome{Report: true, Severity: drift.High, Names: []string{"Production", "Manual EC2", "Again"}, Changed: []string{"ami"}}},
		{"a rule without severity gives the type's", Config{Rules: []Rule{managed}}, finding("aws_iam_role.app", "path"),
			outcome{Report: true, Severity: drift.Critical, Names: []string{"Managed"}, Changed: []string{"path"}}},

		{"the rule is for this environment", Config{Environment: "production", Rules: []Rule{production}}, finding("aws_instance.web", "ami"),
			outcome{Report: true, Severity: drift.Low, Names: []string{"Production"}, Changed: []string{"ami"}}},
		{"the rule is for another environment", Config{Environment: "staging", Rules: []Rule{production}}, finding("aws_instance.web", "ami"),
			outcome{Changed: []string{"ami"}}},
		{"a deployment without environment applies the rules of all", Config{Rules: []Rule{production}}, finding("aws_instance.web", "ami"),
			outcome{Report: true, Severity: drift.Low, Names: []string{"Production"}, Changed: []string{"ami"}}},

		{"managed only: an unmanaged resource", Config{Rules: []Rule{managed}}, of(drift.Unmanaged, finding("aws_iam_role.app")), outcome{}},
		{"managed only: a deleted resource", Config{Rules: []Rule{managed}}, of(drift.Deleted, finding("aws_iam_role.app")),
			outcome{Report: true, Severity: drift.Critical, Names: []string{"Managed"}}},

		{"an excluded service-linked role", Config{Rules: []Rule{manual}},
			by(finding("aws_instance.web", "ami"), "AutoScaling", "AWSServiceRoleForAutoScaling"),
			outcome{Changed: []string{"ami"}}},
		{"an excluded role's session, by the role's ARN", Config{Rules: []Rule{manual}},
			by(finding("aws_instance.web", "ami"), "build-17", "arn:aws:iam::1:role/ci-deploy"),
			outcome{Changed: []string{"ami"}}},
		{"exclusion drops only the rule that says so", Config{Environment: "production", Rules: []Rule{manual, production}},
			by(finding("aws_instance.web", "ami"), "AutoScaling", "AWSServiceRoleForAutoScaling"),
			outcome{Report: true, Severity: drift.Low, Names: []string{"Production"}, Changed: []string{"ami"}}},

		{"an ignored address", Config{Ignore: []Ignore{{Resources: addresses("module.legacy")}}}, finding("module.legacy.aws_instance.web[0]", "ami"), outcome{}},
		{"an ignored resource is ignored in all its instances", Config{Ignore: []Ignore{{Resources: addresses("aws_instance.web")}}}, finding("aws_instance.web[3]", "ami"), outcome{}},
		{"an ignored instance leaves the others", Config{Ignore: []Ignore{{Resources: addresses("aws_instance.web[0]")}}}, finding("aws_instance.web[3]", "ami"),
			outcome{Report: true, Severity: drift.Medium, Changed: []string{"ami"}}},
		{"an ignored address with a key and a wildcard", Config{Ignore: []Ignore{{Resources: addresses(`module.app["blue"].*`)}}}, finding(`module.app["blue"].aws_instance.web`, "ami"), outcome{}},
		{"a name that only begins alike is not ignored", Config{Ignore: []Ignore{{Resources: addresses("aws_instance.web")}}}, finding("aws_instance.web2", "ami"),
			outcome{Report: true, Severity: drift.Medium, Changed: []string{"ami"}}},
		{"an ignored unmanaged resource, as TYPE.ID", Config{Ignore: []Ignore{{Resources: addresses("aws_instance.i*")}}}, of(drift.Unmanaged, finding("aws_instance.web")), outcome{}},
		{"an ignored address goes before the rules", Config{Rules: []Rule{iam}, Ignore: []Ignore{{Resources: addresses("aws_iam_role.*")}}}, of(drift.Deleted, finding("aws_iam_role.app")), outcome{}},

		{"an ignored attribute is left out", Config{Ignore: []Ignore{{Attributes: attributes("tags")}}}, finding("aws_instance.web", "ami", "tags"),
			outcome{Report: true, Severity: drift.Medium, Changed: []string{"ami"}}},
		{"nothing but ignored attributes changed", Config{Ignore: []Ignore{{Attributes: attributes("tags*")}}}, finding("aws_instance.web", "tags", "tags_all"), outcome{}},
		{"attributes ignored by several entries", Config{Ignore: []Ignore{{Attributes: attributes("tags")}, {Resources: addresses("aws_*"), Attributes: attributes("ami")}}}, finding("aws_instance.web", "ami", "tags"), outcome{}},
		{"attributes of other resources", Config{Ignore: []Ignore{{Resources: addresses("aws_lb.*"), Attributes: attributes("ami")}}}, finding("aws_instance.web", "ami"),
			outcome{Report: true, Severity: drift.Medium, Changed: []string{"ami"}}},
		{"an attribute ignored, but what changed is not known", Config{Ignore: []Ignore{{Attributes: attributes("*")}}}, finding("aws_instance.web"),
			outcome{Report: true, Severity: drift.Medium}},
		{"attributes are ignored, deletion is not", Config{Ignore: []Ignore{{Attributes: attributes("*")}}}, of(drift.Deleted, finding("aws_instance.web")),
			outcome{Report: true, Severity: drift.High}},
		{"a whole map changed, but only in an ignored key", Config{Ignore: []Ignore{{Attributes: attributes("tags.Scanned")}}},
			set(finding("aws_instance.web"), "tags", map[string]any{"Name": "web"}, map[string]any{"Name": "web", "Scanned": "today"}), outcome{}},
		{"a whole map changed in another key too", Config{Ignore: []Ignore{{Attributes: attributes("tags.Scanned")}}},
			set(finding("aws_instance.web"), "tags", map[string]any{"Name": "web"}, map[string]any{"Name": "w", "Scanned": "today"}),
			outcome{Report: true, Severity: drift.Low, Changed: []string{"tags"}}},
		{"a whole block changed, but only in an ignored part", Config{Ignore: []Ignore{{Attributes: attributes("settings.disk_size")}}},
			set(finding("google_sql_database_instance.main"), "settings", []any{map[string]any{"disk_size": "10", "tier": "a"}}, []any{map[string]any{"disk_size": "20", "tier": "a"}}), outcome{}},
		{"a rule watches what is ignored", Config{Rules: []Rule{iam}, Ignore: []Ignore{{Attributes: attributes("policy")}}}, finding("aws_iam_policy.app", "policy", "path"),
			outcome{Changed: []string{"path"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := New(tt.config)
			if err != nil {
				t.Fatal(err)
			}
			v := r.Judge(tt.finding)
			got := outcome{Report: v.Report, Severity: v.Severity, Names: v.Names}
			for _, c := range v.Changes {
				got.Changed = append(got.Changed, c.Name)
			}
			explained, steps := r.Explain(tt.finding)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("verdict (-want +got):\n%s\n%s", diff, strings.Join(steps, "\n"))
			}
			if diff := cmp.Diff(v, explained); diff != "" {
				t.Errorf("explained verdict differs:\n%s", diff)
			}
			if !v.Report && len(steps) == 0 {
				t.Error("no reason given")
			}
			if v.Environment != tt.config.Environment {
				t.Errorf("environment %q, want %q", v.Environment, tt.config.Environment)
			}
		})
	}
}

func TestNewRefusesWhatCanNeverMatch(t *testing.T) {
	for want, c := range map[string]Config{
		"resource_types":       {Rules: []Rule{{Name: "a"}}},
		"has no name":          {Rules: []Rule{{ResourceTypes: types("*")}}},
		`severity "grave"`:     {Rules: []Rule{{Name: "a", ResourceTypes: types("*"), Severity: "grave"}}},
		`unmatched: "grave"`:   {Unmatched: "grave"},
		"ignore[0]: the entry": {Ignore: []Ignore{{}}},
	} {
		if _, err := New(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}

func TestScope(t *testing.T) {
	virginia := map[drift.Provider]Scope{drift.AWS: {Regions: []string{"us-east-1"}}, drift.GCP: {Regions: []string{"us-central1"}, Accounts: []string{"app-prod"}}}
	for _, tt := range []struct {
		name   string
		scopes map[drift.Provider]Scope
		event  drift.Event
		want   bool
	}{
		{"no scope", nil, drift.Event{Provider: drift.AWS, Region: "eu-west-1", Source: "ec2.amazonaws.com"}, true},
		{"a watched region", virginia, drift.Event{Provider: drift.AWS, Region: "us-east-1", Source: "ec2.amazonaws.com"}, true},
		{"another region", virginia, drift.Event{Provider: drift.AWS, Region: "us-east-2", Source: "ec2.amazonaws.com"}, false},
		{"a region whose name begins alike", map[drift.Provider]Scope{drift.AWS: {Regions: []string{"us-east-1"}}}, drift.Event{Provider: drift.AWS, Region: "us-east-10", Source: "ec2.amazonaws.com"}, false},
		{"a global service", map[drift.Provider]Scope{drift.AWS: {Regions: []string{"eu-west-1"}}}, drift.Event{Provider: drift.AWS, Region: "us-east-1", Source: "iam.amazonaws.com"}, true},
		{"no region", virginia, drift.Event{Provider: drift.AWS, Source: "ec2.amazonaws.com"}, true},
		{"a zone of a watched region", virginia, drift.Event{Provider: drift.GCP, Account: "app-prod", Region: "us-central1-a", Source: "compute.googleapis.com"}, true},
		{"a zone of another region", virginia, drift.Event{Provider: drift.GCP, Account: "app-prod", Region: "europe-west1-b", Source: "compute.googleapis.com"}, false},
		{"a global resource", virginia, drift.Event{Provider: drift.GCP, Account: "app-prod", Region: "global", Source: "compute.googleapis.com"}, true},
		{"a multi-region", virginia, drift.Event{Provider: drift.GCP, Account: "app-prod", Region: "US", Source: "storage.googleapis.com"}, true},
		{"another project", virginia, drift.Event{Provider: drift.GCP, Account: "app-dev", Source: "storage.googleapis.com"}, false},
		{"a disabled provider", map[drift.Provider]Scope{drift.GCP: {Disabled: true}}, drift.Event{Provider: drift.GCP}, false},
		{"the other provider is disabled", map[drift.Provider]Scope{drift.GCP: {Disabled: true}}, drift.Event{Provider: drift.AWS}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := New(Config{Scopes: tt.scopes})
			if err != nil {
				t.Fatal(err)
			}
			ok, why := r.InScope(&tt.event)
			if ok != tt.want || ok == (why != "") {
				t.Errorf("in scope: %t (%q), want %t", ok, why, tt.want)
			}
		})
	}
}

func BenchmarkJudge(b *testing.B) {
	var c Config
	for range 5 {
		c.Rules = append(c.Rules,
			Rule{Name: "IAM", ResourceTypes: types("aws_iam_*", "aws_organizations_*"), Severity: drift.Critical},
			Rule{Name: "Network", ResourceTypes: types("aws_security_group*", "aws_vpc*", "aws_*_acl"), WatchedAttributes: attributes("ingress", "egress"), Severity: drift.High},
			Rule{Name: "EC2", ResourceTypes: types("aws_instance"), ExcludeUsers: users("AWSServiceRoleFor*")},
			Rule{Name: "All", ResourceTypes: types("*"), Environment: "production", Severity: drift.Low})
	}
	c.Environment = "production"
	c.Ignore = []Ignore{{Resources: addresses("module.legacy.*")}, {Attributes: attributes("tags_all", "tags.Scanned")}}
	f := finding("module.app.aws_instance.web", "instance_type", "user_data")
	for name, config := range map[string]Config{"20 rules": c, "built-in": {}, "4 rules": {Environment: "production", Rules: c.Rules[:4], Ignore: c.Ignore}} {
		b.Run(name, func(b *testing.B) {
			r, err := New(config)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				r.Judge(f)
			}
		})
	}
	b.Run("New", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			New(Config{})
		}
	})
}
