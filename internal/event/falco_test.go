package event

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
)

// alert is a Falco alert with the given output_fields members.
func alert(source, members string) string {
	return `{"hostname":"h","output":"text","priority":"Warning","rule":"r","source":"` + source + `","tags":[],"time":"2026-08-20T09:04:07.5Z","output_fields":{` + members + `}}`
}

func TestFalcoCarriesTheWholeRecord(t *testing.T) {
	for name, doc := range map[string]string{
		"json.obj":       alert("aws_cloudtrail", `"ct.name":"x","json.obj":`+quote(trailSample)),
		"jevt.obj":       alert("aws_cloudtrail", `"evt.time":1,"jevt.obj":`+quote("\n "+trailSample)),
		"as an object":   alert("aws_cloudtrail", `"record":`+trailSample),
		"evt.plugininfo": alert("gcp_auditlog", `"gcp.user":"x","evt.plugininfo":`+quote(auditSample)),
	} {
		native := trailSample
		if strings.Contains(name, "plugininfo") {
			native = auditSample
		}
		want := decodeOne(t, native)
		want.Via = drift.ViaFalco
		if diff := cmp.Diff(want, decodeOne(t, doc)); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func TestFalcoFieldsMakeTheSameEvent(t *testing.T) {
	got := decodeOne(t, falcoSample)
	want := &drift.Event{
		Provider: drift.AWS, Via: drift.ViaFalco,
		ID: "02e62b4f-a2e3-445a-3c0c-ceb274e801aa", Source: "ec2.amazonaws.com", Name: "AuthorizeSecurityGroupIngress",
		Time: time.Date(2026, 8, 20, 9, 4, 7, 0, time.UTC), Account: "111122223333", Region: "us-east-1",
		Request:  []byte(`{"groupId":"sg-0aa11bb22cc33dd44","ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort":22,"toPort":22,"ipRanges":{"items":[{"cidrIp":"0.0.0.0/0"}]}}]}}`),
		Response: []byte(`{"_return":true}`),
		Actor: drift.Actor{Type: "IAMUser", Name: "alice", ARN: "arn:aws:iam::111122223333:user/alice", SourceIP: "198.51.100.23",
			UserAgent: "aws-cli/2.15.0", Names: []string{"alice", "arn:aws:iam::111122223333:user/alice"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFalcoAlertsOfDeniedCallsAreNoChange(t *testing.T) {
	fields := `"gcp.serviceName":"compute.googleapis.com","gcp.methodName":"v1.compute.firewalls.patch","gcp.resourceName":"projects/p/global/firewalls/f","gcp.request":"{}",`
	for granted, want := range map[string]drift.Silence{"false": drift.SilentFailed, "true": ""} {
		doc := alert("gcp_auditlog", fields+`"gcp.authorizationInfo":"[{\"permission\":\"compute.firewalls.update\",\"granted\":`+granted+`}]"`)
		if got := decodeOne(t, doc).Silent; got != want {
			t.Errorf("granted %s: silent %q, want %q", granted, got, want)
		}
	}
}

func TestFalcoFieldsOfCloudTrail(t *testing.T) {
	base := `"ct.name":"PutRolePolicy","ct.shortsrc":"iam","ct.request":"{\"roleName\":\"r\"}"`
	for _, tt := range []struct {
		name, members string
		check         func(e *drift.Event) bool
	}{
		{"source from its short form", base, func(e *drift.Event) bool { return e.Source == "iam.amazonaws.com" && !e.Omitted && e.Silent == "" }},
		{"failed", base + `,"ct.error":"AccessDenied"`, func(e *drift.Event) bool { return e.Silent == drift.SilentFailed }},
		{"not available is not failed", base + `,"ct.error":"<NA>"`, func(e *drift.Event) bool { return e.Silent == "" }},
		{"role of a session", base + `,"ct.user.identitytype":"AssumedRole","ct.user":"deploy","ct.user.arn":"arn:aws:sts::1:assumed-role/deploy/botocore-session-1"`,
			func(e *drift.Event) bool { return e.Actor.Name == "deploy" }},
		{"person of a session", base + `,"ct.user.identitytype":"AssumedRole","ct.user":"AWSReservedSSO_A_0","ct.user.arn":"arn:aws:sts::1:assumed-role/AWSReservedSSO_A_0/bob@acme.com"`,
			func(e *drift.Event) bool { return e.Actor.Name == "bob@acme.com" }},
		{"service", base + `,"ct.user.identitytype":"AWSService","ct.user":"autoscaling.amazonaws.com"`,
			func(e *drift.Event) bool { return e.Actor.Name == "autoscaling.amazonaws.com" }},
		{"time of the alert", base, func(e *drift.Event) bool { return e.Time.Equal(time.Date(2026, 8, 20, 9, 4, 7, 5e8, time.UTC)) }},
		{"values by pointer", `"ct.name":"PutX","json.value[/eventSource]":"s3.amazonaws.com","jevt.value[/requestParameters]":"{\"bucketName\":\"b\"}","json.value[/userIdentity/userName]":"zoe","json.value[/readOnly]":"false"`,
			func(e *drift.Event) bool {
				return e.Source == "s3.amazonaws.com" && string(e.Request) == `{"bucketName":"b"}` && e.Actor.Name == "zoe" && !e.Omitted
			}},
		{"pieces of the request", `"ct.name":"DeleteBucketPolicy","ct.src":"s3.amazonaws.com","s3.bucket":"b"`,
			func(e *drift.Event) bool { return string(e.Request) == `{"bucketName":"b"}` && e.Omitted }},
		{"request cut short", `"ct.name":"PutX","ct.src":"s3.amazonaws.com","ct.request":"{\"bucketName\":\"b"`,
			func(e *drift.Event) bool { return e.Request == nil && e.Omitted }},
		{"whole record cut short", base + `,"json.obj":"{\"eventName\":\"PutRolePolicy\",\"eventSource\":\"iam"`,
			func(e *drift.Event) bool { return e.Source == "iam.amazonaws.com" && !e.Omitted }},
		{"read-only by its verb", `"ct.name":"ListRoles","ct.src":"iam.amazonaws.com","ct.readonly":"true"`,
			func(e *drift.Event) bool { return e.Silent == drift.SilentReadOnly }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if e := decodeOne(t, alert("aws_cloudtrail", tt.members)); !tt.check(e) || e.Via != drift.ViaFalco {
				t.Errorf("got %+v", e)
			}
		})
	}
}

func TestFalcoFieldsOfGCPAudit(t *testing.T) {
	e := decodeOne(t, alert("gcp_auditlog", `"gcp.user":"alice@acme.com","gcp.callerIP":"203.0.113.7","gcp.userAgent":"Mozilla/5.0",
		"gcp.serviceName":"storage.googleapis.com","gcp.methodName":"storage.setIamPermissions","gcp.request":"{}",
		"gcp.policyDelta":"[{\"action\":\"ADD\",\"member\":\"allUsers\",\"role\":\"roles/storage.objectViewer\"}]",
		"gcp.authorizationInfo":"[{\"granted\":true,\"permission\":\"storage.buckets.setIamPolicy\",\"resource\":\"projects/_/buckets/b\",\"resourceAttributes\":{}}]",
		"json.value[/resource/labels/project_id]":"acme-prod","json.value[/resource/labels/location]":"eu"`))
	want := &drift.Event{
		Provider: drift.GCP, Via: drift.ViaFalco, Source: "storage.googleapis.com", Name: "storage.setIamPermissions",
		Time: time.Date(2026, 8, 20, 9, 4, 7, 5e8, time.UTC), Account: "acme-prod", Region: "eu", Resource: "projects/_/buckets/b",
		Labels:  map[string]string{"project_id": "acme-prod", "location": "eu"},
		Request: []byte(`{}`),
		Extra:   []byte(`{"policyDelta":{"bindingDeltas":[{"action":"ADD","member":"allUsers","role":"roles/storage.objectViewer"}]}}`),
		Actor: drift.Actor{Type: "user", Name: "alice@acme.com", ARN: "alice@acme.com", SourceIP: "203.0.113.7", UserAgent: "Mozilla/5.0",
			Console: true, Names: []string{"alice@acme.com"}},
	}
	want.ID = DerivedID(want)
	if diff := cmp.Diff(want, e); diff != "" {
		t.Error(diff)
	}
}

func TestFalcoAlertWithoutMethodIsReadOffItsRequest(t *testing.T) {
	e := decodeOne(t, alert("gcp_auditlog", `"gcp.user":"a@b.c","gcp.request":"{\"@type\":\"type.googleapis.com/compute.securityPolicies.addRule\",\"priority\":\"0\"}",
		"gcp.authorizationInfo":"[{\"permission\":\"compute.securityPolicies.update\",\"resourceAttributes\":{\"name\":\"projects/p/global/securityPolicies/s\"}}]"`))
	if e.Name != "v1.compute.securityPolicies.addRule" || e.Source != "compute.googleapis.com" || e.Resource != "projects/p/global/securityPolicies/s" || e.Account != "p" {
		t.Errorf("got %+v", e)
	}
}

func TestFalcoFieldsOfNewerGCPAudit(t *testing.T) {
	const members = `"gcp.user":"a@b.c","gcp.serviceName":"pubsub.googleapis.com","gcp.methodName":"google.pubsub.v1.Subscriber.DeleteSubscription",
		"gcp.resourceName":"projects/1/subscriptions/s","gcp.time":"2026-08-20T08:35:35.907065Z","gcp.projectId":"p","gcp.location":"us-central1"`
	e := decodeOne(t, alert("gcp_auditlog", members))
	if e.Account != "p" || e.Region != "us-central1" || e.Resource != "projects/1/subscriptions/s" || e.Time.Nanosecond() != 907065000 || !e.Omitted {
		t.Errorf("got %+v", e)
	}
	// This version of the plugin gives an empty text for a request: it is unknown, not empty.
	e = decodeOne(t, alert("gcp_auditlog", members+`,"gcp.request":"","gcp.resourceLabels":"{\"project_id\":\"q\",\"zone\":\"us-central1-a\"}"`))
	if e.Account != "q" || e.Region != "us-central1-a" || !e.Omitted {
		t.Errorf("got %+v", e)
	}
}
