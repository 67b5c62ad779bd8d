# Copies of every version of a state, for backup_days.

module "backups" {
  here        = local.here
  source      = "../modules/aws/bucket"
  count       = var.create_backup_bucket ? 1 : 0
  name        = "${var.name}-backup-${local.account}-${local.region}"
  days        = var.backup_days
  versioned   = true
  kms_key_arn = local.kms
}
