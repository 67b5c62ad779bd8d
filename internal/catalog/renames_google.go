package catalog

import "tfdrift/internal/drift"

// googleRenames are the members of Google's resources that Terraform calls by
// another name, the same in every call that writes the resource, by type. See
// the provider's page of the type beside the resource in the API's reference.
var googleRenames = [...]typeRenames{
	{"google_alloydb_instance", "machineConfig=machine_config"},
	{"google_cloud_run_v2_job", runOutputs},
	{"google_cloud_run_v2_service", runOutputs},
	{"google_cloudfunctions2_function", "environment=-"},
	{"google_compute_autoscaler", autoscalerRenames},
	{"google_compute_backend_service", backendRenames},
	{"google_compute_disk", "sizeGb=size"},
	{"google_compute_firewall", "allowed=allow alloweds=allow denied=deny denieds=deny"},
	{"google_compute_image", "diskSizeGb=disk_size_gb sourceType=- archiveSizeBytes=-"},
	{"google_compute_instance", instanceRenames},
	{"google_compute_instance_from_template", instanceRenames},
	{"google_compute_instance_group_manager", groupRenames},
	{"google_compute_network", "routingConfig.routingMode=routing_mode routingConfig.bgpBestPathSelectionMode=bgp_best_path_selection_mode peerings=- subnetworks=-"},
	{"google_compute_region_autoscaler", autoscalerRenames},
	{"google_compute_region_backend_service", backendRenames},
	{"google_compute_region_disk", "sizeGb=size"},
	{"google_compute_region_instance_group_manager", groupRenames},
	{"google_compute_region_target_tcp_proxy", "service=backend_service"},
	{"google_compute_region_url_map", "hostRules=host_rule pathMatchers=path_matcher tests=test"},
	{"google_compute_resource_policy", "status=- resourceStatus=-"},
	{"google_compute_router_nat", "subnetworks=subnetwork"},
	{"google_compute_security_policy", "rules=rule"},
	{"google_compute_subnetwork", "secondaryIpRanges=secondary_ip_range"},
	{"google_compute_target_pool", "target=backup_pool"},
	{"google_compute_target_ssl_proxy", "service=backend_service"},
	{"google_compute_target_tcp_proxy", "service=backend_service"},
	{"google_compute_url_map", "hostRules=host_rule pathMatchers=path_matcher tests=test"},
	{"google_dataproc_cluster", "config=cluster_config clusterUuid=- status=- statusHistory=- metrics=-"},
	{"google_dns_managed_zone", "nameServers=- creationTime=-"},
	{"google_kms_crypto_key", "nextRotationTime=-"},
	{"google_logging_project_bucket_config", "analyticsEnabled=enable_analytics lifecycleState=-"},
	{"google_monitoring_alert_policy", "creationRecord=- mutationRecord=- validity=-"},
	{"google_monitoring_notification_channel", "creationRecord=- mutationRecords=-"},
	{"google_redis_instance", "availableMaintenanceVersions=- suspensionReasons=-"},
	{"google_sql_database_instance", "settings.storageAutoResize=settings.disk_autoresize settings.storageAutoResizeLimit=settings.disk_autoresize_limit " +
		"settings.dataDiskSizeGb=settings.disk_size settings.dataDiskType=settings.disk_type settings.denyMaintenancePeriods=settings.deny_maintenance_period " +
		"settings.settingsVersion=- settings.kind=- settings.replicationType=- settings.crashSafeReplicationEnabled=- settings.authorizedGaeApplications=- settings.ipConfiguration.sslMode=settings.ip_configuration.ssl_mode " +
		"ipAddresses=- serverCaCert=- connectionName=- state=- backendType=- gceZone=- secondaryGceZone=- serviceAccountEmailAddress=- currentDiskSize=- maxDiskSize=- suspensionReason=- " +
		"sqlNetworkArchitecture=- databaseInstalledVersion=- availableMaintenanceVersions=- upgradableDatabaseVersions=- satisfiesPzs=- dnsName=- pscServiceAttachmentLink=- createTime=- geminiConfig=-"},
	{"google_storage_bucket", "lifecycle.rule=lifecycle_rule iamConfiguration.uniformBucketLevelAccess.enabled=uniform_bucket_level_access " +
		"iamConfiguration.bucketPolicyOnly.enabled=uniform_bucket_level_access iamConfiguration.publicAccessPrevention=public_access_prevention iamConfiguration=- " +
		"billing.requesterPays=requester_pays metageneration=- generation=- updated=- timeCreated=- owner=- acl=- defaultObjectAcl=- locationType=- satisfiesPZS=- satisfiesPZI=- softDeleteTime=- hardDeleteTime=- softDeletePolicy.effectiveTime=- retentionPolicy.effectiveTime=-"},
}

const (
	autoscalerRenames drift.Renames = "autoscalingPolicy.minNumReplicas=autoscaling_policy.min_replicas autoscalingPolicy.maxNumReplicas=autoscaling_policy.max_replicas " +
		"autoscalingPolicy.coolDownPeriodSec=autoscaling_policy.cooldown_period autoscalingPolicy.cpuUtilization.utilizationTarget=autoscaling_policy.cpu_utilization.target " +
		"autoscalingPolicy.loadBalancingUtilization.utilizationTarget=autoscaling_policy.load_balancing_utilization.target autoscalingPolicy.customMetricUtilizations=autoscaling_policy.metric"
	backendRenames  drift.Renames = "backends=backend connectionDraining.drainingTimeoutSec=connection_draining_timeout_sec usedBy=- iap.oauth2ClientSecretSha256=-"
	groupRenames    drift.Renames = "targetSize=target_size versions=version instanceTemplate=version.instance_template namedPorts=named_port currentActions=- status=- instanceGroup=-"
	instanceRenames drift.Renames = "tags.items=tags metadata.items=metadata networkInterfaces=network_interface serviceAccounts=service_account guestAccelerators=guest_accelerator disks=- status=- lastStartTimestamp=- cpuPlatform=-"
)

// runOutputs are what Cloud Run says of a service or job by itself.
const runOutputs drift.Renames = "client=- clientVersion=- creator=- lastModifier=- uid=- generation=- observedGeneration=- reconciling=- conditions=- terminalCondition=- trafficStatuses=- uri=- urls=- latestReadyRevision=- latestCreatedRevision=- executionCount=- latestCreatedExecution=-"

// gkeParams are the members of UpdateCluster, without "desired" in front.
const gkeParams drift.Renames = "monitoringConfig.componentConfig.enableComponents=monitoring_config.enable_components monitoringConfig.managedPrometheusConfig=monitoring_config.managed_prometheus " +
	"monitoringConfig.advancedDatapathObservabilityConfig=monitoring_config.advanced_datapath_observability_config loggingConfig.componentConfig.enableComponents=logging_config.enable_components masterVersion=master_version locations=node_locations shieldedNodes.enabled=enable_shielded_nodes " +
	"intraNodeVisibilityConfig.enabled=enable_intranode_visibility l4ilbSubsettingConfig.enabled=enable_l4_ilb_subsetting " +
	"enablePrivateEndpoint=private_cluster_config.enable_private_endpoint autopilot.enabled=enable_autopilot " +
	"multiNetworking.enabled=enable_multi_networking enableFqdnNetworkPolicy=enable_fqdn_network_policy " +
	"enableCiliumClusterwideNetworkPolicy=enable_cilium_clusterwide_network_policy defaultSnatStatus=default_snat_status nodePoolId=-"
