package aws_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"tfdrift/events"
	"tfdrift/internal/catalog"
	"tfdrift/internal/config"
	"tfdrift/internal/drift"
)

// matches tells whether an event passes a pattern, as far as ours go: fields must
// all match, of a list one, and a field that is absent only where that is allowed.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
func matches(pattern map[string]any, event map[string]any) bool {
	for name, want := range pattern {
		value, there := event[name]
		switch want := want.(type) {
		case map[string]any:
			if inner := object(value); !matches(want, inner) {
				return false
			}
		case []any:
			if !slices.ContainsFunc(want, func(w any) bool {
				switch w := w.(type) {
				case map[string]any:
					if not, ok := w["anything-but"]; ok {
						return there && !slices.Contains(list(not), value)
					}
					return w["exists"] == there
				default:
					return there && w == value
				}
			}) {
				return false
			}
		}
	}
	return true
}

// patterns are a stack's, unabridged: what normal leaves out counts here.
func patterns(t testing.TB) map[string]map[string]any {
	t.Helper()
	tpl := readTemplate(t, samTemplate, somewhere, parameters(variables["everything"]))
	all := map[string]map[string]any{}
	for _, id := range tpl.ofType("AWS::Events::Rule") {
		p := tpl.there(id)
		all[strings.TrimPrefix(p["Name"].(string), "drift-")] = object(p["EventPattern"])
	}
	return all
}

// maxPattern is how long a pattern may be.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
const maxPattern = 2048

func TestPatternsAreShortEnough(t *testing.T) {
	for name, p := range patterns(t) {
		raw, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if len(raw) > maxPattern {
			t.Errorf("the pattern of %s has %d characters, EventBridge takes %d", name, len(raw), maxPattern)
		}
	}
}

// onBus are the samples as EventBridge delivers them, by name.
func onBus(t testing.TB) map[string]map[string]any {
	t.Helper()
	entries, err := events.Files.ReadDir("aws")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]any{}
	for _, entry := range entries {
		raw, err := events.Files.ReadFile("aws/" + entry.Name())
		if err != nil {
			t.Fatal(err)
		}
		e := object(document(t, string(raw)))
		switch {
		case e["detail-type"] != nil:
		case e["eventType"] == "AwsApiCall":
			e = map[string]any{"detail-type": "AWS API Call via CloudTrail", "detail": e}
		case e["output_fields"] != nil:
			e = map[string]any{"detail-type": "Falco Alert", "detail": e}
		default: // sign-ins, what a service did by itself, other envelopes
			continue
		}
		all[entry.Name()] = e
	}
	return all
}

func TestTheDetectorHearsEveryCallThatMayChangeSomething(t *testing.T) {
	rules := patterns(t)
	for name, e := range onBus(t) {
		call := object(e["detail"])
		falco := e["detail-type"] == "Falco Alert"
		want := call["readOnly"] != true && call["eventName"] != "CreateLogStream"
		for rule, want := range map[string]bool{"changes": want && !falco, "falco": falco, "forwarded-changes": want} {
			if got := matches(rules[rule], e); got != want {
				t.Errorf("%s passes the rule %s: %v, want %v", name, rule, got, want)
			}
		}
		if falco {
			continue
		}
		delete(call, "readOnly") // older events have none
		if got := matches(rules["changes"], e); got != (call["eventName"] != "CreateLogStream") {
			t.Errorf("%s without readOnly passes: %v", name, got)
		}
	}
}

// TestWhatIsNotHeardIsNoDrift: what a pattern leaves out, the catalog must know to be nothing.
func TestWhatIsNotHeardIsNoDrift(t *testing.T) {
	for _, rule := range []string{"changes", "forwarded-changes"} {
		for _, alternative := range list(object(patterns(t)[rule]["detail"])["eventName"]) {
			for _, name := range list(object(alternative)["anything-but"]) {
				rows := catalog.Lookup(drift.AWS, "logs.amazonaws.com", name.(string))
				if len(rows) == 0 {
					t.Errorf("%s leaves out %s, which the catalog does not know", rule, name)
				}
				for _, row := range rows {
					if row.Effect != drift.Silent {
						t.Errorf("%s leaves out %s, which changes %s", rule, name, row.Type)
					}
				}
			}
		}
	}
}

func TestTheIndexerHearsOfStatesAndLocks(t *testing.T) {
	rules := patterns(t)
	for _, row := range []struct {
		kind, bucket string
		want         bool
	}{
		{"Object Created", "acme", true},
		{"Object Deleted", "acme-eu", true},
		{"Object Created", "photos", false},
		{"Object Tags Added", "acme", false},
	} {
		e := map[string]any{"source": "aws.s3", "detail-type": row.kind, "detail": map[string]any{"bucket": map[string]any{"name": row.bucket}, "object": map[string]any{"key": "prod/terraform.tfstate.tflock"}}}
		for _, rule := range []string{"states", "forwarded-states"} {
			if got := matches(rules[rule], e); got != row.want {
				t.Errorf("%s in %s passes the rule %s: %v, want %v", row.kind, row.bucket, rule, got, row.want)
			}
		}
	}
}

func TestForwardingPassesWhatTheBusHears(t *testing.T) {
	for changes, want := range map[string]map[string]bool{
		"all":    {"iam.amazonaws.com": true, "ec2.amazonaws.com": true},
		"global": {"iam.amazonaws.com": true, "ec2.amazonaws.com": false},
	} {
		tpl := readTemplate(t, "../aws-forwarding/template.yaml", somewhere, map[string]any{"BusArn": "b", "StateBuckets": []any{"acme"}, "Changes": changes})
		for source, want := range want {
			e := map[string]any{"source": "aws.x", "detail-type": "AWS API Call via CloudTrail", "detail": map[string]any{"eventSource": source, "eventName": "PutX", "readOnly": false}}
			if got := matches(object(tpl.there("ForwardedChanges")["EventPattern"]), e); got != want {
				t.Errorf("%s: an event of %s passes: %v, want %v", changes, source, got, want)
			}
		}
	}
	none := readTemplate(t, "../aws-forwarding/template.yaml", somewhere, map[string]any{"BusArn": "b"})
	if ids := none.ofType("AWS::Events::Rule"); len(ids) > 0 {
		t.Errorf("rules %v, without anything to forward", ids)
	}
}

func TestWithoutAConfigurationAllStatesOfTheBucketsAreWatched(t *testing.T) {
	for _, buckets := range [][]any{{"acme"}, {"acme", "acme-eu"}} {
		stack := readTemplate(t, samTemplate, somewhere, map[string]any{"StateBuckets": buckets}).inventory(t)
		text := object(stack["function tfdrift-indexer"]["environment"])["TFDRIFT_CONFIG"].(string)
		c, _, err := config.Load(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		var got []any
		for _, s := range c.Providers.AWS.State {
			got = append(got, s.S3Bucket)
			if s.S3Prefix != "/" {
				t.Errorf("%s: not all of the bucket is watched", text)
			}
		}
		if !slices.Equal(got, buckets) {
			t.Errorf("%s: buckets %v, want %v", text, got, buckets)
		}
	}
}
