package config

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/drift"
	"tfdrift/internal/rules"
)

func parse(t *testing.T, text string) *Config {
	t.Helper()
	c, _, err := Parse("tfdrift.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAnEmptyFileIsTheDefaults(t *testing.T) {
	want := &Config{
		Providers:   Providers{AWS: AWS{Enabled: true}, GCP: GCP{Enabled: true}},
		Forwarder:   Forwarder{Listen: "127.0.0.1:8080", EventBus: "default", Spool: Spool{Path: "spool", MaxMB: 512, MaxAge: 72 * time.Hour}},
		Settle:      15 * time.Minute,
		Performance: Performance{EventWorkerCount: 10, StateParserWorkers: 5, NotifierWorkers: 3},
		Logging:     Logging{Level: "info", Format: "json"},
	}
	for _, text := range []string{"", "\n\n", "# nothing\n", "---\n", "{}", "providers:\nlogging:\n", "\ufeffsettle: 15m\n"} {
		if diff := cmp.Diff(want, parse(t, text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

// TestSeedFilesMeanWhatTheirNamesSay loads the predecessor's documented
// configurations unchanged.
func TestSeedFilesMeanWhatTheirNamesSay(t *testing.T) {
	type check = func(t *testing.T, c *Config)
	equal := func(t *testing.T, want, got any) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	secret := func(source SecretSource, reference string) check {
		return func(t *testing.T, c *Config) {
			equal(t, NewSecret(source, reference), c.Notifications.Slack.WebhookURL)
			equal(t, true, c.Notifications.Slack.Enabled)
		}
	}
	checks := map[string]check{
		"account-production": func(t *testing.T, c *Config) {
			equal(t, "s3://terraform-state-production/terraform.tfstate", c.States()[0].URL())
			equal(t, "#security-alerts-prod", c.Notifications.Slack.Channel)
			equal(t, []string{"us-east-1"}, c.Providers.AWS.Regions)
		},
		"falco-mtls": func(t *testing.T, c *Config) {
			equal(t, []Falco{{Enabled: true, Transport: "grpc", Hostname: "falco.secure.internal", Port: 5060, CertFile: "/etc/tfdrift/certs/client.crt",
				KeyFile: "/etc/tfdrift/certs/client.key", CARootFile: "/etc/tfdrift/certs/ca.crt"}}, c.Falco)
		},
		"full": func(t *testing.T, c *Config) {
			equal(t, "production", c.Environment)
			equal(t, 3, len(c.DriftRules))
			equal(t, true, c.DriftRules[0].TerraformManagedOnly)
			equal(t, "AWSServiceRoleForECS", c.DriftRules[1].ExcludeUsers[1].String())
			equal(t, 15*time.Minute, c.Providers.AWS.State[0].RefreshInterval)
			equal(t, 20, c.Performance.EventWorkerCount)
		},
		"logging-debug": func(t *testing.T, c *Config) { equal(t, Logging{Level: "debug", Format: "text"}, c.Logging) },
		"performance": func(t *testing.T, c *Config) {
			equal(t, Performance{EventWorkerCount: 10, StateParserWorkers: 5, NotifierWorkers: 3}, c.Performance)
			equal(t, Delivery{Enabled: true, Timeout: 5 * time.Second, MaxRetries: 2}, c.Notifications.Webhook.Delivery)
		},
		"region-us-east-1": func(t *testing.T, c *Config) {
			equal(t, []string{"us-east-1"}, c.Providers.AWS.Regions)
			equal(t, "falco-us-east-1.internal", c.Falco[0].Hostname)
			equal(t, true, c.Falco[0].Enabled)
			equal(t, Plain, c.Notifications.Slack.WebhookURL.Source())
		},
		"rules-by-environment": func(t *testing.T, c *Config) {
			// The same file in every account, each with its environment.
			for environment, want := range map[string]drift.Severity{"production": "high", "staging": "", "development": "", "": "high"} {
				c.Environment = environment
				equal(t, want, judge(t, c, "aws_instance").Severity)
			}
			for environment, want := range map[string]drift.Severity{"production": "high", "staging": "medium", "development": "low", "": "high"} {
				c.Environment = environment
				equal(t, want, judge(t, c, "aws_iam_role").Severity)
			}
		},
		"rules-critical-only": func(t *testing.T, c *Config) {
			equal(t, false, judge(t, c, "aws_instance").Report)
			equal(t, drift.Critical, judge(t, c, "aws_security_group").Severity)
		},
		"rules-noise-control": func(t *testing.T, c *Config) {
			equal(t, []string{"Critical EC2 Changes", "Manual EC2 Changes"}, judge(t, c, "aws_instance").Names)
			equal(t, []string{"IAM Changes"}, judge(t, c, "aws_iam_role").Names)
		},
		"secret-from-aws": secret(FromAWS, "prod/tfdrift/slack-webhook"),
		"secret-from-env": secret(FromEnv, "SLACK_WEBHOOK_URL"),
		"secret-from-gcp": secret(FromGCP, "projects/123/secrets/tfdrift-slack-webhook"),
		"state-refresh": func(t *testing.T, c *Config) {
			equal(t, 5*time.Minute, c.States()[0].RefreshInterval)
		},
	}
	files, err := filepath.Glob("testdata/seed/*.yaml")
	if err != nil || len(files) != len(checks) {
		t.Fatalf("%d seed files, %d checks (%v)", len(files), len(checks), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			c, _, err := LoadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := rules.New(c.Rules()); err != nil {
				t.Fatal(err)
			}
			checks[strings.TrimSuffix(filepath.Base(file), ".yaml")](t, c)
		})
	}
}

// judge is the rules' verdict on a modified resource, we cannot say where.
func judge(t *testing.T, c *Config, typ string) rules.Verdict {
	t.Helper()
	r, err := rules.New(c.Rules())
	if err != nil {
		t.Fatal(err)
	}
	return r.Judge(&drift.Finding{Kind: drift.Modified, Resource: drift.ResourceRef{Type: typ, Address: typ + ".x"}})
}

func TestForms(t *testing.T) {
	for _, tt := range []struct{ name, short, long string }{
		{"one state or a list of them", "providers: {gcp: {state: {gcs_bucket: b}}}", "providers: {gcp: {state: [{gcs_bucket: b}]}}"},
		{"an ignored address", "ignore: [module.legacy]", "ignore: [{resources: [module.legacy]}]"},
		{"an ignored attribute", "ignore: [{attributes: tags}]", "ignore: [{attributes: [tags]}]"},
		{"an alias", "drift_rules: [{name: a, resource_types: &t [x, y]}, {name: b, resource_types: *t}]", "drift_rules: [{name: a, resource_types: [x, y]}, {name: b, resource_types: [x, y]}]"},
		{"a merge", "drift_rules:\n- &a {name: a, resource_types: [x], severity: low}\n- <<: *a\n  name: b\n", "drift_rules: [{name: a, resource_types: [x], severity: low}, {name: b, resource_types: [x], severity: low}]"},
		{"the last anchor of a name", "falco: {cert_file: &x a, key_file: &x b, hostname: *x}", "falco: {cert_file: a, key_file: b, hostname: b}"},
		{"block text", "environment: |-\n  production\n", "environment: production"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text := cmp.Transformer("pattern", func(p rules.Pattern) string { return p.String() })
			if diff := cmp.Diff(parse(t, tt.long), parse(t, tt.short), text,
				cmp.Transformer("address", func(p rules.AddressPattern) string { return p.String() }),
				cmp.Transformer("attribute", func(p rules.AttributePattern) string { return p.String() })); diff != "" {
				t.Errorf("(-long +short):\n%s", diff)
			}
		})
	}
}

func TestStatesNameTheirPlace(t *testing.T) {
	for text, want := range map[string]string{
		"s3_bucket: b, s3_key: /k":                          "s3://b/k",
		"backend: s3, s3_bucket: b, s3_prefix: env/prod":    "s3://b/env/prod/",
		"s3_bucket: b, s3_prefix: /":                        "s3://b/",
		"backend: gcs, gcs_bucket: b, gcs_prefix: prod/x":   "gs://b/prod/x",
		"backend: local, local_path: ./terraform.tfstate.d": "./terraform.tfstate.d",
		`backend: ""`: "",
	} {
		s := parse(t, "providers: {aws: {state: {"+text+"}}}").Providers.AWS.State[0]
		if got := s.URL(); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestProblemsSayWhereAndWhatToDo(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"an unknown key", "drift_rules:\n  - name: a\n    resource_types: [x]\n    sevrity: high\n",
			`f.yaml:4:5: unknown key "sevrity" in drift_rules[0]; did you mean "severity"?`},
		{"an unknown key like no other", "logging: {colour: red}",
			`f.yaml:1:11: unknown key "colour" in logging; known are level, format`},
		{"an unknown key at the top", "drift_rule: []",
			`f.yaml:1:1: unknown key "drift_rule" at the top level; did you mean "drift_rules"?`},
		{"an unknown form of a secret", "notifications: {slack: {webhook_url_from_evn: X}}",
			`f.yaml:1:25: unknown key "webhook_url_from_evn" in notifications.slack; did you mean "webhook_url_from_env"?`},
		{"several problems", "settle: 5\nlogging:\n  level: loud\nfalco:\n  port: 99999\n",
			`f.yaml:1:9: settle: 5 what? write the unit: 5s, 5m or 5h
f.yaml:3:10: logging.level: want debug, info, warn, warning or error, got "loud"
f.yaml:5:9: falco.port: want a number from 1 to 65535, got 99999`},
		{"a duplicate key", "settle: 5m\nsettle: 6m\n",
			`f.yaml:2:1: duplicate key "settle" in the top level; it stands in line 1 already`},
		{"a list where keys belong", "logging: [a]", `f.yaml:1:10: logging: want keys with values, got a list`},
		{"text where an element has keys", "falco: [a]", `f.yaml:1:9: falco[0]: want keys with values, got "a"`},
		{"text where a list belongs", "drift_rules:\n- name: a\n  resource_types: aws_*\n",
			`f.yaml:3:19: drift_rules[0].resource_types: want a list, each element on a line of its own behind "- ", got "aws_*"`},
		{"a rule that matches nothing", "drift_rules: [{name: a, resource_types: []}]",
			`f.yaml:1:15: drift_rules[0]: resource_types is empty, so the rule matches nothing; list types, or "*" for all`},
		{"a channel that leads nowhere", "notifications: {slack: {channel: x}}",
			`f.yaml:1:24: notifications.slack: webhook_url is missing; give it, or webhook_url_from_env and so on, or set enabled: false`},
		{"a number where text belongs", "environment: 7", `f.yaml:1:14: environment: want text, got the number 7; put it in quotes`},
		{"text where a boolean belongs", "falco: {enabled: yes}", `f.yaml:1:18: falco.enabled: want true or false, got "yes"`},
		{"a malformed pattern", "ignore: ['aws_[a']", `f.yaml:1:10: ignore[0]: pattern "aws_[a": the "[" at byte 5 opens a class that nothing closes; add "]"`},
		{"an entry that ignores everything", "ignore: [{}]", `f.yaml:1:10: ignore[0]: the entry names neither resources nor attributes; to ignore everything, disable the provider`},
		{"a rule without its parts", "drift_rules: [{severity: low}]",
			`f.yaml:1:15: drift_rules[0]: name is missing: Name of the rule; findings list the names of the rules that matched.
f.yaml:1:15: drift_rules[0]: resource_types is missing: Terraform resource types that the rule is about, with wildcards: aws_iam_*, or * for all.`},
		{"a secret given twice", "notifications: {slack: {webhook_url_from_env: A, webhook_url_from_aws_secret: b}}",
			`f.yaml:1:50: notifications.slack: both webhook_url_from_env and webhook_url_from_aws_secret are given; keep one`},
		{"a secret of the wrong type is not quoted", "notifications: {pagerduty: {routing_key: 12345}}",
			`f.yaml:1:42: notifications.pagerduty.routing_key: want text; put the value in quotes`},
		{"a state without its bucket", "providers: {aws: {state: {backend: s3, s3_key: k}}}", `f.yaml:1:26: providers.aws.state: backend s3 needs s3_bucket`},
		{"keys of another backend", "providers: {aws: {state: {backend: local, local_path: p, s3_key: k}}}",
			`f.yaml:1:26: providers.aws.state: s3_key is not of backend local; for several places make state a list`},
		{"a region of the other cloud", "providers: {aws: {regions: [us-east-1, us-east1]}}", `f.yaml:1:18: providers.aws: "us-east1" is no region; write such as us-east-1, and leave regions out to watch all`},
		{"a pattern for regions", "providers: {gcp: {regions: ['*']}}", `f.yaml:1:18: providers.gcp: "*" is no region; write such as us-central1, and leave regions out to watch all`},
		{"half a certificate", "falco: {cert_file: c}", `f.yaml:1:8: falco: cert_file and key_file belong together; give both or neither`},
		{"too quick a sweep", "providers: {aws: {state: {refresh_interval: 1s}}}", `f.yaml:1:45: providers.aws.state.refresh_interval: 1s is too short; want 10s at least`},
		{"an empty element", "ignore:\n-\n", `f.yaml:2:3: ignore[0]: an element is empty; remove its "-"`},
		{"an alias of nothing", "environment: *x", `f.yaml:1:14: the alias *x stands for nothing; write &x before a value above it`},
		{"two documents", "settle: 5m\n---\nsettle: 6m\n", `f.yaml:2:1: a second document begins; a configuration is one, so remove the line --- or ...`},
		{"an empty document and a second one", "---\n---\nsettle: 6m\n", `f.yaml:2:1: a second document begins; a configuration is one, so remove the line --- or ...`},
		{"text behind the end", "settle: 5m\n...\nsettle: 6m\n", `f.yaml:3:1: a second document begins; a configuration is one, so remove the line --- or ...`},
		{"a directive", "%YAML 1.2\n---\nsettle: 5m\n", `f.yaml:1:1: directives (%…) are not taken; remove the line`},
		{"a tag", "environment: !!str 7", `f.yaml:1:14: tags (!…) are not taken; remove it, and quote the value if it is text`},
		{"a scalar", "production", `f.yaml:1:1: the top level: want keys with values, got "production"`},
		{"NUL", "settle: 5m\nenv\x00", `f.yaml:2:4: a NUL byte; the file is no text, or UTF-16: save it as UTF-8`},
		{"no UTF-8", "environment: \xff", `f.yaml:1:14: the byte 0xff is no UTF-8; save the file as UTF-8`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := Parse("f.yaml", []byte(tt.text))
			if err == nil {
				t.Fatal("no error")
			}
			if !errors.Is(err, drift.ErrInvalid) {
				t.Error("the error is not ErrInvalid")
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestSyntaxErrorsHaveAPositionAndQuoteNothing(t *testing.T) {
	for _, text := range []string{"a: [b", "a: \"hunter2", "a: b\n c: hunter2\n", "a:\n\t- hunter2", "}{ hunter2", "<html><body>hunter2</body>"} {
		_, _, err := Parse("f.yaml", []byte(text))
		if err == nil || !strings.HasPrefix(err.Error(), "f.yaml:") {
			t.Errorf("%q: %v", text, err)
		}
		if strings.Count(err.Error(), "\n") > 0 && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: the error quotes the source: %v", text, err)
		}
	}
}

func TestWarnings(t *testing.T) {
	for text, want := range map[string]string{
		"notifications: {slack: {webhook_url: 'https://hunter2'}}":                          "f.yaml:1:25: notifications.slack.webhook_url stands in plain text; better name where it is kept, with webhook_url_from_env, webhook_url_from_aws_secret or webhook_url_from_gcp_secret",
		"notifications: {webhook: {url: x, headers: {Content-Type: text}}}":                 "",
		"notifications: {webhook: {url: x, headers: {Authorization: t}}}":                   "f.yaml:1:45: notifications.webhook.headers.Authorization stands in plain text; better name where it is kept, with Authorization_from_env, Authorization_from_aws_secret or Authorization_from_gcp_secret",
		"providers: {azure: {enabled: false, any: [thing]}}":                                "f.yaml:1:13: providers.azure has no effect here and may be removed: Azure is not supported; its events are not seen.",
		"drift_rules: [{name: a, resource_types: [x], environment: prod}]":                  "f.yaml:1:46: rules are limited to environments, but this deployment names none, so all of them apply; set environment at the top level",
		"environment: prod\nignore: [x]\nnotifications: {slack: {webhook_url_from_env: X}}": "",
	} {
		_, warnings, err := Parse("f.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, w := range warnings {
			got = append(got, w.String())
		}
		if diff := cmp.Diff(want, strings.Join(got, "\n")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

// bombs are files that would take memory, time or stack without bounds.
func bombs() map[string]string {
	aliases := "environment: &a [x,x,x,x,x,x,x,x,x,x]\nfalco: [&b [*a,*a,*a,*a,*a,*a,*a,*a]]\nignore: [*b,*b,*b,*b,*b,*b,*b,*b]\n"
	types := "[" + strings.Repeat("x,", 20000) + "x]"
	return map[string]string{
		"aliases":           aliases,
		"aliases in rules":  "drift_rules:\n- &r {name: a, resource_types: " + types + "}\n" + strings.Repeat("- *r\n", 5000),
		"merges":            "drift_rules:\n- &a\n" + keys(5000) + "- <<: [" + strings.Repeat("*a,", 5000) + "*a]\n",
		"a circle":          "drift_rules: &a [*a]",
		"a circle of merge": "falco: &a {<<: *a}",
		"alias of itself":   "falco: &a *a",
		"flow depth":        strings.Repeat("[", 500_000),
		"flow maps":         strings.Repeat("{a: ", 200_000),
		"block depth":       strings.Repeat("- ", 400_000),
		"indented":          indented(1000),
		"question marks":    strings.Repeat("? ", 400_000),
		"tags":              strings.Repeat("!a ", 300_000),
		"anchors":           strings.Repeat("&a ", 300_000),
		"colons":            strings.Repeat(": ", 400_000),
		"a long key":        strings.Repeat("k", 900_000) + ": {a: b, c: d}",
		"deep long keys":    deepLongKeys(),
		"many keys":         keys(40_000),
		"unknown keys":      strings.ReplaceAll(keys(40_000), "  k", "sevrity"),
		"documents":         strings.Repeat("---\n", 90_000) + "a: b",
		"long text":         "environment: " + strings.Repeat("x y ", 200_000),
		"too large":         strings.Repeat("#\n", maxBytes),
	}
}

func keys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "  k%d: v\n", i)
	}
	return b.String()
}

// deepLongKeys stays just within depth, length of keys and number of values.
func deepLongKeys() string {
	var b strings.Builder
	for i := range maxDepth - 2 {
		b.WriteString(strings.Repeat(" ", i) + strings.Repeat("k", maxKey) + ":\n")
	}
	b.WriteString(strings.Repeat(strings.Repeat(" ", maxDepth)+"- x\n", maxTokens/2-100))
	return b.String()
}

func indented(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

func TestBombsAreShortErrors(t *testing.T) {
	for name, text := range bombs() {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, _, err := Parse("f.yaml", []byte(text))
			if took := time.Since(start); took > 30*time.Second {
				t.Errorf("took %s", took)
			}
			if name == "long text" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil {
				t.Fatal("no error")
			}
			if len(err.Error()) > 20_000 {
				t.Errorf("an error of %d bytes", len(err.Error()))
			}
			t.Logf("%s: %.200s", time.Since(start), err)
		})
	}
}

func TestSecretsAreNeverPrinted(t *testing.T) {
	c := parse(t, `
notifications:
  slack: {webhook_url: hunter2}
  webhook: {url: hunter2, headers: {Authorization: hunter2, X-Trace: hunter2}, signing_secret: hunter2}
  pagerduty: {routing_key: "hunter2"}
`)
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb+"\n", *c)
		fmt.Fprintf(&out, verb+"\n", c.Notifications.Slack)
		fmt.Fprintf(&out, verb+"\n", *c.Notifications.Webhook)
		fmt.Fprintf(&out, verb+"\n", struct{ s Secret }{c.Notifications.Slack.WebhookURL})
	}
	for _, marshal := range []func(any) ([]byte, error){json.Marshal, func(v any) ([]byte, error) { return yaml.Marshal(v) }} {
		text, err := marshal(c.Notifications)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(text)
	}
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(h).Info("configured", "secret", c.Notifications.Slack.WebhookURL, "slack", c.Notifications.Slack, "webhook", *c.Notifications.Webhook)
	}
	if i := strings.Index(out.String(), "hunter2"); i >= 0 {
		t.Errorf("printed: %s", out.String()[max(0, i-100):i+20])
	}
	if hex := fmt.Sprintf("%x", "hunter2"); strings.Contains(out.String(), hex) {
		t.Error("printed in hexadecimal")
	}
}

func TestSecretsResolve(t *testing.T) {
	read := func(source SecretSource, name string) (string, error) {
		if source == FromEnv && name == "SET" {
			return "value", nil
		}
		return "", errors.New(NewSecret(source, name).String())
	}
	for _, tt := range []struct {
		secret Secret
		want   string
		err    string
	}{
		{NewSecret(Plain, "here"), "here", ""},
		{NewSecret(FromEnv, "SET"), "value", ""},
		{NewSecret(FromEnv, "UNSET"), "", "UNSET"},
		{NewSecret(FromAWS, "prod/slack"), "", "AWS secret prod/slack"},
		{Secret{}, "", "no secret"},
	} {
		got, err := tt.secret.Resolve(read)
		if got != tt.want || (err != nil) != (tt.err != "") || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%s: %q, %v", tt.secret, got, err)
		}
	}
}

func TestLoadTellsPathTextAndPackedText(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tfdrift.yaml")
	text := "environment: staging\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	packed := pack(t, []byte(text))
	for name, value := range map[string]string{
		"path": path, "text": text, "one line": "environment: staging", "flow": `{"environment":"staging"}`,
		"packed": packed, "packed in lines": packed[:20] + "\n" + packed[20:] + "\n",
	} {
		c, _, err := Load(value)
		if err != nil || c.Environment != "staging" {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
	}
	if c, _, err := Load(""); err != nil || c.Environment != "" {
		t.Errorf("nothing: %v", err)
	}
	for name, tt := range map[string]struct {
		value string
		want  string
	}{
		"no such file": {"/no/such/file.yaml", "does not exist"},
		"broken text":  {"environment: [", "TFDRIFT_CONFIG:1"},
		"half packed":  {packed[:len(packed)/2], "TFDRIFT_CONFIG looks like base64 of gzip"},
		"gzip bomb":    {pack(t, make([]byte, 32<<20)), "larger than"},
		"a folder":     {t.TempDir(), "cannot be read"},
	} {
		if _, _, err := Load(tt.value); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want an error with %q", name, err, tt.want)
		}
	}
}

func pack(t *testing.T, text []byte) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

func FuzzParse(f *testing.F) {
	for name, bomb := range bombs() {
		if len(bomb) < 50_000 {
			f.Add([]byte(bomb))
		} else if name != "too large" {
			f.Add([]byte(bomb[:2000]))
		}
	}
	files, _ := filepath.Glob("testdata/seed/*.yaml")
	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		c, _, err := Parse("f.yaml", text)
		if (c == nil) == (err == nil) {
			t.Fatalf("config %v, error %v", c, err)
		}
		if err == nil {
			if _, err := rules.New(c.Rules()); err != nil {
				t.Errorf("what loads makes no rules: %v", err)
			}
		}
	})
}

func TestThePredecessorsWholeFileLoadsAndSaysWhatHasNoEffect(t *testing.T) {
	c, warnings, err := LoadFile("testdata/predecessor.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if states := c.States(); len(states) != 1 || states[0].URL() != "s3://states/prod/terraform.tfstate" {
		t.Errorf("states %+v, want that of the enabled provider", states)
	}
	if !c.Rules().Scopes[drift.GCP].Disabled {
		t.Error("gcp is not disabled")
	}
	var without []string
	for _, w := range warnings {
		if key, _, ok := strings.Cut(w.Message, " has no effect"); ok {
			without = append(without, key)
		}
	}
	want := []string{"state_refresh_interval", "providers.azure", "notifications.falco_output", "logging.output", "auto_import", "telemetry", "remediation", "github", "policy"}
	if diff := cmp.Diff(want, without); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFalcoIsAPlaceOrAList(t *testing.T) {
	c, _, err := Parse("f", []byte("falco:\n  - hostname: unix:///run/falco/falco.sock\n  - {transport: http}\n  - {enabled: false}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Subscriptions(); len(c.Falco) != 3 || len(got) != 1 || got[0].Hostname != "unix:///run/falco/falco.sock" || !c.TakesPosts() {
		t.Errorf("%+v, posts: %v", c.Falco, c.TakesPosts())
	}
	for text, posts := range map[string]bool{"environment: a": true, "falco: {}": false, "falco: {transport: http}": true, "falco: {enabled: false, transport: http}": false} {
		c, _, err := Parse("f", []byte(text))
		if err != nil || c.TakesPosts() != posts {
			t.Errorf("%s: takes posts: %v, error %v", text, !posts, err)
		}
	}
}
