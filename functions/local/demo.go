package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"tfdrift/events"
	"tfdrift/internal/channel/console"
	"tfdrift/internal/state"
)

type demoCommand struct{}

func (demoCommand) Help() string {
	return `Plays sample events against a sample state, with the cores that the deployed functions call: no network, no credentials, no cloud.

Example:
  tfdrift demo`
}

// demoStates hold what the story's events touch.
var demoStates = []string{"testdata/aws.tfstate", "testdata/gcp.tfstate"}

// scene is one event of the story and a sentence on it.
type scene struct{ caption, event string }

var story = []scene{
	{"02:14. Somebody opens a security group to the world, in the console.", "aws/security-group-opened-to-world.json"},
	{"The same event once more: EventBridge delivers at least once.", "aws/security-group-opened-to-world.json"},
	{"An attempt to open another group, denied.", "aws/security-group-open-denied.json"},
	{"A bucket policy is put again, with other white space and another order.", "aws/bucket-policy-resent.json"},
	{"Terraform applies what the state holds by now.", "gcp/terraform-applies-what-state-holds.json"},
	{"Falco sees an administrator policy attached to a managed role.", "aws/role-admin-attached-falco.json"},
	{"A database is made public.", "aws/database-made-public.json"},
	{"Its password is reset: told, never shown.", "aws/database-password-reset.json"},
	{"An instance is launched by hand.", "aws/instance-launched.json"},
	{"On Google Cloud, a firewall is opened to the world, and Falco relays it.", "gcp/firewall-opened-seen-by-falco.json"},
	{"A stranger becomes owner of the project.", "gcp/project-owner-granted.json"},
	{"The firewall is put back.", "gcp/firewall-closed-again.json"},
}

func (demoCommand) Run(p *process) error {
	c := detectCommand{Format: "text"}
	d, x, err := c.detector(p)
	if err != nil {
		return err
	}
	for _, name := range demoStates {
		object := state.Object{Name: name, Open: func(context.Context) (io.ReadCloser, error) { return events.Files.Open(name) }}
		if _, err := x.Refresh(p.ctx, object, false); err != nil {
			return err
		}
	}
	r := replay{process: p, detector: d, print: printer(p, c.Format)}
	var why string
	d.Explain = func(step string) { why = step }
	for i, s := range story {
		fmt.Fprintf(p.stdout, "%s\n\n", emphasis(p, fmt.Sprintf("%d. %s", i+1, s.caption)))
		found := r.findings
		in, err := events.Files.Open(s.event)
		if err != nil {
			return err
		}
		err = r.read(in, s.event)
		in.Close()
		if err != nil {
			return err
		}
		if r.findings == found {
			fmt.Fprintf(p.stdout, "   Silence: %s.\n\n", strings.TrimSpace(why))
		}
	}
	fmt.Fprintf(p.stdout, "%s\n\n%s", console.Summary(r.open), next)
	return nil
}

func emphasis(p *process, s string) string {
	if !p.color {
		return s
	}
	return "\x1b[36m" + s + "\x1b[0m"
}

const next = `What to try next:
  bin/tfdrift detect --state YOUR.tfstate EVENTS.json     your own state, your own CloudTrail or audit log files
  bin/tfdrift detect --explain --state events/testdata/aws.tfstate events/aws/database-resaved-unchanged.json
                                                          every step that led to silence
  bin/tfdrift catalog ec2 ModifyInstanceAttribute         what a call touches
  bin/tfdrift config check YOUR.yaml                      rules, ignores, channels
`
