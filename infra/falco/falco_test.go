package falco_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/catalog"
	"tfdrift/internal/drift"
	"tfdrift/internal/event"
)

// rule is an element of a rules file.
type rule struct {
	Engine  int                              `yaml:"required_engine_version"`
	Plugins []struct{ Name, Version string } `yaml:"required_plugin_versions"`

	Rule, Desc, Condition, Output, Priority, Source string
	Tags                                            []string

	parsed condition
}

var read = map[string][]rule{}

var files = map[string]struct {
	provider  drift.Provider
	source    string
	src, name string // fields
}{
	"tfdrift_aws_rules.yaml": {drift.AWS, "aws_cloudtrail", "ct.src", "ct.name"},
	"tfdrift_gcp_rules.yaml": {drift.GCP, "gcp_auditlog", "gcp.serviceName", "gcp.methodName"},
}

func rules(t *testing.T, file string) (all []rule) {
	t.Helper()
	if all, ok := read[file]; ok {
		return all
	}
	defer func() { read[file] = all }()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalWithOptions(text, &all, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(r rule) bool { return r.Rule == "" })
	for i, r := range all {
		if all[i].parsed, err = parse(r.Condition); err != nil {
			t.Fatalf("%s: %s: %v", file, r.Rule, err)
		}
	}
	return all
}

var field = regexp.MustCompile(`%([a-zA-Z0-9.]+(?:\[[^\]]*\])?)`)

func TestRulesAreWellFormed(t *testing.T) {
	text, err := os.ReadFile("testdata/fields.txt")
	if err != nil {
		t.Fatal(err)
	}
	known := strings.Fields(string(text))
	for file, of := range files {
		seen := map[string]bool{}
		for _, r := range rules(t, file) {
			if strings.Contains(r.Output+r.Condition, "\n") {
				t.Errorf("%s: %s: its text does not fold to one line", file, r.Rule)
			}
			if seen[r.Rule] || r.Desc == "" || r.Priority != "NOTICE" || r.Source != of.source {
				t.Errorf("%s: %+v", file, r)
			}
			seen[r.Rule] = true
			// Falco's own limit is on depth, 100 (libsinsp's filter parser); lists and
			// chains have none, and are kept to what a person can look through.
			if depth(r.parsed) > 10 || len(r.Condition) > 16<<10 || len(r.Output) > 2<<10 {
				t.Errorf("%s: %s: depth %d, a condition of %d bytes, an output of %d", file, r.Rule, depth(r.parsed), len(r.Condition), len(r.Output))
			}
			for _, m := range field.FindAllStringSubmatch(r.Output, -1) {
				if !slices.Contains(known, m[1]) && !strings.HasPrefix(m[1], "json.value[/") {
					t.Errorf("%s: %s: Falco knows no field %s", file, r.Rule, m[1])
				}
			}
		}
		if info, err := os.Stat(file); err != nil || info.Size() > 900<<10 {
			t.Errorf("%s: %d bytes; a ConfigMap holds 1 MiB", file, info.Size())
		}
	}
}

// Every call that a rule names is one that the catalog knows to change something.
func TestEveryCallOfARuleIsInTheCatalog(t *testing.T) {
	for file, of := range files {
		calls := 0
		for _, r := range rules(t, file) {
			for _, src := range values(r.parsed, of.src) {
				for _, name := range values(r.parsed, of.name) {
					calls++
					if _, changes := catalog.Known(of.provider, src, strings.TrimPrefix(name, ".")); !changes {
						t.Errorf("%s: %s: %s %s is not in the catalog", file, r.Rule, src, name)
					}
				}
			}
		}
		if calls < 1000 {
			t.Errorf("%s: only %d calls", file, calls)
		}
	}
}

// alerts are what Falco makes of a record with these rules.
func alerts(t *testing.T, file string, record map[string]any) (out [][]byte) {
	t.Helper()
	lookup := func(name string) (string, bool) { return extract(record, name) }
	for _, r := range rules(t, file) {
		if !r.parsed.holds(lookup) {
			continue
		}
		fields := map[string]any{}
		for _, m := range field.FindAllStringSubmatch(r.Output, -1) {
			fields[m[1]] = nil
			if v, ok := lookup(m[1]); ok {
				fields[m[1]] = v
			}
		}
		raw, err := json.Marshal(map[string]any{"rule": r.Rule, "priority": "Notice", "source": r.Source, "time": "2026-08-20T12:00:00Z", "hostname": "falco-0", "tags": r.Tags, "output_fields": fields})
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, raw)
	}
	return out
}

// extract is what the plugins take from a record.
func extract(record map[string]any, name string) (string, bool) {
	path := map[string]string{
		"ct.id": "eventID", "ct.error": "errorCode", "ct.errormessage": "errorMessage", "ct.time": "eventTime", "ct.src": "eventSource", "ct.name": "eventName",
		"ct.user.accountid": "userIdentity/accountId", "ct.user.identitytype": "userIdentity/type", "ct.user.principalid": "userIdentity/principalId",
		"ct.user.arn": "userIdentity/arn", "ct.region": "awsRegion", "ct.response": "responseElements", "ct.request": "requestParameters",
		"ct.srcip": "sourceIPAddress", "ct.useragent": "userAgent", "ct.readonly": "readOnly", "ct.eventtype": "eventType", "ct.apiversion": "apiVersion",
		"ct.recipientaccountid": "recipientAccountId", "ct.eventcategory": "eventCategory", "ct.sessioncredentialfromconsole": "sessionCredentialFromConsole",
		"gcp.serviceName": "protoPayload/serviceName", "gcp.methodName": "protoPayload/methodName", "gcp.user": "protoPayload/authenticationInfo/principalEmail",
	}[name]
	switch {
	case name == "evt.plugininfo":
		raw, _ := json.Marshal(record)
		return string(raw), true
	case name == "ct.user":
		switch kind, _ := extract(record, "ct.user.identitytype"); kind {
		case "AssumedRole":
			path = "userIdentity/sessionContext/sessionIssuer/userName"
		case "AWSService":
			path = "userIdentity/invokedBy"
		default:
			path = "userIdentity/userName"
		}
	case strings.HasPrefix(name, "json.value[/"):
		path = strings.TrimSuffix(strings.TrimPrefix(name, "json.value[/"), "]")
	}
	var v any = record
	for part := range strings.SplitSeq(path, "/") {
		m, _ := v.(map[string]any)
		if v = m[part]; v == nil {
			return "", false
		}
	}
	if s, ok := v.(string); ok {
		return s, true
	}
	raw, _ := json.Marshal(v)
	return string(raw), true
}

// Falco with these rules says of a call what the cloud's own event says of it,
// once; the samples that are events of calls that the catalog knows are the proof.
func TestAnAlertSaysWhatTheRecordSays(t *testing.T) {
	for file, of := range files {
		samples, err := filepath.Glob("../../events/" + string(of.provider) + "/*.json")
		if err != nil || len(samples) == 0 {
			t.Fatal(err)
		}
		proven := 0
		for _, sample := range samples {
			raw, err := os.ReadFile(sample)
			if err != nil {
				t.Fatal(err)
			}
			var record map[string]any
			if json.Unmarshal(raw, &record) != nil || record["eventName"] == nil && record["protoPayload"] == nil {
				continue // in an envelope
			}
			native, err := event.Decode(raw)
			if err != nil || len(native) != 1 {
				continue
			}
			got := alerts(t, file, record)
			_, changes := catalog.Known(of.provider, native[0].Source, native[0].Name)
			if failed, _ := extract(record, "ct.error"); failed != "" || !changes {
				if len(got) > 0 {
					t.Errorf("%s: %d alerts on what changes nothing", sample, len(got))
				}
				continue
			}
			if len(got) != 1 {
				t.Errorf("%s: %d alerts", sample, len(got))
				continue
			}
			seen, err := event.Decode(got[0])
			if err != nil || len(seen) != 1 {
				t.Errorf("%s: %v", sample, err)
				continue
			}
			want := *native[0]
			want.Via, want.Extra = seen[0].Via, seen[0].Extra
			for _, e := range []*drift.Event{&want, seen[0]} {
				e.Request, e.Response = canonical(e.Request), canonical(e.Response)
			}
			if diff := cmp.Diff(&want, seen[0]); diff != "" {
				t.Errorf("%s (-record +alert):\n%s", sample, diff)
			}
			proven++
		}
		if proven < 20 {
			t.Errorf("%s: only %d samples", file, proven)
		}
	}
}

func canonical(raw json.RawMessage) json.RawMessage {
	var v any
	if json.Unmarshal(raw, &v) != nil || v == nil {
		return nil
	}
	out, _ := json.Marshal(v)
	return out
}

// condition is a parsed condition of Falco's, as far as these rules use them.
type condition interface {
	holds(field func(string) (string, bool)) bool
}

type (
	all   []condition
	one   []condition
	not   struct{ condition }
	check struct {
		field, operator string
		values          []string
	}
)

func (c all) holds(f func(string) (string, bool)) bool {
	return !slices.ContainsFunc(c, func(c condition) bool { return !c.holds(f) })
}
func (c one) holds(f func(string) (string, bool)) bool {
	return slices.ContainsFunc(c, func(c condition) bool { return c.holds(f) })
}
func (c not) holds(f func(string) (string, bool)) bool { return !c.condition.holds(f) }
func (c check) holds(f func(string) (string, bool)) bool {
	v, ok := f(c.field)
	switch c.operator {
	case "exists":
		return ok
	case "startswith":
		return ok && strings.HasPrefix(v, c.values[0])
	case "endswith":
		return ok && strings.HasSuffix(v, c.values[0])
	}
	return ok && slices.Contains(c.values, v)
}

func depth(c condition) int {
	most := func(list []condition) (n int) {
		for _, c := range list {
			n = max(n, depth(c))
		}
		return n + 1
	}
	switch c := c.(type) {
	case all:
		return most(c)
	case one:
		return most(c)
	case not:
		return depth(c.condition) + 1
	}
	return 1
}

// values are those that a condition compares a field with.
func values(c condition, field string) (found []string) {
	switch c := c.(type) {
	case all:
		for _, c := range c {
			found = append(found, values(c, field)...)
		}
	case one:
		for _, c := range c {
			found = append(found, values(c, field)...)
		}
	case check:
		if c.field == field {
			found = c.values
		}
	}
	return found
}

var token = regexp.MustCompile(`"[^"]*"|[(),]|[^\s(),]+`)

type parser struct{ tokens []string }

// parse reads a condition: libsinsp's grammar without macros and arithmetic.
func parse(text string) (condition, error) {
	p := &parser{token.FindAllString(text, -1)}
	c, err := p.or()
	if err == nil && len(p.tokens) > 0 {
		err = fmt.Errorf("%q follows", p.tokens[0])
	}
	return c, err
}

func (p *parser) peek() string {
	if len(p.tokens) == 0 {
		return ""
	}
	return p.tokens[0]
}

func (p *parser) take() string {
	t := p.peek()
	if t != "" {
		p.tokens = p.tokens[1:]
	}
	return t
}

func (p *parser) or() (condition, error) {
	var list one
	for {
		c, err := p.and()
		if err != nil {
			return nil, err
		}
		if list = append(list, c); p.peek() != "or" {
			break
		}
		p.take()
	}
	if len(list) == 1 {
		return list[0], nil
	}
	return list, nil
}

func (p *parser) and() (condition, error) {
	var list all
	for {
		c, err := p.single()
		if err != nil {
			return nil, err
		}
		if list = append(list, c); p.peek() != "and" {
			break
		}
		p.take()
	}
	if len(list) == 1 {
		return list[0], nil
	}
	return list, nil
}

func (p *parser) single() (condition, error) {
	switch t := p.take(); t {
	case "not":
		c, err := p.single()
		return not{c}, err
	case "(":
		c, err := p.or()
		if err == nil && p.take() != ")" {
			err = errors.New("an open parenthesis")
		}
		return c, err
	case "", ")", ",", "and", "or":
		return nil, fmt.Errorf("%q where a field should be", t)
	default:
		return p.check(t)
	}
}

func (p *parser) check(field string) (condition, error) {
	c := check{field: field, operator: p.take()}
	switch c.operator {
	case "exists":
		return c, nil
	case "=", "startswith", "endswith":
		c.values = []string{strings.Trim(p.take(), `"`)}
		return c, nil
	case "in":
		if p.take() != "(" {
			return nil, errors.New("no list behind in")
		}
		for {
			c.values = append(c.values, strings.Trim(p.take(), `"`))
			if t := p.take(); t == ")" {
				return c, nil
			} else if t != "," {
				return nil, fmt.Errorf("%q in a list", t)
			}
		}
	}
	return nil, fmt.Errorf("no operator %q", c.operator)
}

func TestFragmentsOfFalcosConfigurationAreYAML(t *testing.T) {
	found, err := filepath.Glob("*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range found {
		if _, isRules := files[file]; isRules {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var keys map[string]any
		if err := yaml.Unmarshal(text, &keys); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		// The top-level keys of falco.yaml that the fragments use.
		for key := range keys {
			if !slices.Contains([]string{"append_output", "http_output", "grpc", "grpc_output", "json_output", "json_include_output_property", "plugins", "load_plugins", "rules_files", "outputs_queue"}, key) {
				t.Errorf("%s: falco.yaml has no %s", file, key)
			}
		}
	}
	if len(found) < 5 {
		t.Errorf("only %d files", len(found))
	}
}
