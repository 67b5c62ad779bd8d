# One-shot schedules wait here for the end of settle; each is deleted when it has fired.

resource "aws_scheduler_schedule_group" "settle" {
  name = "${var.name}-settle"
}

resource "aws_iam_role" "scheduler" {
  name = "${var.name}-scheduler-${local.region}"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "scheduler.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
    }]
  })
}

resource "aws_iam_role_policy" "scheduler" {
  name = "scheduler"
  role = aws_iam_role.scheduler.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Sid = "Invoke", Effect = "Allow", Action = ["lambda:InvokeFunction"], Resource = [local.arn.indexer] },
      { Sid = "Failed", Effect = "Allow", Action = ["sqs:SendMessage"], Resource = [module.indexer.failed_arn] },
    ]
  })
}

# What those have who judge, and set events aside: the detector and the indexer.

locals {
  judge_environment = {
    TFDRIFT_INDEX_TABLE         = "${var.name}-index"
    TFDRIFT_SEALING_KEY_SECRET  = "${var.name}/sealing-key"
    TFDRIFT_SCHEDULE_GROUP      = aws_scheduler_schedule_group.settle.name
    TFDRIFT_SCHEDULE_ROLE_ARN   = local.arn.scheduler_role
    TFDRIFT_SCHEDULE_TARGET_ARN = local.arn.indexer
  }
  judge_statements = [
    { sid = "SealingKey", actions = ["secretsmanager:GetSecretValue"], resources = [local.arn.sealing_key] },
    { sid = "Settle", actions = ["scheduler:CreateSchedule"], resources = [local.arn.schedules] },
    {
      sid       = "SettleRole"
      actions   = ["iam:PassRole"]
      resources = [local.arn.scheduler_role]
      condition = { StringEquals = { "iam:PassedToService" = "scheduler.amazonaws.com" } }
    },
  ]
}
