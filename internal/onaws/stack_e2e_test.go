package onaws_test

import (
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/trigger/lambdatrigger/lambdatest"
)

const (
	opened = "security-group-opened-to-world"
	web    = "open aws_security_group.web"
)

func TestFromAStateToANotification(t *testing.T) {
	r := receive(t)
	s := deploy(t, r.config())
	s.write("prod/terraform.tfstate", sampleState(t))
	if copies := s.s3.Objects(backups); len(copies) != 1 {
		t.Errorf("%d backups of the state", len(copies))
	}
	s.invoke(s.detector, happening(t, opened, nil))
	if n := s.findings(); n != 1 {
		t.Errorf("%d findings in the table\n%s", n, s.detector.Log())
	}
	s.publish()
	r.want(t, web)

	s.invoke(s.detector, happening(t, opened, nil)) // EventBridge delivers at least once
	s.publish()
	r.want(t, web)

	undone := map[string]any{"eventName": "RevokeSecurityGroupIngress", "eventTime": "2026-08-20T09:30:00Z", "eventID": "undone"}
	s.invoke(s.detector, happening(t, opened, undone))
	s.publish()
	r.want(t, web, "resolved aws_security_group.web")

	for name, f := range map[string]*lambdatest.Function{"detector": s.detector, "indexer": s.indexer, "notifier": s.notifier} {
		if peak := f.Peak(); peak > mostMemory {
			t.Errorf("the %s had %d MB in memory, want at most %d", name, peak>>20, mostMemory>>20)
		}
	}
	for _, line := range []string{`"severity":"critical","tfdrift_events_total":1`, `"tfdrift_events_by_type":1,"type":"aws_security_group"`, `"tfdrift_findings_resolved_total":1`, `tfdrift_detection_latency_seconds`} {
		if !strings.Contains(s.detector.Log(), line) {
			t.Errorf("no metric %s in the detector's log", line)
		}
	}
	if !strings.Contains(s.notifier.Log(), `"channel":"webhook","tfdrift_notifications_delivered_total":1`) {
		t.Errorf("no metric of the delivery in the notifier's log:\n%s", s.notifier.Log())
	}
}

func TestTwoDetectorsAtOnceMakeOneNotification(t *testing.T) {
	r := receive(t)
	s := deploy(t, r.config())
	s.write("prod/terraform.tfstate", sampleState(t))
	var all sync.WaitGroup
	for range 2 {
		f := s.function("detector")
		all.Go(func() {
			if a := f.Invoke([]byte(happening(t, opened, nil)), plenty); a.Error != "" {
				t.Errorf("%s\n%s", a.Error, f.Log())
			}
		})
	}
	all.Wait()
	s.publish()
	r.want(t, web)
}

// The detector is killed with its finding judged and not written; or written, and
// it does not know. Lambda invokes it again with the same event.
func TestADetectorThatIsKilledMakesOneNotification(t *testing.T) {
	for _, row := range []struct {
		name          string
		before, after bool
	}{{name: "before the write", before: true}, {name: "after the write", after: true}} {
		t.Run(row.name, func(t *testing.T) {
			r := receive(t)
			s := deploy(t, r.config())
			s.write("prod/terraform.tfstate", sampleState(t))
			killed := make(chan bool, 1)
			kill := func(call string) bool {
				if call != "UpdateItem ledger" {
					return true
				}
				s.wires["detector"].hook(nil, nil)
				killed <- true
				return false
			}
			if row.before {
				s.wires["detector"].hook(kill, nil)
			} else {
				s.wires["detector"].hook(nil, kill)
			}
			dying := make(chan lambdatest.Answer)
			f := s.function("detector")
			go func() { dying <- f.Invoke([]byte(happening(t, opened, nil)), plenty) }()
			<-killed
			f.KillNow()
			if a := <-dying; !a.Died {
				t.Fatalf("it lives: %+v", a)
			}
			s.invoke(f, happening(t, opened, nil))
			s.publish()
			r.want(t, web)
			if n := s.findings(); n != 1 {
				t.Errorf("%d findings", n)
			}
		})
	}
}

func TestARefusedDeliveryWaitsInItsQueue(t *testing.T) {
	r := receive(t)
	r.answer(http.StatusInternalServerError)
	s := deploy(t, r.config())
	s.write("prod/terraform.tfstate", sampleState(t))
	s.invoke(s.detector, happening(t, opened, nil))
	s.publish() // the stream is not held up
	r.want(t)
	r.answer(http.StatusOK)
	waiting := s.receive(s.retry)
	if len(waiting) != 1 || !strings.HasPrefix(waiting[0], `{"channel":"webhook","finding":"`) {
		t.Fatalf("in the queue: %q\n%s", waiting, s.notifier.Log())
	}
	twice := fromQueue(t, waiting[0], waiting[0]) // SQS delivers at least once
	if got := s.invoke(s.notifier, twice); string(got) != `{"batchItemFailures":[]}` {
		t.Errorf("answer %s", got)
	}
	r.want(t, web)
}

func TestTerraformsOwnAppliesAreLeftAlone(t *testing.T) {
	r := receive(t)
	s := deploy(t, r.config())
	s.write("prod/terraform.tfstate", sampleState(t))
	at := time.Now().UTC().Truncate(time.Second)
	change := func(id string) string {
		return happening(t, "instance-type-changed", map[string]any{"eventTime": at.Format(time.RFC3339), "eventID": id})
	}
	s.write("prod/terraform.tfstate.tflock", `{"ID":"1"}`)
	s.invoke(s.detector, change("own"))
	s.publish()
	r.want(t)
	if n := len(s.schedules()); n != 1 {
		t.Errorf("%d schedules, want one for the longest apply", n)
	}
	s.remove("prod/terraform.tfstate.tflock")
	if n := len(s.schedules()); n != 2 {
		t.Errorf("%d schedules, want one more for the end of settle", n)
	}
	s.invoke(s.indexer, `{"detail-type":"tfdrift settle"}`) // too early
	s.publish()
	r.want(t)

	next := sampleOf(t, func(resource map[string]any) {
		if resource["type"] == "aws_instance" {
			for _, one := range resource["instances"].([]any) {
				one.(map[string]any)["attributes"].(map[string]any)["instance_type"] = "m6i.4xlarge"
			}
		}
	})
	s.write("prod/terraform.tfstate", next)
	s.publish()
	r.want(t)
	s.invoke(s.indexer, `{"detail-type":"tfdrift settle"}`)
	s.publish()
	r.want(t)
}

func TestWhatCanNeverBeDoneIsPutAway(t *testing.T) {
	s := deploy(t, receive(t).config())
	for _, row := range []struct {
		f       *lambdatest.Function
		payload string
		why     string
	}{
		{s.detector, `{"awslogs":{"data":"!"}}`, "not base64"},
		{s.indexer, `{"detail-type":"Object Created","source":"aws.s3","detail":{}}`, "names no object"},
		{s.indexer, `{"detail-type":"something else"}`, "does not know"},
		{s.notifier, fromQueue(t, "no JSON"), "names no channel"},
		{s.notifier, `{"detail-type":"tfdrift refresh"}`, "woken by"},
	} {
		a := row.f.Invoke([]byte(row.payload), plenty)
		if a.Error != "" {
			t.Errorf("%s: %s", row.payload, a.Error)
		}
		got := s.receive(s.failed)
		if len(got) != 1 || !strings.Contains(got[0], row.why) || !strings.Contains(got[0], `"requestPayload":{`) || !strings.Contains(got[0], `"requestId":"request-`) {
			t.Errorf("%s: put away %q, want %q in it", row.payload, got, row.why)
		}
	}
}

func TestTheSweepMakesUpForNoticesAndTellsHowItStands(t *testing.T) {
	r := receive(t)
	s := deploy(t, r.config())
	s.s3.Write(bucket, "prod/terraform.tfstate", sampleState(t))
	s.s3.Write(bucket, "broken/terraform.tfstate", `{"version":99}`)
	s.invoke(s.indexer, `{"detail-type":"tfdrift refresh"}`)
	if !strings.Contains(s.indexer.Log(), `"tfdrift_states_failed":1`) || !strings.Contains(s.indexer.Log(), `"tfdrift_state_age_seconds":`) {
		t.Errorf("metrics are missing:\n%s", s.indexer.Log())
	}
	s.invoke(s.detector, happening(t, opened, nil))
	s.publish()
	r.want(t, web)
}

func TestAFunctionThatCannotBeginSaysWhy(t *testing.T) {
	for _, row := range []struct{ function, variable, says string }{
		{"detector", "TFDRIFT_CONFIG={\"notifications\":{\"slak\":{}}}", "slak"},
		{"indexer", "TFDRIFT_CONFIG=", "TFDRIFT_INDEX_TABLE"},
		{"notifier", "TFDRIFT_LEDGER_TABLE=x", "TFDRIFT_RETRY_QUEUE_URL"},
	} {
		f := lambdatest.Start(t, []string{bootstrap(t, row.function)}, row.variable)
		if _, err := f.Init(); err == nil || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: error %v, want %q in it", row.function, err, row.says)
		}
	}
}

// docs/aws-functions.md says what each function calls, for those who write its
// role: here is all that it calls from a state to a notification.
func TestEachFunctionCallsWhatIsDocumented(t *testing.T) {
	documented := documentedCalls(t)
	r := receive(t)
	r.answer(http.StatusInternalServerError)
	s := deploy(t, strings.Replace(r.config(), `"webhook":{`, `"webhook":{"signing_secret_from_aws_secret":"`+"SECRET"+`",`, 1))
	s.invoke(s.indexer, `{"detail-type":"tfdrift refresh"}`)
	s.write("prod/terraform.tfstate", sampleState(t))
	s.invoke(s.detector, happening(t, opened, nil))
	s.invoke(s.detector, happening(t, "database-password-reset", nil))
	s.invoke(s.detector, happening(t, "role-tagged-by-terraform", nil))
	s.invoke(s.detector, `{"awslogs":{"data":"!"}}`)
	s.publish()
	s.write("prod/terraform.tfstate.tflock", "{}")
	s.remove("prod/terraform.tfstate.tflock")
	s.invoke(s.indexer, `{"detail-type":"tfdrift settle"}`)
	s.remove("prod/terraform.tfstate")
	s.invoke(s.indexer, `{"detail-type":"nothing"}`)
	s.invoke(s.notifier, fromQueue(t, "nothing"))
	for function, wire := range s.wires {
		calls := wire.counts()
		if len(calls) < 3 {
			t.Errorf("the %s called only %v; the test tests little", function, calls)
		}
		for call := range calls {
			if !documented[function][call] {
				t.Errorf("the %s calls %s, of which docs/aws-functions.md says nothing; it says %v", function, call, documented[function])
			}
		}
		for call := range documented[function] {
			if calls[call] == 0 && function != "indexer" {
				t.Errorf("the %s never called %s, which docs/aws-functions.md lets it", function, call)
			}
		}
	}
}

// documentedCalls reads the table "What they call", as [callOf] names calls.
func documentedCalls(t *testing.T) map[string]map[string]bool {
	t.Helper()
	raw, err := os.ReadFile("../../docs/aws-functions.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(raw), "## What they call")
	table, _, _ = strings.Cut(table, "Beside these")
	all := map[string]map[string]bool{"detector": {}, "indexer": {}, "notifier": {}}
	for line := range strings.Lines(table) {
		cells := strings.Split(line, "|")
		if len(cells) != 5 || strings.Contains(line, "---") {
			continue
		}
		for function, calls := range all {
			if !strings.Contains(cells[1], function) && !strings.Contains(cells[1], "all") {
				continue
			}
			for _, action := range permission.FindAllStringSubmatch(cells[3], -1) {
				for _, table := range []string{"index", "ledger"} {
					if action[1] == "dynamodb" && strings.Contains(cells[2], table+" table") {
						calls[action[2]+" "+table] = true
						if action[2] == "ConditionCheckItem" {
							calls["TransactWriteItems "+table] = true
						}
					}
				}
				switch {
				case action[1] == "scheduler":
					calls["scheduler POST schedules"] = true
				case action[1] != "dynamodb" && action[1] != "s3" && action[1] != "iam" && action[1] != "kms":
					calls[action[2]] = true
				}
			}
		}
	}
	return all
}

var permission = regexp.MustCompile("`([a-z]+):([A-Za-z]+)`")

// docs/cost.md reckons with these counts.
func TestWhatEachThingCosts(t *testing.T) {
	r := receive(t)
	s := deploy(t, r.config())
	s.invoke(s.indexer, `{"detail-type":"tfdrift refresh"}`) // reads the sealing key, if it needs it
	s.write("prod/terraform.tfstate", sampleState(t))
	s.invoke(s.detector, happening(t, "instances-described", nil))
	for _, wire := range s.wires {
		wire.counts()
	}
	for _, row := range []struct {
		name, function string
		do             func()
		want           map[string]int
	}{
		{"a state with nothing new in it", "indexer", func() {
			s.write("prod/terraform.tfstate", strings.Replace(sampleState(t), `"serial": 118`, `"serial": 119`, 1))
		},
			map[string]int{"GetItem index": 1, "Query index": 2, "UpdateItem index": 1, "TransactWriteItems index": 1, "PutItem index": 1, "Query ledger": 33}},
		{"an event that the catalog does not know", "detector", func() { s.invoke(s.detector, happening(t, opened, map[string]any{"eventName": "PutUnheardOf"})) }, map[string]int{}},
		{"an event on what no state manages", "detector", func() { s.invoke(s.detector, happening(t, "unmanaged-security-group-opened", nil)) }, map[string]int{"Query index": 1}},
		{"an event that opens a finding", "detector", func() { s.invoke(s.detector, happening(t, opened, nil)) },
			map[string]int{"Query index": 2, "GetItem index": 2, "GetItem ledger": 2, "UpdateItem ledger": 1}},
		{"the same event again", "detector", func() { s.invoke(s.detector, happening(t, opened, nil)) },
			map[string]int{"Query index": 2, "GetItem index": 1, "GetItem ledger": 2}},
		{"a notification on one channel", "notifier", s.publish, map[string]int{"GetItem ledger": 2, "PutItem ledger": 2, "Query ledger": 1}},
		{"an event set aside", "detector", func() { s.invoke(s.detector, happening(t, "role-tagged-by-terraform", nil)) },
			map[string]int{"Query index": 1, "GetItem ledger": 1, "PutItem ledger": 1, "scheduler POST schedules": 1}},
		{"a schedule that fires too early", "indexer", func() { s.invoke(s.indexer, `{"detail-type":"tfdrift settle"}`) }, nil},
		{"a sweep that finds nothing new", "indexer", func() { s.invoke(s.indexer, `{"detail-type":"tfdrift refresh"}`) }, map[string]int{"Query index": 2, "Query ledger": 2}},
	} {
		row.do()
		calls := s.wires[row.function].counts()
		if diff := cmp.Diff(row.want, calls); diff != "" && row.want != nil {
			t.Errorf("%s (-want +got):\n%s", row.name, diff)
		}
	}
}
