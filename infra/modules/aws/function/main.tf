# A function with its role, its log, the queue of what it failed at, its alias, and the alarm that rolls a new version back.

locals {
  name = "${var.name}-${var.function}"
  at   = "${var.here.region}:${var.here.account}"
  part = var.here.partition
  kms  = var.kms_key_arn == "" ? null : var.kms_key_arn

  # By name and not by reference, so that a plan shows every policy whole.
  failed_arn = "arn:${local.part}:sqs:${local.at}:${local.name}-failed"
  statements = concat(
    [{ sid = "Logs", actions = ["logs:CreateLogStream", "logs:PutLogEvents"], resources = ["arn:${local.part}:logs:${local.at}:log-group:/aws/lambda/${local.name}:*"], condition = null }],
    var.statements,
    [{ sid = "Failed", actions = ["sqs:SendMessage"], resources = [local.failed_arn], condition = null }],
    local.kms == null ? [] : [{ sid = "Key", actions = ["kms:Decrypt", "kms:GenerateDataKey"], resources = [local.kms], condition = null }],
  )
}

resource "aws_lambda_function" "this" {
  function_name                  = local.name
  filename                       = var.package
  source_code_hash               = fileexists(var.package) ? filebase64sha256(var.package) : null
  runtime                        = "provided.al2023"
  architectures                  = ["arm64"]
  handler                        = "bootstrap"
  memory_size                    = var.memory_size
  timeout                        = var.timeout
  reserved_concurrent_executions = var.reserved_concurrency == 0 ? null : var.reserved_concurrency
  role                           = aws_iam_role.this.arn
  kms_key_arn                    = local.kms
  publish                        = true

  environment {
    variables = merge(var.environment, { TFDRIFT_FAILED_QUEUE_URL = "https://sqs.${var.here.region}.${var.here.dns_suffix}/${var.here.account}/${local.name}-failed" })
  }

  logging_config {
    log_format = "Text" # of the runtime's own lines; the function's are JSON
    log_group  = aws_cloudwatch_log_group.this.name
  }

  depends_on = [aws_iam_role_policy.this]
}

resource "aws_iam_role" "this" {
  name = "${local.name}-${var.here.region}"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "this" {
  name = var.function
  role = aws_iam_role.this.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for s in local.statements : merge(
      { Sid = s.sid, Effect = "Allow", Action = s.actions, Resource = s.resources },
      s.condition == null ? {} : { Condition = s.condition },
    )]
  })
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${local.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = local.kms
}

resource "aws_sqs_queue" "failed" {
  name                      = "${local.name}-failed"
  message_retention_seconds = 14 * 24 * 3600
  sqs_managed_sse_enabled   = local.kms == null ? true : null
  kms_master_key_id         = local.kms
}

# The bus puts there what it could not hand to the function.
resource "aws_sqs_queue_policy" "failed" {
  count     = var.asynchronous ? 1 : 0
  queue_url = aws_sqs_queue.failed.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = local.failed_arn
      Condition = { ArnLike = { "aws:SourceArn" = [for rule in ["${var.name}-*", "${var.name}/${var.name}-*"] : "arn:${local.part}:events:${local.at}:rule/${rule}"] } }
    }]
  })
}

resource "aws_lambda_function_event_invoke_config" "this" {
  count                        = var.asynchronous ? 1 : 0
  function_name                = aws_lambda_function.this.function_name
  qualifier                    = aws_lambda_alias.live.name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 21600

  destination_config {
    on_failure {
      destination = local.failed_arn
    }
  }

  depends_on = [aws_sqs_queue.failed, aws_iam_role_policy.this]
}

# CodeDeploy moves the alias, version by version.
resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.this.function_name
  function_version = aws_lambda_function.this.version

  lifecycle {
    ignore_changes = [function_version, routing_config]
  }
}

resource "aws_codedeploy_deployment_group" "this" {
  app_name               = var.deployment.application
  deployment_group_name  = var.function
  deployment_config_name = "CodeDeployDefault.Lambda${var.deployment.preference}"
  service_role_arn       = var.deployment.role_arn

  deployment_style {
    deployment_type   = "BLUE_GREEN"
    deployment_option = "WITH_TRAFFIC_CONTROL"
  }

  alarm_configuration {
    enabled = true
    alarms  = [aws_cloudwatch_metric_alarm.errors.alarm_name]
  }

  auto_rollback_configuration {
    enabled = true
    events  = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"]
  }
}

# Has CodeDeploy move the alias to a version that it is not at, and waits for it. A deployment that is rolled back fails the apply.
resource "terraform_data" "deployment" {
  triggers_replace = [aws_lambda_function.this.version]

  provisioner "local-exec" {
    command = "sh ${path.module}/deploy.sh"
    environment = {
      FUNCTION    = aws_lambda_function.this.function_name
      OLD         = aws_lambda_alias.live.function_version
      NEW         = aws_lambda_function.this.version
      APPLICATION = var.deployment.application
      GROUP       = aws_codedeploy_deployment_group.this.deployment_group_name
      REGION      = var.here.region
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "${local.name}-errors"
  alarm_description   = "The ${var.function} fails. A deployment under way is rolled back."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = local.name, Resource = "${local.name}:live" }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 2
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_actions
  ok_actions          = var.alarm_actions
}
