package rules

import (
	"slices"
	"strings"

	"tfdrift/internal/drift"
)

// severityTable is the built-in severity of a finding, where no rule says: the
// first row that matches. Types and attributes are patterns, space-separated.
var severityTable = []struct {
	Types    string
	Kinds    string // space-separated; empty: all
	Touching string // modified, and one of these attributes changed
	Only     string // modified, and nothing but these attributes changed
	Opens    bool   // and what it changed to lets in everybody
	Severity drift.Severity
	Why      string
}{
	{Types: "*", Only: "tags tags_all labels user_labels resource_labels terraform_labels effective_labels", Severity: drift.Low,
		Why: "only tags or labels changed"},

	{Types: "aws_security_group* aws_vpc_security_group_ingress_rule aws_default_security_group aws_network_acl* google_compute_firewall* google_*_iam_*", Touching: "ingress cidr_block* ipv6_cidr_block* cidr_ipv? source_ranges members member", Opens: true, Severity: drift.Critical,
		Why: "it lets in everybody"},
	{Types: "aws_s3_bucket_public_access_block aws_s3_account_public_access_block aws_s3_bucket_policy aws_s3_bucket_acl aws_s3_bucket_ownership_controls aws_ebs_snapshot_block_public_access aws_ec2_image_block_public_access", Severity: drift.Critical,
		Why: "it decides who may read stored data"},
	{Types: "*", Touching: "publicly_accessible public_access_prevention associate_public_ip_address public_network_access", Severity: drift.Critical,
		Why: "it decides whether the resource is public"},
	{Types: "aws_s3_bucket google_storage_bucket", Touching: "policy acl grant uniform_bucket_level_access", Severity: drift.Critical,
		Why: "it decides who may read stored data"},
	{Types: "aws_eks_cluster", Touching: "vpc_config access_config", Severity: drift.High,
		Why: "it decides who reaches the cluster's control plane"},
	{Types: "google_container_cluster", Touching: "master_authorized_networks_config private_cluster_config", Severity: drift.High,
		Why: "it decides who reaches the cluster's control plane"},
	{Types: "google_sql_database_instance", Touching: "settings.ip_configuration", Severity: drift.High,
		Why: "it decides who reaches the database"},

	{Types: "aws_iam_* aws_organizations_policy* aws_ssoadmin_* aws_identitystore_*", Severity: drift.Critical,
		Why: "it decides who may do what in the account"},
	{Types: "google_project_iam_* google_organization_iam_* google_folder_iam_* google_service_account_key google_service_account_iam_* google_iam_* google_organization_policy* google_org_policy_* google_project_organization_policy google_folder_organization_policy", Severity: drift.Critical,
		Why: "it decides who may do what in the project, folder or organization"},
	{Types: "google_*_iam_* google_service_account* google_access_context_manager_*", Severity: drift.High,
		Why: "it decides who may use the resource"},

	{Types: "aws_cloudtrail* aws_config_* aws_guardduty_* aws_securityhub_* aws_accessanalyzer_* aws_flow_log google_logging_*_sink google_*_iam_audit_config google_logging_project_exclusion google_scc_*", Severity: drift.Critical,
		Why: "it decides whether changes are seen at all"},

	{Types: "aws_kms_key aws_kms_replica_key aws_kms_external_key google_kms_crypto_key google_kms_crypto_key_version google_kms_key_ring", Kinds: "deleted", Severity: drift.Critical,
		Why: "without the key, what it encrypts is lost"},
	{Types: "aws_kms_* google_kms_* aws_secretsmanager_* google_secret_manager_* aws_acmpca_* google_privateca_*", Severity: drift.High,
		Why: "it holds or guards keys and secrets"},

	{Types: "aws_security_group* aws_vpc_security_group_*_rule aws_default_security_group aws_network_acl* aws_default_network_acl aws_networkfirewall_* aws_wafv2_* aws_waf_* aws_wafregional_* google_compute_firewall* google_compute_network_firewall_* google_compute_region_network_firewall_* google_compute_security_policy*", Severity: drift.High,
		Why: "it decides which traffic is let through"},
	{Types: "aws_lambda_permission aws_*_queue_policy aws_*_topic_policy aws_*_repository_policy aws_*_resource_policy aws_*_domain_policy aws_*_file_system_policy aws_*_vault_policy aws_*_bus_policy aws_*_api_policy aws_vpc_endpoint_policy aws_s3control_*_policy", Severity: drift.High,
		Why: "it decides who may use the resource"},

	{Types: "aws_db_* aws_rds_* aws_dynamodb_* aws_docdb_* aws_neptune_* aws_redshift_* aws_elasticache_* aws_memorydb_* aws_opensearch_domain aws_elasticsearch_domain aws_s3_bucket aws_efs_file_system aws_fsx_* aws_ebs_volume aws_backup_vault aws_ecr_repository aws_kinesis_stream aws_msk_cluster", Kinds: "deleted", Severity: drift.High,
		Why: "what it stores may be lost"},
	{Types: "google_sql_* google_storage_bucket google_bigquery_* google_bigtable_* google_spanner_* google_firestore_* google_filestore_* google_redis_* google_alloydb_* google_compute_disk google_artifact_registry_repository google_pubsub_topic", Kinds: "deleted", Severity: drift.High,
		Why: "what it stores may be lost"},
	{Types: "aws_dynamodb_table aws_db_instance aws_rds_cluster aws_s3_bucket aws_s3_bucket_versioning aws_s3_bucket_server_side_encryption_configuration google_sql_database_instance", Touching: "*backup* point_in_time_recovery deletion_protection deletion_protection_enabled disable_api_termination *encrypt* versioning* rule", Severity: drift.High,
		Why: "it protects stored data against loss and reading"},
	{Types: "aws_s3_bucket_versioning aws_s3_bucket_server_side_encryption_configuration aws_s3_bucket_object_lock_configuration aws_s3_bucket_logging", Kinds: "deleted", Severity: drift.High,
		Why: "it protects stored data against loss and reading"},
	{Types: "aws_instance google_compute_instance", Touching: "disable_api_termination deletion_protection iam_instance_profile metadata_options user_data user_data_base64 metadata metadata_startup_script service_account", Severity: drift.High,
		Why: "it decides what the machine may do, or runs as"},
	{Types: "aws_lb_listener aws_alb_listener aws_route53_record aws_route53_zone google_dns_record_set google_dns_managed_zone aws_cloudfront_distribution", Touching: "protocol ssl_policy certificate_arn records alias rrdatas viewer_certificate origin", Severity: drift.High,
		Why: "it decides where traffic goes, and whether it is encrypted"},
	{Types: "aws_instance aws_lb aws_alb aws_route53_zone aws_route53_record aws_eks_cluster aws_ecs_cluster aws_ecs_service aws_vpc aws_subnet google_compute_instance google_container_cluster google_compute_network google_dns_managed_zone google_dns_record_set", Kinds: "deleted", Severity: drift.High,
		Why: "what runs on it stops"},
	{Types: "*", Severity: drift.Medium,
		Why: "the default"},
}

// severityRow is a row of the table with its patterns compiled.
type severityRow struct {
	types          []Pattern
	kinds          string
	touching, only []AttributePattern
	opens          bool
	severity       drift.Severity
	why            string
}

func compileSeverities() []severityRow {
	rows := make([]severityRow, len(severityTable))
	for i, row := range severityTable {
		out := severityRow{kinds: row.Kinds, opens: row.Opens, severity: row.Severity, why: row.Why}
		for _, text := range strings.Fields(row.Types) {
			out.types = append(out.types, mustPattern[Pattern](text))
		}
		for _, text := range strings.Fields(row.Touching) {
			out.touching = append(out.touching, mustPattern[AttributePattern](text))
		}
		for _, text := range strings.Fields(row.Only) {
			out.only = append(out.only, mustPattern[AttributePattern](text))
		}
		rows[i] = out
	}
	return rows
}

// mustPattern parses a pattern of the table, all of which a test has parsed.
func mustPattern[T any, P interface {
	*T
	UnmarshalText([]byte) error
}](text string) T {
	var p T
	if err := P(&p).UnmarshalText([]byte(text)); err != nil {
		panic("severityTable: " + err.Error())
	}
	return p
}

func (r *Rules) builtinSeverity(f *drift.Finding, changes []drift.Attribute, say func(string, ...any)) drift.Severity {
	for i := range r.builtin {
		if row := &r.builtin[i]; row.matches(f, changes) {
			if say != nil {
				say("built-in severity of %s %s: %s, %s", f.Kind, f.Resource.Type, row.severity, row.why)
			}
			return row.severity
		}
	}
	return drift.Medium
}

func (row *severityRow) matches(f *drift.Finding, changes []drift.Attribute) bool {
	if row.kinds != "" && !strings.Contains(row.kinds, string(f.Kind)) {
		return false
	}
	if (row.only != nil || row.touching != nil) && (f.Kind != drift.Modified || len(changes) == 0) {
		return false
	}
	return anyMatches(row.types, f.Resource.Type) && row.onlyThese(changes) && row.touchesThese(changes)
}

func (row *severityRow) onlyThese(changes []drift.Attribute) bool {
	for i := range changes {
		if row.only != nil && !anyCovers(row.only, changes[i].Name) {
			return false
		}
	}
	return true
}

func (row *severityRow) touchesThese(changes []drift.Attribute) bool {
	for i := range changes {
		c := &changes[i]
		if row.touching != nil && anyTouches(row.touching, c.Name) && (!row.opens || namesEverybody(c.After) && !namesEverybody(c.Before)) {
			return true
		}
	}
	return row.touching == nil
}

// namesEverybody reports whether a value holds a name for the whole world: the
// whole IPv4 or IPv6 range, or Google's allUsers and allAuthenticatedUsers.
func namesEverybody(v any) bool {
	switch v := v.(type) {
	case string:
		return v == "0.0.0.0/0" || v == "::/0" || v == "allUsers" || v == "allAuthenticatedUsers"
	case []any:
		return slices.ContainsFunc(v, namesEverybody)
	case map[string]any:
		for _, member := range v {
			if namesEverybody(member) {
				return true
			}
		}
	}
	return false
}
