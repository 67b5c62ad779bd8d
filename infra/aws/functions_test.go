package aws_test

import (
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var functionsDocument = filepath.Join(root, "docs/aws-functions.md")

// rows are the rows of the table under a heading of a document, cell by cell.
func rows(t testing.TB, path, heading string) (all [][]string) {
	t.Helper()
	_, rest, found := strings.Cut(read(t, path), "\n## "+heading+"\n")
	if !found {
		t.Fatalf("%s has no heading %q", path, heading)
	}
	rest, _, _ = strings.Cut(rest, "\n## ")
	for line := range strings.Lines(rest) {
		if strings.HasPrefix(line, "| ") {
			cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
			for i, cell := range cells {
				cells[i] = strings.TrimSpace(cell)
			}
			all = append(all, cells)
		}
	}
	if len(all) < 2 {
		t.Fatalf("%s has no table under %q", path, heading)
	}
	return all[1:]
}

var functions = []string{"detector", "indexer", "notifier"}

// whom are the functions that a cell names.
func whom(cell string) []string {
	if cell == "all" {
		return functions
	}
	return strings.Split(cell, ", ")
}

// everywhere is the stack with all that it may have.
func everywhere(t testing.TB) inventory {
	return readTemplate(t, samTemplate, somewhere, parameters(variables["everything"])).inventory(t)
}

func TestFunctionsAreToldWhatTheyRead(t *testing.T) {
	want := map[string][]string{}
	for _, row := range rows(t, functionsDocument, "Variables") {
		for _, function := range whom(row[0]) {
			for _, name := range inCode.FindAllStringSubmatch(row[1], -1) {
				want[function] = append(want[function], name[1])
			}
		}
	}
	stack := everywhere(t)
	for _, function := range functions {
		got := slices.Sorted(maps.Keys(object(stack["function drift-"+function]["environment"])))
		slices.Sort(want[function])
		if diff := cmp.Diff(want[function], got); diff != "" {
			t.Errorf("variables of the %s, by %s (-) and in template.yaml (+):\n%s", function, functionsDocument, diff)
		}
	}
}

var (
	inCode = regexp.MustCompile("`([^`]+)`")
	call   = regexp.MustCompile("`([a-z0-9]+:)?([A-Z][A-Za-z]+)`")
)

// where are the statements of a function's role, by what the document says that it
// calls.
var where = map[string][]string{
	"index table":                  {"Index"},
	"ledger table":                 {"Ledger"},
	"states":                       {"States", "StateBuckets", "StateKeys"},
	"`TFDRIFT_STATE_BACKUP`":       {"Backups"},
	"the sealing key":              {"SealingKey"},
	"schedules of the group":       {"Settle", "SettleRole"},
	"retry queue":                  {"Deliveries"},
	"secrets of the configuration": {"Secrets"},
	"`TFDRIFT_FAILED_QUEUE_URL`":   {"Failed"},
}

// platform are the statements that no call of a function's code is behind.
var platform = map[string]struct {
	reason  string
	actions []string
}{
	"Logs":          {"Lambda writes what a function prints", []string{"logs:CreateLogStream", "logs:PutLogEvents"}},
	"Stream":        {"Lambda reads the ledger's stream", []string{"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"}},
	"Deliveries":    {"Lambda reads the retry queue", []string{"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}},
	"Key":           {"tables, queues and the secret are under the user's own key", []string{"kms:Decrypt", "kms:GenerateDataKey"}},
	"SecretKeys":    {"secrets may be under keys of their own", []string{"kms:Decrypt"}},
	"FindingsBus":   {"a channel of the configuration", []string{"events:PutEvents"}},
	"FindingsTopic": {"a channel of the configuration", []string{"sns:Publish"}},
	"SecurityHub":   {"a channel of the configuration", []string{"securityhub:BatchImportFindings"}},
}

// TestRolesAllowWhatIsCalledAndNoMore holds the roles to the document's table of calls.
func TestRolesAllowWhatIsCalledAndNoMore(t *testing.T) {
	want := map[string]map[string]bool{}
	for _, function := range functions {
		want[function] = map[string]bool{}
	}
	for _, row := range rows(t, functionsDocument, "What they call") {
		if where[row[1]] == nil {
			t.Errorf("%s: which statements are about %s?", functionsDocument, row[1])
			continue
		}
		service := ""
		for _, c := range call.FindAllStringSubmatch(row[2], -1) {
			if c[1] != "" {
				service = c[1]
			}
			for _, function := range whom(row[0]) {
				want[function][where[row[1]][0]+" "+service+c[2]] = true
			}
		}
	}
	stack := everywhere(t)
	for _, function := range functions {
		got := map[string]bool{}
		for _, s := range list(stack["role drift-"+function+"-eu-west-1"]["may"]) {
			statement := object(s)
			sid := statement["Sid"].(string)
			for _, action := range list(statement["Action"]) {
				if slices.Contains(platform[sid].actions, action.(string)) {
					continue
				}
				for _, sids := range where {
					if slices.Contains(sids, sid) {
						sid = sids[0]
					}
				}
				got[sid+" "+action.(string)] = true
			}
		}
		if diff := cmp.Diff(want[function], got); diff != "" {
			t.Errorf("the %s calls, by %s (-), and may call, by template.yaml (+):\n%s", function, functionsDocument, diff)
		}
	}
}

// resources are what a statement of a role may be about, as patterns.
var resources = map[string]string{
	"Logs":          `^arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/drift-ROLE:\*$`,
	"Failed":        `^arn:aws:sqs:eu-west-1:111122223333:drift-(ROLE|indexer)-failed$`,
	"Index":         `^arn:aws:dynamodb:eu-west-1:111122223333:table/drift-index$`,
	"Ledger":        `^arn:aws:dynamodb:eu-west-1:111122223333:table/drift-ledger(/index/\*)?$`,
	"Stream":        `^arn:aws:dynamodb:eu-west-1:111122223333:table/drift-ledger/stream/\*$`,
	"SealingKey":    `^arn:aws:secretsmanager:eu-west-1:111122223333:secret:drift/sealing-key-\?{6}$`,
	"Settle":        `^arn:aws:scheduler:eu-west-1:111122223333:schedule/drift-settle/\*$`,
	"SettleRole":    `^arn:aws:iam::111122223333:role/drift-scheduler-eu-west-1$`,
	"Deliveries":    `^arn:aws:sqs:eu-west-1:111122223333:drift-deliveries$`,
	"Invoke":        `^arn:aws:lambda:eu-west-1:111122223333:function:drift-indexer:live$`,
	"States":        `^arn:aws:s3:::(acme/prod/\*|acme-eu/env:/\*)$`,
	"StateBuckets":  `^arn:aws:s3:::(acme|acme-eu)$`,
	"StateKeys":     `^arn:aws:kms:eu-west-1:111122223333:key/[12]$`,
	"Backups":       `^arn:aws:s3:::drift-backup-111122223333-eu-west-1/\*$`,
	"Secrets":       `^arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-AbCdEf$`,
	"SecretKeys":    `^arn:aws:kms:eu-west-1:111122223333:key/3$`,
	"FindingsBus":   `^arn:aws:events:eu-west-1:444455556666:event-bus/tfdrift-findings$`,
	"FindingsTopic": `^arn:aws:sns:eu-west-1:111122223333:drift$`,
	"SecurityHub":   `^arn:aws:securityhub:eu-west-1:111122223333:product/111122223333/default$`,
	"Key":           `^arn:aws:kms:eu-west-1:111122223333:key/4$`,
}

func TestStatementsAreNarrow(t *testing.T) {
	seen := map[string]bool{}
	for thing, says := range everywhere(t) {
		role, ok := strings.CutPrefix(thing, "role drift-")
		if !ok {
			continue
		}
		role = strings.TrimSuffix(role, "-eu-west-1")
		for _, s := range list(says["may"]) {
			statement := object(s)
			sid := statement["Sid"].(string)
			seen[sid] = true
			pattern := strings.ReplaceAll(resources[sid], "ROLE", role)
			for _, arn := range list(statement["Resource"]) {
				if pattern == "" || !regexp.MustCompile(pattern).MatchString(arn.(string)) {
					t.Errorf("%s: statement %s may be about %s, want %s", role, sid, arn, pattern)
				}
			}
			for _, action := range list(statement["Action"]) {
				if strings.Contains(action.(string), "*") {
					t.Errorf("%s: statement %s allows %s; name the actions", role, sid, action)
				}
			}
			if sid == "SettleRole" && fmt.Sprint(statement["Condition"]) != "map[StringEquals:map[iam:PassedToService:scheduler.amazonaws.com]]" {
				t.Errorf("%s: the role may be passed to others than the scheduler: %v", role, statement["Condition"])
			}
		}
	}
	for sid := range resources {
		if !seen[sid] {
			t.Errorf("no role has a statement %s", sid)
		}
	}
}

// TestAPlainStackMayLittle: what was not asked for is not allowed.
func TestAPlainStackMayLittle(t *testing.T) {
	stack := readTemplate(t, samTemplate, somewhere, nil).inventory(t)
	want := map[string][]string{
		"detector":  {"Failed", "Index", "Ledger", "Logs", "SealingKey", "Settle", "SettleRole"},
		"indexer":   {"Failed", "Index", "Ledger", "Logs", "SealingKey", "Settle", "SettleRole"},
		"notifier":  {"Deliveries", "Failed", "Ledger", "Logs", "Stream"},
		"scheduler": {"Failed", "Invoke"},
	}
	for role, sids := range want {
		var got []string
		for _, s := range list(stack["role tfdrift-"+role+"-eu-west-1"]["may"]) {
			got = append(got, object(s)["Sid"].(string))
		}
		if diff := cmp.Diff(sids, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", role, diff)
		}
	}
}

// TestAlarmsAndDashboardKnowTheMetrics holds what they show to the document's table.
func TestAlarmsAndDashboardKnowTheMetrics(t *testing.T) {
	dimensions := map[string]string{}
	for _, row := range rows(t, functionsDocument, "Metrics") {
		for _, name := range inCode.FindAllStringSubmatch(row[0], -1) {
			dimensions[name[1]] = strings.Trim(row[2], "` ")
		}
	}
	known := func(of, name string, given []string) {
		t.Helper()
		further, ok := dimensions[name]
		want := []string{"Deployment"}
		if further != "" {
			want = append(want, further)
		}
		if !ok {
			t.Errorf("%s is of %s, which no function writes", of, name)
		} else if diff := cmp.Diff(want, given); diff != "" {
			t.Errorf("%s: dimensions of %s (-want +got):\n%s", of, name, diff)
		}
	}
	stack := everywhere(t)
	for thing, says := range stack {
		if says["namespace"] == "tfdrift" {
			known(thing, says["metric"].(string), slices.Sorted(maps.Keys(object(says["dimensions"]))))
		}
	}
	shown := map[string]bool{}
	for _, w := range list(object(stack["dashboard drift-eu-west-1"]["body"])["widgets"]) {
		properties := object(object(w)["properties"])
		title := fmt.Sprint(properties["title"])
		for _, m := range list(properties["metrics"]) {
			metric := list(m)
			if expression, ok := object(metric[0])["expression"].(string); ok {
				found := regexp.MustCompile(`\{tfdrift,(\w+),(\w+)\} MetricName="(\w+)"`).FindStringSubmatch(expression)
				known(title, found[3], found[1:3])
				shown[found[3]] = true
				continue
			}
			if metric[0] == "tfdrift" {
				var given []string
				for i := 2; i+1 < len(metric); i += 2 {
					given = append(given, metric[i].(string))
				}
				known(title, metric[1].(string), given)
				shown[metric[1].(string)] = true
			}
		}
	}
	for name := range dimensions {
		if !shown[name] && name != "tfdrift_documents_passed_over_total" { // which is no trouble
			t.Errorf("the dashboard does not show %s", name)
		}
	}
}

func TestTheAlarms(t *testing.T) {
	want := []string{ // the predecessor's four first
		"CriticalDriftDetected", "HighDetectionLatency", "FalcoConnectionLost", "TerraformStateStale",
		"DeadLettersNotEmpty", "NoEvents", "StreamBehind", "Throttled", "detector-errors", "indexer-errors", "notifier-errors",
	}
	stack := everywhere(t)
	var got []string
	for thing, says := range stack {
		if name, ok := strings.CutPrefix(thing, "alarm drift-"); ok {
			got = append(got, name)
			if says["tells"] != 2.0 || says["tells the end"] != 2.0 {
				t.Errorf("alarm %s tells %v of its beginning and %v of its end, want the topic and the address", name, says["tells"], says["tells the end"])
			}
		}
	}
	for thing, says := range stack { // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
		period, ok := says["period"].(float64)
		most := 7 * 24 * 3600.0
		if period < 3600 {
			most = 24 * 3600
		}
		if ok && period*says["periods"].(float64) > most {
			t.Errorf("%s looks back further than CloudWatch takes", thing)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("alarms (-want +got):\n%s", diff)
	}
	var watched []string // every queue of what failed
	for _, q := range object(stack["alarm drift-DeadLettersNotEmpty"]["queries"]) {
		if name, ok := object(q.([]any)[6])["QueueName"].(string); ok {
			watched = append(watched, name)
		}
	}
	for thing := range stack {
		if name, ok := strings.CutPrefix(thing, "queue drift-"); ok && strings.HasSuffix(name, "failed") && !slices.Contains(watched, "drift-"+name) {
			t.Errorf("no alarm watches the queue %s", name)
		}
	}
}
