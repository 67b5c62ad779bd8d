package catalog

import "tfdrift/internal/drift"

// redshiftOverrides: see the Amazon Redshift API Reference.
var redshiftOverrides = [...]Row{
	{Source: "redshift", Event: "AuthorizeEndpointAccess", Type: "aws_redshift_endpoint_authorization", Effect: drift.Create, ID: "account=account cluster_identifier=clusterIdentifier", NewID: "{account}:{clusterIdentifier}", Within: "aws_redshift_cluster *=clusterIdentifier"},
	{Source: "redshift", Event: "CreateCluster", Type: "aws_redshift_cluster", Effect: drift.Create, ID: "cluster_identifier=clusterIdentifier", Params: redshiftCluster, NewID: "clusterIdentifier"},
	{Source: "redshift", Event: "CreateClusterParameterGroup", Type: "aws_redshift_parameter_group", Effect: drift.Create, ID: "*=parameterGroupName", Params: "parameterGroupFamily=family", NewID: "parameterGroupName"},
	{Source: "redshift", Event: "CreateClusterSnapshot", Type: "aws_redshift_cluster_snapshot", Effect: drift.Create, ID: "*=snapshotIdentifier", NewID: "snapshotIdentifier", When: "caller!=service"},
	{Source: "redshift", Event: "CreateClusterSubnetGroup", Type: "aws_redshift_subnet_group", Effect: drift.Create, ID: "*=clusterSubnetGroupName", NewID: "clusterSubnetGroupName"},
	{Source: "redshift", Event: "CreateEventSubscription", Type: "aws_redshift_event_subscription", Effect: drift.Create, ID: "*=subscriptionName", NewID: "subscriptionName"},
	{Source: "redshift", Event: "CreateSnapshotSchedule", Type: "aws_redshift_snapshot_schedule", Effect: drift.Create, ID: "*=scheduleIdentifier", Params: "scheduleDefinitions=definitions scheduleDescription=description", NewID: "scheduleIdentifier"},
	{Source: "redshift", Event: "DisableLogging", Type: "aws_redshift_cluster", Effect: drift.Set, ID: "*=clusterIdentifier", Parent: true, Sets: "logging.enable=false"},
	{Source: "redshift", Event: "DisableLogging", Type: "aws_redshift_logging", Effect: drift.Delete, ID: "cluster_identifier=clusterIdentifier"},
	{Source: "redshift", Event: "DisableSnapshotCopy", Type: "aws_redshift_cluster", Effect: drift.Set, ID: "*=clusterIdentifier", Parent: true, Sets: "snapshot_copy=[]"},
	{Source: "redshift", Event: "DisableSnapshotCopy", Type: "aws_redshift_snapshot_copy", Effect: drift.Delete, ID: "cluster_identifier=clusterIdentifier"},
	{Source: "redshift", Event: "EnableLogging", Type: "aws_redshift_cluster", Effect: drift.Set, ID: "*=clusterIdentifier", Parent: true, Params: "bucketName=logging.bucket_name s3KeyPrefix=logging.s3_key_prefix logDestinationType=logging.log_destination_type logExports=logging.log_exports", Sets: "logging.enable=true"},
	{Source: "redshift", Event: "EnableLogging", Type: "aws_redshift_logging", Effect: drift.Create, ID: "cluster_identifier=clusterIdentifier", NewID: "clusterIdentifier", Within: "aws_redshift_cluster *=clusterIdentifier"},
	{Source: "redshift", Event: "EnableSnapshotCopy", Type: "aws_redshift_cluster", Effect: drift.Set, ID: "*=clusterIdentifier", Parent: true, Params: "destinationRegion=snapshot_copy.destination_region retentionPeriod=snapshot_copy.retention_period snapshotCopyGrantName=snapshot_copy.grant_name manualSnapshotRetentionPeriod=-"},
	{Source: "redshift", Event: "EnableSnapshotCopy", Type: "aws_redshift_snapshot_copy", Effect: drift.Create, ID: "cluster_identifier=clusterIdentifier", NewID: "clusterIdentifier", Within: "aws_redshift_cluster *=clusterIdentifier"},
	{Source: "redshift", Event: "ModifyCluster", Type: "aws_redshift_cluster", Effect: drift.Set, ID: "*=clusterIdentifier", Params: redshiftCluster},
	{Source: "redshift", Event: "ModifyClusterIamRoles", Type: "aws_redshift_cluster", Effect: drift.Set, ID: "*=clusterIdentifier", Parent: true, Params: "addIamRoles=iam_roles+ removeIamRoles=iam_roles- defaultIamRoleArn=default_iam_role_arn"},
	{Source: "redshift", Event: "ModifyClusterIamRoles", Type: "aws_redshift_cluster_iam_roles", Effect: drift.Set, ID: "cluster_identifier=clusterIdentifier", Params: "addIamRoles=iam_role_arns+ removeIamRoles=iam_role_arns- defaultIamRoleArn=default_iam_role_arn"},
	{Source: "redshift", Event: "ModifyClusterParameterGroup", Type: "aws_redshift_parameter_group", Effect: drift.Set, ID: "*=parameterGroupName", Params: "parameters=parameter~ parameters.isModifiable=- parameters.applyType=- parameters.description=- parameters.source=- parameters.dataType=- parameters.allowedValues=- parameters.minimumEngineVersion=- parameters.supportedEngineModes=-"},
	{Source: "redshift", Event: "ModifyClusterSnapshotSchedule", Type: "aws_redshift_snapshot_schedule", Effect: drift.Silent},
	{Source: "redshift", Event: "ModifyClusterSnapshotSchedule", Type: "aws_redshift_snapshot_schedule_association", Effect: drift.Create, ID: "cluster_identifier=clusterIdentifier schedule_identifier=scheduleIdentifier", Params: "disassociateSchedule=-", NewID: "{clusterIdentifier}-{scheduleIdentifier}", Within: "aws_redshift_cluster *=clusterIdentifier", When: "disassociateSchedule!=true"},
	{Source: "redshift", Event: "ModifyClusterSnapshotSchedule", Type: "aws_redshift_snapshot_schedule_association", Effect: drift.Delete, ID: "cluster_identifier=clusterIdentifier", When: "disassociateSchedule=true"},
	{Source: "redshift", Event: "ModifySnapshotCopyRetentionPeriod", Type: "aws_redshift_cluster", Effect: drift.Set, ID: "*=clusterIdentifier", Parent: true, Params: "retentionPeriod=snapshot_copy.retention_period manual=-"},
	{Source: "redshift", Event: "ModifySnapshotCopyRetentionPeriod", Type: "aws_redshift_snapshot_copy", Effect: drift.Set, ID: "cluster_identifier=clusterIdentifier", Params: "manual=-"},
	{Source: "redshift", Event: "PauseCluster", Effect: drift.Silent},
	{Source: "redshift", Event: "PutResourcePolicy", Type: "aws_redshift_resource_policy", Effect: drift.Create, ID: "resource_arn=resourceArn", NewID: "resourceArn", Within: "aws_redshift_cluster *=resourceArn"},
	{Source: "redshift", Event: "RebootCluster", Effect: drift.Silent},
	{Source: "redshift", Event: "ResetClusterParameterGroup", Type: "aws_redshift_parameter_group", Effect: drift.Set, ID: "*=parameterGroupName", Params: "parameters=parameter-", When: "resetAllParameters!=true"},
	{Source: "redshift", Event: "ResetClusterParameterGroup", Type: "aws_redshift_parameter_group", Effect: drift.Set, ID: "*=parameterGroupName", Params: "resetAllParameters=-", Sets: "parameter=[]", When: "resetAllParameters=true"},
	{Source: "redshift", Event: "ResizeCluster", Type: "aws_redshift_cluster", Effect: drift.Set, ID: "*=clusterIdentifier", Params: "classic=- reservedNodeId=- targetReservedNodeOfferingId=-"},
	{Source: "redshift", Event: "RestoreFromClusterSnapshot", Type: "aws_redshift_cluster", Effect: drift.Create, ID: "cluster_identifier=clusterIdentifier", Params: redshiftCluster, NewID: "clusterIdentifier"},
	{Source: "redshift", Event: "ResumeCluster", Effect: drift.Silent},
}

const redshiftCluster = "availabilityZoneRelocation=availability_zone_relocation_enabled masterUserPassword=master_password newClusterIdentifier=cluster_identifier " +
	"dBName=database_name multiAZ=multi_az clusterSecurityGroups=- hsmClientCertificateIdentifier=- hsmConfigurationIdentifier=- reservedNodeId=- iamRoles=iam_roles"
