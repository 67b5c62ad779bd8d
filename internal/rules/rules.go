// Package rules decides which findings are reported and how much they matter:
// the ignore list, the drift_rules, the built-in severities of resource types,
// and the scope of providers and regions. It says nothing about whether a
// resource drifted; that is decided before.
package rules

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"tfdrift/internal/drift"
)

// Rule is one entry of drift_rules. Its tags are the configuration's, read by
// package config.
type Rule struct {
	Name                 string             `yaml:"name,required" doc:"Name of the rule; findings list the names of the rules that matched."`
	ResourceTypes        []Pattern          `yaml:"resource_types,required" doc:"Terraform resource types that the rule is about, with wildcards: aws_iam_*, or * for all."`
	WatchedAttributes    []AttributePattern `yaml:"watched_attributes" doc:"Attributes whose change matters, with wildcards. Deleted and unmanaged resources match whatever stands here. Absent: all attributes."`
	Severity             drift.Severity     `yaml:"severity" enum:"critical,high,medium,low" doc:"Severity of what the rule matches. Absent: the built-in severity of the resource type."`
	Environment          string             `yaml:"environment" doc:"The rule applies only to deployments of this environment. A deployment that names no environment applies all rules."`
	TerraformManagedOnly bool               `yaml:"terraform_managed_only" doc:"Pass over resources that no watched state manages."`
	ExcludeUsers         []Pattern          `yaml:"exclude_users" doc:"Pass over what these did: user, role, session and service-linked role names, ARNs and e-mail addresses, with wildcards."`
}

// Check reports what is wrong with a rule beyond the form of its values.
func (r *Rule) Check() error {
	switch {
	case strings.TrimSpace(r.Name) == "":
		return errors.New("the rule has no name; findings name the rules that they match")
	case len(r.ResourceTypes) == 0:
		return errors.New("resource_types is empty, so the rule matches nothing; list types, or \"*\" for all")
	case r.Severity != "" && rank(r.Severity) == 0:
		return fmt.Errorf("severity %q is none; want critical, high, medium or low", r.Severity)
	}
	return nil
}

// Ignore is one entry of the ignore list: whole resources, or some attributes
// of some resources. A lone text in the configuration is an address pattern.
//
// An unmanaged resource has no address: it is matched as TYPE.ID
// (aws_s3_bucket.logs-*), and as a whole.
type Ignore struct {
	Resources  []AddressPattern   `yaml:"resources,text,lone" doc:"Addresses of resources, with wildcards: a module or a resource covers all that is in it. An unmanaged resource is matched as TYPE.ID. Absent: all resources."`
	Attributes []AttributePattern `yaml:"attributes,lone" doc:"Attributes whose changes are passed over, with wildcards. Absent: the whole resource is passed over."`
}

// Check reports an entry that would ignore everything.
func (i *Ignore) Check() error {
	if len(i.Resources) == 0 && len(i.Attributes) == 0 {
		return errors.New("the entry names neither resources nor attributes; to ignore everything, disable the provider")
	}
	return nil
}

// Scope is what of a provider is judged.
type Scope struct {
	Disabled bool
	Regions  []string // empty: all
	Accounts []string // AWS account ids or GCP project ids; empty: all
}

// Config is what the rules of a deployment are made of. Its zero value reports
// everything with built-in severity.
type Config struct {
	Environment string // of the deployment; findings carry it
	Rules       []Rule
	Unmatched   drift.Severity // of findings that no rule matches; "" does not report them
	Ignore      []Ignore
	Scopes      map[drift.Provider]Scope
}

// Rules judges findings. It is safe for concurrent use.
type Rules struct {
	config  Config
	names   []string // of the rules, in order
	builtin []severityRow
}

// New makes the rules of a deployment; an entry that could never do what it
// says is an error.
func New(c Config) (*Rules, error) {
	r := &Rules{config: c, builtin: compileSeverities()}
	for i := range c.Rules {
		if err := c.Rules[i].Check(); err != nil {
			return nil, fmt.Errorf("drift_rules[%d]: %w", i, err)
		}
		r.names = append(r.names, c.Rules[i].Name)
	}
	for i := range c.Ignore {
		if err := c.Ignore[i].Check(); err != nil {
			return nil, fmt.Errorf("ignore[%d]: %w", i, err)
		}
	}
	if c.Unmatched != "" && rank(c.Unmatched) == 0 {
		return nil, fmt.Errorf("unmatched: %q is no severity; want critical, high, medium or low", c.Unmatched)
	}
	return r, nil
}

// Verdict is what the rules say of a finding.
type Verdict struct {
	Report      bool
	Severity    drift.Severity
	Names       []string // of the rules that matched, in the configuration's order
	Environment string
	Changes     []drift.Attribute // the finding's changes without the ignored ones
}

// Judge decides on a finding by its kind, resource, changes and actor. It reads
// the finding's other members not at all and changes nothing. Report is false
// also where changes that would be reported were undone and others remain.
func (r *Rules) Judge(f *drift.Finding) Verdict { return r.judge(f, nil) }

// Explain judges like Judge and tells each step for people.
func (r *Rules) Explain(f *drift.Finding) (Verdict, []string) {
	var steps []string
	v := r.judge(f, func(format string, args ...any) { steps = append(steps, fmt.Sprintf(format, args...)) })
	return v, steps
}

// judge calls say, where there is one, with each step.
func (r *Rules) judge(f *drift.Finding, say func(format string, args ...any)) Verdict {
	v := Verdict{Environment: r.config.Environment, Changes: f.Changes}
	for i := range r.config.Ignore {
		if v.Changes = r.config.Ignore[i].apply(f, v.Changes, say); v.Changes == nil {
			return v
		}
	}
	if len(r.config.Rules) == 0 {
		v.Report = true
		v.Severity = r.builtinSeverity(f, v.Changes, say)
		return v
	}
	first, last := -1, -1
	builtin := drift.Severity("")
	for i := range r.config.Rules {
		rule := &r.config.Rules[i]
		if why := r.mismatch(rule, f, v.Changes); why != "" {
			if say != nil {
				say("rule %q does not match: %s", rule.Name, why)
			}
			continue
		}
		severity := rule.Severity
		if severity == "" {
			if builtin == "" {
				builtin = r.builtinSeverity(f, v.Changes, say)
			}
			severity = builtin
		}
		if say != nil {
			say("rule %q matches: %s", rule.Name, severity)
		}
		if rank(severity) > rank(v.Severity) {
			v.Severity = severity
		}
		switch {
		case first < 0:
			first = i
			v.Names = r.names[i : i+1 : i+1]
		case last == i-1 && len(v.Names) == i-first:
			v.Names = r.names[first : i+1 : i+1]
		default:
			v.Names = append(v.Names, rule.Name)
		}
		last = i
	}
	switch {
	case first >= 0:
		v.Report = true
	case r.config.Unmatched != "":
		v.Report = true
		v.Severity = r.config.Unmatched
		if say != nil {
			say("no rule matches; unmatched reports it: %s", v.Severity)
		}
	case say != nil:
		say("no rule matches; not reported")
	}
	return v
}

// mismatch says why a rule does not match, or "".
func (r *Rules) mismatch(rule *Rule, f *drift.Finding, changes []drift.Attribute) string {
	switch {
	case !anyMatches(rule.ResourceTypes, f.Resource.Type):
		return "it is about other resource types"
	case rule.Environment != "" && r.config.Environment != "" && rule.Environment != r.config.Environment:
		return "it is for another environment"
	case rule.TerraformManagedOnly && f.Kind == drift.Unmanaged:
		return "it is about managed resources only"
	case !watches(rule.WatchedAttributes, f.Kind, changes):
		return "none of the attributes that it watches changed"
	case excludes(rule.ExcludeUsers, &f.Actor):
		return "it excludes the user"
	}
	return ""
}

func watches(watched []AttributePattern, kind drift.Kind, changes []drift.Attribute) bool {
	if len(watched) == 0 || kind != drift.Modified || len(changes) == 0 {
		return true
	}
	for i := range changes {
		if anyTouches(watched, changes[i].Name) {
			return true
		}
	}
	return false
}

func excludes(users []Pattern, actor *drift.Actor) bool {
	if len(users) == 0 {
		return false
	}
	for _, name := range actor.Names {
		if anyMatches(users, name) {
			return true
		}
	}
	return anyMatches(users, actor.Name) || anyMatches(users, actor.ARN)
}

var severities = [...]drift.Severity{drift.Low, drift.Medium, drift.High, drift.Critical}

// rank orders severities, the gravest highest; 0 is no severity.
func rank(s drift.Severity) int { return slices.Index(severities[:], s) + 1 }
