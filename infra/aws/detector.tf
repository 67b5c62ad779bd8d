# The detector: one event of the cloud an invocation.

module "detector" {
  source               = "../modules/aws/function"
  here                 = local.here
  name                 = var.name
  function             = "detector"
  package              = "${local.packages}/detector.zip"
  memory_size          = var.memory_size
  timeout              = 60
  reserved_concurrency = var.event_worker_count
  kms_key_arn          = var.kms_key_arn
  log_retention_days   = var.log_retention_days
  deployment           = local.deployment
  alarm_actions        = local.alarm_actions
  environment          = merge(local.environment, local.judge_environment)
  statements = concat([
    { sid = "Index", actions = ["dynamodb:GetItem", "dynamodb:Query"], resources = [local.arn.index] },
    { sid = "Ledger", actions = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], resources = [local.arn.ledger] },
  ], local.judge_statements)
  depends_on = [aws_dynamodb_table.index, aws_dynamodb_table.ledger, aws_cloudformation_stack.sealing_key]
}

# What the detector hears: every call that may change something; the catalog knows which do. Log streams are made all day and are no one's drift.

locals {
  changes = {
    changes = { # EventBridge has them where a trail logs management events
      bus = "default"
      pattern = {
        detail-type = ["AWS API Call via CloudTrail"]
        detail      = { readOnly = [false, { exists = false }], eventName = [{ anything-but = ["CreateLogStream"] }] }
      }
    }
    falco = { # what the forwarder relays
      bus     = "default"
      pattern = { detail-type = ["Falco Alert"] }
    }
    forwarded-changes = { # both, from other regions and accounts
      bus = var.name
      pattern = {
        detail-type = ["AWS API Call via CloudTrail", "Falco Alert"]
        detail      = { readOnly = [false, { exists = false }], eventName = [{ exists = false }, { anything-but = ["CreateLogStream"] }] }
      }
    }
  }
}

module "changes" {
  source     = "../modules/aws/rule"
  for_each   = { for name, rule in local.changes : name => rule if rule.bus == "default" || local.has_bus }
  name       = "${var.name}-${each.key}"
  bus        = each.value.bus
  pattern    = jsonencode(each.value.pattern)
  function   = module.detector
  depends_on = [aws_cloudwatch_event_bus.forwarded]
}
