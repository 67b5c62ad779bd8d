package compare_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tfdrift/internal/compare"
	"tfdrift/internal/drift"
)

type number = json.Number

func TestMatchLaysParametersOntoAttributes(t *testing.T) {
	type facts = map[string]any // by attribute and op, "instance_class set"
	tests := []struct {
		name      string
		typ       string
		state     string
		effect    drift.Effect
		rename    drift.Renames
		params    string
		want      facts
		unmatched []string
	}{
		{name: "by name, whatever its case", typ: "aws_lambda_function", state: `{"memory_size": 128}`,
			params: `{"memorySize": 256}`, want: facts{"memory_size set": number("256")}},
		{name: "without the resource's noun in front", typ: "aws_db_instance", state: `{"instance_class": "db.t3.micro"}`,
			params: `{"dBInstanceClass": "db.t3.large"}`, want: facts{"instance_class set": "db.t3.large"}},
		{name: "the exact name before the likest", typ: "aws_db_instance", state: `{"name": "a", "db_name": "b"}`,
			params: `{"dbName": "c"}`, want: facts{"db_name set": "c"}},
		{name: "a plural", typ: "aws_x_y", state: `{"security_groups": ["a"]}`,
			params: `{"securityGroup": ["b"]}`, want: facts{"security_groups set": []any{"b"}}},
		{name: "another kind of reference", typ: "aws_x_y", state: `{"kms_key_arn": "arn"}`,
			params: `{"kmsKeyId": "k"}`, want: facts{"kms_key_arn set": "k"}},
		{name: "the word that makes it a switch", typ: "aws_x_y", state: `{"encryption_enabled": false}`,
			params: `{"enableEncryption": true}`, want: facts{"encryption_enabled set": true}},
		{name: "a rename wins over the name", typ: "aws_x_y", state: `{"size": 1, "capacity": 2}`, rename: "size=capacity",
			params: `{"size": 9}`, want: facts{"capacity set": number("9")}},
		{name: "a rename of a whole path wins over one of the name", typ: "aws_x_y", state: `{"a": 1, "b": 2}`, rename: "value=a limits.value=b",
			params: `{"limits": {"value": 9}}`, want: facts{"b set": number("9")}},
		{name: "a rename into a block", typ: "aws_x_y", state: `{"config": [{"size": 1}]}`, rename: "capacity=config.size",
			params: `{"capacity": 9}`, want: facts{"config merge": map[string]any{"size": number("9")}}},
		{name: "a member that is known to be no attribute", typ: "aws_x_y", state: `{"a": 1}`, rename: "note=-",
			params: `{"note": "x"}`},
		{name: "tokens are no attributes", typ: "aws_x_y", state: `{"a": 1}`,
			params: `{"clientToken": "x", "dryRun": false, "x-amz-id-2": "y", "@type": "z"}`},
		{name: "a wrapper that no attribute is named after", typ: "aws_x_y", state: `{"mode": "a"}`,
			params: `{"updateInput": {"mode": "b"}}`, want: facts{"mode set": "b"}},
		{name: "the field of a single block that alone bears the name", typ: "aws_instance", state: `{"metadata_options": [{"http_tokens": "required"}]}`,
			params: `{"httpTokens": "optional"}`, want: facts{"metadata_options merge": map[string]any{"http_tokens": "optional"}}},
		{name: "a field of two blocks is nobody's", typ: "aws_x_y", state: `{"a": [{"size": 1}], "b": [{"size": 2}]}`,
			params: `{"size": 3}`, unmatched: []string{"size"}},
		{name: "what no attribute takes up is told", typ: "aws_x_y", state: `{"a": 1}`,
			params: `{"mystery": "x"}`, unmatched: []string{"mystery"}},
		{name: "what no attribute takes up and asks for nothing", typ: "aws_x_y", state: `{"a": 1}`,
			params: `{"mystery": false, "other": [], "third": ""}`},
		{name: "null says nothing", typ: "aws_x_y", state: `{"a": 1}`, params: `{"a": null}`},
		{name: "an empty object says nothing", typ: "aws_lambda_function", state: `{"environment": [{"variables": {"A": "1"}}]}`, params: `{"environment": {}}`},
		{name: "hidden values of what may be secret are changes", typ: "aws_x_y", state: `{"password": "x"}`,
			params: `{"password": "HIDDEN_DUE_TO_SECURITY_REASONS"}`, want: facts{"password set": "unknown"}},
		{name: "four stars hide too", typ: "aws_db_instance", state: `{"password": "x"}`,
			params: `{"masterUserPassword": "****"}`, rename: "masterUserPassword=password", want: facts{"password set": "unknown"}},
		{name: "beside other parameters, hidden values of what is no secret say nothing", typ: "aws_x_y", state: `{"mode": "x", "size": 1}`,
			params: `{"mode": "HIDDEN_DUE_TO_SECURITY_REASONS", "size": 2}`, want: facts{"size set": json.Number("2")}},
		{name: "alone, a hidden value is what was asked for", typ: "aws_lambda_function", state: `{"environment": [{"variables": {"A": "1"}}]}`,
			params: `{"environment": {"variables": "HIDDEN_DUE_TO_SECURITY_REASONS"}}`, want: facts{"environment set": "unknown"}},
		{name: "tags as a list of pairs", typ: "aws_x_y", state: `{"tags": {"a": "1"}}`,
			params: `{"tags": [{"key": "b", "value": "2"}]}`, want: facts{"tags set": map[string]any{"b": "2"}}},
		{name: "tags added are merged", typ: "aws_x_y", state: `{"tags": {"a": "1"}}`, effect: drift.Add,
			params: `{"tags": [{"key": "b", "value": "2"}]}`, want: facts{"tags merge": map[string]any{"b": "2"}}},
		{name: "tags removed are merged away", typ: "aws_x_y", state: `{"tags": {"a": "1"}}`, effect: drift.Remove, rename: "tagKeys=tags",
			params: `{"tagKeys": ["a"]}`, want: facts{"tags merge": map[string]any{"a": nil}}},
		{name: "a comma list where state has a list", typ: "aws_autoscaling_group", state: `{"vpc_zone_identifier": ["a"]}`,
			params: `{"vPCZoneIdentifier": "a, b"}`, want: facts{"vpc_zone_identifier set": []any{"a", "b"}}},
		{name: "a word where state has a switch", typ: "aws_x_y", state: `{"versioning": true}`,
			params: `{"versioning": "Suspended"}`, want: facts{"versioning set": false}},
		{name: "a self-link where state has the name", typ: "google_compute_instance", state: `{"machine_type": "e2-small"}`,
			params: `{"machineType": "zones/europe-west1-b/machineTypes/e2-large"}`, want: facts{"machine_type set": "e2-large"}},
		{name: "the fields of blocks as state names them", typ: "aws_x_y", state: `{"rule": [{"from_port": 1, "to_port": 2}]}`,
			params: `{"rule": [{"fromPort": 5, "ToPort": 6}]}`, want: facts{"rule set": []any{map[string]any{"from_port": number("5"), "to_port": number("6")}}}},
		{name: "a document that state keeps as text", typ: "aws_x_y", state: `{"policy": "{\"Version\":\"2012-10-17\"}"}`,
			params: `{"policy": {"Version": "2008-10-17"}}`, want: facts{"policy set": `{"Version":"2008-10-17"}`}},
		{name: "a member of a block that goes elsewhere", typ: "google_sql_database_instance", state: `{"settings": [{"disk_size": 10, "tier": "a"}]}`,
			rename: "settings.dataDiskSizeGb=settings.disk_size settings.kind=-",
			params: `{"settings": {"dataDiskSizeGb": "20", "kind": "sql#settings"}}`, want: facts{"settings merge": map[string]any{"disk_size": number("20")}}},
		{name: "a whole block that no attribute is named after", typ: "google_storage_bucket", state: `{"lifecycle_rule": [], "x": [{"rule": []}]}`, rename: "lifecycle.rule=lifecycle_rule",
			params: `{"lifecycle": {"rule": [{"action": {"type": "Delete"}}]}}`, want: facts{"lifecycle_rule set": []any{map[string]any{"action": map[string]any{"type": "Delete"}}}}},
		{name: "on Google Cloud, fields that Terraform does not have", typ: "google_x_y", state: `{"rule": [{"port": 1}]}`,
			params: `{"rule": [{"port": 2, "lockedTime": "x"}]}`, want: facts{"rule set": []any{map[string]any{"port": number("2")}}}},
		{name: "a cleared switch", typ: "google_x_y", state: `{"auth_enabled": true}`,
			params: `{"authEnabled": []}`, want: facts{"auth_enabled set": false}},
		{name: "a wrapper around a scalar", typ: "aws_x_y", state: `{"enabled": true}`,
			params: `{"enabled": {"setting": false}}`, want: facts{"enabled set": false}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.effect == "" {
				test.effect = drift.Set
			}
			target := &drift.Target{Type: test.typ, Effect: test.effect, Rename: test.rename, Params: object(t, test.params)}
			entry := &drift.Entry{Type: test.typ, Provider: drift.AWS, Attributes: object(t, test.state)}
			if strings.HasPrefix(test.typ, "google_") {
				entry.Provider = drift.GCP
			}
			m := compare.Match(target, entry)
			got := facts{}
			for _, f := range m.Facts {
				got[f.Attribute+" "+string(f.Op)] = f.Value
				if f.Unknown {
					got[f.Attribute+" "+string(f.Op)] = "unknown"
				}
			}
			if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.unmatched, m.Unmatched, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("unmatched (-want +got):\n%s", diff)
			}
		})
	}
}

// Maps have no order; what is matched must not depend on it.
func TestMatchDoesNotDependOnChance(t *testing.T) {
	state := object(t, `{"kms_key_arn": "a", "kms_key_name": "b", "kms_keys": ["c"], "x_enabled": true, "x": [{"size": 1}]}`)
	target := &drift.Target{Effect: drift.Set, Params: object(t, `{"kmsKeyId": "k", "enableX": false, "size": 2}`)}
	first := compare.Match(target, &drift.Entry{Type: "aws_a_b", Attributes: state})
	for range 50 {
		if diff := cmp.Diff(first, compare.Match(target, &drift.Entry{Type: "aws_a_b", Attributes: state})); diff != "" {
			t.Fatalf("(-first +again):\n%s", diff)
		}
	}
}

// Each member is told once, under the path that decided it.
func TestTraceTellsWhatBecameOfEachParameter(t *testing.T) {
	params := map[string]any{
		"mode": "b", "cap": number("9"), "note": "x", "clientToken": "y", "mystery": "z", "off": false,
		"input": map[string]any{"size": number("2"), "other": "w"},
		"deep":  map[string]any{"limit": number("3")},
	}
	target := &drift.Target{Params: params, Rename: "cap=capacity note=- deep.limit=capacity"}
	entry := &drift.Entry{Type: "aws_x_y", Attributes: map[string]any{"mode": "a", "capacity": number("1"), "size": number("1")}}
	got := map[string]compare.Decision{}
	compare.Trace(target, entry, func(d compare.Decision) {
		if _, twice := got[d.Path]; twice {
			t.Errorf("%s is told twice", d.Path)
		}
		got[d.Path] = d
	})
	want := map[string]compare.Decision{
		"mode":        {Path: "mode", Attribute: "mode"},
		"cap":         {Path: "cap", Attribute: "capacity", Renamed: true},
		"note":        {Path: "note", Attribute: "-", Renamed: true},
		"clientToken": {Path: "clientToken", Attribute: "-"},
		"mystery":     {Path: "mystery"},
		"off":         {Path: "off"},
		"input.size":  {Path: "input.size", Attribute: "size"},
		"input.other": {Path: "input.other"},
		"deep.limit":  {Path: "deep.limit", Attribute: "capacity", Renamed: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
