package catalog

import "tfdrift/internal/drift"

// elasticacheOverrides: see the Amazon ElastiCache API Reference.
var elasticacheOverrides = [...]Row{
	{Source: "elasticache", Event: "CreateCacheCluster", Type: "aws_elasticache_cluster", Effect: drift.Create, ID: "cluster_id=cacheClusterId", Params: elasticacheCluster, NewID: "cacheClusterId"},
	{Source: "elasticache", Event: "CreateCacheParameterGroup", Type: "aws_elasticache_parameter_group", Effect: drift.Create, ID: "*=cacheParameterGroupName", Params: "cacheParameterGroupFamily=family", NewID: "cacheParameterGroupName"},
	{Source: "elasticache", Event: "CreateReplicationGroup", Type: "aws_elasticache_replication_group", Effect: drift.Create, ID: "*=replicationGroupId", Params: elasticacheGroup, NewID: "replicationGroupId"},
	{Source: "elasticache", Event: "CreateServerlessCache", Type: "aws_elasticache_serverless_cache", Effect: drift.Create, ID: "*=serverlessCacheName", NewID: "serverlessCacheName"},
	{Source: "elasticache", Event: "CreateUser", Type: "aws_elasticache_user", Effect: drift.Create, ID: "*=userId", NewID: "userId"},
	{Source: "elasticache", Event: "CreateUserGroup", Type: "aws_elasticache_user_group", Effect: drift.Create, ID: "*=userGroupId", NewID: "userGroupId"},
	{Source: "elasticache", Event: "DecreaseReplicaCount", Type: "aws_elasticache_replication_group", Effect: drift.Set, ID: "*=replicationGroupId", Params: "newReplicaCount=replicas_per_node_group replicaConfiguration=- replicasToRemove=-"},
	{Source: "elasticache", Event: "DeleteCacheParameterGroup", Type: "aws_elasticache_replication_group", Effect: drift.Silent},
	{Source: "elasticache", Event: "DisassociateGlobalReplicationGroup", Type: "aws_elasticache_replication_group", Effect: drift.Set, ID: "*=replicationGroupId", Params: "globalReplicationGroupId=- replicationGroupRegion=-", Sets: "global_replication_group_id=\"\""},
	{Source: "elasticache", Event: "IncreaseReplicaCount", Type: "aws_elasticache_replication_group", Effect: drift.Set, ID: "*=replicationGroupId", Params: "newReplicaCount=replicas_per_node_group replicaConfiguration=-"},
	{Source: "elasticache", Event: "ModifyCacheCluster", Type: "aws_elasticache_cluster", Effect: drift.Set, ID: "*=cacheClusterId", Params: elasticacheCluster},
	{Source: "elasticache", Event: "ModifyCacheParameterGroup", Type: "aws_elasticache_parameter_group", Effect: drift.Set, ID: "*=cacheParameterGroupName", Params: "parameterNameValues=parameter~"},
	{Source: "elasticache", Event: "ModifyReplicationGroup", Type: "aws_elasticache_replication_group", Effect: drift.Set, ID: "*=replicationGroupId", Params: elasticacheGroup},
	{Source: "elasticache", Event: "ModifyReplicationGroupShardConfiguration", Type: "aws_elasticache_replication_group", Effect: drift.Set, ID: "*=replicationGroupId", Params: "nodeGroupCount=num_node_groups nodeGroupsToRemove=- nodeGroupsToRetain=- reshardingConfiguration=-"},
	{Source: "elasticache", Event: "ModifyServerlessCache", Type: "aws_elasticache_serverless_cache", Effect: drift.Set, ID: "*=serverlessCacheName", Params: "removeUserGroup=-"},
	{Source: "elasticache", Event: "ModifyUser", Type: "aws_elasticache_user", Effect: drift.Set, ID: "*=userId", Params: "appendAccessString=-"},
	{Source: "elasticache", Event: "ModifyUserGroup", Type: "aws_elasticache_user_group", Effect: drift.Set, ID: "*=userGroupId", Parent: true, Params: "userIdsToAdd=user_ids+ userIdsToRemove=user_ids-"},
	{Source: "elasticache", Event: "ModifyUserGroup", Type: "aws_elasticache_user_group_association", Effect: drift.Create, ID: "user_group_id=userGroupId user_id=userIdsToAdd", NewID: "{userGroupId},{userIdsToAdd}", Within: "aws_elasticache_user_group *=userGroupId", When: "userIdsToAdd!="},
	{Source: "elasticache", Event: "ModifyUserGroup", Type: "aws_elasticache_user_group_association", Effect: drift.Delete, ID: "user_group_id=userGroupId user_id=userIdsToRemove", When: "userIdsToRemove!= userIdsToAdd="},
	{Source: "elasticache", Event: "ResetCacheParameterGroup", Type: "aws_elasticache_parameter_group", Effect: drift.Set, ID: "*=cacheParameterGroupName", Params: "parameterNameValues=parameter-", When: "resetAllParameters!=true"},
	{Source: "elasticache", Event: "ResetCacheParameterGroup", Type: "aws_elasticache_parameter_group", Effect: drift.Set, ID: "*=cacheParameterGroupName", Params: "resetAllParameters=-", Sets: "parameter=[]", When: "resetAllParameters=true"},
}

// The members of the calls that make and modify a cluster and a replication
// group. Log deliveries are given by type and stand in state as wholes: that one
// changed is known, not what of it.
const (
	elasticacheCluster = "cacheClusterId=cluster_id cacheNodeType=node_type cacheParameterGroupName=parameter_group_name cacheSubnetGroupName=subnet_group_name " +
		"preferredMaintenanceWindow=maintenance_window preferredAvailabilityZone=availability_zone numCacheNodes=num_cache_nodes aZMode=az_mode " + elasticacheSwitches
	elasticacheGroup = "replicationGroupDescription=description cacheNodeType=node_type cacheParameterGroupName=parameter_group_name " +
		"cacheSubnetGroupName=subnet_group_name preferredMaintenanceWindow=maintenance_window numCacheClusters=num_cache_clusters multiAZEnabled=multi_az_enabled " +
		"userGroupIdsToAdd=user_group_ids+ userGroupIdsToRemove=user_group_ids- removeUserGroups=- primaryClusterId=- snapshottingClusterId=- nodeGroupId=- " +
		"nodeGroupConfiguration=- " + elasticacheSwitches
	elasticacheSwitches = "authTokenUpdateStrategy=- notificationTopicStatus=- cacheNodeIdsToRemove=- newAvailabilityZones=- cacheSecurityGroupNames=- " +
		"logDeliveryConfigurations=- applyImmediately=-"
)
