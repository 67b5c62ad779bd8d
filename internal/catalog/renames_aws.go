package catalog

// awsRenames are the members of AWS's requests that Terraform calls by another
// name, or that its state does not hold, the same in every call on the type. See
// the provider's page of the type beside the operation in the service's API
// Reference.
var awsRenames = [...]typeRenames{
	{"aws_autoscaling_group", "lifecycleHookSpecificationList=initial_lifecycle_hook"},
	{"aws_autoscaling_schedule", "time=start_time"},
	{"aws_cloudwatch_composite_alarm", "actionsSuppressor=actions_suppressor.alarm actionsSuppressorExtensionPeriod=actions_suppressor.extension_period " +
		"actionsSuppressorWaitPeriod=actions_suppressor.wait_period"},
	{"aws_cloudwatch_metric_alarm", "metrics=metric_query metrics.metricStat.metric.dimensions=metric.dimensions metrics.metricStat.metric.metricName=metric.metric_name " +
		"metrics.metricStat.metric.namespace=metric.namespace metrics.metricStat.period=metric.period metrics.metricStat.stat=metric.stat metrics.metricStat.unit=metric.unit"},
	{"aws_cognito_user", "permanent=-"},
	{"aws_config_conformance_pack", "conformancePackInputParameters=input_parameter templateSSMDocumentDetails=-"},
	{"aws_config_organization_conformance_pack", "conformancePackInputParameters=input_parameter"},
	{"aws_config_organization_custom_policy_rule", "organizationCustomPolicyRuleMetadata.organizationConfigRuleTriggerTypes=trigger_types"},
	{"aws_config_organization_custom_rule", "organizationCustomRuleMetadata.organizationConfigRuleTriggerTypes=trigger_types"},
	{"aws_ec2_capacity_reservation", "accept=- additionalInfo=-"},
	{"aws_ec2_host", "hostMaintenance=-"},
	{"aws_ec2_transit_gateway", "options.addTransitGatewayCidrBlocks=transit_gateway_cidr_blocks+ options.removeTransitGatewayCidrBlocks=transit_gateway_cidr_blocks-"},
	{"aws_ecr_pull_through_cache_rule", "upstreamRegistry=-"},
	{"aws_ecs_service", "placementStrategy=ordered_placement_strategy role=iam_role"},
	{"aws_elasticache_cluster", "authToken=-"},
	{"aws_elasticache_global_replication_group", "nodeGroupCount=num_node_groups globalNodeGroupsToRemove=- globalNodeGroupsToRetain=- regionalConfigurations=-"},
	{"aws_msk_cluster", "provisionedThroughput=broker_node_group_info.storage_info.ebs_storage_info.provisioned_throughput volumeSizeGB=broker_node_group_info.storage_info.ebs_storage_info.volume_size"},
	{"aws_opensearch_package", "commitMessage=-"},
	{"aws_s3_bucket_inventory", "inventoryConfiguration.isEnabled=enabled inventoryConfiguration.destination.s3BucketDestination.accountId=destination.bucket.account_id " +
		"inventoryConfiguration.destination.s3BucketDestination.bucket=destination.bucket.bucket_arn inventoryConfiguration.destination.s3BucketDestination.format=destination.bucket.format " +
		"inventoryConfiguration.destination.s3BucketDestination.prefix=destination.bucket.prefix " +
		"inventoryConfiguration.destination.s3BucketDestination.encryption.SSE-KMS.keyId=destination.bucket.encryption.sse_kms.key_id " +
		"inventoryConfiguration.destination.s3BucketDestination.encryption.SSE-S3=destination.bucket.encryption.sse_s3"},
	{"aws_s3_bucket_object", "retention.mode=object_lock_mode retention.retainUntilDate=object_lock_retain_until_date"},
	{"aws_s3_object", "retention.mode=object_lock_mode retention.retainUntilDate=object_lock_retain_until_date"},
	{"aws_securityhub_configuration_policy", "updatedReason=-"},
	{"aws_ssm_association", "alarmConfiguration=- duration=- scheduleOffset=- targetLocations=- targetMaps=-"},
	{"aws_ssm_document", "attachments=attachments_source displayName=-"},
	{"aws_ssm_maintenance_window", "replace=-"},
	{"aws_ssm_maintenance_window_target", "replace=-"},
	{"aws_ssm_maintenance_window_task", "alarmConfiguration=- replace=-"},
	{"aws_ssm_parameter", "policies=-"},
	{"aws_ssm_patch_baseline", "replace=-"},
	{"aws_vpc_ipam", "addOperatingRegion=operating_regions+ removeOperatingRegion=operating_regions-"},
	{"aws_vpc_ipam_resource_discovery", "addOperatingRegion=operating_regions+ addOperatingRegions=operating_regions+ " +
		"removeOperatingRegion=operating_regions- removeOperatingRegions=operating_regions-"},
}
