package catalog

import "tfdrift/internal/drift"

// backupOverrides: see the AWS Backup API Reference. Recovery points and jobs are data.
var backupOverrides = [...]Row{
	{Source: "backup", Event: "CreateBackupPlan", Type: "aws_backup_plan", Effect: drift.Create, ID: "*=response:backupPlanId", Params: backupPlan + " backupPlanTags=tags", NewID: "response:backupPlanId"},
	{Source: "backup", Event: "DeleteBackupSelection", Type: "aws_backup_selection", Effect: drift.Delete, ID: "plan_id=backupPlanId *=selectionId", NewID: "selectionId"},
	{Source: "backup", Event: "DeleteBackupVault", Type: "aws_backup_logically_air_gapped_vault", Effect: drift.Delete, ID: "*=backupVaultName"},
	{Source: "backup", Event: "DeleteRecoveryPoint", Effect: drift.Silent},
	{Source: "backup", Event: "PutBackupVaultAccessPolicy", Type: "aws_backup_vault_policy", Effect: drift.Create, ID: "backup_vault_name=backupVaultName", NewID: "backupVaultName", Within: "aws_backup_vault *=backupVaultName"},
	{Source: "backup", Event: "PutBackupVaultLockConfiguration", Type: "aws_backup_vault_lock_configuration", Effect: drift.Create, ID: "backup_vault_name=backupVaultName", NewID: "backupVaultName", Within: "aws_backup_vault *=backupVaultName"},
	{Source: "backup", Event: "PutBackupVaultNotifications", Type: "aws_backup_vault_notifications", Effect: drift.Create, ID: "backup_vault_name=backupVaultName", Params: "sNSTopicArn=sns_topic_arn", NewID: "backupVaultName", Within: "aws_backup_vault *=backupVaultName"},
	{Source: "backup", Event: "StartBackupJob", Effect: drift.Silent},
	{Source: "backup", Event: "StartRestoreJob", Effect: drift.Silent},
	{Source: "backup", Event: "UpdateBackupPlan", Type: "aws_backup_plan", Effect: drift.Set, ID: "*=backupPlanId", Params: backupPlan},
	{Source: "backup", Event: "UpdateRecoveryPointLifecycle", Effect: drift.Silent},
}

const backupPlan = "backupPlan.backupPlanName=name backupPlan.rules=rule backupPlan.rules.targetBackupVaultName=target_vault_name " +
	"backupPlan.rules.scheduleExpression=schedule backupPlan.rules.startWindowMinutes=start_window backupPlan.rules.completionWindowMinutes=completion_window " +
	"backupPlan.rules.lifecycle.moveToColdStorageAfterDays=lifecycle.cold_storage_after backupPlan.rules.lifecycle.deleteAfterDays=lifecycle.delete_after " +
	"backupPlan.rules.copyActions=copy_action backupPlan.rules.copyActions.destinationBackupVaultArn=destination_vault_arn backupPlan.rules.ruleId=- " +
	"backupPlan.rules.copyActions.lifecycle.moveToColdStorageAfterDays=lifecycle.cold_storage_after backupPlan.rules.copyActions.lifecycle.deleteAfterDays=lifecycle.delete_after " +
	"backupPlan.advancedBackupSettings=advanced_backup_setting"
