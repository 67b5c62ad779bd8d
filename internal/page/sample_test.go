package page_test

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"tfdrift/events"
	"tfdrift/internal/catalog"
	"tfdrift/internal/compare"
	"tfdrift/internal/config"
	"tfdrift/internal/detector"
	"tfdrift/internal/drift"
	"tfdrift/internal/event"
	"tfdrift/internal/index"
	"tfdrift/internal/indexer"
	"tfdrift/internal/ledger"
	"tfdrift/internal/rules"
	"tfdrift/internal/state"
)

// samples are events whose findings show most of what a page can show.
const samples = `
aws/security-group-opened-to-world.json
aws/role-admin-attached.json
aws/database-made-public.json
aws/database-password-reset.json
aws/role-inline-policy-widened.json
aws/bucket-policy-made-public.json
aws/instance-launched.json
aws/instance-type-changed.json
aws/instance-tags-changed.json
aws/function-timeout-raised.json
aws/log-retention-cut.json
aws/queue-policy-opened.json
aws/key-scheduled-for-deletion.json
aws/table-billing-changed.json
aws/trail-stopped-then-started-1.json
aws/trail-stopped-then-started-2.json
aws/user-created.json
gcp/project-owner-granted.json
gcp/firewall-opened-to-world.json
gcp/subscription-deleted.json
`

// player judges events on a ledger in memory, at the times that they tell.
type player struct {
	detector *detector.Detector
	now      time.Time // of the latest event
}

func newPlayer(t testing.TB, l ledger.Ledger) *player {
	t.Helper()
	seal, err := state.NewSealer([]byte("a key that only the tests know, ok"), catalog.Sensitive)
	if err != nil {
		t.Fatal(err)
	}
	cfg, _, err := config.Parse("config.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	judge, err := rules.New(cfg.Rules())
	if err != nil {
		t.Fatal(err)
	}
	x := indexer.Indexer{Index: index.NewMemory(), Seal: seal}
	for _, name := range []string{"testdata/aws.tfstate", "testdata/gcp.tfstate"} {
		object := state.Object{Name: strings.Replace(name, "testdata/", "s3://acme-terraform/production/", 1), Open: func(context.Context) (io.ReadCloser, error) { return events.Files.Open(name) }}
		if _, err := x.Refresh(t.Context(), object, false); err != nil {
			t.Fatal(err)
		}
	}
	p := &player{}
	p.detector = &detector.Detector{Index: x.Index, Ledger: l, Rules: judge, Compare: compare.Comparer{Seal: seal.Seal}, Now: func() time.Time { return p.now }}
	return p
}

func (p *player) play(t testing.TB, name string) {
	t.Helper()
	in, err := events.Files.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	for r := event.NewReader(in, name); ; {
		ev, err := r.Next()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		p.now = ev.Time.Add(3 * time.Second)
		if _, err := p.detector.Handle(t.Context(), ev); err != nil {
			t.Fatal(err)
		}
	}
}

// sampled is a ledger after all samples.
func sampled(t testing.TB) *ledger.Memory {
	t.Helper()
	l := ledger.NewMemory()
	p := newPlayer(t, l)
	for name := range strings.FieldsSeq(samples) {
		p.play(t, name)
	}
	return l
}

var noon = time.Date(2026, 8, 20, 12, 0, 0, 0, time.UTC)

// recordOf is a record with one of every field; tests change what they are about.
func recordOf(change func(*drift.Finding)) ledger.Record {
	f := drift.Finding{
		ID: "f1", Status: drift.Open, Kind: drift.Modified, Severity: drift.Critical, Rules: []string{"Groups"}, Provider: drift.AWS, Account: "111122223333", Region: "us-east-1", Environment: "production",
		Resource: drift.ResourceRef{Address: `module.net.aws_security_group.web["x"]`, Type: "aws_security_group", ID: "sg-1", State: "s3://b/prod.tfstate"},
		Changes:  []drift.Attribute{{Name: "name", Op: drift.OpSet, Before: "a", After: "b"}},
		Actor:    drift.Actor{Type: "IAMUser", Name: "alice", ARN: "arn:aws:iam::111122223333:user/alice", SourceIP: "198.51.100.23", UserAgent: "aws-cli/2", AccessKeyID: "AKIA1", Console: true},
		Event:    drift.EventRef{ID: "e1", Name: "ModifySecurityGroup", Source: "ec2.amazonaws.com", Time: noon.Add(-3 * time.Minute), Via: drift.ViaCloudTrail},
	}
	if change != nil {
		change(&f)
	}
	return ledger.Record{Key: f.ID, Resource: f.Resource, Finding: &f, Revision: 1, Opened: 1,
		History: []ledger.Step{{Status: f.Status, Kind: f.Kind, Actor: f.Actor, Event: f.Event, At: noon.Add(-2 * time.Minute)}}}
}

func saved(t testing.TB, records ...ledger.Record) *ledger.Memory {
	t.Helper()
	l := ledger.NewMemory()
	for _, r := range records {
		if err := l.Save(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	return l
}
