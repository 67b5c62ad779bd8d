package catalog

import "tfdrift/internal/drift"

// ecsOverrides: a service is named within its cluster, which is the one called
// default where a call names none (ECS API Reference, UpdateService).
var ecsOverrides = [...]Row{
	{Source: "ecs", Event: "DeleteCapacityProvider", Type: "aws_ecs_capacity_provider", Effect: drift.Delete, ID: "*=capacityProvider", NewID: "response:capacityProvider.capacityProviderArn"},
	{Source: "ecs", Event: "DeleteCluster", Type: "aws_ecs_cluster", Effect: drift.Delete, ID: "*=cluster", NewID: "response:cluster.clusterArn"},
	{Source: "ecs", Event: "DeleteService", Type: "aws_ecs_service", Effect: drift.Delete, ID: "*=service cluster=cluster|'default'", NewID: "response:service.serviceArn"},
	{Source: "ecs", Event: "PutAccountSettingDefault", Type: "aws_ecs_account_setting_default", Effect: drift.Set, ID: "*=name"},
	{Source: "ecs", Event: "PutClusterCapacityProviders", Type: "aws_ecs_cluster_capacity_providers", Effect: drift.Set, ID: "cluster_name=cluster"},
	{Source: "ecs", Event: "UpdateCluster", Type: "aws_ecs_cluster", Effect: drift.Set, ID: "*=cluster", Params: "settings=setting~ serviceConnectDefaults=service_connect_defaults"},
	{Source: "ecs", Event: "UpdateClusterSettings", Type: "aws_ecs_cluster", Effect: drift.Set, ID: "*=cluster", Params: "settings=setting~"},
	{Source: "ecs", Event: "UpdateService", Type: "aws_ecs_service", Effect: drift.Set, ID: "*=service cluster=cluster|'default'", Params: "capacityProviderStrategy=capacity_provider_strategy deploymentConfiguration.alarms=alarms deploymentConfiguration.deploymentCircuitBreaker=deployment_circuit_breaker deploymentConfiguration.maximumPercent=deployment_maximum_percent deploymentConfiguration.minimumHealthyPercent=deployment_minimum_healthy_percent enableECSManagedTags=enable_ecs_managed_tags loadBalancers=load_balancer networkConfiguration.awsvpcConfiguration=network_configuration response:service.taskDefinition=task_definition serviceConnectConfiguration=service_connect_configuration volumeConfigurations=volume_configuration"},
}
