package aws_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// desk is a folder with the script in it, and tools in the place of the real ones:
// each writes down what it was called with, and answers as the test says.
type desk struct {
	dir string
}

// newDesk takes answers of `aws SERVICE OPERATION …`, by "SERVICE OPERATION" or by
// that and the value of its next option; those of others are empty.
func newDesk(t *testing.T, answers map[string]string) desk {
	t.Helper()
	d := desk{t.TempDir()}
	aws := "#!/bin/sh\nprintf '%s\\n' \"$*\" >>\"$DESK/aws.log\"\ncase \"$1 $2 $4\" in\n"
	for call, answer := range answers {
		aws += "\"" + call + "\"*) cat <<'END'\n" + answer + "\nEND\n;;\n"
	}
	d.write(t, "tools/aws", aws+"esac\n")
	d.write(t, "tools/sam", "#!/bin/sh\nprintf '%s\\n' \"$@\" >>\"$DESK/sam.log\"\n")
	d.write(t, "tools/terraform", "#!/bin/sh\n{ printf '%s\\n' \"$*\"; env | grep ^TF_VAR | LC_ALL=C sort; } >>\"$DESK/terraform.log\"\n")
	d.write(t, "bin/tfdrift", "#!/bin/sh\n[ \"$*\" = 'config check tfdrift.yaml' ]\n")
	d.write(t, "tfdrift.yaml", configuration)
	d.write(t, "infra/aws/deploy.sh", read(t, "deploy.sh"))
	return d
}

func (d desk) write(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(d.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

func (d desk) run(t *testing.T, script string, input string, environment ...string) (out string, err error) {
	t.Helper()
	cmd := exec.Command("sh", script)
	cmd.Dir, cmd.Stdin = d.dir, strings.NewReader(input)
	cmd.Env = append([]string{"PATH=" + filepath.Join(d.dir, "tools") + ":/usr/bin:/bin", "DESK=" + d.dir, "AWS_REGION=eu-west-1"}, environment...)
	raw, err := cmd.CombinedOutput()
	return string(raw), err
}

// lines are what a tool was called with.
func (d desk) lines(tool string) []string {
	raw, _ := os.ReadFile(filepath.Join(d.dir, tool+".log"))
	return strings.Split(strings.TrimSpace(string(raw)), "\n")
}

// option is the value of an option in the first call of aws that begins so.
func (d desk) option(call, name string) string {
	for _, line := range d.lines("aws") {
		if _, value, ok := strings.Cut(line, " "+name+" "); ok && strings.HasPrefix(line, call) {
			return value
		}
	}
	return ""
}

const configuration = `environment: production
providers: { aws: { state: [ { s3_bucket: told, s3_prefix: prod/ } ] } }
notifications:
  slack: { webhook_url_from_aws_secret: "tfdrift/slack#url", timeout: 5s }
  pagerduty:
    routing_key_from_aws_secret: pager
`

var account = map[string]string{
	"sts get-caller-identity":                          "111122223333",
	"s3api get-bucket-location":                        "eu-west-1",
	"cloudtrail describe-trails":                       "arn:aws:cloudtrail:eu-west-1:111122223333:trail/all",
	"cloudtrail get-trail-status":                      "True",
	"secretsmanager describe-secret tfdrift/slack":     "arn:aws:secretsmanager:eu-west-1:111122223333:secret:tfdrift/slack-AbCdEf\tNone",
	"secretsmanager describe-secret pager":             "arn:aws:secretsmanager:eu-west-1:111122223333:secret:pager-AbCdEf\tarn:aws:kms:eu-west-1:111122223333:key/1",
	"cloudtrail get-event-selectors":                   "1\t0",
	"s3api get-bucket-notification-configuration told": `{"EventBridgeConfiguration": {}}`,
	"s3api get-bucket-notification-configuration used": `{
    "QueueConfigurations": [{"Id": "thumbnails", "QueueArn": "arn:aws:sqs:eu-west-1:111122223333:q", "Events": ["s3:ObjectCreated:*"]}]
}`,
}

func TestWhatABucketNotifiesStaysAsItWas(t *testing.T) {
	d := newDesk(t, account)
	if out, err := d.run(t, "infra/aws/deploy.sh", "\n\n\ntold,used,silent,other\n\ny\ny\n\n"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	got := map[string]any{}
	for _, line := range d.lines("aws") {
		if rest, ok := strings.CutPrefix(line, "s3api put-bucket-notification-configuration --bucket "); ok {
			bucket, text, _ := strings.Cut(rest, " --notification-configuration ")
			if bucket == "used" { // its text has lines
				_, all, _ := strings.Cut(strings.Join(d.lines("aws"), "\n"), line)
				end := strings.Index(all, "\n}")
				text += all[:end+2]
			}
			var now any
			if err := json.Unmarshal([]byte(text), &now); err != nil {
				t.Fatalf("%s: %v: %s", bucket, err, text)
			}
			got[bucket] = now
		}
	}
	want := map[string]any{
		"used": map[string]any{
			"EventBridgeConfiguration": map[string]any{},
			"QueueConfigurations":      []any{map[string]any{"Id": "thumbnails", "QueueArn": "arn:aws:sqs:eu-west-1:111122223333:q", "Events": []any{"s3:ObjectCreated:*"}}},
		},
		"silent": map[string]any{"EventBridgeConfiguration": map[string]any{}},
	} // and not the last one: nobody said yes
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("notifications put (-want +got):\n%s", diff)
	}
}

func TestAnswersBecomeInputs(t *testing.T) {
	for _, row := range []struct {
		tool string
		want []string
	}{
		{"sam", []string{`Name="drift"`, `StateBuckets="told"`,
			`SecretArns="arn:aws:secretsmanager:eu-west-1:111122223333:secret:pager-AbCdEf,arn:aws:secretsmanager:eu-west-1:111122223333:secret:tfdrift/slack-AbCdEf"`,
			`SecretKmsKeyArns="arn:aws:kms:eu-west-1:111122223333:key/1"`, `AlarmEmail="ops@example.com"`, `CreateTrail="false"`, "MemorySize=512"}},
		{"terraform", []string{
			"-chdir=infra/aws apply MemorySize=512", "TF_VAR_name=drift", `TF_VAR_state_buckets=["told"]`,
			`TF_VAR_secret_arns=["arn:aws:secretsmanager:eu-west-1:111122223333:secret:pager-AbCdEf","arn:aws:secretsmanager:eu-west-1:111122223333:secret:tfdrift/slack-AbCdEf"]`,
			`TF_VAR_secret_kms_key_arns=["arn:aws:kms:eu-west-1:111122223333:key/1"]`, "TF_VAR_config=environment: production",
			"TF_VAR_alarm_email=ops@example.com", "TF_VAR_create_trail=false",
		}},
	} {
		d := newDesk(t, account)
		d.write(t, "again.sh", `sh infra/aws/deploy.sh MemorySize=512`)
		if out, err := d.run(t, "again.sh", row.tool+"\ndrift\ntfdrift.yaml\n\nops@example.com\n"); err != nil {
			t.Fatalf("%s: %v\n%s", row.tool, err, out)
		}
		first := d.lines(row.tool)
		for _, want := range row.want {
			if !strings.Contains("\n"+strings.Join(first, "\n")+"\n", "\n"+want+"\n") {
				t.Errorf("%s: %q is not among\n%s", row.tool, want, strings.Join(first, "\n"))
			}
		}
		if row.tool == "sam" && !strings.Contains(strings.Join(first, "\n"), "\nConfig=\"H4sI") {
			t.Errorf("sam: the configuration is not packed:\n%s", strings.Join(first, "\n"))
		}
		if got := d.option("lambda invoke", "--payload"); !strings.HasPrefix(got, `{"detail-type":"tfdrift refresh"}`) {
			t.Errorf("%s: the states are not read at once: %s", row.tool, got)
		}
		if out, err := d.run(t, "again.sh", ""); err != nil {
			t.Fatalf("%s: %v\n%s", row.tool, err, out)
		}
		if diff := cmp.Diff(first, d.lines(row.tool)[len(first):]); diff != "" {
			t.Errorf("%s: other inputs the second time, without an answer:\n%s", row.tool, diff)
		}
	}
}

func TestWithoutATrailOneIsCreatedWhereAsked(t *testing.T) {
	for _, row := range []struct {
		name, status, selectors, answer, want string
	}{
		{"a trail logs management events", "True", "1\t0", "", "false"},
		{"a trail with advanced selectors does", "True", "0\t1", "", "false"},
		{"one that was stopped does not", "False", "1\t0", "y", "true"},
		{"one of data events does not", "True", "0\t0", "", "true"},
		{"none is wanted", "True", "0\t0", "n", "false"},
	} {
		answers := map[string]string{"cloudtrail get-trail-status": row.status, "cloudtrail get-event-selectors": row.selectors}
		for call, answer := range account {
			if _, ok := answers[call]; !ok {
				answers[call] = answer
			}
		}
		d := newDesk(t, answers)
		if out, err := d.run(t, "infra/aws/deploy.sh", "\n\n\n\n\n"+row.answer+"\n"); err != nil {
			t.Fatalf("%s: %v\n%s", row.name, err, out)
		}
		if got := strings.Join(d.lines("sam"), "\n"); !strings.Contains(got, "CreateTrail=\""+row.want) {
			t.Errorf("%s: want CreateTrail=%s in\n%s", row.name, row.want, got)
		}
	}
}

// TestTheAliasFollowsAVersion is about the script by which Terraform has CodeDeploy move it.
func TestTheAliasFollowsAVersion(t *testing.T) {
	for _, row := range []struct {
		name, old, status string
		moved, failed     bool
	}{
		{"as it was made", "2", "", false, false},
		{"a new version", "1", "Succeeded", true, false},
		{"one that is rolled back", "1", "Stopped", true, true},
	} {
		d := newDesk(t, map[string]string{"deploy create-deployment": "d-ABC", "deploy get-deployment": row.status})
		d.write(t, "move.sh", read(t, "../modules/aws/function/deploy.sh"))
		out, err := d.run(t, "move.sh", "", "FUNCTION=tfdrift-detector", "OLD="+row.old, "NEW=2", "APPLICATION=tfdrift", "GROUP=detector", "REGION=eu-west-1", "PAUSE=0")
		if (err != nil) != row.failed {
			t.Errorf("%s: error %v\n%s", row.name, err, out)
		}
		revision := d.option("deploy create-deployment", "--revision")
		if (revision != "") != row.moved {
			t.Errorf("%s: deployment %q", row.name, revision)
		}
		if !row.moved {
			continue
		}
		revision, _, _ = strings.Cut(revision, " --query")
		var r struct{ AppSpecContent struct{ Content string } }
		if err := json.Unmarshal([]byte(revision), &r); err != nil {
			t.Fatalf("%s: %v: %s", row.name, err, revision)
		}
		resource := object(object(list(object(document(t, r.AppSpecContent.Content))["Resources"])[0])["function"])
		want := map[string]any{"Name": "tfdrift-detector", "Alias": "live", "CurrentVersion": "1", "TargetVersion": "2"}
		if diff := cmp.Diff(want, resource["Properties"]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.name, diff)
		}
	}
}
