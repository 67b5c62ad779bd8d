package state

import (
	"testing"

	"tfdrift/internal/drift"
)

func TestPlaceIsReadOffWhatIsTheResourcesOwn(t *testing.T) {
	for _, test := range []struct {
		name            string
		typ             string
		attributes      map[string]any
		identity        map[string]any
		account, region string
	}{
		{name: "an ARN shows both", typ: "aws_lambda_function",
			attributes: map[string]any{"arn": "arn:aws:lambda:eu-west-1:111122223333:function:api", "role_arn": "arn:aws:iam::444455556666:role/r"},
			account:    "111122223333", region: "eu-west-1"},
		{name: "an id may be an ARN", typ: "aws_ecs_service",
			attributes: map[string]any{"id": "arn:aws-cn:ecs:cn-north-1:111122223333:service/prod/web"},
			account:    "111122223333", region: "cn-north-1"},
		{name: "an ARN may be named for the type", typ: "aws_ec2_host",
			attributes: map[string]any{"id": "h-1", "host_arn": "arn:aws:ec2:eu-west-1:111122223333:dedicated-host/h-1"},
			account:    "111122223333", region: "eu-west-1"},
		{name: "the ARN of a role or a key is not the resource's own", typ: "aws_cloudwatch_metric_alarm",
			attributes: map[string]any{"id": "cpu", "role_arn": "arn:aws:iam::444455556666:role/r", "kms_key_arn": "arn:aws:kms:eu-west-1:444455556666:key/k"}},
		{name: "the ARN of an event target is what it calls", typ: "aws_cloudwatch_event_target",
			attributes: map[string]any{"id": "rule-1", "arn": "arn:aws:events:us-east-1:444455556666:event-bus/central"}},
		{name: "a policy of AWS is in no account", typ: "aws_iam_policy",
			attributes: map[string]any{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}},
		{name: "IAM is global", typ: "aws_iam_role",
			attributes: map[string]any{"arn": "arn:aws:iam::111122223333:role/app"},
			account:    "111122223333"},
		{name: "a bucket's ARN shows neither, its region does", typ: "aws_s3_bucket",
			attributes: map[string]any{"arn": "arn:aws:s3:::data", "region": "eu-west-1"},
			region:     "eu-west-1"},
		{name: "the identity object shows what attributes do not", typ: "aws_s3_bucket_versioning",
			attributes: map[string]any{"id": "data"}, identity: map[string]any{"account_id": "111122223333", "region": "eu-west-1", "bucket": "data"},
			account: "111122223333", region: "eu-west-1"},
		{name: "an ARN's region wins over one that is configured", typ: "aws_config_aggregate_authorization",
			attributes: map[string]any{"arn": "arn:aws:config:eu-west-1:111122223333:aggregation-authorization/444455556666/us-east-1", "account_id": "444455556666", "region": "us-east-1"},
			account:    "111122223333", region: "eu-west-1"},
		{name: "owner_id is the account", typ: "aws_security_group",
			attributes: map[string]any{"id": "sg-1", "owner_id": "111122223333"},
			account:    "111122223333"},
		{name: "account_id may be a member's", typ: "aws_guardduty_member",
			attributes: map[string]any{"account_id": "444455556666"}},
		{name: "account_id of S3 is the owner's", typ: "aws_s3_account_public_access_block",
			attributes: map[string]any{"id": "111122223333", "account_id": "111122223333"},
			account:    "111122223333"},
		{name: "a queue's URL shows both", typ: "aws_sqs_queue_policy",
			attributes: map[string]any{"id": "https://sqs.us-east-1.amazonaws.com/111122223333/jobs"},
			account:    "111122223333", region: "us-east-1"},
		{name: "a sealed ARN shows nothing", typ: "aws_vpc", attributes: map[string]any{"arn": drift.Sealed{}}},

		{name: "project and zone", typ: "google_compute_instance",
			attributes: map[string]any{"project": "acme", "zone": "us-central1-a"},
			account:    "acme", region: "us-central1"},
		{name: "a self-link shows both", typ: "google_compute_subnetwork",
			attributes: map[string]any{"self_link": "https://www.googleapis.com/compute/v1/projects/acme/regions/europe-west1/subnetworks/s"},
			account:    "acme", region: "europe-west1"},
		{name: "a region may be a link", typ: "google_compute_address",
			attributes: map[string]any{"project": "acme", "region": "https://www.googleapis.com/compute/v1/projects/acme/regions/europe-west1"},
			account:    "acme", region: "europe-west1"},
		{name: "a relative name shows both", typ: "google_kms_crypto_key",
			attributes: map[string]any{"id": "projects/acme/locations/europe-west1/keyRings/r/cryptoKeys/k"},
			account:    "acme", region: "europe-west1"},
		{name: "a location may be a zone", typ: "google_container_cluster",
			attributes: map[string]any{"project": "acme", "location": "northamerica-northeast1-b"},
			account:    "acme", region: "northamerica-northeast1"},
		{name: "a bucket's location is in capitals", typ: "google_storage_bucket",
			attributes: map[string]any{"project": "acme", "location": "EUROPE-WEST1"},
			account:    "acme", region: "europe-west1"},
		{name: "global is no region", typ: "google_compute_firewall",
			attributes: map[string]any{"id": "projects/acme/global/firewalls/f", "location": "global"},
			account:    "acme"},
		{name: "a project's number is not its id", typ: "google_cloud_run_service",
			attributes: map[string]any{"project": "projects/123456789"}},
		{name: "a binding shows nothing", typ: "google_storage_bucket_iam_binding",
			attributes: map[string]any{"id": "b/acme-assets/roles/storage.objectViewer"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			cloud := provider(test.typ[:3])
			if cloud == "" {
				cloud = drift.GCP
			}
			got := locate(cloud, test.typ, test.attributes, test.identity)
			if want := (place{test.account, test.region}); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
}
