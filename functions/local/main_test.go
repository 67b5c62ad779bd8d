package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/state/s3state/s3test"
)

// The samples that most tests use.
const (
	samples  = "../../events/"
	awsState = samples + "testdata/aws.tfstate"
	opened   = samples + "aws/security-group-opened-to-world.json" // one finding
	resaved  = samples + "aws/bucket-policy-resent.json"           // none
)

type outcome struct {
	status         int
	stdout, stderr string
}

// tfdrift runs the program as a shell would.
func tfdrift(t testing.TB, stdin string, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status := run(process{ctx: context.Background(), stdin: strings.NewReader(stdin), stdout: &stdout, stderr: &stderr}, args)
	return outcome{status, stdout.String(), stderr.String()}
}

// want checks the status, and that the outputs have what the patterns say; ""
// is an empty output.
func (o outcome) want(t *testing.T, status int, stdout, stderr string) {
	t.Helper()
	if o.status != status {
		t.Errorf("exit status %d, want %d", o.status, status)
	}
	for _, out := range []struct{ name, pattern, text string }{{"stdout", stdout, o.stdout}, {"stderr", stderr, o.stderr}} {
		if out.pattern == "" && out.text != "" || !regexp.MustCompile(out.pattern).MatchString(out.text) {
			t.Errorf("%s: %.2000q, want %q", out.name, out.text, out.pattern)
		}
	}
}

// file writes a file of the test's own.
func file(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func sample(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func zipped(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestExitStatuses(t *testing.T) {
	tests := []struct {
		name           string
		args           []string
		status         int
		stdout, stderr string
	}{
		{"ran and found drift", []string{"detect", "--state", awsState, opened}, 0, `aws_security_group\.web`, ""},
		{"ran and found none", []string{"detect", "--state", awsState, resaved}, 0, `^No drift\. 1 events read\.\n$`, ""},
		{"ran and found drift, told by status", []string{"detect", "--detailed-exitcode", "--state", awsState, opened}, 2, `1 resource has drifted`, ""},
		{"ran and found none, told by status", []string{"detect", "--detailed-exitcode", "--state", awsState, resaved}, 0, `No drift`, ""},
		{"found drift that was undone", []string{"detect", "--detailed-exitcode", "--state", awsState, samples + "aws/security-group-opened-then-closed-1.json", samples + "aws/security-group-opened-then-closed-2.json"}, 0, `resolved(.|\n)*No drift`, ""},
		{"an unknown flag", []string{"detect", "--bogus"}, 1, "", `--bogus`},
		{"an unknown format", []string{"detect", "--state", awsState, "--format", "xml"}, 1, "", `--format must be one of`},
		{"an unknown command", []string{"frobnicate"}, 1, "", `frobnicate(.|\n)*--help`},
		{"no state", []string{"detect", opened}, 1, "", `--state`},
		{"a state that is not there", []string{"detect", "--state", "nowhere.tfstate", opened}, 1, "", `nowhere\.tfstate`},
		{"a state that is none", []string{"detect", "--state", opened, opened}, 1, "", `opened-to-world\.json: .*state`},
		{"an event file that is not there", []string{"detect", "--state", awsState, "nowhere.json"}, 1, `No drift`, `nowhere\.json`},
		{"an event file that is a folder", []string{"detect", "--state", awsState, samples}, 1, `No drift`, `events`},
		{"a configuration that is not there", []string{"detect", "--state", awsState, "--config", "nowhere.yaml", opened}, 1, "", `nowhere\.yaml`},
		{"no command", nil, 0, `Usage: tfdrift`, ""},
		{"version", []string{"version"}, 0, `^tfdrift \S+\n$`, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tfdrift(t, "", test.args...).want(t, test.status, test.stdout, test.stderr)
		})
	}
}

func TestOneMissingEventFileCostsOnlyItself(t *testing.T) {
	tfdrift(t, "", "detect", "--state", awsState, "nowhere.json", opened).want(t, 1, `aws_security_group\.web`, `^tfdrift: .*nowhere\.json.*\n`)
}

func TestJSONIsOneFindingALineAndNothingElse(t *testing.T) {
	got := tfdrift(t, "", "detect", "--format", "json", "--explain", "--state", awsState, "--state", samples+"testdata/gcp.tfstate", opened, resaved,
		samples+"aws/database-made-public.json", samples+"gcp/firewall-opened-to-world.json")
	got.want(t, 0, `.`, `.`)
	lines := strings.Split(strings.TrimSuffix(got.stdout, "\n"), "\n")
	if len(lines) != 3 {
		t.Errorf("%d lines, want 3:\n%s", len(lines), got.stdout)
	}
	for _, line := range lines {
		var finding map[string]any
		if err := json.Unmarshal([]byte(line), &finding); err != nil {
			t.Errorf("%v: %s", err, line)
			continue
		}
		for _, member := range []string{"id", "status", "kind", "severity", "rules", "provider", "account", "region", "environment", "resource", "changes", "actor", "event"} {
			if finding[member] == nil {
				t.Errorf("no %s in %s", member, line)
			}
		}
	}
	tfdrift(t, "", "detect", "--format", "json", "--state", awsState, resaved).want(t, 0, "", "")
}

func TestWhereEventsComeFrom(t *testing.T) {
	event := sample(t, opened)
	tests := []struct {
		name, stdin string
		events      []string
	}{
		{"standard input", event, []string{"-"}},
		{"standard input, unsaid", event, nil},
		{"standard input, gzip", zipped(t, event), []string{"-"}},
		{"a gzip file", "", []string{file(t, "events.json.gz", zipped(t, event))}},
		{"a gzip file by another name", "", []string{file(t, "events", zipped(t, event))}},
		{"a log file", "", []string{file(t, "log.json", `{"Records":[`+event+`]}`)}},
		{"an array", "", []string{file(t, "array.json", `[`+event+`]`)}},
		{"a file and standard input", event, []string{resaved, "-"}},
		{"the same event in two files", "", []string{opened, opened}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			args := append([]string{"detect", "--format", "json", "--state", awsState}, test.events...)
			got := tfdrift(t, test.stdin, args...)
			got.want(t, 0, `"address":"aws_security_group\.web"`, "")
			if n := strings.Count(got.stdout, "\n"); n != 1 {
				t.Errorf("%d findings, want 1:\n%s", n, got.stdout)
			}
		})
	}
}

func TestAFolderMeansEveryStateBelow(t *testing.T) {
	folder := t.TempDir()
	for name, content := range map[string]string{
		"aws/prod.tfstate":               sample(t, awsState),
		"gcp/deep/er/prod.json":          sample(t, samples+"testdata/gcp.tfstate"),
		"aws/prod.tfstate.backup":        "{broken",
		"aws/.prod.tfstate.tflock":       `{"ID":"x","Operation":"apply","Who":"me"}`,
		".terraform/terraform.tfstate":   `{"version":3}`,
		"README.md":                      "# States",
		"main.tf":                        `resource "aws_instance" "web" {}`,
		"package.json":                   `{"name":"x","version":"1.0.0"}`,
		"aws/.terraform/providers/x.bin": "\x00\x01",
	} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got := tfdrift(t, "", "detect", "--format", "json", "--state", folder, opened, samples+"gcp/firewall-opened-to-world.json")
	got.want(t, 0, `aws_security_group\.web(.|\n)*google_compute_firewall`, "")
	if !strings.Contains(got.stdout, filepath.ToSlash(filepath.Join("aws", "prod.tfstate"))) {
		t.Errorf("the finding does not say in which state: %s", got.stdout)
	}
}

func TestExplainTellsEveryStep(t *testing.T) {
	got := tfdrift(t, "", "detect", "--explain", "--state", awsState, opened)
	for _, step := range []string{"AuthorizeSecurityGroupIngress", "candidate aws_security_group", "sg-0123abc456def7890", "add ingress differs", "built-in severity"} {
		if !strings.Contains(got.stderr, step) {
			t.Errorf("nothing is told of %q:\n%s", step, got.stderr)
		}
	}
	if strings.Contains(got.stdout, "candidate") {
		t.Errorf("steps on standard output:\n%s", got.stdout)
	}
	for event, why := range map[string]string{
		"aws/security-group-open-denied.json":  "failed",
		"aws/security-group-open-dry-run.json": "dry run",
		"aws/instances-described.json":         "read-only",
		"aws/console-sign-in.json":             "not an API call",
		"aws/log-stream-created.json":          "changes nothing that state holds",
		"aws/instance-type-unchanged.json":     "equal",
	} {
		if got := tfdrift(t, "", "detect", "--explain", "--state", awsState, samples+event); !strings.Contains(got.stderr, why) {
			t.Errorf("%s: %q is not among the steps:\n%s", event, why, got.stderr)
		}
	}
}

func TestConfiguration(t *testing.T) {
	right := file(t, "right.yaml", "drift_rules:\n  - name: Groups\n    resource_types: [aws_security_group]\n    severity: low\n")
	wrong := file(t, "wrong.yaml", "drift_rules:\n  - name: Groups\n    resource_type: [aws_security_group]\n    severity: lo\n")
	t.Run("rules are applied", func(t *testing.T) {
		tfdrift(t, "", "detect", "--state", awsState, "--config", right, opened, samples+"aws/database-made-public.json").want(t, 0, `^LOW .*aws_security_group\.web(.|\n)*rules  Groups(.|\n)*1 resource has drifted: 1 low`, "")
	})
	t.Run("a right one is right", func(t *testing.T) {
		tfdrift(t, "", "config", "check", right).want(t, 0, `right\.yaml is right`, "")
	})
	t.Run("a wrong one is told with its places", func(t *testing.T) {
		for _, args := range [][]string{{"config", "check", wrong}, {"detect", "--state", awsState, "--config", wrong, opened}} {
			tfdrift(t, "", args...).want(t, 1, "", `wrong\.yaml:3:5: .*resource_type.*resource_types(.|\n)*wrong\.yaml:4:15: `)
		}
	})
	t.Run("without a file there is nothing to check", func(t *testing.T) {
		tfdrift(t, "", "config", "check").want(t, 1, "", `<file>`)
	})
}

func TestCatalog(t *testing.T) {
	tests := []struct {
		name           string
		args           []string
		status         int
		stdout, stderr string
	}{
		{"a call", []string{"ec2", "ModifyInstanceAttribute"}, 0, `set +aws_instance\n`, ""},
		{"a call as it is logged", []string{"lambda.amazonaws.com", "UpdateFunctionConfiguration20150331v2"}, 0, `aws_lambda_function`, ""},
		{"a call of Google Cloud", []string{"compute.googleapis.com", "v1.compute.firewalls.patch"}, 0, `google_compute_firewall`, ""},
		{"a call that changes nothing", []string{"logs", "CreateLogStream"}, 0, `changes nothing`, ""},
		{"a service", []string{"iam"}, 0, `AttachRolePolicy +.*aws_iam_role_policy_attachment`, ""},
		{"all services", []string{"--stats"}, 0, `aws +ec2 (.|\n)*gcp +compute `, ""},
		{"one service's counts", []string{"--stats", "rds.amazonaws.com"}, 0, `^ +provider +service .*unmatched.*\n +aws +rds [ 0-9]+\n$`, ""},
		{"what no attribute takes up", []string{"--stats", "--unmatched", "ec2"}, 0, `RunInstances +.*\bMinCount\b`, ""},
		{"what no attribute takes up of an unknown service", []string{"--stats", "--unmatched", "frobnicator"}, 1, "", `frobnicator`},
		{"what is unmatched, without the counts", []string{"--unmatched", "ec2"}, 1, "", `belongs to --stats`},
		{"an unknown call", []string{"ec2", "Frobnicate"}, 1, "", `Frobnicate of ec2`},
		{"an unknown service", []string{"frobnicator"}, 1, "", `frobnicator`},
		{"nothing", nil, 1, "", `which service`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tfdrift(t, "", append([]string{"catalog"}, test.args...)...).want(t, test.status, test.stdout, test.stderr)
		})
	}
	t.Run("counts and gaps for programs", func(t *testing.T) {
		for _, args := range [][]string{{"--stats"}, {"--stats", "--unmatched"}} {
			got := tfdrift(t, "", append([]string{"catalog", "--format", "json"}, args...)...)
			lines := 0
			for line := range strings.Lines(got.stdout) {
				var row map[string]any
				if err := json.Unmarshal([]byte(line), &row); err != nil || row["service"] == nil || row["unmatched"] == nil {
					t.Errorf("%v: %s", err, line)
				}
				lines++
			}
			if lines < 100 {
				t.Errorf("%v: %d lines", args, lines)
			}
		}
	})
	t.Run("rows for programs", func(t *testing.T) {
		got := tfdrift(t, "", "catalog", "--format", "json", "ec2", "ModifyInstanceAttribute")
		for line := range strings.Lines(got.stdout) {
			var row map[string]any
			if err := json.Unmarshal([]byte(line), &row); err != nil || row["operation"] != "ModifyInstanceAttribute" || row["effect"] == nil {
				t.Errorf("%v: %s", err, line)
			}
		}
	})
}

func TestTheDemoPlaysEveryScene(t *testing.T) {
	got := tfdrift(t, "", "demo")
	got.want(t, 0, `What to try next`, "")
	_, rest, _ := strings.Cut(got.stdout, "1. ")
	for i, outcome := range []string{"CRITICAL", "Silence", "Silence", "Silence", "Silence", "CRITICAL", "CRITICAL", "sensitive, not shown", "MEDIUM", "CRITICAL", "CRITICAL", "CRITICAL"} {
		var scene string
		scene, rest, _ = strings.Cut(rest, fmt.Sprintf("\n%d. ", i+2))
		if !strings.HasPrefix(scene, story[i].caption+"\n") || !strings.Contains(scene, outcome) {
			t.Errorf("scene %d: want %q and then %s in\n%s", i+1, story[i].caption, outcome, scene)
		}
	}
	for _, beat := range []string{"CRITICAL", "was counted before", "no change: failed", "sensitive, not shown", "resolved", "unmanaged", "google_compute_firewall"} {
		if !strings.Contains(got.stdout, beat) {
			t.Errorf("%q is never seen in\n%s", beat, got.stdout)
		}
	}
	if strings.Contains(got.stdout, "\x1b") {
		t.Error("colour where none was asked for")
	}
	if again := tfdrift(t, "", "demo"); again.stdout != got.stdout {
		t.Errorf("the demo is not the same twice (-first +again):\n%s", cmp.Diff(got.stdout, again.stdout))
	}
}

func TestEveryHelpHasAnExample(t *testing.T) {
	for _, command := range []string{"", "detect", "demo", "catalog", "config", "config check", "version"} {
		got := tfdrift(t, "", append(strings.Fields(command), "--help")...)
		got.want(t, 0, `Examples?:\n(.|\n)*tfdrift `, "")
	}
}

func TestDetectReadsStatesInS3(t *testing.T) {
	server := s3test.Start(t, "acme")
	server.Write("acme", "env:/prod/network.tfstate", sample(t, awsState))
	for _, ref := range []string{"s3://acme/env:/prod/network.tfstate", "s3://acme/", "s3://acme/env:/*/network.tfstate"} {
		tfdrift(t, "", "detect", "--format", "json", "--state", ref, opened).want(t, 0, `"state":"s3://acme/env:/prod/network.tfstate"`, "")
	}
	tfdrift(t, "", "detect", "--state", "s3://acme/env:/prod", opened).want(t, 1, "", `^tfdrift: s3://acme/env:/prod: there is no such object; .*every state below it is s3://acme/env:/prod/`)
	tfdrift(t, "", "detect", "--state", "s3://nobody/", opened).want(t, 1, "", `there is no bucket nobody`)
	tfdrift(t, "", "detect", "--state", "gs://acme/x", opened).want(t, 1, "", `reading from gs:// is not built`)
}
