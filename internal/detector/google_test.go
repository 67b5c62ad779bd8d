package detector_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"tfdrift/internal/detector"
	"tfdrift/internal/drift"
	"tfdrift/internal/event"
)

// testdata/google holds, a file for each service, what Google Cloud's methods
// mean for the sample state: a line with method, resource, request and perhaps
// what else the entry carries, below it the findings. Each call is judged by
// itself.
//
//	> v1.compute.networks.delete projects/acme-prod/global/networks/prod-vpc {}
//	open deleted module.network.google_compute_network.vpc
func TestGoogleOperations(t *testing.T) {
	files, err := filepath.Glob("testdata/google/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no operations: %v", err)
	}
	state, err := os.ReadFile("../../events/testdata/gcp.tfstate")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		service := strings.TrimSuffix(filepath.Base(file), ".txtar")
		t.Run(service, func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			want := section(archive, "calls")
			var got strings.Builder
			for said := range strings.Lines(want) {
				if said == "\n" {
					got.WriteString(said)
				}
				if call, ok := strings.CutPrefix(said, "> "); ok {
					got.WriteString(said)
					entry := entryOf(t, service, call)
					for _, f := range judged(t, newDetector(t, string(state), ""), entry) {
						got.WriteString(brief(line(&f)))
					}
				}
			}
			if *update {
				archive.Files[0].Data = []byte(got.String())
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

// brief cuts a line short: whole blocks are long.
func brief(line string) string {
	const most = 300
	if text := []rune(line); len(text) > most {
		return string(text[:most]) + "…\n"
	}
	return line
}

// entryOf makes an audit log entry of "method resource request extra".
func entryOf(t *testing.T, service, call string) string {
	t.Helper()
	method, rest, _ := strings.Cut(call, " ")
	resource, rest, _ := strings.Cut(rest, " ")
	payload := map[string]any{}
	entry := map[string]any{"protoPayload": payload, "insertId": "i-1", "timestamp": "2026-08-20T09:00:00Z", "severity": "NOTICE",
		"logName":  "projects/acme-prod/logs/cloudaudit.googleapis.com%2Factivity",
		"resource": map[string]any{"type": "audited_resource", "labels": map[string]any{"project_id": "acme-prod"}}}
	dec := json.NewDecoder(strings.NewReader(rest))
	request := map[string]any{}
	extra := struct {
		Response, ServiceData, Metadata, Operation map[string]any
		Labels                                     map[string]any
		ID                                         string
		Failed                                     bool
	}{}
	for _, into := range []any{&request, &extra} {
		if dec.More() {
			if err := dec.Decode(into); err != nil {
				t.Fatalf("%s: %v", call, err)
			}
		}
	}
	request["@type"] = "type.googleapis.com/" + method
	for name, v := range map[string]any{
		"@type": "type.googleapis.com/google.cloud.audit.AuditLog", "serviceName": service + ".googleapis.com", "methodName": method,
		"resourceName": resource, "request": request, "authenticationInfo": map[string]any{"principalEmail": "alice@example.com"},
	} {
		payload[name] = v
	}
	for name, v := range map[string]map[string]any{"response": extra.Response, "serviceData": extra.ServiceData, "metadata": extra.Metadata} {
		if v != nil {
			payload[name] = v
		}
	}
	if extra.Operation != nil {
		entry["operation"] = extra.Operation
	}
	if extra.Failed {
		payload["status"] = map[string]any{"code": 10, "message": "ABORTED"}
	}
	if extra.ID != "" {
		entry["insertId"] = extra.ID
		entry["timestamp"] = fmt.Sprintf("2026-08-20T09:00:%02dZ", len(extra.ID))
	}
	for name, v := range extra.Labels {
		entry["resource"].(map[string]any)["labels"].(map[string]any)[name] = v
	}
	text, err := json.Marshal(entry)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func judged(t *testing.T, d *detector.Detector, entry string) []drift.Finding {
	t.Helper()
	events, err := event.Decode([]byte(entry))
	if err != nil || len(events) != 1 {
		t.Fatalf("%d events, %v in %s", len(events), err, entry)
	}
	findings, err := d.Handle(t.Context(), events[0])
	if err != nil {
		t.Fatal(err)
	}
	return findings
}

// Google logs a long operation's beginning and end, in no certain order.
func TestLongOperations(t *testing.T) {
	const (
		open   = `v1.compute.firewalls.patch projects/acme-prod/global/firewalls/allow-ssh {"sourceRanges":["0.0.0.0/0"]} {"id":"a","operation":{"id":"op-1","first":true}}`
		made   = `v1.compute.firewalls.insert projects/acme-prod/global/firewalls/dup {} {"id":"a","operation":{"id":"op-1","first":true}}`
		other  = `v1.compute.firewalls.patch projects/acme-prod/global/firewalls/allow-ssh {"priority":5} {"id":"bb","operation":{"id":"op-2","first":true}}`
		done   = `v1.compute.firewalls.patch projects/acme-prod/global/firewalls/allow-ssh {} {"id":"ccc","operation":{"id":"op-1","last":true}}`
		failed = `v1.compute.firewalls.patch projects/acme-prod/global/firewalls/allow-ssh {} {"id":"dddd","failed":true,"operation":{"id":"op-1","last":true}}`
	)
	const (
		opened  = "open modified google_compute_firewall.allow_ssh source_ranges"
		unknown = "open unmanaged google_compute_firewall projects/acme-prod/global/firewalls/dup"
	)
	for _, test := range []struct {
		name  string
		calls []string
		want  []string
	}{
		{"the end of one whose beginning nobody saw says nothing", []string{done}, nil},
		{"the end of one that succeeded adds nothing", []string{open, done}, []string{opened}},
		{"one that failed is withdrawn", []string{open, failed}, []string{opened, "resolved modified google_compute_firewall.allow_ssh"}},
		{"what it made is withdrawn too", []string{made, failed}, []string{unknown, "resolved unmanaged google_compute_firewall projects/acme-prod/global/firewalls/dup"}},
		{"its failure may arrive first", []string{failed, open}, nil},
		{"its failure twice withdraws once", []string{open, failed, failed}, []string{opened, "resolved modified google_compute_firewall.allow_ssh"}},
		{"its beginning once more is not news", []string{open, failed, open}, []string{opened, "resolved modified google_compute_firewall.allow_ssh"}},
		{"what others did stays", []string{open, other, failed}, []string{opened,
			"updated modified google_compute_firewall.allow_ssh priority source_ranges", "updated modified google_compute_firewall.allow_ssh priority"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			state, err := os.ReadFile("../../events/testdata/gcp.tfstate")
			if err != nil {
				t.Fatal(err)
			}
			d := newDetector(t, string(state), "")
			var got []string
			for _, call := range test.calls {
				for _, f := range judged(t, d, entryOf(t, "compute", call)) {
					got = append(got, told(f))
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
