package catalog

import "tfdrift/internal/drift"

// elasticfilesystemOverrides: see the EFS API Reference, by the operation's name.
var elasticfilesystemOverrides = [...]Row{
	{Source: "elasticfilesystem", Event: "CreateMountTarget", Type: "aws_efs_mount_target", Effect: drift.Create, ID: "*=response:mountTargetId", NewID: "response:mountTargetId", Within: "aws_efs_file_system *=fileSystemId"},
	{Source: "elasticfilesystem", Event: "CreateTags", Type: "aws_efs_file_system", Effect: drift.Add, ID: "*=fileSystemId"},
	{Source: "elasticfilesystem", Event: "DeleteTags", Type: "aws_efs_file_system", Effect: drift.Remove, ID: "*=fileSystemId", Params: "tagKeys=tags"},
	{Source: "elasticfilesystem", Event: "PutBackupPolicy", Type: "aws_efs_backup_policy", Effect: drift.Create, ID: "file_system_id=fileSystemId", NewID: "fileSystemId", Within: "aws_efs_file_system *=fileSystemId", Params: "backupPolicy=backup_policy"},
	{Source: "elasticfilesystem", Event: "PutFileSystemPolicy", Type: "aws_efs_file_system_policy", Effect: drift.Create, ID: "file_system_id=fileSystemId", NewID: "fileSystemId", Within: "aws_efs_file_system *=fileSystemId"},
	{Source: "elasticfilesystem", Event: "PutLifecycleConfiguration", Type: "aws_efs_file_system", Effect: drift.Set, ID: "*=fileSystemId", Params: "lifecyclePolicies=lifecycle_policy"},
	{Source: "elasticfilesystem", Event: "UpdateFileSystemProtection", Type: "aws_efs_file_system", Effect: drift.Set, ID: "*=fileSystemId", Params: "replicationOverwriteProtection=protection.replication_overwrite"},
}
