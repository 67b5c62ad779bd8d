package catalog

import "tfdrift/internal/drift"

var googleContainerOverrides = [...]Row{
	{Source: "container", Event: "CancelOperation", Effect: drift.Silent},
	{Source: "container", Event: "CompleteIPRotation", Effect: drift.Silent},
	{Source: "container", Event: "CompleteNodePoolUpgrade", Effect: drift.Silent},
	{Source: "container", Event: "CreateCluster", Type: "google_container_cluster", Effect: drift.Create, ID: "*=new", NewID: "projects/{account}/locations/{resource:location}/clusters/{cluster.name|resource:clusters}"},
	{Source: "container", Event: "CreateNodePool", Type: "google_container_node_pool", Effect: drift.Create, ID: "*=new", NewID: "projects/{account}/locations/{resource:location}/clusters/{resource:clusters}/nodePools/{nodePool.name|resource:nodePools}", Within: "google_container_cluster name=resource:clusters"},
	{Source: "container", Event: "DeleteNodePool", Type: "google_container_cluster", Effect: drift.Silent},
	{Source: "container", Event: "RollbackNodePoolUpgrade", Effect: drift.Silent},
	{Source: "container", Event: "SetAddonsConfig", Type: "google_container_cluster", Effect: drift.Set, ID: "*=resource"},
	{Source: "container", Event: "SetLabels", Type: "google_container_cluster", Effect: drift.Set, ID: "*=resource", Params: "resourceLabels=resource_labels"},
	{Source: "container", Event: "SetLegacyAbac", Type: "google_container_cluster", Effect: drift.Set, ID: "*=resource", Params: "enabled=enable_legacy_abac", Shape: rewritten(defaulted("enabled"))},
	{Source: "container", Event: "SetLocations", Type: "google_container_cluster", Effect: drift.Set, ID: "*=resource", Params: "locations=node_locations"},
	{Source: "container", Event: "SetLoggingService", Type: "google_container_cluster", Effect: drift.Set, ID: "*=resource"},
	{Source: "container", Event: "SetMaintenancePolicy", Type: "google_container_cluster", Effect: drift.Set, ID: "*=resource", Shape: rewritten(gkeMaintenance)},
	{Source: "container", Event: "SetMasterAuth", Type: "google_container_cluster", Effect: drift.Set, ID: "*=resource", Params: "action=- update=master_auth"},
	{Source: "container", Event: "SetMonitoringService", Type: "google_container_cluster", Effect: drift.Set, ID: "*=resource"},
	{Source: "container", Event: "SetNetworkPolicy", Type: "google_container_cluster", Effect: drift.Set, ID: "*=resource", Shape: rewritten(gkeNetworkPolicy)},
	{Source: "container", Event: "SetNodePoolAutoscaling", Type: "google_container_node_pool", Effect: drift.Set, ID: "*=resource", Shape: rewritten(switched("autoscaling"))},
	{Source: "container", Event: "SetNodePoolManagement", Type: "google_container_node_pool", Effect: drift.Set, ID: "*=resource", Shape: rewritten(gkeManagement)},
	{Source: "container", Event: "SetNodePoolSize", Type: "google_container_node_pool", Effect: drift.Set, ID: "*=resource"},
	{Source: "container", Event: "StartIPRotation", Effect: drift.Silent},
	{Source: "container", Event: "UpdateCluster", Type: "google_container_cluster", Effect: drift.Set, ID: "*=resource", Params: gkeParams, Shape: gkeUpdateCluster},
	{Source: "container", Event: "UpdateCluster", Type: "google_container_node_pool", Effect: drift.Silent},
	{Source: "container", Event: "UpdateMaster", Type: "google_container_cluster", Effect: drift.Set, ID: "*=resource", Params: "masterVersion=master_version"},
	{Source: "container", Event: "UpdateNodePool", Type: "google_container_cluster", Effect: drift.Silent},
	{Source: "container", Event: "UpdateNodePool", Type: "google_container_node_pool", Effect: drift.Set, ID: "*=resource", Params: "nodeVersion=version accelerators=node_config.guest_accelerator image=- imageProject=- loggingConfig.variantConfig.variant=node_config.logging_variant locations=node_locations imageType=node_config.image_type machineType=node_config.machine_type diskType=node_config.disk_type diskSizeGb=node_config.disk_size_gb workloadMetadataConfig=node_config.workload_metadata_config kubeletConfig=node_config.kubelet_config linuxNodeConfig=node_config.linux_node_config gcfsConfig=node_config.gcfs_config gvnic=node_config.gvnic labels.labels=node_config.labels taints.taints=node_config.taint tags.tags=node_config.tags resourceLabels.labels=node_config.resource_labels"},
}
