# The indexer: one state an invocation, or all of them with the sweep.

module "indexer" {
  source               = "../modules/aws/function"
  here                 = local.here
  name                 = var.name
  function             = "indexer"
  package              = "${local.packages}/indexer.zip"
  memory_size          = var.memory_size
  timeout              = 900
  reserved_concurrency = var.state_parser_workers
  kms_key_arn          = var.kms_key_arn
  log_retention_days   = var.log_retention_days
  deployment           = local.deployment
  alarm_actions        = local.alarm_actions
  environment = merge(local.environment, local.judge_environment, {
    TFDRIFT_STATE_BACKUP = var.create_backup_bucket ? "s3://${var.name}-backup-${local.account}-${local.region}" : ""
  })
  statements = concat([
    {
      sid       = "Index"
      actions   = ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem"]
      resources = [local.arn.index]
    },
    {
      sid       = "Ledger"
      actions   = ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"]
      resources = [local.arn.ledger, "${local.arn.ledger}/index/*"]
    },
    ], local.judge_statements, length(var.state_buckets) == 0 ? [] : [
    {
      sid       = "States"
      actions   = ["s3:GetObject"]
      resources = [for object in length(var.state_objects) > 0 ? var.state_objects : [for bucket in var.state_buckets : "${bucket}/*"] : "arn:${local.part}:s3:::${object}"]
    },
    { sid = "StateBuckets", actions = ["s3:ListBucket"], resources = [for bucket in var.state_buckets : "arn:${local.part}:s3:::${bucket}"] },
    ], length(var.state_kms_key_arns) == 0 ? [] : [
    { sid = "StateKeys", actions = ["kms:Decrypt"], resources = var.state_kms_key_arns },
    ], !var.create_backup_bucket ? [] : [
    { sid = "Backups", actions = ["s3:PutObject"], resources = ["${local.arn.backups}/*"] },
  ])
  depends_on = [aws_dynamodb_table.index, aws_dynamodb_table.ledger, aws_cloudformation_stack.sealing_key]
}

# What the indexer hears: states and their locks, written and deleted. The bucket tells EventBridge only where that was switched on for it.

locals {
  states = { states = "default", forwarded-states = var.name } # rule and bus
}

module "states" {
  source   = "../modules/aws/rule"
  for_each = { for name, bus in local.states : name => bus if length(var.state_buckets) > 0 && (bus == "default" || local.has_bus) }
  name     = "${var.name}-${each.key}"
  bus      = each.value
  pattern = jsonencode({
    source      = ["aws.s3"]
    detail-type = ["Object Created", "Object Deleted"]
    detail      = { bucket = { name = var.state_buckets } }
  })
  function   = module.indexer
  depends_on = [aws_cloudwatch_event_bus.forwarded]
}

# The sweep: all states, whether or not a notice came.

resource "aws_scheduler_schedule" "refresh" {
  name                = "${var.name}-refresh"
  schedule_expression = "rate(${var.refresh_rate})"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = module.indexer.alias_arn
    role_arn = aws_iam_role.scheduler.arn
    input    = jsonencode({ detail-type = "tfdrift refresh" })

    retry_policy {
      maximum_retry_attempts       = 2
      maximum_event_age_in_seconds = 3600
    }
    dead_letter_config {
      arn = module.indexer.failed_arn
    }
  }
}
