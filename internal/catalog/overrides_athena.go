package catalog

import "tfdrift/internal/drift"

// athenaOverrides: see the Athena API Reference, by the operation's name.
var athenaOverrides = [...]Row{
	{Source: "athena", Event: "CreatePreparedStatement", Type: "aws_athena_prepared_statement", Effect: drift.Create, ID: "name=statementName workgroup=workGroup", NewID: "{workGroup}/{statementName}", Within: "aws_athena_workgroup *=workGroup"},
	{Source: "athena", Event: "DeletePreparedStatement", Type: "aws_athena_prepared_statement", Effect: drift.Delete, ID: "name=statementName workgroup=workGroup", NewID: "{workGroup}/{statementName}"},
	{Source: "athena", Event: "StartQueryExecution", Effect: drift.Silent},
	{Source: "athena", Event: "StartSession", Effect: drift.Silent},
	{Source: "athena", Event: "StopQueryExecution", Effect: drift.Silent},
	{Source: "athena", Event: "TerminateSession", Effect: drift.Silent},
	{Source: "athena", Event: "UpdatePreparedStatement", Type: "aws_athena_prepared_statement", Effect: drift.Set, ID: "name=statementName workgroup=workGroup"},
	{Source: "athena", Event: "UpdateWorkGroup", Type: "aws_athena_workgroup", Effect: drift.Set, ID: "*=workGroup", Params: "configurationUpdates.enforceWorkGroupConfiguration=configuration.enforce_workgroup_configuration " +
		"configurationUpdates.publishCloudWatchMetricsEnabled=configuration.publish_cloudwatch_metrics_enabled " +
		"configurationUpdates.bytesScannedCutoffPerQuery=configuration.bytes_scanned_cutoff_per_query " +
		"configurationUpdates.requesterPaysEnabled=configuration.requester_pays_enabled " +
		"configurationUpdates.executionRole=configuration.execution_role " +
		"configurationUpdates.engineVersion=configuration.engine_version " +
		"configurationUpdates.resultConfigurationUpdates.outputLocation=configuration.result_configuration.output_location " +
		"configurationUpdates.resultConfigurationUpdates.encryptionConfiguration=configuration.result_configuration.encryption_configuration " +
		"configurationUpdates.resultConfigurationUpdates.expectedBucketOwner=configuration.result_configuration.expected_bucket_owner " +
		"configurationUpdates.resultConfigurationUpdates.aclConfiguration=configuration.result_configuration.acl_configuration"},
}
