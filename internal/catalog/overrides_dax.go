package catalog

import "tfdrift/internal/drift"

// daxOverrides: see the DynamoDB Accelerator API Reference.
var daxOverrides = [...]Row{
	{Source: "dax", Event: "DecreaseReplicationFactor", Type: "aws_dax_cluster", Effect: drift.Set, ID: "*=clusterName", Params: "newReplicationFactor=replication_factor availabilityZones=- nodeIdsToRemove=-"},
	{Source: "dax", Event: "IncreaseReplicationFactor", Type: "aws_dax_cluster", Effect: drift.Set, ID: "*=clusterName", Params: "newReplicationFactor=replication_factor availabilityZones=-"},
	{Source: "dax", Event: "UpdateCluster", Type: "aws_dax_cluster", Effect: drift.Set, ID: "*=clusterName", Params: "preferredMaintenanceWindow=maintenance_window notificationTopicStatus=-"},
	{Source: "dax", Event: "UpdateParameterGroup", Type: "aws_dax_parameter_group", Effect: drift.Set, ID: "*=parameterGroupName", Params: "parameterNameValues=parameters~"},
}
