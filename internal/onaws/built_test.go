package onaws_test

import (
	"bytes"
	"debug/buildinfo"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/trigger/lambdatrigger/lambdatest"
)

var update = flag.Bool("update", false, "rewrite testdata/modules; read the diff before you commit it")

var functions = []string{"detector", "indexer", "notifier"}

// What a function links is its users' cold start. The lists are reviewed: a module
// that comes to one of them is a decision.
func TestAFunctionLinksTheModulesOfItsList(t *testing.T) {
	for _, function := range functions {
		info, err := buildinfo.ReadFile(bootstrap(t, function))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range info.Deps {
			got = append(got, m.Path)
			for _, never := range []string{"cloud.google.com/", "google.golang.org/", "github.com/prometheus/", "go.etcd.io/bbolt", "github.com/alecthomas/kong"} {
				if strings.HasPrefix(m.Path, never) {
					t.Errorf("the %s links %s", function, m.Path)
				}
			}
		}
		slices.Sort(got)
		list := filepath.Join("testdata", "modules", function+".txt")
		if *update {
			if err := os.WriteFile(list, []byte(strings.Join(got, "\n")+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(list)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.Fields(string(want)), got); diff != "" {
			t.Errorf("the %s (-want +got; -update rewrites):\n%s", function, diff)
		}
	}
}

// mostBytes is how large a bootstrap may be, mostMemory how much it may ever have
// in memory: half of the least that Lambda gives.
const (
	mostBytes  = 16_000_000
	mostMemory = 64 << 20
)

func TestTheFunctionsAreSmallAndTheSameEachTime(t *testing.T) {
	if testing.Short() {
		t.Skip("builds for another machine")
	}
	build := func(function string) []byte {
		to := filepath.Join(t.TempDir(), "bootstrap")
		cmd := exec.Command("go", "build", "-tags", "lambda.norpc", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", to, "tfdrift/functions/"+function+"/aws")
		cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		raw, err := os.ReadFile(to)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	for _, function := range functions {
		first := build(function)
		if !bytes.Equal(first, build(function)) {
			t.Errorf("the %s is another the second time", function)
		}
		if len(first) > mostBytes {
			t.Errorf("the %s has %.1f MB, want at most %.1f; see what it links", function, float64(len(first))/1e6, mostBytes/1e6)
		}
		t.Logf("%s: %.1f MB", function, float64(len(first))/1e6)
	}
}

// BenchmarkInit measures what a function adds to the platform's own time: from the
// start of its process to its first question for an invocation, beside a function
// that does nothing. Each is started in turn; the medians are told, and the
// difference of the medians.
func BenchmarkInit(b *testing.B) {
	environment := []string{
		"TFDRIFT_CONFIG=" + configuration, "TFDRIFT_LEDGER_TABLE=l", "TFDRIFT_INDEX_TABLE=i", "TFDRIFT_SEALING_KEY_SECRET=k", "TFDRIFT_SCHEDULE_GROUP=g",
		"TFDRIFT_SCHEDULE_ROLE_ARN=r", "TFDRIFT_SCHEDULE_TARGET_ARN=t", "TFDRIFT_RETRY_QUEUE_URL=q", "AWS_LAMBDA_FUNCTION_NAME=tfdrift-detector",
	}
	all := append([]string{"empty"}, functions...)
	times := map[string][]float64{}
	for b.Loop() {
		for _, function := range all {
			f := lambdatest.Start(b, []string{bootstrap(b, function)}, environment...)
			took, err := f.Init()
			if err != nil {
				b.Fatal(err)
			}
			f.Kill()
			times[function] = append(times[function], float64(took)/float64(time.Millisecond))
		}
	}
	b.ReportMetric(0, "ns/op")
	empty := median(times["empty"])
	b.ReportMetric(empty, "ms-empty")
	for _, function := range functions {
		b.ReportMetric(median(times[function])-empty, "ms-more-"+function)
	}
}

// configuration is of the size that people write.
const configuration = `environment: production
providers:
  aws:
    regions: [us-east-1, eu-west-1]
    state:
      - {s3_bucket: acme-states, s3_prefix: prod/}
      - {s3_bucket: acme-states, s3_key: network/terraform.tfstate}
drift_rules:
  - {name: Security groups, resource_types: [aws_security_group, "aws_vpc_security_group_*"], severity: critical}
  - {name: Identity, resource_types: ["aws_iam_*"], severity: high}
  - {name: Instances, resource_types: [aws_instance], watched_attributes: [instance_type], exclude_users: ["AWSServiceRoleForAutoScaling"]}
unmatched: low
notifications:
  slack: {webhook_url_from_aws_secret: "tfdrift/slack#url"}
  webhook: {url: https://example.com/hook, signing_secret_from_aws_secret: tfdrift/webhook}
`

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// BenchmarkDetect measures a warm detector on events that open a finding, each on
// another resource: in all, and what of that is its own. The calls of DynamoDB
// that it makes are made again by this process, by the same client, one after the
// other; what the detector takes more than they do is its own, the Runtime API's
// part too. Its memory is told at the end.
func BenchmarkDetect(b *testing.B) {
	const groups = 200
	s := deploy(b, configurationOf("http://127.0.0.1:9"))
	s.write("prod/terraform.tfstate", groupsState(groups))
	n := 0
	detect := func() float64 {
		n++
		request := map[string]any{"groupId": group(n % groups), "ipPermissions": map[string]any{"items": []any{map[string]any{
			"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "ipRanges": map[string]any{"items": []any{map[string]any{"cidrIp": "0.0.0.0/0"}}}}}}}
		payload := happening(b, opened, map[string]any{"eventID": fmt.Sprint("e-", n), "requestParameters": request})
		a := s.detector.Invoke([]byte(payload), plenty)
		if a.Error != "" {
			b.Fatal(a.Error)
		}
		return float64(a.Took) / float64(time.Millisecond)
	}
	detect()
	wire := s.wires["detector"]
	var all, own []float64
	calls := 0
	for b.Loop() {
		var took float64
		wire.spent()
		made := wire.recorded(func() { took = detect() })
		between := took - float64(wire.spent())/float64(time.Millisecond) // not spent in calls
		again := float64(wire.again(b, s.aws, made)) / float64(time.Millisecond)
		way := again - float64(wire.spent())/float64(time.Millisecond) // what the way to the calls takes
		all, own, calls = append(all, took), append(own, between-way), calls+len(made)
	}
	if found := strings.Count(s.detector.Log(), `"msg":"finding open"`); found != min(n, groups) {
		b.Errorf("%d findings of %d events", found, n)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(all), "ms-median")
	b.ReportMetric(median(own), "ms-own-median")
	b.ReportMetric(float64(calls)/float64(len(all)), "calls")
	b.ReportMetric(float64(s.detector.Peak())/1e6, "MB-peak")
}

func group(n int) string { return fmt.Sprintf("sg-%017x", n) }

// groupsState is a state of so many security groups.
func groupsState(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,{"mode":"managed","type":"aws_security_group","name":"g%d","provider":"provider[\"registry.terraform.io/hashicorp/aws\"]","instances":[{"schema_version":1,"attributes":{"id":%[2]q,"arn":"arn:aws:ec2:us-east-1:111122223333:security-group/%[2]s","name":"g%[1]d","description":"Managed by Terraform","vpc_id":"vpc-1","ingress":[],"egress":[],"tags":{"team":"web"}}}]}`, i, group(i))
	}
	return `{"version":4,"terraform_version":"1.13.4","serial":1,"lineage":"8d7c2f5e","outputs":{},"resources":[` + b.String()[1:] + `]}`
}
