package detector_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"tfdrift/internal/drift"
	"tfdrift/internal/event"
)

// testdata/operations holds, a file for each service, what its operations mean:
// the managed resources with the attributes that matter, one a line, then the
// calls, each with its request and perhaps its response, and below it the
// findings. A blank line forgets what happened before.
//
//	> MonitorInstances {"instancesSet":{"items":[{"instanceId":"i-1"}]}}
//	open modified aws_instance.web monitoring: false → true
func TestOperations(t *testing.T) {
	files, err := filepath.Glob("testdata/operations/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no operations: %v", err)
	}
	for _, file := range files {
		service := strings.TrimSuffix(filepath.Base(file), ".txtar")
		t.Run(service, func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			managed := managing(t, section(archive, "state"))
			want := strings.TrimSpace(section(archive, "calls")) + "\n"
			var got strings.Builder
			d := newDetector(t, managed, "")
			n := 0
			for said := range strings.Lines(want) {
				call, ok := strings.CutPrefix(said, "> ")
				switch {
				case said == "\n":
					got.WriteString(said)
					d = newDetector(t, managed, "")
				case ok:
					got.WriteString(said)
					n++
					for _, f := range callOf(t, d.Handle, service, strings.TrimSpace(call), n) {
						got.WriteString(line(&f))
					}
				}
			}
			if *update {
				for i := range archive.Files {
					if archive.Files[i].Name == "calls" {
						archive.Files[i].Data = []byte(got.String())
					}
				}
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got.String(), "\n")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// managing is a state of lines "type.name {attributes}".
func managing(t *testing.T, lines string) string {
	t.Helper()
	var resources []string
	for line := range strings.Lines(lines) {
		address, attributes, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok {
			continue
		}
		typ, name, _ := strings.Cut(address, ".")
		resources = append(resources, fmt.Sprintf(`{"mode":"managed","type":%q,"name":%q,"provider":"provider[\"registry.terraform.io/hashicorp/aws\"]","instances":[{"schema_version":0,"attributes":%s}]}`, typ, name, attributes))
	}
	return `{"version":4,"terraform_version":"1.13.4","serial":1,"lineage":"8d7c2f5e-0f0e-4a9e-9d0e-6c1b7a2f4e55","outputs":{},"resources":[` + strings.Join(resources, ",") + `]}`
}

// callOf makes the n-th call of a file: "[by SERVICE] Name request response".
func callOf(t *testing.T, handle func(context.Context, *drift.Event) ([]drift.Finding, error), service, call string, n int) []drift.Finding {
	t.Helper()
	identity := `{"type":"IAMUser","principalId":"AIDACKCEVSQ6C2EXAMPLE","arn":"arn:aws:iam::111122223333:user/alice","accountId":"111122223333","userName":"alice"}`
	address := "198.51.100.7"
	if rest, ok := strings.CutPrefix(call, "by "); ok {
		address, call, _ = strings.Cut(rest, " ")
		identity = fmt.Sprintf(`{"type":"AWSService","invokedBy":%q}`, address)
	}
	name, parameters, _ := strings.Cut(call, " ")
	dec := json.NewDecoder(strings.NewReader(parameters))
	request, response := json.RawMessage("null"), json.RawMessage("null")
	if err := dec.Decode(&request); err != nil {
		t.Fatalf("%s: request: %v", call, err)
	}
	if dec.More() {
		if err := dec.Decode(&response); err != nil {
			t.Fatalf("%s: response: %v", call, err)
		}
	}
	at := time.Date(2026, 8, 20, 9, 0, n, 0, time.UTC).Format(time.RFC3339)
	record := fmt.Sprintf(`{"eventVersion":"1.11","userIdentity":%s,"eventTime":%q,"eventSource":"%s.amazonaws.com","eventName":%q,"awsRegion":"us-east-1","sourceIPAddress":%q,"userAgent":"aws-cli/2.31.0","requestParameters":%s,"responseElements":%s,"eventID":"event-%d","readOnly":false,"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"111122223333","eventCategory":"Management"}`,
		identity, at, service, name, address, request, response, n)
	events, err := event.Decode([]byte(record))
	if err != nil || len(events) != 1 {
		t.Fatalf("%s: %d events, %v", call, len(events), err)
	}
	findings, err := handle(context.Background(), events[0])
	if err != nil {
		t.Fatalf("%s: %v", call, err)
	}
	return findings
}

// line is a finding as a line.
func line(f *drift.Finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s ", f.Status, f.Kind)
	if f.Resource.Address != "" {
		b.WriteString(f.Resource.Address)
	} else {
		b.WriteString(f.Resource.Type + " " + f.Resource.ID)
	}
	for i, c := range f.Changes {
		if i > 0 {
			b.WriteByte(',')
		}
		before, _ := json.Marshal(c.Before)
		after, _ := json.Marshal(c.After)
		switch {
		case c.Sensitive:
			fmt.Fprintf(&b, " %s: (sensitive)", c.Name)
		case c.Unknown:
			fmt.Fprintf(&b, " %s: (unknown)", c.Name)
		case c.Op == drift.OpAdd:
			fmt.Fprintf(&b, " %s: + %s", c.Name, after)
		case c.Op == drift.OpRemove:
			fmt.Fprintf(&b, " %s: - %s", c.Name, before)
		default:
			fmt.Fprintf(&b, " %s: %s → %s", c.Name, before, after)
		}
	}
	return b.String() + "\n"
}
