package catalog

import "tfdrift/internal/drift"

// dmsOverrides: see the AWS Database Migration Service API Reference. That a task runs is data.
var dmsOverrides = [...]Row{
	{Source: "dms", Event: "CreateReplicationConfig", Type: "aws_dms_replication_config", Effect: drift.Create, ID: "*=response:replicationConfig.replicationConfigArn", NewID: "response:replicationConfig.replicationConfigArn"},
	{Source: "dms", Event: "DeleteEndpoint", Type: "aws_dms_endpoint", Effect: drift.Delete, ID: "*=endpointArn", NewID: "{response:endpoint.endpointIdentifier}"},
	{Source: "dms", Event: "DeleteReplicationInstance", Type: "aws_dms_replication_instance", Effect: drift.Delete, ID: "*=replicationInstanceArn", NewID: "{response:replicationInstance.replicationInstanceIdentifier}"},
	{Source: "dms", Event: "DeleteReplicationTask", Type: "aws_dms_replication_task", Effect: drift.Delete, ID: "*=replicationTaskArn", NewID: "{response:replicationTask.replicationTaskIdentifier}"},
	{Source: "dms", Event: "ModifyEndpoint", Type: "aws_dms_endpoint", Effect: drift.Set, ID: "*=endpointArn", Params: "endpointIdentifier=endpoint_id exactSettings=-"},
	{Source: "dms", Event: "ModifyReplicationInstance", Type: "aws_dms_replication_instance", Effect: drift.Set, ID: "*=replicationInstanceArn", Params: "replicationInstanceIdentifier=replication_instance_id multiAZ=multi_az"},
	{Source: "dms", Event: "ModifyReplicationTask", Type: "aws_dms_replication_task", Effect: drift.Set, ID: "*=replicationTaskArn", Params: "replicationTaskIdentifier=replication_task_id"},
	{Source: "dms", Event: "RebootReplicationInstance", Effect: drift.Silent},
	{Source: "dms", Event: "ReloadTables", Effect: drift.Silent},
	{Source: "dms", Event: "StartReplication", Effect: drift.Silent},
	{Source: "dms", Event: "StartReplicationTask", Effect: drift.Silent},
	{Source: "dms", Event: "StopReplication", Effect: drift.Silent},
	{Source: "dms", Event: "StopReplicationTask", Effect: drift.Silent},
	{Source: "dms", Event: "TestConnection", Effect: drift.Silent},
}
