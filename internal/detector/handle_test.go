package detector_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tfdrift/internal/applies"
	"tfdrift/internal/detector"
	"tfdrift/internal/drift"
	"tfdrift/internal/event"
	"tfdrift/internal/index"
	"tfdrift/internal/indexer"
	"tfdrift/internal/ledger"
	"tfdrift/internal/state"
)

const (
	account = "111122223333"
	arnUser = "arn:aws:iam::" + account + ":user/"
)

// resource is one managed AWS resource of a state.
func resource(typ, name, attributes string) string {
	return fmt.Sprintf(`{"mode":"managed","type":%q,"name":%q,"provider":"provider[\"registry.terraform.io/hashicorp/aws\"]","instances":[{"attributes":%s}]}`, typ, name, attributes)
}

func stateOf(resources ...string) string {
	return `{"version":4,"terraform_version":"1.9.5","serial":1,"lineage":"l","resources":[` + strings.Join(resources, ",") + `]}`
}

// function is a Lambda function: the same name may be in every account and region.
func function(account, region string) string {
	return resource("aws_lambda_function", "api", fmt.Sprintf(`{"id":"api","function_name":"api","arn":"arn:aws:lambda:%s:%s:function:api","timeout":3,"memory_size":128,
		"description":"", "tags":{},"tags_all":{}}`, region, account))
}

var group = resource("aws_security_group", "web", `{"id":"sg-1","name":"web","arn":"arn:aws:ec2:eu-west-1:`+account+`:security-group/sg-1","vpc_id":"vpc-1","ingress":[],"egress":[]}`)

// call is a CloudTrail record; its zero members are filled with what most tests share.
type call struct {
	id, time, user, account, region, source, name, request, response string
}

func (c call) decode(t *testing.T) *drift.Event {
	t.Helper()
	or := func(s, other string) string {
		if s == "" {
			return other
		}
		return s
	}
	c.account, c.user = or(c.account, account), or(c.user, "alice")
	record := fmt.Sprintf(`{"eventVersion":"1.11","eventID":%q,"eventTime":"2026-08-20T%sZ","eventSource":"%s.amazonaws.com","eventName":%q,"awsRegion":%q,"recipientAccountId":%q,
		"userIdentity":{"type":"IAMUser","userName":%q,"arn":"arn:aws:iam::%s:user/%s","accountId":%q},"sourceIPAddress":"198.51.100.23","readOnly":false,"requestParameters":%s,"responseElements":%s}`,
		or(c.id, "e-"+c.name+c.time), or(c.time, "09:00:00"), c.source, c.name, or(c.region, "eu-west-1"), c.account, c.user, c.account, c.user, c.account, or(c.request, "{}"), or(c.response, "null"))
	events, err := event.Decode([]byte(record))
	if err != nil || len(events) != 1 {
		t.Fatalf("%d events, error %v in %s", len(events), err, record)
	}
	return events[0]
}

// configure is a change of the function.
func configure(time, request string) call {
	return call{time: time, source: "lambda", name: "UpdateFunctionConfiguration20150331v2", request: `{"functionName":"api",` + request + `}`}
}

// ingress opens or closes port 22 of the group to the world.
func ingress(time, verb string) call {
	return call{time: time, source: "ec2", name: verb + "SecurityGroupIngress", request: `{"groupId":"sg-1","ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort":22,"toPort":22,"groups":{},"ipRanges":{"items":[{"cidrIp":"0.0.0.0/0"}]}}]}}`}
}

func (c call) by(user string) call { c.user = user; return c }

// create and remove make and delete a group that no state manages.
func create(time string) call {
	return call{time: time, source: "ec2", name: "CreateSecurityGroup", request: `{"groupName":"test","groupDescription":"d","vpcId":"vpc-1"}`, response: `{"groupId":"sg-new","_return":true}`}
}

func remove(time, group string) call {
	return call{time: time, source: "ec2", name: "DeleteSecurityGroup", request: `{"groupId":"` + group + `"}`, response: `{"_return":true}`}
}

// told is what a finding says, for comparing.
func told(f drift.Finding) string {
	s := fmt.Sprintf("%s %s %s", f.Status, f.Kind, f.Resource.Address)
	if f.Resource.Address == "" {
		s += f.Resource.Type + " " + f.Resource.ID
	}
	for _, c := range f.Changes {
		s += " " + c.Name
	}
	return s
}

// handle judges calls one after the other.
func handle(t *testing.T, d *detector.Detector, calls ...call) (findings []drift.Finding, said []string) {
	t.Helper()
	for _, c := range calls {
		found, err := d.Handle(t.Context(), c.decode(t))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			findings = append(findings, f)
			said = append(said, told(f))
		}
	}
	return findings, said
}

func TestTheLifeOfAFinding(t *testing.T) {
	const opened, closed = "open modified aws_security_group.web ingress", "resolved modified aws_security_group.web"
	tests := []struct {
		name   string
		config string
		calls  []call
		want   []string
	}{
		{"one event", "", []call{ingress("09:00:00", "Authorize")}, []string{opened}},
		{"the same event twice", "", []call{ingress("09:00:00", "Authorize"), ingress("09:00:00", "Authorize")}, []string{opened}},
		{"the same change by another event", "", []call{ingress("09:00:00", "Authorize"), ingress("09:05:00", "Authorize")}, []string{opened}},
		{"undone", "", []call{ingress("09:00:00", "Authorize"), ingress("09:05:00", "Revoke")}, []string{opened, closed}},
		{"undone and done again", "", []call{ingress("09:00:00", "Authorize"), ingress("09:05:00", "Revoke"), ingress("09:10:00", "Authorize")}, []string{opened, closed, opened}},
		{"an undo that arrives before its change", "", []call{ingress("09:05:00", "Revoke"), ingress("09:00:00", "Authorize")}, nil},
		{"a change that arrives after a later undo and a later redo", "", []call{ingress("09:05:00", "Revoke"), ingress("09:10:00", "Authorize"), ingress("09:00:00", "Authorize")}, []string{opened}},
		{"what was undone is undone again", "", []call{ingress("09:00:00", "Authorize"), ingress("09:05:00", "Revoke"), ingress("09:06:00", "Revoke")}, []string{opened, closed}},
		{"a further difference", "", []call{configure("09:00:00", `"timeout":9`), configure("09:05:00", `"memorySize":512`)},
			[]string{"open modified aws_lambda_function.api timeout", "updated modified aws_lambda_function.api memory_size timeout"}},
		{"one of two differences goes", "", []call{configure("09:00:00", `"timeout":9,"memorySize":512`), configure("09:05:00", `"timeout":3`)},
			[]string{"open modified aws_lambda_function.api memory_size timeout", "updated modified aws_lambda_function.api memory_size"}},
		{"a value changes again", "", []call{configure("09:00:00", `"timeout":9`), configure("09:05:00", `"timeout":10`)},
			[]string{"open modified aws_lambda_function.api timeout", "updated modified aws_lambda_function.api timeout"}},
		{"an older value arrives late", "", []call{configure("09:05:00", `"timeout":10`), configure("09:00:00", `"timeout":9`)}, []string{"open modified aws_lambda_function.api timeout"}},
		{"nothing but what state holds", "", []call{configure("09:00:00", `"timeout":3,"memorySize":128`)}, nil},
		{"changed, then deleted", "", []call{ingress("09:00:00", "Authorize"), remove("09:05:00", "sg-1")}, []string{opened, "updated deleted aws_security_group.web"}},
		{"deleted, and its undo arrives late", "", []call{remove("09:05:00", "sg-1"), ingress("09:00:00", "Revoke")}, []string{"open deleted aws_security_group.web"}},
		{"created where nobody manages it", "", []call{create("09:00:00")}, []string{"open unmanaged aws_security_group sg-new"}},
		{"created and deleted", "", []call{create("09:00:00"), remove("09:05:00", "sg-new")}, []string{"open unmanaged aws_security_group sg-new", "resolved unmanaged aws_security_group sg-new"}},
		{"the deletion of what nobody manages", "", []call{remove("09:05:00", "sg-other")}, nil},
		{"the change of what nobody manages", "", []call{{source: "ec2", name: "AuthorizeSecurityGroupIngress", request: `{"groupId":"sg-other"}`}}, nil},

		{"an excluded user's change leaves no trace", "drift_rules: [{name: r, resource_types: ['*'], exclude_users: [ci]}]",
			[]call{ingress("09:00:00", "Authorize").by("ci"), ingress("09:05:00", "Authorize")}, []string{opened}},
		{"an excluded user's undo resolves", "drift_rules: [{name: r, resource_types: ['*'], exclude_users: [ci]}]",
			[]call{ingress("09:00:00", "Authorize"), ingress("09:05:00", "Revoke").by("ci")}, []string{opened, closed}},
		{"an excluded user, by ARN", "drift_rules: [{name: r, resource_types: ['*'], exclude_users: ['" + arnUser + "*']}]",
			[]call{ingress("09:00:00", "Authorize")}, nil},
		{"an excluded user's creation", "drift_rules: [{name: r, resource_types: ['*'], exclude_users: [ci]}]", []call{create("09:00:00").by("ci")}, nil},

		{"an attribute that is watched", "drift_rules: [{name: r, resource_types: [aws_lambda_function], watched_attributes: [timeout]}]",
			[]call{configure("09:00:00", `"timeout":9,"memorySize":512`)}, []string{"open modified aws_lambda_function.api memory_size timeout"}},
		{"attributes that are not", "drift_rules: [{name: r, resource_types: [aws_lambda_function], watched_attributes: [timeout]}]",
			[]call{configure("09:00:00", `"memorySize":512`)}, nil},
		{"a watched attribute joins one that is not", "drift_rules: [{name: r, resource_types: [aws_lambda_function], watched_attributes: [timeout]}]",
			[]call{configure("09:00:00", `"memorySize":512`), configure("09:05:00", `"timeout":9`)}, []string{"open modified aws_lambda_function.api memory_size timeout"}},
		{"a watched attribute goes back, another stays", "drift_rules: [{name: r, resource_types: [aws_lambda_function], watched_attributes: [timeout]}]",
			[]call{configure("09:00:00", `"memorySize":512,"timeout":9`), configure("09:05:00", `"timeout":3`)},
			[]string{"open modified aws_lambda_function.api memory_size timeout", "resolved modified aws_lambda_function.api"}},
		{"a deletion whatever is watched", "drift_rules: [{name: r, resource_types: ['*'], watched_attributes: [timeout]}]",
			[]call{remove("09:00:00", "sg-1")}, []string{"open deleted aws_security_group.web"}},
		{"a type that no rule is about", "drift_rules: [{name: r, resource_types: [aws_instance]}]", []call{remove("09:00:00", "sg-1")}, nil},
		{"a type that no rule is about, unmatched", "drift_rules: [{name: r, resource_types: [aws_instance]}]\nunmatched: low", []call{remove("09:00:00", "sg-1")}, []string{"open deleted aws_security_group.web"}},
		{"managed resources only", "drift_rules: [{name: r, resource_types: ['*'], terraform_managed_only: true}]",
			[]call{create("09:00:00"), ingress("09:05:00", "Authorize")}, []string{opened}},

		{"an ignored resource", "ignore: [aws_security_group.web]", []call{ingress("09:00:00", "Authorize"), remove("09:05:00", "sg-1")}, nil},
		{"an ignored attribute", "ignore: [{attributes: [timeout]}]", []call{configure("09:00:00", `"timeout":9`)}, nil},
		{"an ignored attribute beside another", "ignore: [{attributes: [timeout]}]", []call{configure("09:00:00", `"timeout":9,"memorySize":512`)}, []string{"open modified aws_lambda_function.api memory_size"}},
		{"an ignored unmanaged resource", "ignore: ['aws_security_group.sg-n*']", []call{create("09:00:00")}, nil},

		{"a region that is not watched", "providers: {aws: {regions: [us-east-1]}}", []call{ingress("09:00:00", "Authorize")}, nil},
		{"a provider that is silenced", "providers: {aws: {enabled: false}}", []call{ingress("09:00:00", "Authorize")}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := newDetector(t, stateOf(group, function(account, "eu-west-1")), test.config)
			var steps []string
			d.Explain = func(step string) { steps = append(steps, step) }
			findings, said := handle(t, d, test.calls...)
			if diff := cmp.Diff(test.want, said, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got):\n%s\n%s", diff, strings.Join(steps, "\n"))
			}
			for _, f := range findings {
				if f.ID == "" || f.Severity == "" || f.Rules == nil || f.Changes == nil || f.Actor.Name == "" {
					t.Errorf("incomplete: %+v", f)
				}
				if f.Kind != drift.Modified && len(f.Changes) > 0 {
					t.Errorf("a %s resource carries changes: %+v", f.Kind, f.Changes)
				}
			}
		})
	}
}

func TestOneResourceIsOneFindingID(t *testing.T) {
	d := newDetector(t, stateOf(group, function(account, "eu-west-1")), "")
	findings, said := handle(t, d, ingress("09:00:00", "Authorize"), ingress("09:01:00", "Revoke"), remove("09:02:00", "sg-1"))
	if len(findings) != 3 {
		t.Fatalf("findings %v, want 3", said)
	}
	for _, f := range findings[1:] {
		if f.ID != findings[0].ID {
			t.Errorf("%s has the id %s, %s has %s", said[0], findings[0].ID, told(f), f.ID)
		}
	}
	other, _ := handle(t, d, configure("09:00:00", `"timeout":9`))
	if len(other) != 1 || other[0].ID == findings[0].ID {
		t.Errorf("two resources share an id: %v", other)
	}
}

func TestAccountAndRegionDecideWhichStateIsMeant(t *testing.T) {
	load := func(t *testing.T, first, second string) *detector.Detector {
		d := newDetector(t, first, "")
		x := indexer.Indexer{Index: d.Index, Seal: sealer(t)}
		_, err := x.Refresh(t.Context(), state.Object{Name: "second.tfstate", Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(second)), nil }}, false)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	tests := []struct {
		name          string
		first, second string
		account       string
		region        string
		want          []string // the states found
	}{
		{"the first account", function(account, "eu-west-1"), function("444455556666", "eu-west-1"), account, "eu-west-1", []string{"inline.tfstate"}},
		{"the second account", function(account, "eu-west-1"), function("444455556666", "eu-west-1"), "444455556666", "eu-west-1", []string{"second.tfstate"}},
		{"a third account", function(account, "eu-west-1"), function("444455556666", "eu-west-1"), "777788889999", "eu-west-1", nil},
		{"the first region", function(account, "eu-west-1"), function(account, "us-east-1"), account, "eu-west-1", []string{"inline.tfstate"}},
		{"the second region", function(account, "eu-west-1"), function(account, "us-east-1"), account, "us-east-1", []string{"second.tfstate"}},
		{"a third region", function(account, "eu-west-1"), function(account, "us-east-1"), account, "ap-south-1", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := configure("09:00:00", `"timeout":9`)
			c.account, c.region = test.account, test.region
			findings, _ := handle(t, load(t, stateOf(test.first), stateOf(test.second)), c)
			var got []string
			for _, f := range findings {
				got = append(got, f.Resource.State)
				if f.Account != test.account || f.Region != test.region {
					t.Errorf("finding is of %s %s", f.Account, f.Region)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAutoscalersAreSilentWithinTheirBounds(t *testing.T) {
	service := resource("aws_ecs_service", "web", `{"id":"arn:aws:ecs:eu-west-1:`+account+`:service/prod/web","name":"web","cluster":"arn:aws:ecs:eu-west-1:`+account+`:cluster/prod","desired_count":2}`)
	bounds := resource("aws_appautoscaling_target", "web", `{"id":"service/prod/web","resource_id":"service/prod/web","service_namespace":"ecs","scalable_dimension":"ecs:service:DesiredCount","min_capacity":1,"max_capacity":4}`)
	fleet := resource("aws_autoscaling_group", "app", `{"id":"app","name":"app","arn":"arn:aws:autoscaling:eu-west-1:`+account+`:autoScalingGroup:u:autoScalingGroupName/app","min_size":1,"max_size":4,"desired_capacity":2}`)
	scale := func(count, by string) call {
		return call{time: "09:00:00", user: by, source: "ecs", name: "UpdateService", request: `{"cluster":"prod","service":"web","desiredCount":` + count + `}`}
	}
	resize := func(count, by string) call {
		return call{time: "09:00:00", user: by, source: "autoscaling", name: "UpdateAutoScalingGroup", request: `{"autoScalingGroupName":"app","desiredCapacity":` + count + `}`}
	}
	const scaler, human = "AWSServiceRoleForApplicationAutoScaling_ECSService", "alice"
	tests := []struct {
		name      string
		resources []string
		call      call
		want      []string
	}{
		{"a service within bounds", []string{service, bounds}, scale("4", scaler), nil},
		{"a service beyond bounds", []string{service, bounds}, scale("5", scaler), []string{"open modified aws_ecs_service.web desired_count"}},
		{"a service whose bounds no state holds", []string{service}, scale("4", scaler), []string{"open modified aws_ecs_service.web desired_count"}},
		{"a service scaled by a person", []string{service, bounds}, scale("4", human), []string{"open modified aws_ecs_service.web desired_count"}},
		{"a group within its own bounds", []string{fleet}, resize("4", "AWSServiceRoleForAutoScaling"), nil},
		{"a group scaled by a person", []string{fleet}, resize("4", human), []string{"open modified aws_autoscaling_group.app desired_capacity"}},
		{"a group beyond its bounds", []string{fleet}, resize("9", "AWSServiceRoleForAutoScaling"), []string{"open modified aws_autoscaling_group.app desired_capacity"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := newDetector(t, stateOf(test.resources...), "")
			if _, said := handle(t, d, test.call); !cmp.Equal(test.want, said) {
				t.Errorf("(-want +got):\n%s", cmp.Diff(test.want, said))
			}
		})
	}
}

func TestScalingLeavesNoTraceOfItself(t *testing.T) {
	fleet := resource("aws_autoscaling_group", "app", `{"id":"app","name":"app","min_size":1,"max_size":4,"desired_capacity":2,"health_check_grace_period":300}`)
	d := newDetector(t, stateOf(fleet), "")
	scaled := call{time: "09:00:00", user: "AWSServiceRoleForAutoScaling", source: "autoscaling", name: "UpdateAutoScalingGroup", request: `{"autoScalingGroupName":"app","desiredCapacity":4}`}
	changed := call{time: "09:05:00", source: "autoscaling", name: "UpdateAutoScalingGroup", request: `{"autoScalingGroupName":"app","healthCheckGracePeriod":60}`}
	_, said := handle(t, d, scaled, changed)
	if diff := cmp.Diff([]string{"open modified aws_autoscaling_group.app health_check_grace_period"}, said); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Whatever an event repeats of a secret, where state or provider call it one,
// and whatever new value it gives to it: no finding and no explanation has it.
func TestSecretsNeverLeave(t *testing.T) {
	const older, newer = "correct-horse-battery", "staple-of-the-new-age"
	database := `{"mode":"managed","type":"aws_db_instance","name":"main","provider":"provider[\"registry.terraform.io/hashicorp/aws\"]","instances":[{"attributes":{"id":"db-1","identifier":"db","resource_id":"db-1",
		"arn":"arn:aws:rds:eu-west-1:111122223333:db:db","password":"` + older + `","username":"u","instance_class":"a","tags":{},"tags_all":{}},"sensitive_attributes":[]}]}`
	env := `{"mode":"managed","type":"aws_lambda_function","name":"api","provider":"provider[\"registry.terraform.io/hashicorp/aws\"]","instances":[{"attributes":{"id":"api","function_name":"api","timeout":3,"description":"d",
		"environment":[{"variables":{"TOKEN":"` + older + `","MODE":"a"}}],"tags":{},"tags_all":{}},
		"sensitive_attributes":[[{"type":"get_attr","value":"environment"},{"type":"index","value":{"value":0,"type":"number"}},{"type":"get_attr","value":"variables"},{"type":"index","value":{"value":"TOKEN","type":"string"}}]]}]}`
	parameter := resource("aws_ssm_parameter", "p", `{"id":"/p","name":"/p","type":"SecureString","value":"`+older+`","arn":"arn:aws:ssm:eu-west-1:111122223333:parameter/p","description":""}`)
	secret := resource("aws_secretsmanager_secret_version", "s", `{"id":"arn:aws:secretsmanager:eu-west-1:111122223333:secret:s-1|v","secret_id":"arn:aws:secretsmanager:eu-west-1:111122223333:secret:s-1","secret_string":"`+older+`","arn":"arn:aws:secretsmanager:eu-west-1:111122223333:secret:s-1"}`)
	user := resource("aws_iam_access_key", "k", `{"id":"AKIA1","user":"ci","secret":"`+older+`","status":"Active"}`)
	var calls []call
	for i, value := range []string{newer, older} {
		for j, request := range []call{
			{source: "rds", name: "ModifyDBInstance", request: `{"dBInstanceIdentifier":"db","masterUserPassword":"VALUE"}`},
			{source: "rds", name: "ModifyDBInstance", request: `{"dBInstanceIdentifier":"db","masterUserPassword":["VALUE"]}`},
			{source: "lambda", name: "UpdateFunctionConfiguration20150331v2", request: `{"functionName":"api","environment":{"variables":{"TOKEN":"VALUE","MODE":"b"}}}`},
			{source: "lambda", name: "UpdateFunctionConfiguration20150331v2", request: `{"functionName":"api","timeout":9,"environment":{"variables":{"TOKEN":"VALUE"}}}`},
			{source: "ssm", name: "PutParameter", request: `{"name":"/p","value":"VALUE","overwrite":true}`},
			{source: "secretsmanager", name: "PutSecretValue", request: `{"secretId":"s","secretString":"VALUE"}`},
			{source: "secretsmanager", name: "UpdateSecret", request: `{"secretId":"s","secretString":"VALUE"}`},
			{source: "iam", name: "UpdateAccessKey", request: `{"accessKeyId":"AKIA1","userName":"ci","status":"Inactive","secret":"VALUE"}`},
		} {
			request.time, request.id = fmt.Sprintf("09:%02d:%02d", i, j), fmt.Sprint(i, j)
			request.request = strings.ReplaceAll(request.request, "VALUE", value)
			calls = append(calls, request)
		}
	}
	// A state's own secret must not come back in a place that is no secret either.
	for j, request := range []call{
		{source: "lambda", name: "UpdateFunctionConfiguration20150331v2", request: `{"functionName":"api","description":"` + older + `"}`},
		{source: "rds", name: "ModifyDBInstance", request: `{"dBInstanceIdentifier":"db","dBInstanceClass":"` + older + `"}`},
		{source: "rds", name: "AddTagsToResource", request: `{"resourceName":"arn:aws:rds:eu-west-1:111122223333:db:db","tags":[{"key":"note","value":"` + older + `"}]}`},
	} {
		request.time, request.id = fmt.Sprintf("10:00:%02d", j), fmt.Sprint("x", j)
		calls = append(calls, request)
	}
	d := newDetector(t, stateOf(database, env, parameter, secret, user), "")
	var steps strings.Builder
	d.Explain = func(step string) { steps.WriteString(step) }
	findings, said := handle(t, d, calls...)
	if len(findings) < 5 {
		t.Errorf("only %d findings: %v; the test tests little", len(findings), said)
	}
	for _, f := range findings {
		b, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{string(b), steps.String()} {
			if strings.Contains(text, older) || strings.Contains(text, newer) {
				t.Errorf("%s: a secret in %.1000s", told(f), text)
			}
		}
	}
}

// An event of parameters that are none costs itself only.
func TestBrokenParametersAreInvalid(t *testing.T) {
	d := newDetector(t, stateOf(group), "")
	ev := ingress("09:00:00", "Authorize").decode(t)
	ev.Request = []byte(`{"groupId":`)
	if _, err := d.Handle(t.Context(), ev); err == nil || !strings.Contains(err.Error(), "AuthorizeSecurityGroupIngress") {
		t.Errorf("error %v, want one that names the operation", err)
	}
	if _, said := handle(t, d, ingress("09:01:00", "Authorize")); len(said) != 1 {
		t.Errorf("the next event: %v", said)
	}
}

// Events arrive in any order; what is open in the end is the same.
func TestTheOrderOfArrivalDoesNotMatter(t *testing.T) {
	tests := []struct {
		name  string
		calls []call // in order of event time
		want  []string
	}{
		{"opened, closed, opened", []call{ingress("09:00:00", "Authorize"), ingress("09:05:00", "Revoke"), ingress("09:10:00", "Authorize")}, []string{"modified aws_security_group.web ingress"}},
		{"opened, closed, and closed again", []call{ingress("09:00:00", "Authorize"), ingress("09:05:00", "Revoke"), ingress("09:06:00", "Revoke")}, nil},
		{"two attributes there and one back", []call{configure("09:00:00", `"timeout":9`), configure("09:05:00", `"memorySize":512`), configure("09:10:00", `"timeout":3`), configure("09:15:00", `"description":"x"`)},
			[]string{"modified aws_lambda_function.api description memory_size"}},
		{"opened, then deleted", []call{ingress("09:00:00", "Authorize"), ingress("09:05:00", "Revoke"), remove("09:10:00", "sg-1")}, []string{"deleted aws_security_group.web"}},
		{"created, then deleted", []call{create("09:00:00"), remove("09:05:00", "sg-new")}, nil},
		{"two resources", []call{ingress("09:00:00", "Authorize"), configure("09:01:00", `"timeout":9`), create("09:02:00"), ingress("09:03:00", "Revoke")},
			[]string{"modified aws_lambda_function.api timeout", "unmanaged aws_security_group sg-new"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			permutations(test.calls, func(calls []call) {
				d := newDetector(t, stateOf(group, function(account, "eu-west-1")), "")
				findings, said := handle(t, d, append(calls, calls...)...) // all of them twice
				last := map[string]drift.Finding{}
				for _, f := range findings {
					last[f.ID] = f
				}
				var open []string
				for _, f := range last {
					if f.Status != drift.Resolved {
						f.Status = ""
						open = append(open, strings.TrimSpace(told(f)))
					}
				}
				slices.Sort(open)
				if diff := cmp.Diff(test.want, open, cmpopts.EquateEmpty()); diff != "" {
					var order []string
					for _, c := range calls {
						order = append(order, c.time+" "+c.name)
					}
					t.Errorf("arriving as %v (-want +got):\n%s%v", order, diff, said)
				}
			})
		})
	}
}

// A state can only have taken up what was done before it was written. That it
// agrees with a later event is chance, and says nothing of what was done between.
func TestAStateSettlesNothingThatCameAfterIt(t *testing.T) {
	d := newDetector(t, stateOf(group), "")
	x := indexer.Indexer{Index: d.Index, Seal: sealer(t), Ledger: d.Ledger, Judge: d}
	port := func(n, time, verb string) call {
		c := ingress(time, verb)
		c.request = strings.ReplaceAll(c.request, "22", n)
		return c
	}
	handle(t, d, port("443", "09:06:00", "Authorize")) // again: the two events before it are late
	opened := strings.Replace(group, `"ingress":[]`, `"ingress":[{"from_port":443,"to_port":443,"protocol":"tcp","cidr_blocks":["0.0.0.0/0"]}]`, 1)
	next := states(t, strings.Replace(stateOf(opened), `"serial":1`, `"serial":2`, 1))[0]
	next.Written = time.Date(2026, 8, 20, 9, 3, 0, 0, time.UTC)
	if _, err := x.Refresh(t.Context(), next, false); err != nil {
		t.Fatal(err)
	}
	findings, _ := handle(t, d, port("443", "09:04:00", "Revoke"), port("80", "09:05:00", "Authorize"))
	if len(findings) == 0 {
		t.Fatal("port 80 is open, and nothing is found")
	}
	last := findings[len(findings)-1]
	if last.Status == drift.Resolved || len(last.Changes) != 1 {
		t.Errorf("last told: %s", told(last))
	}
}

// What was done after a state was written may be judged before the state is
// indexed, and still counts when it is.
func TestWhatCameAfterAStateOutlivesItsIndexing(t *testing.T) {
	made := create("09:05:00")
	made.response = `{"groupId":"sg-1","_return":true}`
	tests := []struct {
		name          string
		before, after string // the states; the second was written at 09:03
		calls         []call
		want          string
	}{
		{"let go, and made again", stateOf(group), stateOf(), []call{remove("09:00:00", "sg-1"), made}, "updated unmanaged aws_security_group sg-1"},
		{"imported, and deleted", stateOf(), stateOf(group), []call{made, remove("09:06:00", "sg-1")}, "open deleted aws_security_group.web"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := newDetector(t, test.before, "")
			handle(t, d, test.calls...)
			last := ""
			d.Published = func(f *drift.Finding) { last = told(*f) }
			next := states(t, strings.Replace(test.after, `"serial":1`, `"serial":2`, 1))[0]
			next.Written = time.Date(2026, 8, 20, 9, 3, 0, 0, time.UTC)
			x := indexer.Indexer{Index: d.Index, Seal: sealer(t), Ledger: d.Ledger, Judge: d}
			if _, err := x.Refresh(t.Context(), next, false); err != nil {
				t.Fatal(err)
			}
			if last != test.want {
				t.Errorf("last told: %q, want %q", last, test.want)
			}
		})
	}
}

func permutations[T any](list []T, visit func([]T)) {
	var permute func(n int)
	list = slices.Clone(list)
	permute = func(n int) {
		if n == len(list) {
			visit(slices.Clone(list))
			return
		}
		for i := n; i < len(list); i++ {
			list[n], list[i] = list[i], list[n]
			permute(n + 1)
			list[n], list[i] = list[i], list[n]
		}
	}
	permute(0)
}

// The platform runs many at once, and gives one event to two of them.
func TestConcurrentInvocationsMakeOneFinding(t *testing.T) {
	d := newDetector(t, stateOf(group, function(account, "eu-west-1")), "")
	ev := ingress("09:00:00", "Authorize").decode(t)
	var all sync.WaitGroup
	var found atomic.Int32
	for range 8 { // no more than a record is read again after a conflict
		all.Go(func() {
			findings, err := d.Handle(t.Context(), ev)
			if err != nil {
				t.Error(err)
			}
			found.Add(int32(len(findings)))
		})
	}
	all.Wait()
	if found.Load() != 1 {
		t.Errorf("%d findings, want 1", found.Load())
	}
}

// contested is a ledger that counts the writes that came too late.
type contested struct {
	ledger.Ledger
	conflicts atomic.Int32
}

func (l *contested) Save(ctx context.Context, r ledger.Record) error {
	err := l.Ledger.Save(ctx, r)
	if errors.Is(err, drift.ErrConflict) {
		l.conflicts.Add(1)
	}
	return err
}

func TestThoseWhoTakeTurnsDoNotConflict(t *testing.T) {
	d := newDetector(t, stateOf(group, function(account, "eu-west-1")), "")
	book := &contested{Ledger: d.Ledger}
	d.Ledger, d.Turns = book, &detector.Turns{}
	const calls = 60 // more than a record is read again, were they all to conflict
	var all sync.WaitGroup
	for i := range calls {
		ev := configure(fmt.Sprintf("09:00:%02d", i), fmt.Sprintf(`"timeout":%d`, 10+i)).decode(t)
		all.Go(func() {
			if _, err := d.Handle(t.Context(), ev); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := book.conflicts.Load(); n != 0 {
		t.Errorf("%d writes came too late", n)
	}
	records, err := book.Published(t.Context())
	if err != nil || len(records) != 1 || len(records[0].Observations) != calls {
		t.Errorf("%d records, error %v; want one with %d observations", len(records), err, calls)
	}
}

func TestWaitingForATurnEndsWithTheContext(t *testing.T) {
	d := newDetector(t, stateOf(group), "")
	d.Turns = &detector.Turns{}
	book := &stuck{Ledger: d.Ledger, reached: make(chan struct{}), free: make(chan struct{})}
	d.Ledger = book
	ev := ingress("09:00:00", "Authorize").decode(t)
	first := make(chan error)
	go func() {
		_, err := d.Handle(context.Background(), ev)
		first <- err
	}()
	<-book.reached
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Handle(ctx, ev); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	close(book.free)
	if err := <-first; err != nil {
		t.Error(err)
	}
}

// stuck is a ledger whose first write waits until it is let go.
type stuck struct {
	ledger.Ledger
	once          sync.Once
	reached, free chan struct{}
}

func (l *stuck) Save(ctx context.Context, r ledger.Record) error {
	l.once.Do(func() {
		close(l.reached)
		<-l.free
	})
	return l.Ledger.Save(ctx, r)
}

// What is set aside is judged though nobody looks all the time: whoever set it
// aside has himself woken, and so does whoever was woken too early.
func TestWhatIsSetAsideHasItselfWoken(t *testing.T) {
	d := newDetector(t, stateOf(group), "")
	waiting := applies.NewMemory()
	now := time.Date(2026, 8, 20, 9, 1, 0, 0, time.UTC)
	var woken []string
	d.Applies, d.Settle, d.Now = waiting, 15*time.Minute, func() time.Time { return now }
	d.Wake = func(_ context.Context, at time.Time) error {
		woken = append(woken, at.Format("15:04"))
		return nil
	}
	ev := ingress("09:00:00", "Authorize").decode(t)
	name := stateName(t, d)
	lock := func(hour, minute int, locked bool) {
		if err := waiting.Lock(t.Context(), name, time.Date(2026, 8, 20, hour, minute, 0, 0, time.UTC), locked); err != nil {
			t.Fatal(err)
		}
	}
	lock(8, 59, true) // and open: it is believed for twelve hours
	if found, err := d.Handle(t.Context(), ev); err != nil || len(found) > 0 {
		t.Fatalf("%d findings, error %v; want that it waits", len(found), err)
	}
	lock(9, 30, false)
	var found int
	d.Published = func(*drift.Finding) { found++ }
	for _, minute := range []int{31, 45} {
		now = time.Date(2026, 8, 20, 9, minute, 0, 0, time.UTC)
		if err := d.Ripe(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"21:14", "09:45"}, woken); diff != "" || found != 1 {
		t.Errorf("%d findings, woken at (-want +got):\n%s", found, diff)
	}
	d.Wake = func(context.Context, time.Time) error { return drift.ErrRetry }
	again := ingress("09:20:00", "Authorize")
	again.id = "another"
	if _, err := d.Handle(t.Context(), again.decode(t)); !errors.Is(err, drift.ErrRetry) {
		t.Errorf("error %v, want that it is tried again", err)
	}
}

// stateName is the name of the one state of a detector's index.
func stateName(t *testing.T, d *detector.Detector) string {
	t.Helper()
	entries, err := d.Index.Find(t.Context(), "ec2/sg-1")
	if err != nil || len(entries) != 1 {
		t.Fatalf("%d entries, error %v", len(entries), err)
	}
	return entries[0].State
}

// The key is read where there is something to seal, and what fails then is no finding.
func TestTheSealingKeyIsReadWhenItIsNeeded(t *testing.T) {
	database := resource("aws_db_instance", "db", `{"id":"db","identifier":"db","arn":"arn:aws:rds:eu-west-1:`+account+`:db:db","password":"hunter2","instance_class":"db.t3.micro"}`)
	d := newDetector(t, stateOf(group, database), "")
	reads := 0
	d.Compare.Ready = func(context.Context) error {
		reads++
		return fmt.Errorf("no key: %w", drift.ErrRetry)
	}
	if _, said := handle(t, d, ingress("09:00:00", "Authorize")); len(said) != 1 || reads != 0 {
		t.Errorf("found %v, the key was read %d times", said, reads)
	}
	password := call{time: "09:01:00", source: "rds", name: "ModifyDBInstance", request: `{"dBInstanceIdentifier":"db","masterUserPassword":"hunter3"}`}
	if found, err := d.Handle(t.Context(), password.decode(t)); !errors.Is(err, drift.ErrRetry) || len(found) > 0 || reads != 1 {
		t.Errorf("%d findings, error %v, the key was read %d times", len(found), err, reads)
	}
}

// An index in the cloud is asked once for each key, and once more whether what
// was found is there still.
func TestNoKeyIsLookedUpMoreOftenThanItMustBe(t *testing.T) {
	d := newDetector(t, stateOf(group), "")
	asked := &counted{Index: d.Index, keys: map[string]int{}}
	d.Index = asked
	handle(t, d, ingress("09:00:00", "Authorize"))
	for key, n := range asked.keys {
		if n > 2 {
			t.Errorf("%s is looked up %d times", key, n)
		}
	}
}

type counted struct {
	index.Index
	mu   sync.Mutex
	keys map[string]int
}

func (c *counted) Find(ctx context.Context, keys ...string) ([]*drift.Entry, error) {
	c.mu.Lock()
	for _, key := range keys {
		c.keys[key]++
	}
	c.mu.Unlock()
	return c.Index.Find(ctx, keys...)
}
