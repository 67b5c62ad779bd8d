// Package config reads the configuration of a deployment: strict YAML, where
// every problem is reported together, each with file, line and column.
//
// The structs here (and [rules.Rule], [rules.Ignore]) are the single source of
// what may be written: their tags give each key's name, default, limits and
// description, and from them come the decoder's behaviour, the list of known
// keys, and the JSON Schema for editors. A new key is a new field.
//
// What a key means is left to the package that uses it.
package config

//go:generate go run ./schemagen -schema ../../schema/tfdrift.schema.json -reference ../../docs/configuration.md

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tfdrift/internal/drift"
	"tfdrift/internal/rules"
)

// Config is a deployment's configuration with defaults filled in.
//
// Tags: yaml gives the key and its options (required; lone: one element may
// stand without the list; text: a lone text stands for the struct with only
// this field; open: not secret enough to warn about in plain text), default,
// enum, min and max the values, doc the description.
type Config struct {
	Environment   string         `yaml:"environment" doc:"Environment of this deployment, such as production. Findings carry it, and rules may be limited to it."`
	Providers     Providers      `yaml:"providers" doc:"The clouds that are watched."`
	Falco         []Falco        `yaml:"falco,lone" doc:"Where Falco's alerts come from; one place, or a list. Absent: no Falco; events come from the cloud's own audit trail."`
	Forwarder     Forwarder      `yaml:"forwarder" doc:"The forwarder, which relays Falco's alerts to the bus. Only it reads these keys."`
	DriftRules    []rules.Rule   `yaml:"drift_rules" doc:"Which findings are reported, and how grave they are. Absent: all, with built-in severities."`
	Unmatched     drift.Severity `yaml:"unmatched" enum:"critical,high,medium,low" doc:"Severity of findings that no rule matches. Absent: they are not reported."`
	Ignore        []rules.Ignore `yaml:"ignore" doc:"What is passed over: resource addresses, or attributes of some resources."`
	Settle        time.Duration  `yaml:"settle" default:"15m" min:"0s" doc:"How long changes by Terraform itself may wait for the state that explains them, after the state's lock is released."`
	Notifications Notifications  `yaml:"notifications" doc:"Where findings are sent."`
	Performance   Performance    `yaml:"performance" doc:"How much is done at once."`
	Logging       Logging        `yaml:"logging" doc:"The program's own log."`
	SealingKey    Secret         `yaml:"sealing_key" doc:"Key of at least 32 random bytes under which secret values of states are compared. Absent: tfdrift run makes one in its data folder."`

	// Keys of the predecessor: its files load, and say what became of them.
	_ Retired `yaml:"state_refresh_interval" doc:"State is indexed whenever it is written; the safety sweep is providers.<cloud>.state.refresh_interval."`
	_ Retired `yaml:"auto_import" doc:"Nothing is imported; notifications suggest the import block."`
	_ Retired `yaml:"remediation" doc:"Nothing is changed in the cloud; notifications suggest what to do."`
	_ Retired `yaml:"github" doc:"No pull requests are made."`
	_ Retired `yaml:"policy" doc:"There is no policy engine; use drift_rules and ignore."`
	_ Retired `yaml:"telemetry" doc:"Metrics are those of the platform, or Prometheus."`
	_ Retired `yaml:"advanced" doc:"There are no such settings; see performance."`
}

// Retired is a key of the predecessor that does nothing here. Its value is
// passed over with a warning.
type Retired struct{}

// Providers are the clouds.
type Providers struct {
	AWS AWS `yaml:"aws" doc:"Amazon Web Services."`
	GCP GCP `yaml:"gcp" doc:"Google Cloud."`

	_ Retired `yaml:"azure" doc:"Azure is not supported; its events are not seen."`
}

// AWS is what is watched of Amazon Web Services.
type AWS struct {
	Enabled bool     `yaml:"enabled" default:"true" doc:"Whether this cloud's events are judged."`
	Regions []string `yaml:"regions" doc:"Only events of these regions are judged, and those of global services. Absent: all."`
	State   []State  `yaml:"state,lone" doc:"Where Terraform keeps this cloud's state; one place, or a list."`
}

// Check reports regions that are none: they would silence every event.
func (a *AWS) Check() error {
	return checkRegions(a.Regions, "us-east-1", func(parts []string) bool {
		return len(parts) >= 3 && strings.Trim(parts[len(parts)-1], digits) == ""
	})
}

const digits = "0123456789"

// checkRegions looks at the form of the names only, since clouds add regions.
func checkRegions(regions []string, example string, isRegion func(parts []string) bool) error {
	for _, r := range regions {
		if r != "global" && !isRegion(strings.Split(r, "-")) {
			return fmt.Errorf("%q is no region; write such as %s, and leave regions out to watch all", short(r), example)
		}
	}
	return nil
}

// GCP is what is watched of Google Cloud.
type GCP struct {
	Enabled  bool     `yaml:"enabled" default:"true" doc:"Whether this cloud's events are judged."`
	Projects []string `yaml:"projects" doc:"Only events of these projects, by id, are judged. Absent: all."`
	Regions  []string `yaml:"regions" doc:"Only events of these regions and their zones are judged, and those of global and multi-regional resources. Absent: all."`
	State    []State  `yaml:"state,lone" doc:"Where Terraform keeps this cloud's state; one place, or a list."`
}

// Check reports regions that are none: they would silence every event.
func (g *GCP) Check() error {
	return checkRegions(g.Regions, "us-central1", func(parts []string) bool {
		return len(parts) == 2 && strings.Trim(parts[1], digits) != "" && strings.TrimRight(parts[1], digits) != parts[1]
	})
}

// State is a place that holds one Terraform state, or many below a prefix.
type State struct {
	Backend         string        `yaml:"backend" enum:"s3,gcs,local," doc:"Kind of place. Absent: told by the other keys."`
	S3Bucket        string        `yaml:"s3_bucket" doc:"S3 bucket."`
	S3Key           string        `yaml:"s3_key" doc:"Key of the state in the bucket."`
	S3Prefix        string        `yaml:"s3_prefix" doc:"Instead of s3_key: every state below this prefix. An empty text is not all of the bucket; write / for that."`
	S3Region        string        `yaml:"s3_region" doc:"Region of the bucket. Absent: found out."`
	GCSBucket       string        `yaml:"gcs_bucket" doc:"Cloud Storage bucket."`
	GCSPrefix       string        `yaml:"gcs_prefix" doc:"A state's object name, or the prefix below which every state is read, as in Terraform's gcs backend. Absent: all of the bucket."`
	LocalPath       string        `yaml:"local_path" doc:"File, or folder below which every state is read."`
	RefreshInterval time.Duration `yaml:"refresh_interval" default:"1h" min:"10s" doc:"How often state is read anew although nothing said that it was written: the safety sweep."`
}

// URL is the place as detect --state takes it: s3://bucket/key, a prefix ending
// in "/"; gs://bucket/prefix; or a path. It is "" where none is configured.
func (s *State) URL() string {
	switch s.kind() {
	case "s3":
		if s.S3Prefix != "" {
			return "s3://" + s.S3Bucket + "/" + withSlash(s.S3Prefix)
		}
		return "s3://" + s.S3Bucket + "/" + strings.TrimPrefix(s.S3Key, "/")
	case "gcs":
		return "gs://" + s.GCSBucket + "/" + strings.TrimPrefix(s.GCSPrefix, "/")
	case "local":
		return s.LocalPath
	}
	return ""
}

func withSlash(prefix string) string {
	if prefix = strings.Trim(prefix, "/"); prefix == "" {
		return ""
	}
	return prefix + "/"
}

func (s *State) kind() string {
	switch {
	case s.Backend != "":
		return s.Backend
	case s.S3Bucket != "":
		return "s3"
	case s.GCSBucket != "":
		return "gcs"
	case s.LocalPath != "":
		return "local"
	}
	return ""
}

// Check reports a place that cannot be found with what is given.
func (s *State) Check() error {
	var errs []error
	need := func(missing bool, format string, args ...any) {
		if missing {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	kind := s.kind()
	switch kind {
	case "s3":
		need(s.S3Bucket == "", "backend s3 needs s3_bucket")
		need(s.S3Key == "" && s.S3Prefix == "", "backend s3 needs s3_key, or s3_prefix for many states")
		need(s.S3Key != "" && s.S3Prefix != "", "s3_key and s3_prefix exclude each other; keep one, or make state a list")
	case "gcs":
		need(s.GCSBucket == "", "backend gcs needs gcs_bucket")
	case "local":
		need(s.LocalPath == "", "backend local needs local_path")
	}
	for _, other := range []struct{ kind, key, value string }{
		{"s3", "s3_bucket", s.S3Bucket}, {"s3", "s3_key", s.S3Key}, {"s3", "s3_prefix", s.S3Prefix},
		{"gcs", "gcs_bucket", s.GCSBucket}, {"gcs", "gcs_prefix", s.GCSPrefix}, {"local", "local_path", s.LocalPath},
	} {
		need(other.value != "" && kind == "", "%s alone names no place; set backend and its bucket", other.key)
		need(other.value != "" && kind != "" && kind != other.kind, "%s is not of backend %s; for several places make state a list", other.key, kind)
	}
	return errors.Join(errs...)
}

// Falco is where alerts come from.
type Falco struct {
	Enabled    bool   `yaml:"enabled" default:"true" doc:"Whether Falco's alerts are taken."`
	Transport  string `yaml:"transport" enum:"grpc,http" default:"grpc" doc:"grpc: subscribe to Falco's gRPC output (Falco up to 0.43). http: Falco's http_output posts the alerts."`
	Hostname   string `yaml:"hostname" default:"localhost" doc:"Host of Falco's gRPC output, or its socket, such as unix:///run/falco/falco.sock."`
	Port       int    `yaml:"port" default:"5060" min:"1" max:"65535" doc:"Port of Falco's gRPC output."`
	CertFile   string `yaml:"cert_file" doc:"Client certificate (PEM) for mutual TLS, which Falco demands over the network."`
	KeyFile    string `yaml:"key_file" doc:"Private key (PEM) of the client certificate."`
	CARootFile string `yaml:"ca_root_file" doc:"Certificate (PEM) of the authority that signed Falco's. Without it and cert_file, the connection is not encrypted."`
}

// Check reports half a client certificate, and one without its authority.
func (f *Falco) Check() error {
	switch {
	case (f.CertFile == "") != (f.KeyFile == ""):
		return errors.New("cert_file and key_file belong together; give both or neither")
	case strings.HasPrefix(f.Hostname, "unix:") && (f.CertFile != "" || f.CARootFile != ""):
		return errors.New("a socket speaks no TLS; leave cert_file, key_file and ca_root_file out")
	}
	return nil
}

// Subscribes reports whether Falco's gRPC output is to be subscribed to.
func (f *Falco) Subscribes() bool { return f.Enabled && f.Transport != "http" }

// Subscriptions are the gRPC outputs to subscribe to.
func (c *Config) Subscriptions() (all []Falco) {
	for _, f := range c.Falco {
		if f.Subscribes() {
			all = append(all, f)
		}
	}
	return all
}

// TakesPosts reports whether Falco's http_output may post: where one is
// configured, or nothing is said.
func (c *Config) TakesPosts() bool {
	return len(c.Falco) == 0 || slices.ContainsFunc(c.Falco, func(f Falco) bool { return f.Enabled && f.Transport == "http" })
}

// Forwarder is what the forwarder needs to know.
type Forwarder struct {
	Listen       string          `yaml:"listen" default:"127.0.0.1:8080" doc:"Address that Falco's http_output posts to, and that probes and metrics are read at. Other than the loopback address it asks for a token or client certificates."`
	Token        Secret          `yaml:"token" doc:"Token that senders must show: as bearer token, or as password in the URL of Falco's http_output."`
	CertFile     string          `yaml:"cert_file" doc:"Certificate (PEM) to serve by HTTPS."`
	KeyFile      string          `yaml:"key_file" doc:"Private key (PEM) of the certificate."`
	ClientCAFile string          `yaml:"client_ca_file" doc:"Authority (PEM) whose client certificates are let in without a token."`
	EventBus     string          `yaml:"event_bus" default:"default" doc:"Name or ARN of the EventBridge bus, on AWS."`
	Topic        string          `yaml:"topic" doc:"Pub/Sub topic, such as projects/acme-prod/topics/drift-events, on Google Cloud."`
	Sources      []rules.Pattern `yaml:"sources" doc:"Falco's sources whose alerts are relayed, such as aws_cloudtrail; * stands for anything. Absent: all."`
	Rules        []rules.Pattern `yaml:"rules" doc:"Names of Falco rules whose alerts are relayed; * stands for anything. Absent: all."`
	Unmapped     bool            `yaml:"unmapped" doc:"Relay alerts too that the catalog knows nothing of. Otherwise they are counted and dropped."`
	Spool        Spool           `yaml:"spool" doc:"Where alerts wait that the bus does not take at once."`
}

// Spool is the forwarder's disk queue.
type Spool struct {
	Path   string        `yaml:"path" default:"spool" doc:"Folder. One process at a time has it; it must outlive the container."`
	MaxMB  int           `yaml:"max_mb" default:"512" min:"1" max:"1000000" doc:"Megabytes that may wait. What comes then is held for a while, and refused."`
	MaxAge time.Duration `yaml:"max_age" default:"72h" min:"1m" doc:"How long an alert may wait before it is put away."`
}

// Notifications are the channels; each absent one is nil.
type Notifications struct {
	Slack       *Slack       `yaml:"slack" doc:"Slack, through an incoming webhook."`
	Teams       *Teams       `yaml:"teams" doc:"Microsoft Teams, through a Workflows webhook."`
	Discord     *Discord     `yaml:"discord" doc:"Discord, through a channel webhook."`
	PagerDuty   *PagerDuty   `yaml:"pagerduty" doc:"PagerDuty, through Events API v2."`
	Webhook     *Webhook     `yaml:"webhook" doc:"Any HTTP endpoint; findings are posted as CloudEvents."`
	SNS         *SNS         `yaml:"sns" doc:"An Amazon SNS topic."`
	EventBridge *EventBridge `yaml:"eventbridge" doc:"An Amazon EventBridge bus."`
	SecurityHub *SecurityHub `yaml:"security_hub" doc:"AWS Security Hub."`

	_ Retired `yaml:"enabled" doc:"A channel is on where it stands; switch single channels off with their own enabled."`
	_ Retired `yaml:"falco_output" doc:"Findings are not written back to Falco."`
}

// Delivery is what all channels share.
type Delivery struct {
	Enabled    bool          `yaml:"enabled" default:"true" doc:"Whether the channel is used."`
	Timeout    time.Duration `yaml:"timeout" default:"10s" min:"1ms" max:"5m" doc:"How long one attempt may take."`
	MaxRetries int           `yaml:"max_retries" default:"3" min:"0" max:"100" doc:"How often a failed attempt is repeated."`
}

// needs reports that an enabled channel lacks the secret of a key.
func (d *Delivery) needs(s Secret, key string) error {
	if d.Enabled && s.Source() == NoSecret {
		return fmt.Errorf("%s is missing; give it, or %s%senv and so on, or set enabled: false", key, key, fromInfix)
	}
	return nil
}

// Slack is a Slack channel.
type Slack struct {
	Delivery
	WebhookURL Secret `yaml:"webhook_url" doc:"Address of the incoming webhook."`
	Channel    string `yaml:"channel" doc:"Channel to post to, where the webhook may choose."`
}

// Check reports a channel that leads nowhere.
func (c *Slack) Check() error { return c.needs(c.WebhookURL, "webhook_url") }

// Teams is a Microsoft Teams channel.
type Teams struct {
	Delivery
	WebhookURL Secret `yaml:"webhook_url" doc:"Address of the workflow's webhook."`
}

// Check reports a channel that leads nowhere.
func (c *Teams) Check() error { return c.needs(c.WebhookURL, "webhook_url") }

// Discord is a Discord channel.
type Discord struct {
	Delivery
	WebhookURL Secret `yaml:"webhook_url" doc:"Address of the channel's webhook."`
}

// Check reports a channel that leads nowhere.
func (c *Discord) Check() error { return c.needs(c.WebhookURL, "webhook_url") }

// PagerDuty is a PagerDuty service.
type PagerDuty struct {
	Delivery
	RoutingKey Secret `yaml:"routing_key" doc:"Integration key of the service."`
}

// Check reports a channel that leads nowhere.
func (c *PagerDuty) Check() error { return c.needs(c.RoutingKey, "routing_key") }

// Webhook is an HTTP endpoint. Without a URL nothing is posted.
type Webhook struct {
	Delivery
	URL           Secret            `yaml:"url,open" doc:"Address that findings are posted to."`
	Headers       map[string]Secret `yaml:"headers" doc:"Headers sent along. The value of NAME may also be given as NAME_from_env and so on."`
	SigningSecret Secret            `yaml:"signing_secret" doc:"Key with which the body is signed (HMAC)."`
}

// SNS is an Amazon SNS topic.
type SNS struct {
	Delivery
	TopicARN string `yaml:"topic_arn,required" doc:"ARN of the topic."`
}

// EventBridge is an Amazon EventBridge bus.
type EventBridge struct {
	Delivery
	Bus string `yaml:"bus" default:"default" doc:"Name or ARN of the bus."`
}

// SecurityHub is AWS Security Hub in the deployment's account and region.
type SecurityHub struct {
	Delivery
}

// Performance is how much is done at once by the long-running program.
type Performance struct {
	EventWorkerCount   int `yaml:"event_worker_count" default:"10" min:"1" max:"1000" doc:"Events judged at once."`
	StateParserWorkers int `yaml:"state_parser_workers" default:"5" min:"1" max:"1000" doc:"States read at once."`
	NotifierWorkers    int `yaml:"notifier_workers" default:"3" min:"1" max:"1000" doc:"Notifications sent at once."`
}

// Logging is the program's own log.
type Logging struct {
	Level  string `yaml:"level" enum:"debug,info,warn,warning,error" default:"info" doc:"The least important messages that are written."`
	Format string `yaml:"format" enum:"json,text" default:"json" doc:"json for machines, text for people."`

	_ Retired `yaml:"output" doc:"The log goes to standard error."`
}

// Rules are the parts that decide what is reported.
func (c *Config) Rules() rules.Config {
	return rules.Config{
		Environment: c.Environment,
		Rules:       c.DriftRules,
		Unmatched:   c.Unmatched,
		Ignore:      c.Ignore,
		Scopes: map[drift.Provider]rules.Scope{
			drift.AWS: {Disabled: !c.Providers.AWS.Enabled, Regions: c.Providers.AWS.Regions},
			drift.GCP: {Disabled: !c.Providers.GCP.Enabled, Regions: c.Providers.GCP.Regions, Accounts: c.Providers.GCP.Projects},
		},
	}
}

// States are the places of the enabled providers' states.
func (c *Config) States() []State {
	var states []State
	for _, p := range []struct {
		enabled bool
		states  []State
	}{{c.Providers.AWS.Enabled, c.Providers.AWS.State}, {c.Providers.GCP.Enabled, c.Providers.GCP.State}} {
		for _, s := range p.states {
			if p.enabled && s.URL() != "" {
				states = append(states, s)
			}
		}
	}
	return states
}
