package catalog_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/catalog"
	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

var providers = []drift.Provider{drift.AWS, drift.GCP}

func TestEveryRowIsWellFormed(t *testing.T) {
	effects := []drift.Effect{drift.Set, drift.Add, drift.Remove, drift.Create, drift.Delete, drift.Silent}
	for _, provider := range providers {
		for row := range catalog.All(provider) {
			at := row.Source + " " + row.Event + " " + row.Type
			info, known := catalog.TypeOf(row.Type)
			switch {
			case row.Type == "" && row.Effect != drift.Silent && row.Shape == nil:
				t.Errorf("%s: only silent rows and shapes go without a type", at)
			case row.Type != "" && !known:
				t.Errorf("%s: no provider has this type", at)
			case !slices.Contains(effects, row.Effect):
				t.Errorf("%s: effect %q", at, row.Effect)
			case row.ID == "" && row.Effect != drift.Silent && row.Shape == nil:
				t.Errorf("%s: nothing says how the event names the resource", at)
			case row.ID == catalog.Singleton && !info.Singleton:
				t.Errorf("%s: indexed by name only: run make generate", at)
			}
			if row.Source != catalog.NormalSource(provider, row.Source) || row.Event != catalog.NormalName(provider, row.Source, row.Event) {
				t.Errorf("%s: not the normal form", at)
			}
			for i, condition := range strings.Fields(row.ID) {
				attributes, path, ok := strings.Cut(condition, "=")
				if row.ID == catalog.Singleton {
					continue
				}
				if !ok || attributes == "" || path == "" {
					t.Errorf("%s: condition %q", at, condition)
				}
				for attribute := range strings.SplitSeq(attributes, "|") {
					if i == 0 && attribute != "*" && !slices.Contains(strings.Fields(string(info.Key)), attribute) {
						t.Errorf("%s: not indexed by %s: run make generate", at, attribute)
					}
				}
			}
			for pair := range strings.FieldsSeq(row.Sets) {
				attribute, literal, _ := strings.Cut(pair, "=")
				if _, err := tree.Parse([]byte(literal)); attribute == "" || err != nil && literal != "?" {
					t.Errorf("%s: statement %q: want attribute=JSON literal without spaces", at, pair)
				}
			}
			for pair := range strings.FieldsSeq(string(row.Params)) {
				if member, attribute, ok := strings.Cut(pair, "="); !ok || member == "" || attribute == "" {
					t.Errorf("%s: renaming %q", at, pair)
				}
			}
		}
	}
}

func TestOverridesAreSortedAndUnique(t *testing.T) {
	for _, provider := range providers {
		var last catalog.Row
		for row := range catalog.Overrides(provider) {
			if row.Source == last.Source && catalog.CompareRows(last, row) >= 0 {
				t.Errorf("%s %s %s: after %s %s", row.Source, row.Event, row.Type, last.Event, last.Type)
			}
			last = row
		}
	}
}

// Coverage only grows: the pairs of operation and type that the facts know and
// that Lookup serves.
func TestCoverageGrows(t *testing.T) {
	least := map[drift.Provider]int{drift.AWS: 6300, drift.GCP: 2300}
	for _, provider := range providers {
		pairs := map[string]bool{}
		for row := range catalog.All(provider) {
			pairs[row.Source+" "+row.Event+" "+row.Type] = true
		}
		if len(pairs) < least[provider] {
			t.Errorf("%s: %d pairs of operation and type, want at least %d", provider, len(pairs), least[provider])
		}
	}
}

func TestNamesAreBroughtToTheirNormalForm(t *testing.T) {
	tests := []struct {
		provider     drift.Provider
		source, name string
		want         string
	}{
		{drift.AWS, "lambda.amazonaws.com", "UpdateFunctionConfiguration20150331v2", "lambda UpdateFunctionConfiguration"},
		{drift.AWS, "lambda.amazonaws.com", "CreateFunctionUrlConfig", "lambda CreateFunctionUrlConfig"},
		{drift.AWS, "lambda.amazonaws.com", "PublishLayerVersion20181031", "lambda PublishLayerVersion"},
		{drift.AWS, "cloudfront.amazonaws.com", "UpdateDistribution2020_05_31", "cloudfront UpdateDistribution"},
		{drift.AWS, "s3.amazonaws.com", "PutBucketPublicAccessBlock", "s3 PutPublicAccessBlock"},
		{drift.AWS, "s3.amazonaws.com", "PutBucketLifecycle", "s3 PutBucketLifecycleConfiguration"},
		{drift.AWS, "sso-directory.amazonaws.com", "CreateUser", "identitystore CreateUser"},
		{drift.GCP, "compute.googleapis.com", "v1.compute.firewalls.patch", "compute firewalls.patch"},
		{drift.GCP, "compute.googleapis.com", "beta.compute.instances.insert", "compute instances.insert"},
		{drift.GCP, "storage.googleapis.com", "storage.buckets.patch", "storage buckets.update"},
		{drift.GCP, "storage.googleapis.com", "storage.setIamPermissions", "storage setIamPermissions"},
		{drift.GCP, "sqladmin.googleapis.com", "sql.instances.patch", "cloudsql instances.update"},
		{drift.GCP, "cloudsql.googleapis.com", "cloudsql.instances.update", "cloudsql instances.update"},
		{drift.GCP, "bigquery.googleapis.com", "datasetservice.insert", "bigquery InsertDataset"},
		{drift.GCP, "cloudkms.googleapis.com", "CreateKeyRing", "cloudkms CreateKeyRing"},
		{drift.GCP, "iam.googleapis.com", "google.iam.admin.v1.SetIAMPolicy", "iam SetIAMPolicy"},
		{drift.GCP, "secretmanager.europe-west1.rep.googleapis.com", "google.cloud.secretmanager.v1.SecretManagerService.CreateSecret", "secretmanager CreateSecret"},
		{drift.GCP, "k8s.io", "io.k8s.core.v1.pods.create", "k8s io.k8s.core.v1.pods.create"},
	}
	for _, test := range tests {
		source := catalog.NormalSource(test.provider, test.source)
		got := source + " " + catalog.NormalName(test.provider, source, test.name)
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", test.source, test.name, diff)
		}
	}
}

func TestCaseDoesNotMatter(t *testing.T) {
	a := catalog.Lookup(drift.GCP, "iam.googleapis.com", "google.iam.admin.v1.SetIAMPolicy")
	b := catalog.Lookup(drift.GCP, "iam.googleapis.com", "google.iam.v1.IAMPolicy.SetIamPolicy")
	if len(a) == 0 || len(a) != len(b) {
		t.Errorf("SetIAMPolicy has %d rows, SetIamPolicy %d", len(a), len(b))
	}
}

func TestOverridesWin(t *testing.T) {
	tests := []struct {
		name  string
		event string
		want  []string // type and effect
	}{
		{"a silent operation stands alone", "CreateLogStream", []string{" silent"}},
		{"a row of a type replaces the derived one", "DeleteRetentionPolicy", []string{"aws_cloudwatch_log_group set"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, row := range catalog.Lookup(drift.AWS, "logs.amazonaws.com", test.event) {
				got = append(got, row.Type+" "+string(row.Effect))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnOperationMayStateWhatItSets(t *testing.T) {
	ev := &drift.Event{Provider: drift.AWS, Source: "ec2.amazonaws.com", Name: "DisableEbsEncryptionByDefault", Request: []byte(`{}`)}
	change, err := catalog.Understand(ev)
	if err != nil || len(change.Choices) != 1 {
		t.Fatalf("%d choices, %v", len(change.Choices), err)
	}
	want := []drift.Fact{{Attribute: "enabled", Op: drift.OpSet, Value: false}}
	if diff := cmp.Diff(want, change.Choices[0][0].Facts); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestUnknownOperationsHaveNoRows(t *testing.T) {
	for _, name := range []string{"", "A", "DescribeInstances", "zzz", "\x00"} {
		for _, source := range []string{"", "ec2.amazonaws.com", "zzz", "\xff"} {
			if rows := catalog.Lookup(drift.AWS, source, name); len(rows) != 0 {
				t.Errorf("%q %q: %v", source, name, rows)
			}
		}
	}
}

func TestWhatIsKnownIsWhatLookupSays(t *testing.T) {
	for _, provider := range []drift.Provider{drift.AWS, drift.GCP} {
		for row := range catalog.All(provider) {
			rows := catalog.Lookup(provider, row.Source, row.Event)
			changes := len(rows) > 0 && !(len(rows) == 1 && rows[0].Type == "" && rows[0].Shape == nil)
			if known, does := catalog.Known(provider, row.Source, row.Event); known != (len(rows) > 0) || does != changes {
				t.Errorf("%s %s: known %v, changes %v; %d rows", row.Source, row.Event, known, does, len(rows))
			}
		}
	}
	if known, _ := catalog.Known(drift.AWS, "ec2.amazonaws.com", "DescribeInstances"); known {
		t.Error("a call that nothing is known of is known")
	}
}

// What an operation is logged as, the catalog brings back to its own name.
func TestLoggedNamesAreUnderstood(t *testing.T) {
	for _, provider := range []drift.Provider{drift.AWS, drift.GCP} {
		for row := range catalog.All(provider) {
			for _, source := range catalog.LoggedSources(provider, row.Source) {
				if got := catalog.NormalSource(provider, source); got != row.Source {
					t.Errorf("%s is %s, not %s", source, got, row.Source)
				}
			}
			names, dated := catalog.LoggedNames(provider, row.Source, row.Event)
			for _, name := range names {
				if dated {
					name += "20150331v2"
				}
				if known, _ := catalog.Known(provider, row.Source, name); !known {
					t.Errorf("%s logs %s as %s, which is not known", row.Source, row.Event, name)
				}
			}
		}
	}
}

func TestEveryDerivedRowIsFound(t *testing.T) {
	for _, provider := range providers {
		for row := range catalog.All(provider) {
			found := slices.ContainsFunc(catalog.Lookup(provider, row.Source, row.Event), func(r catalog.Row) bool { return r.Type == row.Type && r.Line() == row.Line() })
			if !found {
				t.Errorf("%s %s %s is listed but not found", row.Source, row.Event, row.Type)
			}
		}
	}
}

func TestBelow(t *testing.T) {
	tests := []struct{ resource, rest, want string }{
		{"projects/p", "topics/t", "projects/p/topics/t"},
		{"projects/p/topics/t", "topics/t", "projects/p/topics/t"},
		{"projects/p", "topics/projects/p/topics/t", "projects/p/topics/t"},
	}
	for _, test := range tests {
		if got := catalog.Below(test.resource, test.rest); got != test.want {
			t.Errorf("Below(%q, %q) = %q, want %q", test.resource, test.rest, got, test.want)
		}
	}
}

func BenchmarkLookup(b *testing.B) {
	tests := []struct {
		provider     drift.Provider
		source, name string
	}{
		{drift.AWS, "ec2.amazonaws.com", "ModifyInstanceAttribute"},
		{drift.AWS, "ec2.amazonaws.com", "DescribeInstances"},
		{drift.AWS, "lambda.amazonaws.com", "UpdateFunctionConfiguration20150331v2"},
		{drift.AWS, "ec2.amazonaws.com", "CreateTags"},
		{drift.GCP, "compute.googleapis.com", "v1.compute.instances.setMachineType"},
	}
	for _, test := range tests {
		b.Run(test.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				catalog.Lookup(test.provider, test.source, test.name)
			}
		})
	}
}
