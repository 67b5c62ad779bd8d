package event

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
)

// decodeOne returns the one event of a document.
func decodeOne(t testing.TB, doc string) *drift.Event {
	t.Helper()
	events, err := Decode([]byte(doc))
	if err != nil || len(events) != 1 {
		t.Fatalf("%d events, %v, of %s", len(events), err, doc)
	}
	return events[0]
}

func TestCloudTrailRecord(t *testing.T) {
	want := &drift.Event{
		Provider: drift.AWS,
		ID:       "02e62b4f-a2e3-445a-3c0c-ceb274e801aa",
		Source:   "ec2.amazonaws.com",
		Name:     "AuthorizeSecurityGroupIngress",
		Time:     time.Date(2026, 8, 20, 9, 4, 7, 0, time.UTC),
		Account:  "111122223333",
		Region:   "us-east-1",
		Via:      drift.ViaCloudTrail,
		Request:  json.RawMessage(`{"groupId":"sg-0aa11bb22cc33dd44","ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort":22,"toPort":22,"groups":{},"ipRanges":{"items":[{"cidrIp":"0.0.0.0/0"}]},"ipv6Ranges":{},"prefixListIds":{}}]}}`),
		Response: json.RawMessage(`{"requestId":"1caadf29-3334-4ff7-8805-c59d2bb39f8c","_return":true,"securityGroupRuleSet":{"items":[{"groupId":"sg-0aa11bb22cc33dd44","securityGroupRuleId":"sgr-0123456789abcdef0"}]}}`),
		Actor: drift.Actor{
			Type:        "AssumedRole",
			Name:        "bob@acme.com",
			ARN:         "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_0a1b2c3d4e5f6a7b/bob@acme.com",
			SourceIP:    "198.51.100.23",
			UserAgent:   "AWS Internal",
			AccessKeyID: "ASIAEXAMPLE",
			Console:     true,
			Names: []string{
				"bob@acme.com",
				"AWSReservedSSO_Admin_0a1b2c3d4e5f6a7b",
				"arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_0a1b2c3d4e5f6a7b/bob@acme.com",
				"arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0a1b2c3d4e5f6a7b",
				"arn:aws:iam::111122223333:role/AWSReservedSSO_Admin_0a1b2c3d4e5f6a7b",
			},
		},
	}
	if diff := cmp.Diff(want, decodeOne(t, trailSample)); diff != "" {
		t.Error(diff)
	}
}

func TestCloudTrailSilence(t *testing.T) {
	for _, tt := range []struct {
		name, members string
		want          drift.Silence
	}{
		{"a change", `"eventName":"DeleteBucket","readOnly":false`, ""},
		{"a change, readOnly absent", `"eventName":"DeleteBucket"`, ""},
		{"a console action", `"eventName":"DeleteBucket","eventType":"AwsConsoleAction"`, ""},
		{"nulls", `"eventName":"DeleteBucket","errorCode":null,"errorMessage":null,"readOnly":null`, ""},
		{"read-only", `"eventName":"AssumeSomething","readOnly":true`, drift.SilentReadOnly},
		{"read-only as text", `"eventName":"AssumeSomething","readOnly":"true"`, drift.SilentReadOnly},
		{"a reading verb, readOnly absent", `"eventName":"DescribeInstances"`, drift.SilentReadOnly},
		{"a reading verb, readOnly false", `"eventName":"GetOrMakeKey","readOnly":false`, ""},
		{"a verb that only begins like one", `"eventName":"CheckoutLicense"`, ""},
		{"failed", `"eventName":"DeleteBucket","errorCode":"AccessDenied","errorMessage":"no"`, drift.SilentFailed},
		{"failed, message only", `"eventName":"DeleteBucket","errorMessage":"no"`, drift.SilentFailed},
		{"EC2 dry run", `"eventName":"RunInstances","errorCode":"Client.DryRunOperation","errorMessage":"Request would have succeeded, but DryRun flag is set."`, drift.SilentDryRun},
		{"dry run asked for", `"eventName":"UpdateDomainConfig","requestParameters":{"dryRun":true}`, drift.SilentDryRun},
		{"dry run not asked for", `"eventName":"UpdateDomainConfig","requestParameters":{"dryRun":false,"note":"dryRun"}`, ""},
		{"failed to read", `"eventName":"GetObject","readOnly":true,"errorCode":"AccessDenied"`, drift.SilentFailed},
		{"service event", `"eventName":"RotateKey","eventType":"AwsServiceEvent"`, drift.SilentNotACall},
		{"sign-in", `"eventName":"ConsoleLogin","eventType":"AwsConsoleSignIn"`, drift.SilentNotACall},
		{"insight", `"eventType":"AwsCloudTrailInsight","eventVersion":"1.08","insightDetails":{"state":"Start"},"eventCategory":"Insight"`, drift.SilentNotACall},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := decodeOne(t, `{"eventSource":"x.amazonaws.com",`+tt.members+`}`).Silent; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestOmittedParameters(t *testing.T) {
	for _, tt := range []struct {
		request string
		want    bool
	}{
		{`{"omitted":true,"originalSize":104857,"reason":"requestParameters too large"}`, true},
		{`{"bucketName":"b","truncated":"true"}`, true},
		{`{"bucketName":"omitted"}`, false},
		{`{"userData":"HIDDEN_DUE_TO_SECURITY_REASONS"}`, false},
		{`null`, false},
	} {
		e := decodeOne(t, `{"eventName":"PutX","eventSource":"s","requestParameters":`+tt.request+`,"responseElements":{"omitted":true}}`)
		if e.Omitted != tt.want || e.Response != nil {
			t.Errorf("%s: omitted %v, response %s", tt.request, e.Omitted, e.Response)
		}
		if tt.request != "null" && string(e.Request) != tt.request {
			t.Errorf("request %s became %s", tt.request, e.Request)
		}
	}
}

func TestActorOfAWSCalls(t *testing.T) {
	assumed := func(role, session string) string {
		return `{"type":"AssumedRole","principalId":"AROAX:` + session + `","arn":"arn:aws:sts::1:assumed-role/` + role + `/` + session + `","accountId":"1","sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::1:role/` + role + `","userName":"` + role + `"}}}`
	}
	for _, tt := range []struct{ name, identity, want string }{
		{"IAM user", `{"type":"IAMUser","arn":"arn:aws:iam::1:user/team/alice","userName":"alice"}`, "alice"},
		{"IAM user, ARN only", `{"type":"IAMUser","arn":"arn:aws:iam::1:user/team/alice"}`, "alice"},
		{"root", `{"type":"Root","arn":"arn:aws:iam::1:root","userName":"account-alias"}`, "root"},
		{"SSO", assumed("AWSReservedSSO_Admin_00", "bob@acme.com"), "bob@acme.com"},
		{"SSO, a number for a name", assumed("AWSReservedSSO_Admin_00", "1234567890"), "1234567890"},
		{"a person's session", assumed("admin", "carol"), "carol"},
		{"a pipeline", assumed("deploy", "GitHubActions"), "GitHubActions"},
		{"a Lambda function", assumed("app-role", "api-handler"), "api-handler"},
		{"terraform", assumed("deploy", "terraform"), "terraform"},
		{"service-linked role", assumed("AWSServiceRoleForAutoScaling", "AutoScaling"), "AutoScaling"},
		{"boto", assumed("deploy", "botocore-session-1700000000"), "deploy"},
		{"Go SDK", assumed("deploy", "aws-go-sdk-1700000000000000000"), "deploy"},
		{"JavaScript SDK", assumed("deploy", "aws-sdk-js-1700000000000"), "deploy"},
		{"CLI", assumed("deploy", "AWSCLI-Session"), "deploy"},
		{"instance", assumed("web", "i-0123456789abcdef0"), "web"},
		{"short instance", assumed("web", "i-0a1b2c3d"), "web"},
		{"number", assumed("deploy", "1700000000.123"), "deploy"},
		{"UUID", assumed("task", "0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f"), "task"},
		{"hex word is a name", assumed("deploy", "deadbeef"), "deadbeef"},
		{"role without issuer", `{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/deploy/botocore-session-1"}`, "deploy"},
		{"session by principal only", `{"type":"AssumedRole","principalId":"AROAX:carol"}`, "carol"},
		{"service", `{"type":"AWSService","invokedBy":"autoscaling.amazonaws.com"}`, "autoscaling.amazonaws.com"},
		{"web identity", `{"type":"WebIdentityUser","principalId":"accounts.google.com:app:user","userName":"user"}`, "user"},
		{"SAML", `{"type":"SAMLUser","principalId":"x:dave@acme.com","userName":"dave@acme.com"}`, "dave@acme.com"},
		{"federated", `{"type":"FederatedUser","arn":"arn:aws:sts::1:federated-user/erin","principalId":"1:erin"}`, "erin"},
		{"another account", `{"type":"AWSAccount","principalId":"AIDAX","accountId":"999988887777"}`, "999988887777"},
		{"another account's session", `{"type":"AWSAccount","principalId":"AROAX:frank","accountId":"999988887777"}`, "frank"},
		{"Identity Center", `{"type":"IdentityCenterUser","accountId":"1","onBehalfOf":{"userId":"94482488-3041","identityStoreArn":"a"}}`, "94482488-3041"},
		{"role", `{"type":"Role","arn":"arn:aws:iam::1:role/x/deploy"}`, "deploy"},
		{"unknown", `{"type":"Unknown","principalId":"p"}`, "p"},
		{"absent", `null`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := decodeOne(t, `{"eventName":"PutX","eventSource":"s","userIdentity":`+tt.identity+`}`)
			if e.Actor.Name != tt.want {
				t.Errorf("got %q, want %q", e.Actor.Name, tt.want)
			}
			if tt.want != "" && e.Actor.Names[0] != tt.want {
				t.Errorf("names %q lack the name", e.Actor.Names)
			}
		})
	}
}

func TestRoleARNCoversItsSessionsWithAndWithoutPath(t *testing.T) {
	e := decodeOne(t, `{"eventName":"PutX","eventSource":"s","userIdentity":{"type":"AssumedRole","arn":"arn:aws-cn:sts::1:assumed-role/deploy/ci","sessionContext":{"sessionIssuer":{"arn":"arn:aws-cn:iam::1:role/ci/deploy","userName":"deploy"},"sourceIdentity":"grace"}}}`)
	want := []string{"ci", "deploy", "arn:aws-cn:sts::1:assumed-role/deploy/ci", "arn:aws-cn:iam::1:role/ci/deploy", "arn:aws-cn:iam::1:role/deploy", "grace"}
	if diff := cmp.Diff(want, e.Actor.Names); diff != "" {
		t.Error(diff)
	}
}

func TestConsole(t *testing.T) {
	user, service := `{"type":"IAMUser","userName":"a"}`, `{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/r/s","invokedBy":"cloudformation.amazonaws.com"}`
	for _, tt := range []struct {
		identity, agent, more string
		want                  bool
	}{
		{user, "console.amazonaws.com", "", true},
		{user, "Mozilla/5.0", `,"sessionCredentialFromConsole":"true"`, true},
		{user, "[S3Console/0.4, aws-internal/3]", "", true},
		{user, "AWS Internal", "", true},
		{service, "AWS Internal", "", false},
		{user, "aws-cli/2.15.0", "", false},
		{user, "APN/1.0 HashiCorp/1.0 Terraform/1.9.0", "", false},
	} {
		e := decodeOne(t, `{"eventName":"PutX","eventSource":"s","userAgent":"`+tt.agent+`","userIdentity":`+tt.identity+tt.more+`}`)
		if e.Actor.Console != tt.want {
			t.Errorf("%s %s: got %v", tt.agent, tt.more, e.Actor.Console)
		}
	}
}

func TestAccountIsTheRecipients(t *testing.T) {
	doc := `{"eventName":"PutX","eventSource":"s","userIdentity":{"accountId":"1"},"recipientAccountId":"2"}`
	if e := decodeOne(t, doc); e.Account != "2" {
		t.Errorf("got %s", e.Account)
	}
	if e := decodeOne(t, strings.Replace(doc, `,"recipientAccountId":"2"`, "", 1)); e.Account != "1" {
		t.Errorf("got %s", e.Account)
	}
}
