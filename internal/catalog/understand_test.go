package catalog_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tfdrift/internal/catalog"
	"tfdrift/internal/drift"
)

// told is a target in one line: type, effect, key, conditions, new id.
func told(t drift.Target) string {
	s := fmt.Sprintf("%s %s %s", t.Type, t.Effect, t.Key)
	for _, m := range t.Match {
		s += fmt.Sprintf(" %s=%s", m.Attribute, m.Value)
	}
	if t.NewID != "" {
		s += " new " + t.NewID
	}
	return s
}

func TestUnderstandNamesWhatACallTouches(t *testing.T) {
	tests := []struct {
		name  string
		event drift.Event
		want  []string // targets that must be among those found; all of them where exact
		exact bool
	}{
		{"an instance, by id", drift.Event{Provider: drift.AWS, Source: "ec2.amazonaws.com", Name: "ModifyInstanceAttribute", Request: []byte(`{"instanceId":"i-1","instanceType":{"value":"t3.large"}}`)},
			[]string{"aws_instance set ec2/i-1 *=i-1"}, false},
		{"a function, in the dated form of the name", drift.Event{Provider: drift.AWS, Source: "lambda.amazonaws.com", Name: "UpdateFunctionConfiguration20150331v2", Request: []byte(`{"functionName":"arn:aws:lambda:eu-west-1:111122223333:function:api"}`)},
			[]string{"aws_lambda_function set lambda/api *=arn:aws:lambda:eu-west-1:111122223333:function:api"}, true},
		{"several instances in one call", drift.Event{Provider: drift.AWS, Source: "ec2.amazonaws.com", Name: "TerminateInstances", Request: []byte(`{"instancesSet":{"items":[{"instanceId":"i-1"},{"instanceId":"i-2"}]}}`)},
			[]string{"aws_instance delete ec2/i-1 *=i-1", "aws_instance delete ec2/i-2 *=i-2"}, false},
		{"a creation, by the id that was answered", drift.Event{Provider: drift.AWS, Source: "ec2.amazonaws.com", Name: "CreateSecurityGroup", Request: []byte(`{"groupName":"x"}`), Response: []byte(`{"groupId":"sg-9"}`)},
			[]string{"aws_security_group create ec2/sg-9 *=sg-9 new sg-9"}, false},
		{"parameters in a wrapper of the operation's", drift.Event{Provider: drift.AWS, Source: "ec2.amazonaws.com", Name: "DeleteVpcEndpoints", Request: []byte(`{"DeleteVpcEndpointsRequest":{"VpcEndpointId":{"tag":1,"content":"vpce-1"}}}`)},
			[]string{"aws_vpc_endpoint delete ec2/vpce-1 *=vpce-1"}, false},
		{"a name in one of two wrappers", drift.Event{Provider: drift.AWS, Account: "1", Source: "glue.amazonaws.com", Name: "CreateTable", Request: []byte(`{"databaseName":"d","openTableFormatInput":{"icebergInput":{"version":"2"}},"tableInput":{"name":"t"}}`)},
			[]string{"aws_glue_catalog_table create glue/t name=t database_name=d new 1:d:t"}, true},
		{"a firewall, by its resource name", drift.Event{Provider: drift.GCP, Source: "compute.googleapis.com", Name: "v1.compute.firewalls.patch", Resource: "projects/p/global/firewalls/web", Request: []byte(`{"sourceRanges":["0.0.0.0/0"]}`)},
			[]string{"google_compute_firewall set compute/web *=projects/p/global/firewalls/web"}, true},
		{"a read-only call is not known", drift.Event{Provider: drift.AWS, Source: "ec2.amazonaws.com", Name: "DescribeInstances"}, nil, true},
		{"a call that changes nothing", drift.Event{Provider: drift.AWS, Source: "logs.amazonaws.com", Name: "CreateLogStream", Request: []byte(`{"logGroupName":"g"}`)}, nil, true},
		{"a call that names nothing", drift.Event{Provider: drift.AWS, Source: "lambda.amazonaws.com", Name: "UpdateFunctionConfiguration20150331v2", Request: []byte(`{}`)}, nil, true},
		{"parameters that are left out", drift.Event{Provider: drift.AWS, Source: "lambda.amazonaws.com", Name: "UpdateFunctionConfiguration20150331v2", Omitted: true}, nil, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			change, err := catalog.Understand(&test.event)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, choice := range change.Choices {
				for _, target := range choice {
					got = append(got, told(target))
				}
			}
			if test.exact {
				if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			}
			for _, w := range test.want {
				if !slices.Contains(got, w) {
					t.Errorf("%q is not among\n%s", w, strings.Join(got, "\n"))
				}
			}
		})
	}
}

func TestTheSpecificResourceStandsBeforeItsMirror(t *testing.T) {
	change, err := catalog.Understand(&drift.Event{Provider: drift.AWS, Source: "s3.amazonaws.com", Name: "PutBucketVersioning", Request: []byte(`{"bucketName":"b","versioning":"","VersioningConfiguration":{"Status":"Suspended"}}`)})
	if err != nil || len(change.Choices) == 0 {
		t.Fatalf("%d choices, error %v", len(change.Choices), err)
	}
	parents := map[string]bool{}
	for _, target := range change.Choices[0] {
		parents[target.Type] = target.Parent
	}
	if diff := cmp.Diff(map[string]bool{"aws_s3_bucket_versioning": false, "aws_s3_bucket": true}, parents); diff != "" {
		t.Errorf("parents (-want +got):\n%s", diff)
	}
}

func TestParametersThatAreNone(t *testing.T) {
	for _, request := range []string{`[]`, `"x"`, `{"a":`, "\x00", `{"a":"` + "\xff" + `"}`, strings.Repeat("[", 1000)} {
		ev := drift.Event{Provider: drift.AWS, Source: "ec2.amazonaws.com", Name: "ModifyInstanceAttribute", ID: "e-1", Request: []byte(request)}
		if _, err := catalog.Understand(&ev); !errors.Is(err, drift.ErrInvalid) {
			t.Errorf("%.20q: error %v, want %v", request, err, drift.ErrInvalid)
		} else if !strings.Contains(err.Error(), "ModifyInstanceAttribute") {
			t.Errorf("%v does not name the operation", err)
		}
	}
}

// Parameters of any shape are understood or refused, never a panic.
func TestParametersOfAnyShape(t *testing.T) {
	shapes := []string{`{}`, `null`, `{"%s":null}`, `{"%s":1}`, `{"%s":"x"}`, `{"%s":[]}`, `{"%s":[[]]}`, `{"%s":[null]}`, `{"%s":{}}`, `{"%s":{"items":[]}}`, `{"%s":{"items":[null,1,"x",{}]}}`, `{"%s":{"a":{"b":[{"c":1}]}}}`}
	entry := &drift.Entry{Provider: drift.AWS, Attributes: map[string]any{}}
	for _, provider := range providers {
		for row := range catalog.All(provider) {
			member := "x"
			if _, path, ok := strings.Cut(row.ID, "="); ok {
				member, _, _ = strings.Cut(strings.TrimPrefix(path, "response:"), "[")
				member, _, _ = strings.Cut(member, ".")
				member, _, _ = strings.Cut(member, " ")
				member, _, _ = strings.Cut(member, "|")
			}
			source := row.Source + ".amazonaws.com"
			if provider == drift.GCP {
				source = row.Source + ".googleapis.com"
			}
			for _, shape := range shapes {
				text := []byte(strings.ReplaceAll(shape, "%s", member))
				ev := drift.Event{Provider: provider, Source: source, Name: row.Event, Request: text, Response: text, Extra: text, Resource: "projects/p/x/y"}
				change, err := catalog.Understand(&ev)
				if err != nil {
					t.Fatalf("%s %s %s: %v", row.Source, row.Event, text, err)
				}
				for _, choice := range change.Choices {
					for _, target := range choice {
						if target.Tell != nil {
							target.Tell(entry)
						}
					}
				}
			}
		}
	}
}
