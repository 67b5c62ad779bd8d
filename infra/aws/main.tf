# The AWS stack, as template.yaml says it for SAM. One for each account and region; docs/aws.md.

data "aws_region" "here" {}
data "aws_caller_identity" "here" {}
data "aws_partition" "here" {}

locals {
  region  = data.aws_region.here.region
  account = data.aws_caller_identity.here.account_id
  part    = data.aws_partition.here.partition
  at      = "${local.region}:${local.account}"
  here    = { partition = local.part, account = local.account, region = local.region, dns_suffix = data.aws_partition.here.dns_suffix }
  kms     = var.kms_key_arn == "" ? null : var.kms_key_arn

  # By name and not by reference, so that a plan shows every policy whole.
  arn = {
    index          = "arn:${local.part}:dynamodb:${local.at}:table/${var.name}-index"
    ledger         = "arn:${local.part}:dynamodb:${local.at}:table/${var.name}-ledger"
    sealing_key    = "arn:${local.part}:secretsmanager:${local.at}:secret:${var.name}/sealing-key-??????"
    schedules      = "arn:${local.part}:scheduler:${local.at}:schedule/${var.name}-settle/*"
    scheduler_role = "arn:${local.part}:iam::${local.account}:role/${var.name}-scheduler-${local.region}"
    indexer        = "arn:${local.part}:lambda:${local.at}:function:${var.name}-indexer:live"
    deliveries     = "arn:${local.part}:sqs:${local.at}:${var.name}-deliveries"
    undelivered    = "arn:${local.part}:sqs:${local.at}:${var.name}-deliveries-failed"
    backups        = "arn:${local.part}:s3:::${var.name}-backup-${local.account}-${local.region}"
  }

  packages = "${path.module}/../../build/aws"
  config = (
    var.config != "" ? base64gzip(var.config) :
    length(var.state_buckets) == 0 ? "" :
    jsonencode({ providers = { aws = { state = [for b in var.state_buckets : { s3_bucket = b, s3_prefix = "/" }] } } })
  )
  environment = {
    TFDRIFT_CONFIG         = local.config
    TFDRIFT_DEPLOYMENT     = var.name
    TFDRIFT_LEDGER_TABLE   = "${var.name}-ledger"
    TFDRIFT_LOG_LEVEL      = var.log_level
    TFDRIFT_LOG_COMPONENTS = var.log_components
  }
}

check "states" {
  assert {
    condition     = length(var.state_buckets) > 0
    error_message = "No state is watched, so nothing can drift: give state_buckets."
  }
}

check "packages" {
  assert {
    condition     = fileexists("${local.packages}/detector.zip")
    error_message = "${local.packages}/detector.zip is not there: run make build first."
  }
}
