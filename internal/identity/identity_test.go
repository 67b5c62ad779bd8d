package identity_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/identity"
)

func TestSame(t *testing.T) {
	const (
		policy = "arn:aws:iam::123456789012:policy/team/deploy"
		queue  = "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs"
		link   = "https://www.googleapis.com/compute/v1/projects/acme/zones/europe-west1-b/instances/vm-1"
		path   = "projects/acme/zones/europe-west1-b/instances/vm-1"
	)
	tests := []struct {
		name, a, b string
		want       bool
	}{
		{"the same text", "sg-1", "sg-1", true},
		{"another text", "sg-1", "sg-2", false},
		{"nothing is nothing's name", "", "", false},
		{"nothing and something", "", "sg-1", false},
		{"names that people choose have a case", "Web", "web", false},
		{"the end of a name is not the name", "web", "my-web", false},

		// AWS
		{"an ARN and the last segment", policy, "deploy", true},
		{"an ARN and the path in it", policy, "team/deploy", true},
		{"an ARN and its whole resource", policy, "policy/team/deploy", true},
		{"an ARN and half a segment", policy, "ploy", false},
		{"an ARN and another name", policy, "destroy", false},
		{"an ARN and itself in another account", policy, "arn:aws:iam::210987654321:policy/team/deploy", false},
		{"ARNs of two services", "arn:aws:ecs:eu-west-1:123456789012:cluster/prod", "arn:aws:eks:eu-west-1:123456789012:cluster/prod", false},
		{"ARNs of two regions", "arn:aws:sns:eu-west-1:123456789012:t", "arn:aws:sns:us-east-1:123456789012:t", false},
		{"an ARN that leaves its account out", "arn:aws:s3:::logs", "arn:aws:s3:eu-west-1:123456789012:logs", true},
		{"a log group's ARN, with and without :*", "arn:aws:logs:eu-west-1:123456789012:log-group:/app/prod:*", "arn:aws:logs:eu-west-1:123456789012:log-group:/app/prod", true},
		{"a log group's ARN and its name", "arn:aws:logs:eu-west-1:123456789012:log-group:/app/prod:*", "/app/prod", true},
		{"a log group's ARN and the end of its name", "arn:aws:logs:eu-west-1:123456789012:log-group:/app/prod", "prod", true},
		{"a service's ARN and cluster/service", "arn:aws:ecs:eu-west-1:123456789012:service/prod/web", "prod/web", true},
		{"a service's ARN in another cluster", "arn:aws:ecs:eu-west-1:123456789012:service/prod/web", "test/web", false},
		{"a queue's URL and its name", queue, "jobs", true},
		{"a queue's URL and another queue", queue, "other-jobs", false},
		{"queues of two accounts", queue, "https://sqs.eu-west-1.amazonaws.com/210987654321/jobs", false},
		{"a queue at the legacy endpoint", queue, "https://eu-west-1.queue.amazonaws.com/123456789012/jobs", true},
		{"one path on two hosts", "https://a.example.com/events/push", "https://b.example.com/events/push", false},
		{"one path on two hosts, unencrypted", "http://a.example.com/events/push", "http://b.example.com/events/push", false},
		{"host names have no case", "DB.Example.com", "db.example.com", true},
		{"a host name with the root's dot", "www.example.com.", "www.example.com", true},
		{"a wildcard record as Route 53 spells it", `\052.example.com.`, "*.example.com", true},
		{"two host names", "a.example.com", "b.example.com", false},
		{"white space around", " sg-1 ", "sg-1", true},
		{"URL-encoded", "team%2Fdeploy", "team/deploy", true},
		{"a percent sign that encodes nothing", "100%", "100%", true},

		// Google Cloud
		{"a self-link and its path", link, path, true},
		{"a self-link and the short name", link, "vm-1", true},
		{"a self-link and another name", link, "vm-2", false},
		{"a self-link of another API version", link, "https://compute.googleapis.com/compute/beta/" + path, true},
		{"a full resource name", "//compute.googleapis.com/" + path, path, true},
		{"a path without its project", path, "zones/europe-west1-b/instances/vm-1", true},
		{"a path in another zone", path, "projects/acme/zones/europe-west1-c/instances/vm-1", false},
		{"another collection", path, "projects/acme/zones/europe-west1-b/disks/vm-1", false},
		{"a project by number and by id", "projects/1234567/topics/t", "projects/acme/topics/t", true},
		{"a bucket of any project", "projects/_/buckets/logs", "b/logs", true},
		{"a bucket's path and its name", "projects/_/buckets/logs", "logs", true},
		{"buckets", "projects/_/buckets/logs", "projects/_/buckets/other", false},
		{"a location that stands for any", "projects/acme/locations/-/services/api", "projects/acme/locations/europe-west1/services/api", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := identity.Same(test.a, test.b); got != test.want {
				t.Errorf("Same(%q, %q) = %v", test.a, test.b, got)
			}
			if got := identity.Same(test.b, test.a); got != test.want {
				t.Errorf("Same(%q, %q) = %v: it depends on the order", test.b, test.a, got)
			}
		})
	}
}

func TestFormsOfOneNameShareAKey(t *testing.T) {
	tests := []struct {
		name  string
		forms []string
		want  string
	}{
		{"a service of a cluster", []string{"arn:aws:ecs:eu-west-1:1:service/prod/web", "prod/web", "web"}, "s/web"},
		{"a log group", []string{"arn:aws:logs:eu-west-1:1:log-group:/app/prod:*", "/app/prod", "arn:aws:logs:eu-west-1:1:log-group:/app/prod"}, "s/prod"},
		{"a Google instance", []string{"https://www.googleapis.com/compute/v1/projects/p/zones/z/instances/vm-1", "projects/p/zones/z/instances/vm-1", "vm-1"}, "s/vm-1"},
		{"a queue", []string{"https://sqs.eu-west-1.amazonaws.com/1/Jobs", "Jobs", "arn:aws:sqs:eu-west-1:1:Jobs"}, "s/jobs"},
		{"a bucket", []string{"b/logs", "projects/_/buckets/logs", "logs", "logs/"}, "s/logs"},
		{"a DNS name", []string{"www.example.com.", "www.example.com", "WWW.example.com"}, "s/www.example.com"},
		{"a composite id", []string{"role|policy", "policy"}, "s/policy"},
		{"no name", []string{"", " ", "/"}, "s/"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, form := range test.forms {
				if diff := cmp.Diff(test.want, identity.Key("s", form)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", form, diff)
				}
			}
		})
	}
}

func TestParseARN(t *testing.T) {
	tests := []struct {
		text string
		want identity.ARN
		ok   bool
	}{
		{"arn:aws:s3:::logs", identity.ARN{Partition: "aws", Service: "s3", Resource: "logs"}, true},
		{"arn:aws-cn:lambda:cn-north-1:123456789012:function:f:1", identity.ARN{Partition: "aws-cn", Service: "lambda", Region: "cn-north-1", Account: "123456789012", Resource: "function:f:1"}, true},
		{"arn:aws:iam::123456789012:role/a/b", identity.ARN{Partition: "aws", Service: "iam", Account: "123456789012", Resource: "role/a/b"}, true},
		{"arn:aws:s3", identity.ARN{}, false},
		{"arn:", identity.ARN{}, false},
		{"", identity.ARN{}, false},
		{"i-1", identity.ARN{}, false},
	}
	for _, test := range tests {
		got, ok := identity.ParseARN(test.text)
		if ok != test.ok {
			t.Errorf("ParseARN(%q): ok %v", test.text, ok)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("ParseARN(%q) (-want +got):\n%s", test.text, diff)
		}
	}
}

func TestMatchesAnyElement(t *testing.T) {
	if !identity.Matches([]any{"sg-1", []any{"sg-2"}}, "sg-2") {
		t.Error("an element of a list was not found")
	}
	for _, v := range []any{nil, map[string]any{"id": "sg-2"}, []any{}, "sg-1", true} {
		if identity.Matches(v, "sg-2") {
			t.Errorf("%v matches sg-2", v)
		}
	}
}

func TestNetwork(t *testing.T) {
	tests := []struct{ text, want string }{
		{"10.0.0.0/8", "10.0.0.0/8"},
		{"10.1.2.3/8", "10.0.0.0/8"},
		{"10.1.2.3", "10.1.2.3/32"},
		{"::/0", "::/0"},
		{"2001:DB8::1", "2001:db8::1/128"},
		{"2001:db8:0:0::/32", "2001:db8::/32"},
		{"10.0.0.0/33", ""},
		{"10.0.0", ""},
		{"256.0.0.1", ""},
		{"1.5", ""},
		{"a:b", ""},
		{"example.com", ""},
		{"/", ""},
		{"", ""},
		{"8080", ""},
	}
	for _, test := range tests {
		got := ""
		if p, ok := identity.Network(test.text); ok {
			got = p.String()
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("Network(%q) (-want +got):\n%s", test.text, diff)
		}
	}
}

func TestIsPath(t *testing.T) {
	for text, want := range map[string]bool{
		"zones/europe-west1-b/machineTypes/e2-small": true, "projects/p/topics/t": true, "global/networks/default": true,
		"https://www.googleapis.com/compute/v1/projects/p": true, "e2-small": false, "https://example.com/projects/p": false, "/app/prod": false,
	} {
		if got := identity.IsPath(text); got != want {
			t.Errorf("IsPath(%q) = %v", text, got)
		}
	}
}
