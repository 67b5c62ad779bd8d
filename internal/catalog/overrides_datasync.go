package catalog

import "tfdrift/internal/drift"

// datasyncOverrides: see the AWS DataSync API Reference. Executions are jobs.
var datasyncOverrides = [...]Row{
	{Source: "datasync", Event: "CancelTaskExecution", Effect: drift.Silent},
	{Source: "datasync", Event: "DeleteLocation", Type: "aws_datasync_location_fsx_lustre_file_system", Effect: drift.Delete, ID: "*=locationArn"},
	{Source: "datasync", Event: "DeleteLocation", Type: "aws_datasync_location_fsx_ontap_file_system", Effect: drift.Delete, ID: "*=locationArn"},
	{Source: "datasync", Event: "DeleteLocation", Type: "aws_datasync_location_fsx_openzfs_file_system", Effect: drift.Delete, ID: "*=locationArn"},
	{Source: "datasync", Event: "DeleteLocation", Type: "aws_datasync_location_fsx_windows_file_system", Effect: drift.Delete, ID: "*=locationArn"},
	{Source: "datasync", Event: "StartTaskExecution", Effect: drift.Silent},
	{Source: "datasync", Event: "UntagResource", Type: "aws_datasync_agent", Effect: drift.Set, ID: "*=resourceArn", Params: "keys=tags-"},
	{Source: "datasync", Event: "UntagResource", Type: "aws_datasync_location_azure_blob", Effect: drift.Set, ID: "*=resourceArn", Params: "keys=tags-"},
	{Source: "datasync", Event: "UntagResource", Type: "aws_datasync_location_efs", Effect: drift.Set, ID: "*=resourceArn", Params: "keys=tags-"},
	{Source: "datasync", Event: "UntagResource", Type: "aws_datasync_location_fsx_lustre_file_system", Effect: drift.Set, ID: "*=resourceArn", Params: "keys=tags-"},
	{Source: "datasync", Event: "UntagResource", Type: "aws_datasync_location_fsx_ontap_file_system", Effect: drift.Set, ID: "*=resourceArn", Params: "keys=tags-"},
	{Source: "datasync", Event: "UntagResource", Type: "aws_datasync_location_fsx_openzfs_file_system", Effect: drift.Set, ID: "*=resourceArn", Params: "keys=tags-"},
	{Source: "datasync", Event: "UntagResource", Type: "aws_datasync_location_fsx_windows_file_system", Effect: drift.Set, ID: "*=resourceArn", Params: "keys=tags-"},
	{Source: "datasync", Event: "UntagResource", Type: "aws_datasync_location_hdfs", Effect: drift.Set, ID: "*=resourceArn", Params: "keys=tags-"},
	{Source: "datasync", Event: "UntagResource", Type: "aws_datasync_location_nfs", Effect: drift.Set, ID: "*=resourceArn", Params: "keys=tags-"},
	{Source: "datasync", Event: "UntagResource", Type: "aws_datasync_location_object_storage", Effect: drift.Set, ID: "*=resourceArn", Params: "keys=tags-"},
	{Source: "datasync", Event: "UntagResource", Type: "aws_datasync_location_s3", Effect: drift.Set, ID: "*=resourceArn", Params: "keys=tags-"},
	{Source: "datasync", Event: "UntagResource", Type: "aws_datasync_location_smb", Effect: drift.Set, ID: "*=resourceArn", Params: "keys=tags-"},
	{Source: "datasync", Event: "UntagResource", Type: "aws_datasync_task", Effect: drift.Set, ID: "*=resourceArn", Params: "keys=tags-"},
	{Source: "datasync", Event: "UpdateTask", Type: "aws_datasync_task", Effect: drift.Set, ID: "*=taskArn"},
}
