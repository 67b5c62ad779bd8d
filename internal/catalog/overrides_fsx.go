package catalog

import "tfdrift/internal/drift"

// fsxOverrides: see the Amazon FSx API Reference.
var fsxOverrides = [...]Row{
	{Source: "fsx", Event: "AssociateFileSystemAliases", Type: "aws_fsx_windows_file_system", Effect: drift.Set, ID: "*=fileSystemId", Params: "aliases=aliases+"},
	{Source: "fsx", Event: "CreateBackup", Type: "aws_fsx_backup", Effect: drift.Create, ID: "*=response:backup.backupId", NewID: "response:backup.backupId", When: "caller!=service"},
	{Source: "fsx", Event: "CreateFileSystem", Type: "aws_fsx_lustre_file_system", Effect: drift.Create, ID: "*=response:fileSystem.fileSystemId", NewID: "response:fileSystem.fileSystemId", When: "fileSystemType=LUSTRE"},
	{Source: "fsx", Event: "CreateFileSystem", Type: "aws_fsx_ontap_file_system", Effect: drift.Create, ID: "*=response:fileSystem.fileSystemId", NewID: "response:fileSystem.fileSystemId", When: "fileSystemType=ONTAP"},
	{Source: "fsx", Event: "CreateFileSystem", Type: "aws_fsx_openzfs_file_system", Effect: drift.Create, ID: "*=response:fileSystem.fileSystemId", NewID: "response:fileSystem.fileSystemId", When: "fileSystemType=OPENZFS"},
	{Source: "fsx", Event: "CreateFileSystem", Type: "aws_fsx_windows_file_system", Effect: drift.Create, ID: "*=response:fileSystem.fileSystemId", NewID: "response:fileSystem.fileSystemId", When: "fileSystemType=WINDOWS"},
	{Source: "fsx", Event: "CreateFileSystemFromBackup", Type: "aws_fsx_lustre_file_system", Effect: drift.Create, ID: "*=response:fileSystem.fileSystemId", NewID: "response:fileSystem.fileSystemId", When: "response:fileSystem.fileSystemType=LUSTRE"},
	{Source: "fsx", Event: "CreateFileSystemFromBackup", Type: "aws_fsx_openzfs_file_system", Effect: drift.Create, ID: "*=response:fileSystem.fileSystemId", NewID: "response:fileSystem.fileSystemId", When: "response:fileSystem.fileSystemType=OPENZFS"},
	{Source: "fsx", Event: "CreateFileSystemFromBackup", Type: "aws_fsx_windows_file_system", Effect: drift.Create, ID: "*=response:fileSystem.fileSystemId", NewID: "response:fileSystem.fileSystemId", When: "response:fileSystem.fileSystemType=WINDOWS"},
	{Source: "fsx", Event: "CreateVolume", Type: "aws_fsx_ontap_volume", Effect: drift.Create, ID: "*=response:volume.volumeId", NewID: "response:volume.volumeId", When: "volumeType=ONTAP"},
	{Source: "fsx", Event: "CreateVolume", Type: "aws_fsx_openzfs_volume", Effect: drift.Create, ID: "*=response:volume.volumeId", NewID: "response:volume.volumeId", When: "volumeType=OPENZFS"},
	{Source: "fsx", Event: "DisassociateFileSystemAliases", Type: "aws_fsx_windows_file_system", Effect: drift.Set, ID: "*=fileSystemId", Params: "aliases=aliases-"},
	{Source: "fsx", Event: "UpdateFileSystem", Type: "aws_fsx_lustre_file_system", Effect: drift.Set, ID: "*=fileSystemId"},
	{Source: "fsx", Event: "UpdateVolume", Type: "aws_fsx_openzfs_file_system", Effect: drift.Silent},
}
