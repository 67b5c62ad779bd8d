package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	account = "111122223333"
	region  = "us-east-1"
	vpc     = "vpc-0d1e2f3a4b5c6d7e8"
)

// kind is what an object of the world is.
type kind string

const (
	logGroup      kind = "aws_cloudwatch_log_group"
	queue         kind = "aws_sqs_queue"
	securityGroup kind = "aws_security_group"
)

// settings are an object's attributes; those of a security group are the ports
// it is open on.
type settings map[string]int

// choices are what each attribute may be set to. CreateLogGroup knows no
// retention: 0 is "never expire", as Terraform has it too.
var choices = map[kind]map[string][]int{
	logGroup:      {"retention_in_days": {1, 3, 7, 14, 30, 60, 90}},
	queue:         {"visibility_timeout_seconds": {30, 60, 120, 300, 900}, "delay_seconds": {0, 5, 15, 60}},
	securityGroup: {"22": {1}, "80": {1}, "443": {1}, "5432": {1}, "6379": {1}, "8080": {1}},
}

// object is one thing in the cloud, and what the newest readable state holds of it.
type object struct {
	kind       kind
	name, id   string
	exists     bool
	made       bool // by hand: while no state manages it, it is a finding
	unfinished bool // just made, and its settings are still to be set, as the console does by a second call
	now        settings
	held       settings   // nil: no state manages it
	state      *stateFile // that manages it
	claimed    *stateFile // that is about to
	next       time.Time  // when something may happen to it next
	events     []string   // ids of what was said of it
	unmanaged  bool       // at some time: then not every event leaves a trace
}

// world is the cloud: what is there, and what the states say of it.
type world struct {
	mu      sync.Mutex
	dice    *rand.Rand
	objects []*object
	made    int // objects so far
	events  int // so far
}

func (w *world) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.events
}

// forever keeps an object from changing while Terraform works on it: what
// somebody else does between its refresh and its write, no state tells of.
var forever = time.Unix(1<<40, 0)

func (w *world) create(k kind) *object {
	w.made++
	o := &object{kind: k, name: fmt.Sprintf("%s-%03d", map[kind]string{logGroup: "logs", queue: "queue", securityGroup: "group"}[k], w.made), now: settings{}}
	o.identify(w.made)
	for name, values := range choices[k] {
		if k != securityGroup {
			o.now[name] = values[w.dice.IntN(len(values))]
		} else if w.dice.IntN(3) == 0 {
			o.now[name] = 1
		}
	}
	w.objects = append(w.objects, o)
	return o
}

func (o *object) identify(n int) {
	switch o.kind {
	case logGroup:
		o.id = o.name
	case queue:
		o.id = "https://sqs." + region + ".amazonaws.com/" + account + "/" + o.name
	case securityGroup:
		o.id = fmt.Sprintf("sg-%017x", n)
	}
}

func (o *object) address() string { return string(o.kind) + "." + o.name }

// differing are the changes of a finding, in a form to compare.
func differing(k kind, before, after settings) (all []string) {
	for _, name := range slices.Sorted(maps.Keys(choices[k])) {
		was, is := before[name], after[name]
		switch {
		case was == is:
		case k != securityGroup:
			all = append(all, fmt.Sprintf("%s %d→%d", name, was, is))
		case is == 1:
			all = append(all, "+"+name)
		default:
			all = append(all, "-"+name)
		}
	}
	slices.Sort(all)
	return all
}

// call is one API call, as CloudTrail logs it.
type call struct {
	source, name      string
	request, response any
}

type fields map[string]any

// set changes an object to other settings and returns the calls that do so, of
// a security group as many as it takes.
func (o *object) set(to settings) (calls []call) {
	from := o.now
	o.now, o.unfinished = maps.Clone(to), false
	switch o.kind {
	case logGroup:
		if to["retention_in_days"] == 0 {
			return []call{{"logs", "DeleteRetentionPolicy", fields{"logGroupName": o.name}, nil}}
		}
		return []call{{"logs", "PutRetentionPolicy", fields{"logGroupName": o.name, "retentionInDays": to["retention_in_days"]}, nil}}
	case queue:
		return []call{{"sqs", "SetQueueAttributes", fields{"queueUrl": o.id, "attributes": queueAttributes(to)}, nil}}
	}
	for _, turn := range []struct {
		name     string
		was, is  settings
		response string
	}{{"RevokeSecurityGroupIngress", from, to, "unknownIpPermissionSet"}, {"AuthorizeSecurityGroupIngress", to, from, "securityGroupRuleSet"}} {
		var items []fields
		for _, port := range slices.Sorted(maps.Keys(turn.was)) {
			if turn.was[port] == 1 && turn.is[port] == 0 {
				n, _ := strconv.Atoi(port) // one of the choices
				items = append(items, fields{"ipProtocol": "tcp", "fromPort": n, "toPort": n, "groups": fields{}, "ipRanges": fields{"items": []fields{{"cidrIp": "10.0.0.0/8"}}}, "ipv6Ranges": fields{}, "prefixListIds": fields{}})
			}
		}
		if items != nil {
			calls = append(calls, call{"ec2", turn.name, fields{"groupId": o.id, "ipPermissions": fields{"items": items}}, fields{"_return": true, turn.response: fields{}}})
		}
	}
	return calls
}

// queueAttributes are numbers as text, as SQS has them.
func queueAttributes(s settings) fields {
	return fields{"VisibilityTimeout": strconv.Itoa(s["visibility_timeout_seconds"]), "DelaySeconds": strconv.Itoa(s["delay_seconds"])}
}

// make brings an object into being. A log group has no settings yet, a security
// group no rules.
func (o *object) make() call {
	o.exists = true
	switch o.kind {
	case queue:
		return call{"sqs", "CreateQueue", fields{"queueName": o.name, "attributes": queueAttributes(o.now)}, fields{"queueUrl": o.id}}
	case logGroup:
		o.now, o.unfinished = settings{"retention_in_days": 0}, true
		return call{"logs", "CreateLogGroup", fields{"logGroupName": o.name}, nil}
	}
	o.now = settings{}
	return call{"ec2", "CreateSecurityGroup", fields{"groupName": o.name, "groupDescription": "chaos", "vpcId": vpc}, fields{"_return": true, "groupId": o.id}}
}

func (o *object) remove() call {
	o.exists, o.unfinished = false, false
	switch o.kind {
	case queue:
		return call{"sqs", "DeleteQueue", fields{"queueUrl": o.id}, nil}
	case logGroup:
		return call{"logs", "DeleteLogGroup", fields{"logGroupName": o.name}, nil}
	}
	return call{"ec2", "DeleteSecurityGroup", fields{"groupId": o.id}, fields{"_return": true}}
}

// Agents of callers.
const (
	byHand      = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36"
	byTerraform = "APN/1.0 HashiCorp/1.0 Terraform/1.13.4 (+https://www.terraform.io) terraform-provider-aws/6.9.0"
)

// event is a call as CloudTrail logs it: its time has whole seconds.
func (w *world) event(o *object, c call, agent string, at time.Time) []byte {
	w.events++
	o.events = append(o.events, fmt.Sprintf("00000000-0000-4000-8000-%012d", w.events))
	user := "alice"
	if agent == byTerraform {
		user = "deployer"
	}
	raw, err := json.Marshal(fields{
		"eventVersion": "1.11", "eventID": o.events[len(o.events)-1], "requestID": fmt.Sprintf("11111111-0000-4000-8000-%012d", w.events),
		"eventTime": at.UTC().Format(time.RFC3339), "eventSource": c.source + ".amazonaws.com", "eventName": c.name, "awsRegion": region, "recipientAccountId": account,
		"userIdentity":    fields{"type": "IAMUser", "principalId": "AIDACKCEVSQ6C2EXAMPLE", "arn": "arn:aws:iam::" + account + ":user/" + user, "accountId": account, "userName": user},
		"sourceIPAddress": "198.51.100.23", "userAgent": agent, "readOnly": false, "eventType": "AwsApiCall", "managementEvent": true, "eventCategory": "Management",
		"requestParameters": c.request, "responseElements": c.response,
	})
	if err != nil {
		panic(err) // of our own values
	}
	return raw
}

// attributes are an object's as a state holds them.
func (o *object) attributes(s settings) fields {
	arn := func(service, rest string) string {
		return "arn:aws:" + service + ":" + region + ":" + account + ":" + rest
	}
	switch o.kind {
	case logGroup:
		return fields{"id": o.id, "name": o.name, "arn": arn("logs", "log-group:"+o.name), "retention_in_days": s["retention_in_days"]}
	case queue:
		return fields{"id": o.id, "url": o.id, "name": o.name, "arn": arn("sqs", o.name), "visibility_timeout_seconds": s["visibility_timeout_seconds"], "delay_seconds": s["delay_seconds"]}
	}
	rules := []fields{}
	for _, port := range slices.Sorted(maps.Keys(s)) {
		if s[port] == 1 {
			n, _ := strconv.Atoi(port)
			rules = append(rules, fields{"from_port": n, "to_port": n, "protocol": "tcp", "cidr_blocks": []string{"10.0.0.0/8"}, "ipv6_cidr_blocks": []string{}, "prefix_list_ids": []string{}, "security_groups": []string{}, "self": false, "description": ""})
		}
	}
	return fields{"id": o.id, "name": o.name, "arn": arn("ec2", "security-group/"+o.id), "description": "chaos", "vpc_id": vpc, "ingress": rules}
}

// edition is one content of a state.
type edition struct {
	serial int
	holds  map[*object]settings
}

// heavy is a resource of some megabytes, another in each edition. With two of
// them, reading a state takes long enough for it to be replaced meanwhile, and
// storing it takes more than one write.
func heavy(name string, serial int) fields {
	content := fmt.Sprintf("%08d", serial)
	return fields{"mode": "managed", "type": "aws_ssm_document", "name": name, "provider": `provider["registry.terraform.io/hashicorp/aws"]`, "instances": []fields{{"schema_version": 0, "attributes": fields{
		"id": name, "name": name, "arn": "arn:aws:ssm:" + region + ":" + account + ":document/" + name, "content": strings.Repeat(content, 5<<20/len(content)),
	}}}}
}

// text is an edition as Terraform writes it.
func (s *stateFile) text(e edition) []byte {
	objects := slices.SortedFunc(maps.Keys(e.holds), func(a, b *object) int { return cmp.Compare(a.address(), b.address()) })
	resources := []fields{}
	for i, o := range objects {
		if s.ballast && (i == len(objects)/2 || i == len(objects)-1) {
			resources = append(resources, heavy(fmt.Sprint("heavy-", i), e.serial))
		}
		resources = append(resources, fields{
			"mode": "managed", "type": o.kind, "name": o.name, "provider": `provider["registry.terraform.io/hashicorp/aws"]`,
			"instances": []fields{{"schema_version": 0, "attributes": o.attributes(e.holds[o])}},
		})
	}
	raw, err := json.MarshalIndent(struct { // in Terraform's order: a state without its end has a serial all the same
		Version   int      `json:"version"`
		Terraform string   `json:"terraform_version"`
		Serial    int      `json:"serial"`
		Lineage   string   `json:"lineage"`
		Outputs   fields   `json:"outputs"`
		Resources []fields `json:"resources"`
	}{4, "1.13.4", e.serial, s.lineage, fields{}, resources}, "", "  ")
	if err != nil {
		panic(err) // of our own values
	}
	return raw
}
