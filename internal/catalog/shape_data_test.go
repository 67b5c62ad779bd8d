package catalog_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tfdrift/internal/catalog"
	"tfdrift/internal/drift"
	"tfdrift/internal/tree"
)

// What the shapes of the data services make of a call: the targets of each
// choice and the facts that they hold.
func TestShapesOfDataServices(t *testing.T) {
	tests := []struct {
		name, source, event, request string
		want                         []string
	}{
		{"an index scaled", "dynamodb", "UpdateTable",
			`{"tableName": "t", "globalSecondaryIndexUpdates": [{"update": {"indexName": "i", "provisionedThroughput": {"readCapacityUnits": 50}}}]}`,
			[]string{`1 aws_dynamodb_table set: merge global_secondary_index [{"name":"i","read_capacity":50}]`}},
		{"an index and a replica dropped", "dynamodb", "UpdateTable",
			`{"tableName": "t", "globalSecondaryIndexUpdates": [{"delete": {"indexName": "i"}}], "replicaUpdates": [{"delete": {"regionName": "eu-west-1"}}]}`,
			[]string{`1 aws_dynamodb_table set: remove global_secondary_index {"name":"i"}, remove replica {"region_name":"eu-west-1"}`}},
		{"a domain's access policy is a resource of its own, or the domain's", "es", "UpdateDomainConfig",
			`{"domainName": "d", "accessPolicies": "{}"}`,
			[]string{
				"1 aws_opensearch_domain_policy set:", "1 aws_elasticsearch_domain_policy set:",
				"1 aws_opensearch_domain set (parent):", "1 aws_elasticsearch_domain set (parent):",
			}},
		{"a stage's patches", "apigateway", "UpdateStage",
			`{"restApiId": "a", "stageName": "s", "updateStageInput": {"patchOperations": [
				{"op": "replace", "path": "/variables/color", "value": "blue"}, {"op": "remove", "path": "/variables/size"},
				{"op": "replace", "path": "/~1orders~1{id}/GET/logging/loglevel", "value": "OFF"}]}}`,
			[]string{
				`1 aws_api_gateway_method_settings set: merge settings {"logging_level":"OFF"}`,
				`1 aws_api_gateway_stage set: merge variables {"color":"blue"}, merge variables {"size":null}`,
			}},
		{"a REST API's policy is a resource of its own, or the API's", "apigateway", "UpdateRestApi",
			`{"restApiId": "a", "updateRestApiInput": {"patchOperations": [{"op": "remove", "path": "/policy"}]}}`,
			[]string{
				`1 aws_api_gateway_rest_api_policy delete: set policy null`,
				`1 aws_api_gateway_rest_api set (parent): set policy null`,
			}},
		{"a list gains an element", "apigateway", "UpdateRestApi",
			`{"restApiId": "a", "updateRestApiInput": {"patchOperations": [{"op": "add", "path": "/binaryMediaTypes/image~1png"}]}}`,
			[]string{`1 aws_api_gateway_rest_api set: add binary_media_types "image/png"`}},
		{"a distribution in Terraform's words", "cloudfront", "UpdateDistribution2020_05_31",
			`{"id": "E1", "distributionConfig": {"enabled": true, "aliases": {"quantity": 0}, "logging": {"enabled": false, "bucket": ""},
				"viewerCertificate": {"aCMCertificateArn": "arn:c", "certificateSource": "acm"},
				"restrictions": {"geoRestriction": {"restrictionType": "whitelist", "quantity": 1, "items": ["DE"]}}}}`,
			[]string{`1 aws_cloudfront_distribution set: set enabled true, set aliases [], set viewer_certificate [{"acm_certificate_arn":"arn:c"}], ` +
				`set restrictions [{"geo_restriction":[{"locations":["DE"],"restriction_type":"whitelist"}]}], set logging_config []`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ev := &drift.Event{Provider: drift.AWS, Source: test.source + ".amazonaws.com", Name: test.event, Request: []byte(test.request)}
			change, err := catalog.Understand(ev)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for i, choice := range change.Choices {
				for _, target := range choice {
					if target.Type == "aws_cloudfront_multitenant_distribution" {
						continue
					}
					got = append(got, fmt.Sprintf("%d %s", i+1, saying(target)))
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func saying(t drift.Target) string {
	s := t.Type + " " + string(t.Effect)
	if t.Parent {
		s += " (parent)"
	}
	s += ":"
	for i, f := range t.Facts {
		if i > 0 {
			s += ","
		}
		s += " " + string(f.Op) + " " + f.Attribute + " " + string(tree.Canonical(f.Value))
	}
	return s
}

// A batch of record changes is judged by what it leaves: a record deleted and
// created is changed, and what a record set does not hold, it is not.
func TestRecordsAreGivenAsWholes(t *testing.T) {
	request := `{"hostedZoneId": "Z1", "changeBatch": {"changes": [
		{"action": "DELETE", "resourceRecordSet": {"name": "a.example.com.", "type": "A"}},
		{"action": "CREATE", "resourceRecordSet": {"name": "a.example.com", "type": "A", "tTL": 60, "resourceRecords": [{"value": "192.0.2.1"}]}},
		{"action": "UPSERT", "resourceRecordSet": {"name": "b.example.com", "type": "A", "aliasTarget": {"hostedZoneId": "Z2", "dNSName": "dualstack.lb.example.net.", "evaluateTargetHealth": true}}},
		{"action": "UPSERT", "resourceRecordSet": {"name": "c.example.com", "type": "TXT", "tTL": 60, "resourceRecords": [{"value": "\"v=spf1 -all\""}]}}]}}`
	change, err := catalog.Understand(&drift.Event{Provider: drift.AWS, Source: "route53.amazonaws.com", Name: "ChangeResourceRecordSets", Request: []byte(request)})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, choice := range change.Choices {
		for _, target := range choice {
			line := target.NewID + " " + string(target.Effect)
			for _, f := range target.Facts {
				if f.Attribute == "records" || f.Attribute == "alias" {
					line += " " + f.Attribute + " " + string(tree.Canonical(f.Value))
				}
			}
			got = append(got, line)
		}
	}
	want := []string{
		`Z1_a.example.com_A create records ["192.0.2.1"] alias []`,
		`Z1_b.example.com_A create records [] alias [{"evaluate_target_health":true,"name":"lb.example.net","zone_id":"Z2"}]`,
		`Z1_c.example.com_TXT create records ["v=spf1 -all"] alias []`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
