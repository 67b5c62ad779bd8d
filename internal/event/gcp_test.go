package event

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
)

func TestAuditEntry(t *testing.T) {
	want := &drift.Event{
		Provider: drift.GCP,
		ID:       "ins34",
		Source:   "compute.googleapis.com",
		Name:     "v1.compute.firewalls.patch",
		Time:     time.Date(2026, 8, 20, 9, 34, 7, 123456789, time.UTC),
		Account:  "acme-prod",
		Via:      drift.ViaGCPAudit,
		Actor: drift.Actor{
			Type: "user", Name: "alice@acme.com", ARN: "alice@acme.com", SourceIP: "198.51.100.23",
			UserAgent: "google-cloud-sdk gcloud/480.0.0", Names: []string{"alice@acme.com"},
		},
		Request:  json.RawMessage(`{"@type":"type.googleapis.com/compute.firewalls.patch","sourceRanges":["0.0.0.0/0"]}`),
		Resource: "projects/acme-prod/global/firewalls/allow-ssh",
		Labels:   map[string]string{"firewall_rule_id": "123", "project_id": "acme-prod"},
		Pair:     drift.PairFirst,
		PairID:   "operation-1",
	}
	if diff := cmp.Diff(want, decodeOne(t, auditSample)); diff != "" {
		t.Error(diff)
	}
}

// entry is a LogEntry of the given method, payload members and entry members.
func entry(method, payload, members string) string {
	return `{"insertId":"i","protoPayload":{"serviceName":"x.googleapis.com","methodName":"` + method + `"` + payload + `}` + members + `}`
}

func TestAuditSilence(t *testing.T) {
	log := func(name string) string {
		return `,"logName":"projects/p/logs/cloudaudit.googleapis.com%2F` + name + `"`
	}
	for _, tt := range []struct {
		name, entry string
		want        drift.Silence
	}{
		{"activity", entry("v1.compute.firewalls.patch", `,"status":{}`, log("activity")), ""},
		{"status code 0", entry("v1.compute.firewalls.patch", `,"status":{"code":0}`, log("activity")), ""},
		{"log name unescaped", entry("v1.compute.firewalls.patch", "", `,"logName":"projects/p/logs/cloudaudit.googleapis.com/data_access"`), drift.SilentReadOnly},
		{"system event", entry("compute.instances.migrateOnHostMaintenance", "", log("system_event")), ""},
		{"data access", entry("storage.objects.create", "", log("data_access")), drift.SilentReadOnly},
		{"policy denied", entry("storage.buckets.update", "", log("policy")), drift.SilentFailed},
		{"denied", entry("v1.compute.firewalls.patch", `,"status":{"code":7,"message":"PERMISSION_DENIED"}`, log("activity")), drift.SilentFailed},
		{"severity ERROR with a message", entry("v1.compute.firewalls.patch", `,"status":{"message":"no"}`, `,"severity":"ERROR"`), drift.SilentFailed},
		{"severity ERROR without status", entry("v1.compute.firewalls.patch", "", `,"severity":"ERROR"`), ""},
		{"list", entry("v1.compute.firewalls.list", "", ""), drift.SilentReadOnly},
		{"aggregated list", entry("v1.compute.instances.aggregatedList", "", ""), drift.SilentReadOnly},
		{"get of gRPC", entry("google.iam.admin.v1.GetServiceAccount", "", ""), drift.SilentReadOnly},
		{"test permissions", entry("google.iam.v1.IAMPolicy.TestIamPermissions", "", ""), drift.SilentReadOnly},
		{"set policy", entry("google.iam.v1.IAMPolicy.SetIamPolicy", "", ""), ""},
		{"validate only", entry("google.cloud.redis.v1.CloudRedis.UpdateInstance", `,"request":{"validateOnly":true}`, ""), drift.SilentDryRun},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := decodeOne(t, tt.entry).Silent; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestProjectAndPlaceOfAuditEntries(t *testing.T) {
	for _, tt := range []struct{ name, entry, project, place string }{
		{"labels", entry("m.x", `,"resourceName":"projects/n/zones/z/instances/i"`, `,"resource":{"labels":{"project_id":"p","zone":"us-central1-a"}}`), "p", "us-central1-a"},
		{"location before zone", entry("m.x", "", `,"resource":{"labels":{"project_id":"p","location":"europe-west1","zone":"z"}}`), "p", "europe-west1"},
		{"log name", entry("m.x", "", `,"logName":"projects/p/logs/x"`), "p", ""},
		{"resource name", entry("m.x", `,"resourceName":"projects/p/locations/europe-west1/services/s"`, ""), "p", "europe-west1"},
		{"full resource name", entry("m.x", `,"resourceName":"//cloudresourcemanager.googleapis.com/projects/p"`, ""), "p", ""},
		{"bucket", entry("m.x", `,"resourceName":"projects/_/buckets/b"`, ""), "", ""},
		{"global", entry("m.x", `,"resourceName":"projects/p/locations/global/keyRings/k"`, `,"resource":{"labels":{"location":"global"}}`), "p", ""},
		{"organization", entry("m.x", `,"resourceName":"organizations/1"`, `,"logName":"organizations/1/logs/x"`), "", ""},
	} {
		if e := decodeOne(t, tt.entry); e.Account != tt.project || e.Region != tt.place {
			t.Errorf("%s: got %q %q, want %q %q", tt.name, e.Account, e.Region, tt.project, tt.place)
		}
	}
}

func TestPairs(t *testing.T) {
	for members, want := range map[string]drift.Pair{
		`"id":"o","first":true`:             drift.PairFirst,
		`"id":"o","last":true`:              drift.PairLast,
		`"id":"o","first":true,"last":true`: drift.PairNone,
		`"id":"o"`:                          drift.PairNone,
	} {
		e := decodeOne(t, entry("m.x", "", `,"operation":{`+members+`}`))
		if e.Pair != want || e.PairID != "o" {
			t.Errorf("%s: got %q %q", members, e.Pair, e.PairID)
		}
	}
}

func TestActorOfGoogleCalls(t *testing.T) {
	for _, tt := range []struct {
		info, kind, name string
		names            []string
	}{
		{`{"principalEmail":"alice@acme.com","principalSubject":"user:alice@acme.com"}`, "user", "alice@acme.com", []string{"alice@acme.com", "user:alice@acme.com"}},
		{`{"principalEmail":"ci@p.iam.gserviceaccount.com","serviceAccountKeyName":"//iam.googleapis.com/projects/p/serviceAccounts/ci/keys/abc","serviceAccountDelegationInfo":[{"firstPartyPrincipal":{"principalEmail":"bob@acme.com"}},{"principalSubject":"user:eve@acme.com"}]}`,
			"serviceAccount", "ci@p.iam.gserviceaccount.com", []string{"ci@p.iam.gserviceaccount.com", "bob@acme.com", "user:eve@acme.com"}},
		{`{"principalSubject":"serviceAccount:x@p.iam.gserviceaccount.com"}`, "serviceAccount", "x@p.iam.gserviceaccount.com", []string{"x@p.iam.gserviceaccount.com", "serviceAccount:x@p.iam.gserviceaccount.com"}},
		{`{"principalSubject":"principal://iam.googleapis.com/locations/global/workforcePools/w/subject/carol"}`, "user",
			"principal://iam.googleapis.com/locations/global/workforcePools/w/subject/carol", []string{"principal://iam.googleapis.com/locations/global/workforcePools/w/subject/carol"}},
		{`{}`, "", "", nil},
	} {
		a := decodeOne(t, entry("m.x", `,"authenticationInfo":`+tt.info, "")).Actor
		if a.Type != tt.kind || a.Name != tt.name {
			t.Errorf("%s: got %q %q", tt.info, a.Type, a.Name)
		}
		if diff := cmp.Diff(tt.names, a.Names); diff != "" {
			t.Errorf("%s:\n%s", tt.info, diff)
		}
	}
}

func TestExtraIsServiceDataAndMetadata(t *testing.T) {
	for _, tt := range []struct{ payload, want string }{
		{`,"serviceData":{"policyDelta":{}},"metadata":{"x":1}`, `{"policyDelta":{},"x":1}`},
		{`,"serviceData":{},"metadata":{ "x":1 }`, `{"x":1}`},
		{`,"serviceData":{"a":1}`, `{"a":1}`},
		{`,"metadata":{"x":1}`, `{"x":1}`},
		{``, ``},
	} {
		if got := string(decodeOne(t, entry("m.x", tt.payload, "")).Extra); got != tt.want {
			t.Errorf("%s: got %s", tt.payload, got)
		}
	}
}

func TestSplitEntriesAreJoined(t *testing.T) {
	part := func(i int, request string) string {
		return fmt.Sprintf(`{"insertId":"i-%d","protoPayload":{"serviceName":"s","methodName":"m.x","request":%s,"response":{"r%d":1}},"split":{"uid":"u","index":%d,"totalSplits":3}}`, i, request, i, i)
	}
	first := strings.Replace(part(0, `{"name":"n","list":["foo","ba"],"text":"abc"}`), `"index":0,`, "", 1)
	second, third := part(1, `{"list":["","r","baz"],"text":"def","flag":true}`), part(2, `{"nested":{"x":1}}`)

	ids, broken := readAll(t, NewReader(strings.NewReader(third+first+record("a")+second), "x"))
	if diff := cmp.Diff([]string{"a", "i-0"}, ids); diff != "" || broken != nil {
		t.Fatalf("%v\n%s", broken, diff)
	}
	e := decodeOne(t, first+first+third+second)
	want := `{"flag":true,"list":["foo","bar","baz"],"name":"n","nested":{"x":1},"text":"abcdef"}`
	if string(e.Request) != want || string(e.Response) != `{"r0":1,"r1":1,"r2":1}` || e.Omitted || e.Silent != "" {
		t.Errorf("got %s, %+v", e.Request, e)
	}

	t.Run("a part alone", func(t *testing.T) {
		if e := decodeOne(t, first); !e.Omitted || e.Silent != "" || e.ID != "i-0" {
			t.Errorf("first: %+v", e)
		}
		if e := decodeOne(t, second); !e.Omitted || e.Silent != drift.SilentNotACall {
			t.Errorf("second: %+v", e)
		}
	})
	t.Run("a part missing at the end", func(t *testing.T) {
		r := NewReader(strings.NewReader(first+third), "x")
		e, err := r.Next()
		if err != nil || !e.Omitted || e.ID != "i-0" || r.Skipped != 0 {
			t.Errorf("%+v, %v", e, err)
		}
	})
}

func TestDerivedIDIsTheSameForNativeAndFalco(t *testing.T) {
	native := decodeOne(t, auditSample)
	bare := decodeOne(t, strings.Replace(auditSample, `"insertId":"ins34",`, "", 1))
	if bare.ID != DerivedID(native) || !strings.HasPrefix(bare.ID, "derived-") {
		t.Errorf("got %s and %s", bare.ID, DerivedID(native))
	}
	other := *native
	other.Resource += "2"
	if DerivedID(&other) == bare.ID {
		t.Error("another resource has the same id")
	}
}
