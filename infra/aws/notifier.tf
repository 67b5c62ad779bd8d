# The notifier: publications from the ledger's stream, and what channels refused from its queue.

module "notifier" {
  source             = "../modules/aws/function"
  here               = local.here
  name               = var.name
  function           = "notifier"
  package            = "${local.packages}/notifier.zip"
  memory_size        = var.memory_size
  timeout            = 60
  asynchronous       = false
  kms_key_arn        = var.kms_key_arn
  log_retention_days = var.log_retention_days
  deployment         = local.deployment
  alarm_actions      = local.alarm_actions
  environment        = merge(local.environment, { TFDRIFT_RETRY_QUEUE_URL = "https://sqs.${local.region}.${local.here.dns_suffix}/${local.account}/${var.name}-deliveries" })
  statements = concat([
    {
      sid       = "Stream"
      actions   = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"]
      resources = ["${local.arn.ledger}/stream/*"]
    },
    { sid = "Ledger", actions = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"], resources = [local.arn.ledger] },
    {
      sid       = "Deliveries"
      actions   = ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
      resources = [local.arn.deliveries]
    },
    ], length(var.secret_arns) == 0 ? [] : [
    { sid = "Secrets", actions = ["secretsmanager:GetSecretValue"], resources = var.secret_arns },
    ], length(var.secret_kms_key_arns) == 0 ? [] : [
    { sid = "SecretKeys", actions = ["kms:Decrypt"], resources = var.secret_kms_key_arns },
    ], var.findings_bus_arn == "" ? [] : [
    { sid = "FindingsBus", actions = ["events:PutEvents"], resources = [var.findings_bus_arn] },
    ], var.findings_topic_arn == "" ? [] : [
    { sid = "FindingsTopic", actions = ["sns:Publish"], resources = [var.findings_topic_arn] },
    ], !var.security_hub ? [] : [
    {
      sid       = "SecurityHub"
      actions   = ["securityhub:BatchImportFindings"]
      resources = ["arn:${local.part}:securityhub:${local.at}:product/${local.account}/default"]
    },
  ])
  depends_on = [aws_dynamodb_table.ledger]
}

# Only publications wake the notifier: step is what a write adds to the finding's revision, and what TTL deletes has no new image.

resource "aws_lambda_event_source_mapping" "publications" {
  function_name                  = module.notifier.alias_arn
  event_source_arn               = aws_dynamodb_table.ledger.stream_arn
  starting_position              = "TRIM_HORIZON"
  batch_size                     = 100
  parallelization_factor         = var.notifier_workers
  function_response_types        = ["ReportBatchItemFailures"]
  bisect_batch_on_function_error = true
  maximum_retry_attempts         = 30
  maximum_record_age_in_seconds  = 43200

  filter_criteria {
    filter {
      pattern = jsonencode({ dynamodb = { NewImage = { step = { N = [{ anything-but = ["0"] }] } } } })
    }
  }
  destination_config {
    on_failure {
      destination_arn = module.notifier.failed_arn
    }
  }
}

# What a channel refused waits here for its next attempt, so that the stream waits for no channel.

resource "aws_sqs_queue" "deliveries" {
  name                       = "${var.name}-deliveries"
  message_retention_seconds  = 14 * 24 * 3600
  visibility_timeout_seconds = 360 # six times the notifier's
  redrive_policy             = jsonencode({ deadLetterTargetArn = local.arn.undelivered, maxReceiveCount = 20 })
  sqs_managed_sse_enabled    = local.kms == null ? true : null
  kms_master_key_id          = local.kms
  depends_on                 = [aws_sqs_queue.deliveries_failed]
}

resource "aws_sqs_queue" "deliveries_failed" {
  name                      = "${var.name}-deliveries-failed"
  message_retention_seconds = 14 * 24 * 3600
  sqs_managed_sse_enabled   = local.kms == null ? true : null
  kms_master_key_id         = local.kms
}

# A delivery goes through the queue once for each attempt, and max_retries ends that; Lambda would end it after 16.

resource "aws_lambda_function_recursion_config" "notifier" {
  function_name  = module.notifier.function_name
  recursive_loop = "Allow"
}

resource "aws_lambda_event_source_mapping" "redeliveries" {
  function_name           = module.notifier.alias_arn
  event_source_arn        = aws_sqs_queue.deliveries.arn
  batch_size              = 10
  function_response_types = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = var.notifier_workers
  }
}
