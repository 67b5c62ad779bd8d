package catalog

import "tfdrift/internal/drift"

// rdsOverrides: see the Amazon RDS API Reference. DocumentDB and Neptune share its operations; their calls are logged as RDS's.
var rdsOverrides = [...]Row{
	{Source: "rds", Event: "AddRoleToDBCluster", Type: "aws_neptune_cluster", Effect: drift.Set, ID: "*=dBClusterIdentifier", Parent: true, Params: "roleArn=iam_roles+ featureName=-"},
	{Source: "rds", Event: "AddRoleToDBCluster", Type: "aws_rds_cluster", Effect: drift.Set, ID: "*=dBClusterIdentifier", Parent: true, Params: "roleArn=iam_roles+ featureName=-"},
	{Source: "rds", Event: "AddRoleToDBCluster", Type: "aws_rds_cluster_role_association", Effect: drift.Create, ID: "db_cluster_identifier=dBClusterIdentifier role_arn=roleArn", NewID: "{dBClusterIdentifier},{roleArn}", Within: "aws_rds_cluster *=dBClusterIdentifier"},
	{Source: "rds", Event: "AddSourceIdentifierToSubscription", Type: "aws_db_event_subscription", Effect: drift.Set, ID: "*=subscriptionName", Params: "sourceIdentifier=source_ids+"},
	{Source: "rds", Event: "AddSourceIdentifierToSubscription", Type: "aws_docdb_event_subscription", Effect: drift.Set, ID: "*=subscriptionName", Params: "sourceIdentifier=source_ids+"},
	{Source: "rds", Event: "AddSourceIdentifierToSubscription", Type: "aws_neptune_event_subscription", Effect: drift.Set, ID: "*=subscriptionName", Params: "sourceIdentifier=source_ids+"},
	{Source: "rds", Event: "CancelExportTask", Effect: drift.Silent},
	{Source: "rds", Event: "CopyDBClusterSnapshot", Type: "aws_rds_cluster_snapshot_copy", Effect: drift.Create, ID: "*=targetDBClusterSnapshotIdentifier", NewID: "targetDBClusterSnapshotIdentifier"},
	{Source: "rds", Event: "CopyDBParameterGroup", Type: "aws_db_parameter_group", Effect: drift.Create, ID: "*=targetDBParameterGroupIdentifier", Params: "sourceDBParameterGroupIdentifier=- targetDBParameterGroupDescription=description", NewID: "targetDBParameterGroupIdentifier"},
	{Source: "rds", Event: "CopyDBSnapshot", Type: "aws_db_snapshot_copy", Effect: drift.Create, ID: "*=targetDBSnapshotIdentifier", NewID: "targetDBSnapshotIdentifier"},
	{Source: "rds", Event: "CopyOptionGroup", Type: "aws_db_option_group", Effect: drift.Create, ID: "*=targetOptionGroupIdentifier", Params: "sourceOptionGroupIdentifier=- targetOptionGroupDescription=option_group_description", NewID: "targetOptionGroupIdentifier"},
	{Source: "rds", Event: "CreateBlueGreenDeployment", Effect: drift.Silent}, // makes a copy beside the database, which stays as it is
	{Source: "rds", Event: "CreateDBCluster", Type: "aws_docdb_cluster", Effect: drift.Create, ID: "cluster_identifier=dBClusterIdentifier", Params: rdsCluster, NewID: "dBClusterIdentifier", When: "engine=docdb"},
	{Source: "rds", Event: "CreateDBCluster", Type: "aws_neptune_cluster", Effect: drift.Create, ID: "cluster_identifier=dBClusterIdentifier", Params: rdsCluster, NewID: "dBClusterIdentifier", When: "engine=neptune"},
	{Source: "rds", Event: "CreateDBCluster", Type: "aws_rds_cluster", Effect: drift.Create, ID: "cluster_identifier=dBClusterIdentifier", Params: rdsCluster, NewID: "dBClusterIdentifier", When: "engine!=docdb|neptune"},
	{Source: "rds", Event: "CreateDBClusterSnapshot", Type: "aws_db_cluster_snapshot", Effect: drift.Create, ID: "*=dBClusterSnapshotIdentifier", NewID: "dBClusterSnapshotIdentifier", When: "response:engine!=docdb|neptune caller!=service"},
	{Source: "rds", Event: "CreateDBClusterSnapshot", Type: "aws_docdb_cluster_snapshot", Effect: drift.Create, ID: "*=dBClusterSnapshotIdentifier", NewID: "dBClusterSnapshotIdentifier", When: "response:engine=docdb caller!=service"},
	{Source: "rds", Event: "CreateDBClusterSnapshot", Type: "aws_neptune_cluster_snapshot", Effect: drift.Create, ID: "*=dBClusterSnapshotIdentifier", NewID: "dBClusterSnapshotIdentifier", When: "response:engine=neptune caller!=service"},
	{Source: "rds", Event: "CreateDBInstance", Type: "aws_db_instance", Effect: drift.Create, ID: "identifier=dBInstanceIdentifier", Params: rdsInstance, NewID: "{response:dBInstance.dbiResourceId}", When: "dBClusterIdentifier= engine!=docdb|neptune"},
	{Source: "rds", Event: "CreateDBInstance", Type: "aws_docdb_cluster_instance", Effect: drift.Create, ID: "identifier=dBInstanceIdentifier", Params: rdsMember, NewID: "dBInstanceIdentifier", When: "engine=docdb"},
	{Source: "rds", Event: "CreateDBInstance", Type: "aws_neptune_cluster_instance", Effect: drift.Create, ID: "identifier=dBInstanceIdentifier", Params: rdsNeptuneMember, NewID: "dBInstanceIdentifier", When: "engine=neptune"},
	{Source: "rds", Event: "CreateDBInstance", Type: "aws_rds_cluster_instance", Effect: drift.Create, ID: "identifier=dBInstanceIdentifier", Params: rdsMember, NewID: "dBInstanceIdentifier", When: "dBClusterIdentifier!= engine!=docdb|neptune"},
	{Source: "rds", Event: "CreateDBInstanceReadReplica", Type: "aws_db_instance", Effect: drift.Create, ID: "identifier=dBInstanceIdentifier", Params: rdsInstance, NewID: "{response:dBInstance.dbiResourceId}"},
	{Source: "rds", Event: "CreateDBParameterGroup", Type: "aws_db_parameter_group", Effect: drift.Create, ID: "*=dBParameterGroupName", Params: "dBParameterGroupFamily=family dBParameterGroupName=-", NewID: "dBParameterGroupName", When: "dBParameterGroupFamily!=docdb*|neptune*"},
	{Source: "rds", Event: "CreateDBParameterGroup", Type: "aws_neptune_parameter_group", Effect: drift.Create, ID: "*=dBParameterGroupName", Params: "dBParameterGroupFamily=family dBParameterGroupName=-", NewID: "dBParameterGroupName", When: "dBParameterGroupFamily=neptune*"},
	{Source: "rds", Event: "CreateDBProxy", Type: "aws_db_proxy", Effect: drift.Create, ID: "*=dBProxyName", NewID: "dBProxyName"},
	{Source: "rds", Event: "CreateDBProxyEndpoint", Type: "aws_db_proxy_endpoint", Effect: drift.Create, ID: "db_proxy_endpoint_name=dBProxyEndpointName db_proxy_name=dBProxyName", NewID: "{dBProxyName}/{dBProxyEndpointName}"},
	{Source: "rds", Event: "CreateDBSnapshot", Type: "aws_db_snapshot", Effect: drift.Create, ID: "*=dBSnapshotIdentifier", NewID: "dBSnapshotIdentifier", When: "caller!=service"},
	{Source: "rds", Event: "CreateDBSubnetGroup", Type: "aws_db_subnet_group", Effect: drift.Create, ID: "*=dBSubnetGroupName", Params: "dBSubnetGroupDescription=description", NewID: "dBSubnetGroupName"},
	{Source: "rds", Event: "CreateDBSubnetGroup", Type: "aws_docdb_subnet_group", Effect: drift.Create, ID: "*=dBSubnetGroupName", Params: "dBSubnetGroupDescription=description", NewID: "dBSubnetGroupName"},
	{Source: "rds", Event: "CreateDBSubnetGroup", Type: "aws_neptune_subnet_group", Effect: drift.Create, ID: "*=dBSubnetGroupName", Params: "dBSubnetGroupDescription=description", NewID: "dBSubnetGroupName"},
	{Source: "rds", Event: "CreateEventSubscription", Type: "aws_db_event_subscription", Effect: drift.Create, ID: "*=subscriptionName", Params: "snsTopicArn=sns_topic", NewID: "subscriptionName"},
	{Source: "rds", Event: "CreateEventSubscription", Type: "aws_docdb_event_subscription", Effect: drift.Create, ID: "*=subscriptionName", NewID: "subscriptionName"},
	{Source: "rds", Event: "CreateEventSubscription", Type: "aws_neptune_event_subscription", Effect: drift.Create, ID: "*=subscriptionName", NewID: "subscriptionName"},
	{Source: "rds", Event: "CreateGlobalCluster", Type: "aws_docdb_global_cluster", Effect: drift.Create, ID: "*=globalClusterIdentifier", NewID: "globalClusterIdentifier", When: "engine=docdb"},
	{Source: "rds", Event: "CreateGlobalCluster", Type: "aws_neptune_global_cluster", Effect: drift.Create, ID: "*=globalClusterIdentifier", NewID: "globalClusterIdentifier", When: "engine=neptune"},
	{Source: "rds", Event: "CreateGlobalCluster", Type: "aws_rds_global_cluster", Effect: drift.Create, ID: "*=globalClusterIdentifier", NewID: "globalClusterIdentifier", When: "engine!=docdb|neptune"},
	{Source: "rds", Event: "DeleteDBClusterSnapshot", Type: "aws_rds_cluster_snapshot_copy", Effect: drift.Delete, ID: "*=dBClusterSnapshotIdentifier"},
	{Source: "rds", Event: "DeleteDBInstance", Type: "aws_db_instance", Effect: drift.Delete, ID: "*=dBInstanceIdentifier", NewID: "{response:dBInstance.dbiResourceId}"},
	{Source: "rds", Event: "DeleteDBInstance", Type: "aws_rds_cluster_instance", Effect: drift.Delete, ID: "*=dBInstanceIdentifier"},
	{Source: "rds", Event: "DeleteDBProxyEndpoint", Type: "aws_db_proxy_endpoint", Effect: drift.Delete, ID: "db_proxy_endpoint_name=dBProxyEndpointName"},
	{Source: "rds", Event: "DeregisterDBProxyTargets", Type: "aws_db_proxy_target", Effect: drift.Delete, ID: "db_proxy_name=dBProxyName db_instance_identifier|db_cluster_identifier=dBInstanceIdentifiers|dBClusterIdentifiers", NewID: "{dBProxyName}/{targetGroupName|'default'}/RDS_INSTANCE/{dBInstanceIdentifiers|dBClusterIdentifiers}"},
	{Source: "rds", Event: "DisableHttpEndpoint", Type: "aws_rds_cluster", Effect: drift.Set, ID: "*=resourceArn", Sets: "enable_http_endpoint=false"},
	{Source: "rds", Event: "EnableHttpEndpoint", Type: "aws_rds_cluster", Effect: drift.Set, ID: "*=resourceArn", Sets: "enable_http_endpoint=true"},
	{Source: "rds", Event: "ModifyDBCluster", Type: "aws_docdb_cluster", Effect: drift.Set, ID: "*=dBClusterIdentifier", Params: rdsCluster},
	{Source: "rds", Event: "ModifyDBCluster", Type: "aws_docdb_global_cluster", Effect: drift.Silent},
	{Source: "rds", Event: "ModifyDBCluster", Type: "aws_neptune_cluster", Effect: drift.Set, ID: "*=dBClusterIdentifier", Params: rdsCluster + " dBClusterParameterGroupName=neptune_cluster_parameter_group_name"},
	{Source: "rds", Event: "ModifyDBCluster", Type: "aws_neptune_global_cluster", Effect: drift.Silent},
	{Source: "rds", Event: "ModifyDBCluster", Type: "aws_rds_cluster", Effect: drift.Set, ID: "*=dBClusterIdentifier", Params: rdsCluster},
	{Source: "rds", Event: "ModifyDBCluster", Type: "aws_rds_global_cluster", Effect: drift.Silent},
	{Source: "rds", Event: "ModifyDBClusterParameterGroup", Type: "aws_docdb_cluster_parameter_group", Effect: drift.Set, ID: "*=dBClusterParameterGroupName", Params: rdsParameters},
	{Source: "rds", Event: "ModifyDBClusterParameterGroup", Type: "aws_neptune_cluster_parameter_group", Effect: drift.Set, ID: "*=dBClusterParameterGroupName", Params: rdsParameters},
	{Source: "rds", Event: "ModifyDBClusterParameterGroup", Type: "aws_rds_cluster_parameter_group", Effect: drift.Set, ID: "*=dBClusterParameterGroupName", Params: rdsParameters},
	{Source: "rds", Event: "ModifyDBClusterSnapshotAttribute", Type: "aws_db_cluster_snapshot", Effect: drift.Set, ID: "*=dBClusterSnapshotIdentifier", Params: "attributeName=- valuesToAdd=shared_accounts+ valuesToRemove=shared_accounts-"},
	{Source: "rds", Event: "ModifyDBClusterSnapshotAttribute", Type: "aws_rds_cluster_snapshot_copy", Effect: drift.Set, ID: "*=dBClusterSnapshotIdentifier", Params: "attributeName=- valuesToAdd=shared_accounts+ valuesToRemove=shared_accounts-"},
	{Source: "rds", Event: "ModifyDBInstance", Type: "aws_db_instance", Effect: drift.Set, ID: "*=dBInstanceIdentifier", Params: rdsInstance},
	{Source: "rds", Event: "ModifyDBInstance", Type: "aws_docdb_cluster_instance", Effect: drift.Set, ID: "*=dBInstanceIdentifier", Params: rdsMember},
	{Source: "rds", Event: "ModifyDBInstance", Type: "aws_neptune_cluster_instance", Effect: drift.Set, ID: "*=dBInstanceIdentifier", Params: rdsNeptuneMember},
	{Source: "rds", Event: "ModifyDBInstance", Type: "aws_rds_cluster_instance", Effect: drift.Set, ID: "*=dBInstanceIdentifier", Params: rdsMember},
	{Source: "rds", Event: "ModifyDBParameterGroup", Type: "aws_db_parameter_group", Effect: drift.Set, ID: "*=dBParameterGroupName", Params: rdsParameters},
	{Source: "rds", Event: "ModifyDBParameterGroup", Type: "aws_neptune_parameter_group", Effect: drift.Set, ID: "*=dBParameterGroupName", Params: rdsParameters},
	{Source: "rds", Event: "ModifyDBProxy", Type: "aws_db_proxy", Effect: drift.Set, ID: "*=dBProxyName", Params: "newDBProxyName=name securityGroups=vpc_security_group_ids"},
	{Source: "rds", Event: "ModifyDBProxyEndpoint", Type: "aws_db_proxy_endpoint", Effect: drift.Set, ID: "db_proxy_endpoint_name=dBProxyEndpointName", Params: "newDBProxyEndpointName=db_proxy_endpoint_name"},
	{Source: "rds", Event: "ModifyDBProxyTargetGroup", Type: "aws_db_proxy_default_target_group", Effect: drift.Set, ID: "db_proxy_name=dBProxyName", Params: "targetGroupName=- newName=name"},
	{Source: "rds", Event: "ModifyDBSnapshotAttribute", Type: "aws_db_snapshot", Effect: drift.Set, ID: "*=dBSnapshotIdentifier", Params: "attributeName=- valuesToAdd=shared_accounts+ valuesToRemove=shared_accounts-"},
	{Source: "rds", Event: "ModifyDBSnapshotAttribute", Type: "aws_db_snapshot_copy", Effect: drift.Set, ID: "*=dBSnapshotIdentifier", Params: "attributeName=- valuesToAdd=shared_accounts+ valuesToRemove=shared_accounts-"},
	{Source: "rds", Event: "ModifyEventSubscription", Type: "aws_db_event_subscription", Effect: drift.Set, ID: "*=subscriptionName", Params: "snsTopicArn=sns_topic"},
	{Source: "rds", Event: "ModifyOptionGroup", Type: "aws_db_option_group", Effect: drift.Set, ID: "*=optionGroupName", Params: "optionsToInclude=option~ optionsToRemove=option-"},
	{Source: "rds", Event: "PromoteReadReplica", Type: "aws_db_instance", Effect: drift.Set, ID: "*=dBInstanceIdentifier", Params: "preferredBackupWindow=backup_window", Sets: "replicate_source_db=\"\""},
	{Source: "rds", Event: "PromoteReadReplicaDBCluster", Type: "aws_rds_cluster", Effect: drift.Set, ID: "*=dBClusterIdentifier", Sets: "replication_source_identifier=\"\""},
	{Source: "rds", Event: "PromoteReadReplicaDBCluster", Type: "aws_rds_cluster_instance", Effect: drift.Silent},
	{Source: "rds", Event: "RegisterDBProxyTargets", Type: "aws_db_proxy_target", Effect: drift.Create, ID: "db_proxy_name=dBProxyName db_instance_identifier|db_cluster_identifier=dBInstanceIdentifiers|dBClusterIdentifiers", NewID: "{dBProxyName}/{targetGroupName|'default'}/RDS_INSTANCE/{dBInstanceIdentifiers|dBClusterIdentifiers}", Within: "aws_db_proxy *=dBProxyName"},
	{Source: "rds", Event: "RemoveFromGlobalCluster", Type: "aws_docdb_cluster", Effect: drift.Set, ID: "*=dbClusterIdentifier", Params: "globalClusterIdentifier=-", Sets: "global_cluster_identifier=\"\""},
	{Source: "rds", Event: "RemoveFromGlobalCluster", Type: "aws_docdb_global_cluster", Effect: drift.Silent}, // what remains is the global cluster
	{Source: "rds", Event: "RemoveFromGlobalCluster", Type: "aws_neptune_cluster", Effect: drift.Set, ID: "*=dbClusterIdentifier", Params: "globalClusterIdentifier=-", Sets: "global_cluster_identifier=\"\""},
	{Source: "rds", Event: "RemoveFromGlobalCluster", Type: "aws_neptune_global_cluster", Effect: drift.Silent},
	{Source: "rds", Event: "RemoveFromGlobalCluster", Type: "aws_rds_cluster", Effect: drift.Set, ID: "*=dbClusterIdentifier", Params: "globalClusterIdentifier=-", Sets: "global_cluster_identifier=\"\""},
	{Source: "rds", Event: "RemoveFromGlobalCluster", Type: "aws_rds_global_cluster", Effect: drift.Silent},
	{Source: "rds", Event: "RemoveRoleFromDBCluster", Type: "aws_neptune_cluster", Effect: drift.Set, ID: "*=dBClusterIdentifier", Parent: true, Params: "roleArn=iam_roles- featureName=-"},
	{Source: "rds", Event: "RemoveRoleFromDBCluster", Type: "aws_rds_cluster", Effect: drift.Set, ID: "*=dBClusterIdentifier", Parent: true, Params: "roleArn=iam_roles- featureName=-"},
	{Source: "rds", Event: "RemoveRoleFromDBCluster", Type: "aws_rds_cluster_role_association", Effect: drift.Delete, ID: "db_cluster_identifier=dBClusterIdentifier role_arn=roleArn", NewID: "{dBClusterIdentifier},{roleArn}"},
	{Source: "rds", Event: "RemoveRoleFromDBInstance", Type: "aws_db_instance_role_association", Effect: drift.Delete, ID: "db_instance_identifier=dBInstanceIdentifier role_arn=roleArn", NewID: "{dBInstanceIdentifier},{roleArn}"},
	{Source: "rds", Event: "RemoveSourceIdentifierFromSubscription", Type: "aws_db_event_subscription", Effect: drift.Set, ID: "*=subscriptionName", Params: "sourceIdentifier=source_ids-"},
	{Source: "rds", Event: "RemoveSourceIdentifierFromSubscription", Type: "aws_docdb_event_subscription", Effect: drift.Set, ID: "*=subscriptionName", Params: "sourceIdentifier=source_ids-"},
	{Source: "rds", Event: "RemoveSourceIdentifierFromSubscription", Type: "aws_neptune_event_subscription", Effect: drift.Set, ID: "*=subscriptionName", Params: "sourceIdentifier=source_ids-"},
	{Source: "rds", Event: "ResetDBClusterParameterGroup", Type: "aws_docdb_cluster_parameter_group", Effect: drift.Set, ID: "*=dBClusterParameterGroupName", Params: "parameters=parameter-", When: "resetAllParameters!=true"},
	{Source: "rds", Event: "ResetDBClusterParameterGroup", Type: "aws_docdb_cluster_parameter_group", Effect: drift.Set, ID: "*=dBClusterParameterGroupName", Params: "resetAllParameters=-", Sets: "parameter=[]", When: "resetAllParameters=true"},
	{Source: "rds", Event: "ResetDBClusterParameterGroup", Type: "aws_neptune_cluster_parameter_group", Effect: drift.Set, ID: "*=dBClusterParameterGroupName", Params: "parameters=parameter-", When: "resetAllParameters!=true"},
	{Source: "rds", Event: "ResetDBClusterParameterGroup", Type: "aws_neptune_cluster_parameter_group", Effect: drift.Set, ID: "*=dBClusterParameterGroupName", Params: "resetAllParameters=-", Sets: "parameter=[]", When: "resetAllParameters=true"},
	{Source: "rds", Event: "ResetDBClusterParameterGroup", Type: "aws_rds_cluster_parameter_group", Effect: drift.Set, ID: "*=dBClusterParameterGroupName", Params: "parameters=parameter-", When: "resetAllParameters!=true"},
	{Source: "rds", Event: "ResetDBClusterParameterGroup", Type: "aws_rds_cluster_parameter_group", Effect: drift.Set, ID: "*=dBClusterParameterGroupName", Params: "resetAllParameters=-", Sets: "parameter=[]", When: "resetAllParameters=true"},
	{Source: "rds", Event: "ResetDBParameterGroup", Type: "aws_db_parameter_group", Effect: drift.Set, ID: "*=dBParameterGroupName", Params: "parameters=parameter-", When: "resetAllParameters!=true"},
	{Source: "rds", Event: "ResetDBParameterGroup", Type: "aws_db_parameter_group", Effect: drift.Set, ID: "*=dBParameterGroupName", Params: "resetAllParameters=-", Sets: "parameter=[]", When: "resetAllParameters=true"},
	{Source: "rds", Event: "ResetDBParameterGroup", Type: "aws_neptune_parameter_group", Effect: drift.Set, ID: "*=dBParameterGroupName", Params: "parameters=parameter-", When: "resetAllParameters!=true"},
	{Source: "rds", Event: "ResetDBParameterGroup", Type: "aws_neptune_parameter_group", Effect: drift.Set, ID: "*=dBParameterGroupName", Params: "resetAllParameters=-", Sets: "parameter=[]", When: "resetAllParameters=true"},
	{Source: "rds", Event: "RestoreDBClusterFromS3", Type: "aws_rds_cluster", Effect: drift.Create, ID: "cluster_identifier=dBClusterIdentifier", Params: rdsCluster, NewID: "dBClusterIdentifier"},
	{Source: "rds", Event: "RestoreDBClusterFromSnapshot", Type: "aws_docdb_cluster", Effect: drift.Create, ID: "cluster_identifier=dBClusterIdentifier", Params: rdsCluster, NewID: "dBClusterIdentifier", When: "engine=docdb"},
	{Source: "rds", Event: "RestoreDBClusterFromSnapshot", Type: "aws_neptune_cluster", Effect: drift.Create, ID: "cluster_identifier=dBClusterIdentifier", Params: rdsCluster, NewID: "dBClusterIdentifier", When: "engine=neptune"},
	{Source: "rds", Event: "RestoreDBClusterFromSnapshot", Type: "aws_rds_cluster", Effect: drift.Create, ID: "cluster_identifier=dBClusterIdentifier", Params: rdsCluster, NewID: "dBClusterIdentifier", When: "engine!=docdb|neptune"},
	{Source: "rds", Event: "RestoreDBClusterToPointInTime", Type: "aws_docdb_cluster", Effect: drift.Create, ID: "cluster_identifier=dBClusterIdentifier", Params: rdsCluster, NewID: "dBClusterIdentifier", When: "response:engine=docdb"},
	{Source: "rds", Event: "RestoreDBClusterToPointInTime", Type: "aws_neptune_cluster", Effect: drift.Create, ID: "cluster_identifier=dBClusterIdentifier", Params: rdsCluster, NewID: "dBClusterIdentifier", When: "response:engine=neptune"},
	{Source: "rds", Event: "RestoreDBClusterToPointInTime", Type: "aws_rds_cluster", Effect: drift.Create, ID: "cluster_identifier=dBClusterIdentifier", Params: rdsCluster, NewID: "dBClusterIdentifier", When: "response:engine!=docdb|neptune"},
	{Source: "rds", Event: "RestoreDBInstanceFromDBSnapshot", Type: "aws_db_instance", Effect: drift.Create, ID: "identifier=dBInstanceIdentifier", Params: rdsInstance, NewID: "{response:dBInstance.dbiResourceId}", When: "engine!=docdb|neptune"},
	{Source: "rds", Event: "RestoreDBInstanceFromS3", Type: "aws_db_instance", Effect: drift.Create, ID: "identifier=dBInstanceIdentifier", Params: rdsInstance, NewID: "{response:dBInstance.dbiResourceId}"},
	{Source: "rds", Event: "RestoreDBInstanceToPointInTime", Type: "aws_db_instance", Effect: drift.Create, ID: "identifier=targetDBInstanceIdentifier", Params: rdsInstance, NewID: "{response:dBInstance.dbiResourceId}"},
	{Source: "rds", Event: "StartDBInstance", Type: "aws_rds_instance_state", Effect: drift.Set, ID: "identifier=dBInstanceIdentifier", Sets: "state=\"available\""},
	{Source: "rds", Event: "StartExportTask", Effect: drift.Silent}, // a job
	{Source: "rds", Event: "StopDBInstance", Type: "aws_rds_instance_state", Effect: drift.Set, ID: "identifier=dBInstanceIdentifier", Params: "dBSnapshotIdentifier=-", Sets: "state=\"stopped\""},
	{Source: "rds", Event: "SwitchoverBlueGreenDeployment", Type: "aws_db_instance", Effect: drift.Set, ID: "*=response:blueGreenDeployment.source", Params: "blueGreenDeploymentIdentifier=- switchoverTimeout=-"},
}

// The members of the calls that make and modify a database, a cluster and an
// instance of a cluster.
const (
	rdsInstance = "cACertificateIdentifier=ca_cert_identifier dBInstanceClass=instance_class dBParameterGroupName=parameter_group_name " +
		"masterUserPassword=password masterUsername=username preferredBackupWindow=backup_window preferredMaintenanceWindow=maintenance_window " +
		"newDBInstanceIdentifier=identifier dBPortNumber=port dBSnapshotIdentifier=snapshot_identifier sourceDBInstanceIdentifier=replicate_source_db " +
		"targetDBInstanceIdentifier=identifier enableCloudwatchLogsExports=enabled_cloudwatch_logs_exports enablePerformanceInsights=performance_insights_enabled " +
		"enableIAMDatabaseAuthentication=iam_database_authentication_enabled enableCustomerOwnedIp=customer_owned_ip_enabled " +
		rdsLogExports + rdsSwitches
	rdsCluster = "masterUserPassword=master_password newDBClusterIdentifier=cluster_identifier enableCloudwatchLogsExports=enabled_cloudwatch_logs_exports " +
		"enableIAMDatabaseAuthentication=iam_database_authentication_enabled enablePerformanceInsights=performance_insights_enabled " +
		"enableGlobalWriteForwarding=enable_global_write_forwarding sourceEngine=engine sourceEngineVersion=engine_version " +
		"performanceInsightsKMSKeyId=performance_insights_kms_key_id cACertificateIdentifier=ca_certificate_identifier allowEngineModeChange=- " +
		rdsLogExports + rdsSwitches
	rdsMember = "cACertificateIdentifier=ca_cert_identifier dBClusterIdentifier=cluster_identifier dBInstanceClass=instance_class " +
		"newDBInstanceIdentifier=identifier enablePerformanceInsights=performance_insights_enabled " + rdsSwitches
	rdsNeptuneMember = rdsMember + "dBParameterGroupName=neptune_parameter_group_name dBSubnetGroupName=neptune_subnet_group_name "
	rdsLogExports    = "cloudwatchLogsExportConfiguration.enableLogTypes=enabled_cloudwatch_logs_exports+ " +
		"cloudwatchLogsExportConfiguration.disableLogTypes=enabled_cloudwatch_logs_exports- "
	rdsParameters = "parameters=parameter~ parameters.isModifiable=- parameters.applyType=- parameters.description=- parameters.source=- parameters.dataType=- parameters.allowedValues=- parameters.minimumEngineVersion=- parameters.supportedEngineModes=-"
	rdsSwitches   = "rotateMasterUserPassword=- certificateRotationRestart=- useDefaultProcessorFeatures=- processorFeatures=- dBSecurityGroups=- " +
		"awsBackupRecoveryPointArn=- automationMode=- resumeFullAutomationModeMinutes=- tdeCredentialArn=- tdeCredentialPassword=- " +
		"allowMajorVersionUpgrade=- applyImmediately=- useLatestRestorableTime=- restoreToTime=- preSignedUrl=- "
)
