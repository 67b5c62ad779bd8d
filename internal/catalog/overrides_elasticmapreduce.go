package catalog

import "tfdrift/internal/drift"

// elasticmapreduceOverrides: see the Amazon EMR API Reference. Steps are jobs.
var elasticmapreduceOverrides = [...]Row{
	{Source: "elasticmapreduce", Event: "AddJobFlowSteps", Effect: drift.Silent},
	{Source: "elasticmapreduce", Event: "PutAutoTerminationPolicy", Type: "aws_emr_cluster", Effect: drift.Set, ID: "*=clusterId", Params: "autoTerminationPolicy.idleTimeout=auto_termination_policy.idle_timeout"},
	{Source: "elasticmapreduce", Event: "PutManagedScalingPolicy", Type: "aws_emr_managed_scaling_policy", Effect: drift.Create, ID: "cluster_id=clusterId", Params: "managedScalingPolicy.computeLimits=compute_limits", NewID: "clusterId", Within: "aws_emr_cluster *=clusterId"},
	{Source: "elasticmapreduce", Event: "RemoveAutoTerminationPolicy", Type: "aws_emr_cluster", Effect: drift.Set, ID: "*=clusterId", Sets: "auto_termination_policy=[]"},
	{Source: "elasticmapreduce", Event: "SetKeepJobFlowAliveWhenNoSteps", Type: "aws_emr_cluster", Effect: drift.Set, ID: "*=jobFlowIds"},
	{Source: "elasticmapreduce", Event: "SetTerminationProtection", Type: "aws_emr_cluster", Effect: drift.Set, ID: "*=jobFlowIds", Params: "terminationProtected=termination_protection"},
}
