package catalog

import "tfdrift/internal/drift"

// ssmOverrides: see the Systems Manager API Reference, by the operation's name.
var ssmOverrides = [...]Row{
	{Source: "ssm", Event: "CreateAssociation", Type: "aws_ssm_association", Effect: drift.Create, ID: "association_id=response:associationDescription.associationId", NewID: "response:associationDescription.associationId"},
	{Source: "ssm", Event: "CreateDocument", Type: "aws_ssm_document", Effect: drift.Create, ID: "name=name", NewID: "name"},
	{Source: "ssm", Event: "DeleteParameters", Type: "aws_ssm_parameter", Effect: drift.Delete, ID: "name=names"},
	{Source: "ssm", Event: "DeregisterTargetFromMaintenanceWindow", Type: "aws_ssm_maintenance_window_target", Effect: drift.Delete, ID: "id=windowTargetId"},
	{Source: "ssm", Event: "DeregisterTaskFromMaintenanceWindow", Type: "aws_ssm_maintenance_window_task", Effect: drift.Delete, ID: "id|window_task_id=windowTaskId"},
	{Source: "ssm", Event: "LabelParameterVersion", Effect: drift.Silent},
	{Source: "ssm", Event: "ModifyDocumentPermission", Type: "aws_ssm_document", Effect: drift.Set, ID: "name=name", Params: "permissionType=- accountIdsToAdd=- accountIdsToRemove=- sharedDocumentVersion=-", Sets: "permissions=?"},
	{Source: "ssm", Event: "PutParameter", Type: "aws_ssm_parameter", Effect: drift.Create, ID: "name=name", NewID: "name", Shape: ssmPutParameter},
	{Source: "ssm", Event: "ResetServiceSetting", Type: "aws_ssm_service_setting", Effect: drift.Delete, ID: "setting_id=settingId"},
	{Source: "ssm", Event: "ResumeSession", Effect: drift.Silent},
	{Source: "ssm", Event: "SendCommand", Effect: drift.Silent},
	{Source: "ssm", Event: "StartAssociationsOnce", Effect: drift.Silent},
	{Source: "ssm", Event: "StartAutomationExecution", Effect: drift.Silent},
	{Source: "ssm", Event: "StartSession", Effect: drift.Silent},
	{Source: "ssm", Event: "TerminateSession", Effect: drift.Silent},
	{Source: "ssm", Event: "UnlabelParameterVersion", Effect: drift.Silent},
	{Source: "ssm", Event: "UpdateAssociation", Type: "aws_ssm_association", Effect: drift.Set, ID: "association_id=associationId", Params: "associationVersion=-"},
	{Source: "ssm", Event: "UpdateAssociationStatus", Effect: drift.Silent},
	{Source: "ssm", Event: "UpdateDocument", Type: "aws_ssm_document", Effect: drift.Set, ID: "*=name", Params: "documentVersion=-"}, // the version that it begins from
	{Source: "ssm", Event: "UpdateDocumentDefaultVersion", Type: "aws_ssm_document", Effect: drift.Set, ID: "*=name", Params: "documentVersion=default_version"},
	{Source: "ssm", Event: "UpdateInstanceInformation", Effect: drift.Silent},
	{Source: "ssm", Event: "UpdateServiceSetting", Type: "aws_ssm_service_setting", Effect: drift.Set, ID: "setting_id=settingId"},
}
