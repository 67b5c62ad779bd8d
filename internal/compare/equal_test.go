package compare_test

import (
	"testing"

	"tfdrift/internal/compare"
	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

func parse(t *testing.T, text string) any {
	t.Helper()
	v, err := tree.Parse([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

// The policies that the rows below vary.
const (
	policy = `"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"A\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::123456789012:root\"},\"Action\":[\"s3:GetObject\",\"s3:PutObject\"],\"Resource\":\"arn:aws:s3:::b/*\"},{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":[\"arn:aws:s3:::b\",\"arn:aws:s3:::b/*\"],\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"false\"}}}]}"`
	// the same, turned about wherever its meaning allows
	turned = `"{\"Statement\":[{\"Condition\":{\"Bool\":{\"aws:SecureTransport\":[\"false\"]}},\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":[\"s3:*\"],\"Resource\":[\"arn:aws:s3:::b/*\",\"arn:aws:s3:::b\"]},{\"Sid\":\"A\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":[\"123456789012\"]},\"Action\":[\"s3:putobject\",\"S3:GetObject\"],\"Resource\":[\"arn:aws:s3:::b/*\"]}],\"Version\":\"2012-10-17\"}"`
)

func one(statement string) string {
	return `"{\"Version\":\"2012-10-17\",\"Statement\":[` + statement + `]}"`
}

func TestValuesAreEqualByMeaning(t *testing.T) {
	tests := []struct {
		reason       string // why they are, or are not, the same
		attribute    string
		state, event string // JSON
		want         bool
	}{
		{"text as it stands", "name", `"a"`, `"a"`, true},
		{"another text", "name", `"a"`, `"b"`, false},

		{"a number whatever its JSON type", "port", `443`, `"443"`, true},
		{"a number whatever its spelling", "threshold", `80`, `80.0`, true},
		{"a number in scientific notation", "threshold", `1000000`, `1e6`, true},
		{"another number", "port", `443`, `8443`, false},
		{"an id of 17 digits is told apart by its last", "id", `"12345678901234567"`, `"12345678901234568"`, false},
		{"a number too large for anything", "n", `"1e999"`, `"2e999"`, false},
		{"a version is no decimal fraction", "engine_version", `"14.1"`, `"14.10"`, false},
		{"a version as number and as text", "version", `"3"`, `3`, true},
		{"a version in a block", "cluster", `[{"engine_version":"14.1"}]`, `[{"engine_version":"14.10"}]`, false},
		{"a switch whatever its JSON type", "enabled", `true`, `"true"`, true},
		{"a switch as Python spells it", "enabled", `true`, `"True"`, true},
		{"the other position of a switch", "enabled", `true`, `"false"`, false},

		{"null and absent are alike", "description", `null`, `null`, true},
		{"null and empty text", "description", `null`, `""`, true},
		{"null and an empty list", "security_groups", `null`, `[]`, true},
		{"null and an empty block", "config", `[]`, `{}`, true},
		{"null and a switch left off", "enabled", `null`, `false`, true},
		{"a switch left off and null", "enabled", `false`, `null`, true},
		{"nothing and off", "mutual_authentication", `[]`, `{"mode":"off"}`, true},
		{"nothing and the policy that a group has without one", "termination_policies", `[]`, `["Default"]`, true},
		{"nothing and the strategy that a service has without one", "deployment_configuration", `[]`, `{"bakeTimeInMinutes":0,"strategy":"ROLLING"}`, true},
		{"nothing and the word for nothing", "snap_start", `[]`, `{"apply_on":"None"}`, true},
		{"null and a switch on", "enabled", `null`, `true`, false},
		{"a switch on and null", "enabled", `true`, `null`, false},
		{"null and zero", "count", `null`, `0`, true},
		{"a number and null", "count", `5`, `null`, false},
		{"a block of nothing but defaults", "config", `[{"a":0,"b":""}]`, `[]`, true},
		{"a block that says something, and none", "config", `[{"a":1}]`, `[]`, false},
		{"an empty document and none", "policy", `"{}"`, `null`, true},

		{"a set without order", "subnets", `["a","b"]`, `["b","a"]`, true},
		{"a set that lacks one", "subnets", `["a","b"]`, `["a"]`, false},
		{"a set with one more", "subnets", `["a"]`, `["a","b"]`, false},
		{"duplicates count", "subnets", `["a","a","b"]`, `["a","b","b"]`, false},
		{"a list of one is its element", "subnets", `["a"]`, `"a"`, true},
		{"an element is a list of one", "subnet", `"a"`, `["a"]`, true},
		{"a list of two is not its first element", "subnets", `["a","b"]`, `"a"`, false},
		{"blocks without order", "rule", `[{"p":1},{"p":2}]`, `[{"p":2},{"p":1}]`, true},

		{"of a block only what the event has", "config", `[{"a":1,"b":2}]`, `{"a":1}`, true},
		{"of a block what the event has differs", "config", `[{"a":1,"b":2}]`, `{"a":2}`, false},
		{"a field that state lacks must be empty", "config", `[{"a":1}]`, `{"a":1,"c":false}`, true},
		{"a field that state lacks is set", "config", `[{"a":1}]`, `{"a":1,"c":true}`, false},
		{"fields whatever their case and punctuation", "config", `[{"http_tokens":"required"}]`, `{"httpTokens":"required"}`, true},

		{"tags are the user's own: every key counts", "tags", `{"a":"1","b":"2"}`, `{"a":"1"}`, false},
		{"a tag's key has a case", "tags", `{"Env":"x"}`, `{"env":"x"}`, false},
		{"a tag's value has a case", "tags", `{"env":"prod"}`, `{"env":"PROD"}`, false},
		{"a tag's value is text, no number", "tags", `{"v":"1.0"}`, `{"v":"1"}`, false},
		{"a number as a tag's value", "tags", `{"v":"1"}`, `{"v":1}`, true},
		{"AWS's own tags are not Terraform's", "tags", `{"a":"1"}`, `{"a":"1","aws:createdBy":"x"}`, true},
		{"no tags and none", "tags", `null`, `{}`, true},
		{"no tags and one", "tags", `null`, `{"a":"1"}`, false},
		{"environment variables in a block", "environment", `[{"variables":{"A":"1","B":"2"}}]`, `{"variables":{"A":"1"}}`, false},

		{"words of an API have no case", "protocol", `"tcp"`, `"TCP"`, true},
		{"a protocol by name and by number", "ip_protocol", `"tcp"`, `"6"`, true},
		{"all protocols in two spellings", "protocol", `"all"`, `-1`, true},
		{"two protocols", "protocol", `"tcp"`, `"17"`, false},
		{"a protocol in a block", "rule", `[{"protocol":"udp"}]`, `{"protocol":"17"}`, true},
		{"HTTP is not HTTPS", "protocol", `"HTTP"`, `"HTTPS"`, false},
		{"names that people choose have", "name", `"Web"`, `"WEB"`, false},
		{"white space around", "description", `"a"`, `"a\n"`, true},

		{"CIDR blocks by their network", "cidr", `"10.0.0.0/8"`, `"10.1.2.3/8"`, true},
		{"an address is the block that holds it alone", "cidr", `"10.0.0.1"`, `"10.0.0.1/32"`, true},
		{"IPv6 in two spellings", "cidr", `"2001:db8::/32"`, `"2001:DB8:0:0::/32"`, true},
		{"a wider block", "cidr", `"10.0.0.0/8"`, `"10.0.0.0/16"`, false},
		{"everybody, in IPv4 and in IPv6", "cidr", `"0.0.0.0/0"`, `"::/0"`, false},
		{"CIDR blocks without order", "source_ranges", `["10.0.0.0/8","192.168.1.1/32"]`, `["192.168.1.1","10.0.0.0/8"]`, true},

		{"an ARN and the name in it", "role", `"arn:aws:iam::1:role/app"`, `"app"`, true},
		{"an ARN and the path in it", "role", `"arn:aws:iam::1:role/team/app"`, `"team/app"`, true},
		{"an ARN and another name", "role", `"arn:aws:iam::1:role/app"`, `"admin"`, false},
		{"ARNs of two accounts", "role", `"arn:aws:iam::1:role/app"`, `"arn:aws:iam::2:role/app"`, false},
		{"a key's id and its ARN", "kms_key_id", `"arn:aws:kms:eu-west-1:1:key/12ab"`, `"12ab"`, true},
		{"a self-link and its path", "network", `"https://www.googleapis.com/compute/v1/projects/p/global/networks/n"`, `"projects/p/global/networks/n"`, true},
		{"a self-link and the short name", "network", `"https://www.googleapis.com/compute/v1/projects/p/global/networks/n"`, `"n"`, true},
		{"a self-link and another name", "network", `"https://www.googleapis.com/compute/v1/projects/p/global/networks/n"`, `"m"`, false},
		{"one path on two hosts", "push_endpoint", `"https://api.example.com/events/push"`, `"https://evil.example.net/events/push"`, false},
		{"a host name in two spellings", "endpoint", `"API.example.com"`, `"api.example.com"`, true},
		{"a schedule is no path: every five minutes, at minute five", "schedule", `"*/5 * * * *"`, `"5 * * * *"`, false},
		{"a prefix is no name", "prefix", `"logs/app/"`, `"app/"`, false},
		{"prose with a slash in it", "description", `"read and/or write"`, `"or write"`, false},

		{"seconds with and without their unit", "timeout", `300`, `"300s"`, true},
		{"seconds, one a fraction", "timeout", `"300s"`, `"300.000s"`, true},
		{"other seconds", "timeout", `"300s"`, `"600s"`, false},
		{"an instant in two zones", "end_date", `"2026-01-01T00:00:00Z"`, `"2026-01-01T01:00:00+01:00"`, true},
		{"an instant with a fraction of nothing", "end_date", `"2026-01-01T00:00:00Z"`, `"2026-01-01T00:00:00.000Z"`, true},
		{"an instant as CloudTrail logs it", "start_time", `"2026-08-21T22:00:00Z"`, `"Aug 21, 2026 10:00:00 PM"`, true},
		{"another instant as CloudTrail logs it", "start_time", `"2026-08-21T22:00:00Z"`, `"Aug 1, 2026 10:00:00 PM"`, false},
		{"another instant", "end_date", `"2026-01-01T00:00:00Z"`, `"2026-01-01T00:00:01Z"`, false},

		{"a policy turned about", "policy", policy, turned, true},
		{"a policy, one statement as no list", "policy", one(`{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}`), `"{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":[\"s3:*\"],\"Resource\":[\"*\"]}}"`, true},
		{"a policy with one more action", "policy", one(`{\"Effect\":\"Allow\",\"Action\":\"s3:Get*\",\"Resource\":\"*\"}`), one(`{\"Effect\":\"Allow\",\"Action\":[\"s3:Get*\",\"s3:Put*\"],\"Resource\":\"*\"}`), false},
		{"a policy that denies what it allowed", "policy", one(`{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}`), one(`{\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"*\"}`), false},
		{"a policy that all but allows", "policy", one(`{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}`), one(`{\"Effect\":\"Allow\",\"NotAction\":\"s3:*\",\"Resource\":\"*\"}`), false},
		{"a policy of another account", "policy", one(`{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"123456789012\"},\"Action\":\"s3:*\",\"Resource\":\"*\"}`), one(`{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"210987654321\"},\"Action\":\"s3:*\",\"Resource\":\"*\"}`), false},
		{"an account, by number and by its root", "policy", one(`{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"123456789012\"},\"Action\":\"s3:*\",\"Resource\":\"*\"}`), one(`{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::123456789012:root\"},\"Action\":\"s3:*\",\"Resource\":\"*\"}`), true},
		{"everybody in two spellings", "policy", one(`{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":\"*\"}`), one(`{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\"},\"Action\":\"s3:*\",\"Resource\":\"*\"}`), true},
		{"everybody and nobody", "policy", one(`{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":\"*\"}`), one(`{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}`), false},
		{"a policy of a null statement", "policy", one(`{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}`), one(`null`), false},
		{"a policy opened to everybody", "policy", one(`{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"123456789012\"},\"Action\":\"s3:*\",\"Resource\":\"*\"}`), one(`{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":\"*\"}`), false},
		{"a policy that lost its condition", "policy", one(`{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"a\":\"b\"}}}`), one(`{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}`), false},
		{"a condition's value in its list", "policy", one(`{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"a\":[\"b\",\"c\"]}}}`), one(`{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"a\":[\"c\",\"b\"]}}}`), true},
		{"a switch in a condition, as text", "policy", one(`{\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"false\"}}}`), one(`{\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":false}}}`), true},
		{"an empty Sid is none", "policy", one(`{\"Sid\":\"\",\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}`), one(`{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}`), true},
		{"a policy, URL-encoded as IAM answers", "policy", one(`{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}`), `"%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3A%2A%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D"`, true},
		{"a policy quoted once more", "policy", one(`{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}`), `"\"{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\",\\\"Action\\\":\\\"s3:*\\\",\\\"Resource\\\":\\\"*\\\"}]}\""`, true},
		{"a policy as an object, as S3 logs it", "policy", one(`{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}`), `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`, true},
		{"a policy against none", "policy", `null`, one(`{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}`), false},
		{"a policy cut off", "policy", one(`{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}`), `"{\"Version\":"`, false},

		{"JSON in text by what it says", "definition", `"{\"a\": 1, \"b\": [1, 2]}"`, `"{\"b\":[1,2],\"a\":1}"`, true},
		{"JSON in text and the object itself", "definition", `"{\"a\":{\"b\":1}}"`, `{"a":{"b":1}}`, true},
		{"JSON in text and a list", "definition", `"[{\"a\":1}]"`, `[{"a":1}]`, true},
		{"JSON that says more", "definition", `"{\"a\":1}"`, `"{\"a\":1,\"b\":2}"`, false},
		{"JSON that says less", "definition", `"{\"a\":1,\"b\":2}"`, `"{\"a\":1}"`, false},
		{"JSON with a null more", "definition", `"{\"a\":1}"`, `"{\"a\":1,\"b\":null}"`, true},
		{"JSON numbers as text", "definition", `"{\"a\":1}"`, `"{\"a\":\"1\"}"`, true},
		{"text that only looks like JSON", "definition", `"{a}"`, `"{b}"`, false},
		{"text that only looks like JSON, and itself", "definition", `"{a}"`, `"{a}"`, true},

		{"a block and text that is none", "config", `[{"a":1}]`, `"x"`, false},
		{"a block and a number", "config", `{"a":1}`, `1`, false},
		{"text and a block", "config", `"x"`, `{"a":1}`, false},
	}
	var c compare.Comparer
	for _, test := range tests {
		t.Run(test.reason, func(t *testing.T) {
			if got := c.Equal(test.attribute, parse(t, test.state), parse(t, test.event)); got != test.want {
				t.Errorf("Equal(%s: %s, %s) = %v", test.attribute, test.state, test.event, got)
			}
		})
	}
}

// seal is what a sealer does, as far as comparing goes.
func seal(v any) drift.Sealed {
	return drift.Sealed{KeyID: "k", MAC: "of " + string(tree.Canonical(v))}
}

func TestSealedValues(t *testing.T) {
	tests := []struct {
		reason string
		seal   compare.Seal
		state  any
		event  any
		want   bool
	}{
		{"the value that was sealed", seal, seal("hunter2"), "hunter2", true},
		{"another value", seal, seal("hunter2"), "hunter3", false},
		{"both sealed", nil, seal("hunter2"), seal("hunter2"), true},
		{"both sealed, of two values", nil, seal("hunter2"), seal("hunter3"), false},
		{"without the key nothing is recognised", nil, seal("hunter2"), "hunter2", false},
		{"one field of a block", seal, []any{map[string]any{"a": seal("x")}}, map[string]any{"a": "x"}, true},
		{"an environment variable", seal, map[string]any{"A": seal("x")}, map[string]any{"A": "x"}, true},
		{"another environment variable", seal, map[string]any{"A": seal("x")}, map[string]any{"A": "y"}, false},
		{"a sealed value taken away", seal, seal("hunter2"), nil, false},
	}
	for _, test := range tests {
		t.Run(test.reason, func(t *testing.T) {
			if got := (compare.Comparer{Seal: test.seal}).Equal("variables", test.state, test.event); got != test.want {
				t.Errorf("got %v", got)
			}
		})
	}
}
