package event_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
	"tfdrift/internal/event"
)

func TestDocumentsOfAPayload(t *testing.T) {
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	z.Write([]byte(`{"a":1}`))
	z.Close()
	for _, test := range []struct {
		name, payload, want string
	}{
		{"one", `{"a":1}`, `{"a":1}`},
		{"lines", "{\"a\":1}\n{\"b\":2}\n", `{"a":1} {"b":2}`},
		{"an array", `[{"a":1},{"b":2}]`, `{"a":1} {"b":2}`},
		{"gzip", zipped.String(), `{"a":1}`},
		{"gzip cut off", zipped.String()[:15], "broken"},
		{"one that is broken", "{\"a\":1}\n{broken\n{\"b\":2}\n", `{"a":1} broken {"b":2}`},
		{"nothing", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for doc, err := range event.Documents([]byte(test.payload)) {
				if err != nil {
					doc = []byte("broken")
				}
				got = append(got, string(doc))
			}
			if diff := cmp.Diff(test.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnAlertTellsItsCallWithoutItsRecord(t *testing.T) {
	alert := func(fields string) string {
		return `{"rule":"r","priority":"Notice","source":"s","output_fields":` + fields + `}`
	}
	trail := event.Call{Provider: drift.AWS, Source: "ec2.amazonaws.com", Name: "StopInstances"}
	for _, test := range []struct {
		name, doc string
		want      event.Alert
		isNone    bool
	}{
		{name: "cloudtrail", doc: alert(`{"ct.src":"ec2.amazonaws.com","ct.shortsrc":"ec2","ct.name":"StopInstances"}`),
			want: event.Alert{Rule: "r", Source: "s", Calls: []event.Call{trail}}},
		{name: "gcpaudit", doc: alert(`{"gcp.serviceName":"compute.googleapis.com","gcp.methodName":"v1.compute.firewalls.patch"}`),
			want: event.Alert{Rule: "r", Source: "s", Calls: []event.Call{{Provider: drift.GCP, Source: "compute.googleapis.com", Name: "v1.compute.firewalls.patch"}}}},
		{name: "only a record", doc: alert(`{"json.obj":"{\"eventSource\":\"ec2.amazonaws.com\",\"eventName\":\"StopInstances\",\"eventTime\":\"2026-08-20T09:00:00Z\"}"}`),
			want: event.Alert{Rule: "r", Source: "s", Calls: []event.Call{trail}}},
		{name: "a system call", doc: alert(`{"proc.name":"bash"}`), want: event.Alert{Rule: "r", Source: "s"}},
		{name: "Falco had no name", doc: alert(`{"ct.src":"ec2.amazonaws.com","ct.name":"<NA>"}`), want: event.Alert{Rule: "r", Source: "s"}},
		{name: "a bare record", doc: `{"eventSource":"ec2.amazonaws.com","eventName":"StopInstances"}`, isNone: true},
		{name: "something else", doc: `{"rule":"r"}`, isNone: true},
		{name: "a number", doc: `7`, isNone: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, ok := event.ReadAlert([]byte(test.doc))
			if ok == test.isNone {
				t.Fatalf("is an alert: %v", ok)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A large alert loses what decoding does not read, and says the same.
func TestALargeAlertShrinksToWhatIsRead(t *testing.T) {
	for _, sample := range []string{"aws/role-admin-attached-falco.json", "gcp/firewall-opened-seen-by-falco.json"} {
		raw, err := os.ReadFile("../../events/" + sample)
		if err != nil {
			t.Fatal(err)
		}
		var doc map[string]any
		if err := json.Unmarshal(raw, &doc); err != nil {
			t.Fatal(err)
		}
		if inner, ok := doc["detail"].(map[string]any); ok {
			doc = inner
		}
		raw, _ = json.Marshal(doc)
		doc["output"] = strings.Repeat("x", 1<<20)
		doc["output_fields"].(map[string]any)["proc.cmdline"] = strings.Repeat("y", 1<<20)
		large, _ := json.Marshal(doc)
		shrunk, without, ok := event.ShrinkAlert(large, 64<<10)
		if !ok {
			t.Fatalf("%s: it stays too large", sample)
		}
		if got := fmt.Sprint(without); !strings.Contains(got, "output") || !strings.Contains(got, "proc.cmdline") {
			t.Errorf("%s: without %v", sample, without)
		}
		want, _ := event.Decode(raw)
		got, err := event.Decode(shrunk)
		if err != nil || len(want) != 1 {
			t.Fatal(err, len(want))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: another event (-want +got):\n%s", sample, diff)
		}
	}
}

func TestAnAlertWithALargeRequestSaysThatItIsLeftOut(t *testing.T) {
	alert := func(fields map[string]string) []byte {
		raw, err := json.Marshal(map[string]any{"rule": "r", "priority": "Notice", "time": "2026-08-20T09:00:00Z", "output_fields": fields})
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	large := `{"policy":"` + strings.Repeat("x", 4000) + `"}`
	fields := map[string]string{"ct.name": "PutBucketPolicy", "ct.src": "s3.amazonaws.com", "ct.id": "e", "ct.request": large, "ct.response": large}
	for _, test := range []struct {
		most    int
		without string
		omitted bool
	}{{1 << 20, "[]", false}, {5000, "[ct.response]", false}, {1000, "[ct.response ct.request]", true}} {
		shrunk, without, ok := event.ShrinkAlert(alert(fields), test.most)
		if !ok || len(shrunk) > test.most || fmt.Sprint(without) != test.without {
			t.Errorf("at most %d: %v without %v, %d bytes", test.most, ok, without, len(shrunk))
		}
		events, err := event.Decode(shrunk)
		if err != nil || len(events) != 1 || events[0].ID != "e" || events[0].Omitted != test.omitted {
			t.Errorf("at most %d: %v, error %v", test.most, events, err)
		}
	}
	record := alert(map[string]string{"json.obj": `{"eventName":"PutBucketPolicy","eventSource":"s3.amazonaws.com","requestParameters":` + large + `}`})
	if _, _, ok := event.ShrinkAlert(record, 1000); ok {
		t.Error("a record that nothing else tells of became small")
	}
}

func BenchmarkReadAlert(b *testing.B) {
	raw, err := os.ReadFile("../../events/aws/role-admin-attached-falco.json")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, ok := event.ReadAlert(raw); !ok {
			b.Fatal("no alert")
		}
	}
}

func FuzzReadAlert(f *testing.F) {
	f.Add([]byte(`{"rule":"r","output_fields":{"ct.src":"ec2.amazonaws.com","ct.name":"StopInstances","json.obj":"{\"protoPayload\":{}}"}}`), 40)
	f.Fuzz(func(t *testing.T, payload []byte, most int) {
		for doc, err := range event.Documents(payload) {
			if err != nil {
				continue
			}
			if _, ok := event.ReadAlert(doc); !ok {
				continue
			}
			if small, _, ok := event.ShrinkAlert(doc, most); ok && (len(small) > most || !json.Valid(small)) {
				t.Errorf("%d bytes of %d: %s", len(small), most, small)
			}
		}
	})
}
