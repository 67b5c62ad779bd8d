package catalog

import "tfdrift/internal/drift"

// memorydbOverrides: see the Amazon MemoryDB API Reference.
var memorydbOverrides = [...]Row{
	{Source: "memorydb", Event: "CreateSnapshot", Type: "aws_memorydb_snapshot", Effect: drift.Create, ID: "*=snapshotName", NewID: "snapshotName", When: "caller!=service"},
	{Source: "memorydb", Event: "FailoverShard", Effect: drift.Silent},
	{Source: "memorydb", Event: "UpdateACL", Type: "aws_memorydb_acl", Effect: drift.Set, ID: "*=aCLName", Params: "userNamesToAdd=user_names+ userNamesToRemove=user_names-"},
	{Source: "memorydb", Event: "UpdateCluster", Type: "aws_memorydb_cluster", Effect: drift.Set, ID: "*=clusterName", Params: "aCLName=acl_name shardConfiguration.shardCount=num_shards replicaConfiguration.replicaCount=num_replicas_per_shard snsTopicStatus=-"},
	{Source: "memorydb", Event: "UpdateParameterGroup", Type: "aws_memorydb_parameter_group", Effect: drift.Set, ID: "*=parameterGroupName", Params: "parameterNameValues=parameter~"},
}
