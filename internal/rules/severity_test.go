package rules

import (
	"encoding/json"
	"strings"
	"testing"

	"tfdrift/internal/drift"
)

func TestBuiltInSeverity(t *testing.T) {
	open := []any{map[string]any{"from_port": json.Number("22"), "cidr_blocks": []any{"0.0.0.0/0"}}}
	for _, tt := range []struct {
		name    string
		finding *drift.Finding
		want    drift.Severity
	}{
		{"IAM policy", finding("aws_iam_role_policy.app", "policy"), drift.Critical},
		{"IAM role tags only", finding("aws_iam_role.app", "tags", "tags_all"), drift.Low},
		{"IAM role tags and more", finding("aws_iam_role.app", "tags", "path"), drift.Critical},
		{"an attribute that only begins like tags", finding("aws_sqs_queue.jobs", "tags_policy"), drift.Medium},
		{"security group opened to the world", set(finding("aws_security_group.web"), "ingress", []any{}, open), drift.Critical},
		{"security group was open already", set(finding("aws_security_group.web"), "ingress", open, open), drift.High},
		{"security group may call everybody", set(finding("aws_security_group.web"), "egress", []any{}, open), drift.High},
		{"unmanaged security group", of(drift.Unmanaged, finding("aws_security_group.web")), drift.High},
		{"firewall opened to the world", set(finding("google_compute_firewall.ssh"), "source_ranges", []any{"10.0.0.0/8"}, []any{"0.0.0.0/0"}), drift.Critical},
		{"bucket policy", finding("aws_s3_bucket_policy.data", "policy"), drift.Critical},
		{"public access block deleted", of(drift.Deleted, finding("aws_s3_bucket_public_access_block.data")), drift.Critical},
		{"bucket shared with all users", set(finding("google_storage_bucket_iam_binding.viewer"), "members", []any{}, []any{"allUsers"}), drift.Critical},
		{"bucket shared with somebody", set(finding("google_storage_bucket_iam_binding.viewer"), "members", []any{}, []any{"user:bob@example.com"}), drift.High},
		{"project grant", finding("google_project_iam_member.owner", "role"), drift.Critical},
		{"database made public", finding("aws_db_instance.main", "publicly_accessible"), drift.Critical},
		{"database deleted", of(drift.Deleted, finding("aws_db_instance.main")), drift.High},
		{"database resized", finding("aws_db_instance.main", "instance_class"), drift.Medium},
		{"database's backups shortened", finding("aws_db_instance.main", "backup_retention_period"), drift.High},
		{"key deleted", of(drift.Deleted, finding("aws_kms_key.main")), drift.Critical},
		{"key no longer rotated", finding("aws_kms_key.main", "enable_key_rotation"), drift.High},
		{"trail stopped", finding("aws_cloudtrail.main", "enable_logging"), drift.Critical},
		{"log sink changed, we cannot say where", finding("google_logging_project_sink.audit"), drift.Critical},
		{"scaling policy is no access policy", finding("aws_autoscaling_policy.web", "cooldown"), drift.Medium},
		{"queue policy", finding("aws_sqs_queue_policy.jobs", "policy"), drift.High},
		{"unknown type", finding("aws_new_thing.x", "name"), drift.Medium},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := New(Config{})
			if err != nil {
				t.Fatal(err)
			}
			v, steps := r.Explain(tt.finding)
			if v.Severity != tt.want {
				t.Errorf("severity %s, want %s\n%s", v.Severity, tt.want, strings.Join(steps, "\n"))
			}
		})
	}
}

func TestEveryRowOfTheSeverityTableSaysWhy(t *testing.T) {
	for i, row := range severityTable {
		if row.Why == "" || row.Types == "" || rank(row.Severity) == 0 {
			t.Errorf("row %d is incomplete: %+v", i, row)
		}
		for _, kind := range strings.Fields(row.Kinds) {
			if k := drift.Kind(kind); k != drift.Modified && k != drift.Deleted && k != drift.Unmanaged {
				t.Errorf("row %d: unknown kind %q", i, kind)
			}
		}
		if row.Opens && row.Touching == "" {
			t.Errorf("row %d: Opens needs the attributes that do", i)
		}
	}
	compileSeverities() // panics on a malformed pattern
}
