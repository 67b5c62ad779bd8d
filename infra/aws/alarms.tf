# Where alarms go. Without a topic and an address they are seen in the console and on the dashboard only.

resource "aws_sns_topic" "alarms" {
  count             = var.alarm_email == "" ? 0 : 1
  name              = "${var.name}-alarms"
  kms_master_key_id = local.kms
}

resource "aws_sns_topic_subscription" "alarms" {
  count     = var.alarm_email == "" ? 0 : 1
  topic_arn = aws_sns_topic.alarms[0].arn
  protocol  = "email"
  endpoint  = var.alarm_email
}

locals {
  alarm_actions = concat(var.alarm_topic_arn == "" ? [] : [var.alarm_topic_arn], aws_sns_topic.alarms[*].arn)

  # The first four are the predecessor's, by name.
  alarms = {
    CriticalDriftDetected = {
      description = "A Terraform-managed resource was changed in a way that a rule calls critical. The notifier tells what."
      namespace   = "tfdrift"
      metric      = "tfdrift_events_total"
      dimensions  = { Deployment = var.name, severity = "critical" }
      statistic   = "Sum"
      period      = 60
      periods     = 1
      threshold   = 0
      comparison  = "GreaterThanThreshold"
      missing     = "notBreaching"
    }
    HighDetectionLatency = {
      description = "One change in twenty is found late. Is the detector throttled (reserved concurrency), or does only Falco see the changes?"
      namespace   = "tfdrift"
      metric      = "tfdrift_detection_latency_seconds"
      dimensions  = { Deployment = var.name }
      statistic   = "p95"
      period      = 300
      periods     = 2
      threshold   = var.latency_alarm_seconds
      comparison  = "GreaterThanThreshold"
      missing     = "notBreaching"
    }
    FalcoConnectionLost = {
      description = "The forwarder relayed nothing for six hours. Its /ready says why."
      namespace   = "AWS/Events"
      metric      = "TriggeredRules"
      dimensions  = { RuleName = "${var.name}-falco" }
      statistic   = "Sum"
      period      = 21600
      periods     = 1
      threshold   = 1
      comparison  = "LessThanThreshold"
      missing     = "breaching"
    }
    TerraformStateStale = {
      description = "A state was not looked at for hours, or cannot be taken up. Changes are judged against what it held then. The indexer's log says which and why."
      namespace   = "tfdrift"
      metric      = "tfdrift_state_age_seconds"
      dimensions  = { Deployment = var.name }
      statistic   = "Maximum"
      period      = 3600
      periods     = var.stale_alarm_hours
      threshold   = 1800
      comparison  = "GreaterThanThreshold"
      missing     = "breaching"
    }
    StreamBehind = {
      description = "Publications wait for a quarter of an hour and more before the notifier takes them. The stream keeps them for a day."
      namespace   = "AWS/Lambda"
      metric      = "IteratorAge"
      dimensions  = { FunctionName = "${var.name}-notifier" }
      statistic   = "Maximum"
      period      = 300
      periods     = 1
      threshold   = 900000
      comparison  = "GreaterThanThreshold"
      missing     = "notBreaching"
    }
    NoEvents = {
      description = "Not one call that changes something was heard of for two days, or ever. Is there a trail that logs management events?"
      namespace   = "AWS/Events"
      metric      = "TriggeredRules"
      dimensions  = { RuleName = "${var.name}-changes" }
      statistic   = "Sum"
      period      = 86400
      periods     = 2
      threshold   = 1
      comparison  = "LessThanThreshold"
      missing     = "breaching"
    }
  }

  # Alarms on the sum of a metric over several things.
  sums = {
    DeadLettersNotEmpty = {
      description = "Something could not be judged, indexed or delivered. docs/aws.md says how to look at it and how to do it anew."
      label       = "dead letters"
      namespace   = "AWS/SQS"
      metric      = "ApproximateNumberOfMessagesVisible"
      dimension   = "QueueName"
      of          = ["${var.name}-detector-failed", "${var.name}-indexer-failed", "${var.name}-notifier-failed", "${var.name}-deliveries-failed"]
      statistic   = "Maximum"
      periods     = 1
    }
    Throttled = {
      description = "Invocations were refused for a quarter of an hour. They are tried again for six hours; raise the concurrency that is reserved, or the account's."
      label       = "throttles"
      namespace   = "AWS/Lambda"
      metric      = "Throttles"
      dimension   = "FunctionName"
      of          = ["${var.name}-detector", "${var.name}-indexer", "${var.name}-notifier"]
      statistic   = "Sum"
      periods     = 3
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each            = { for name, alarm in local.alarms : name => alarm if name != "FalcoConnectionLost" || var.falco }
  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = startswith(each.value.statistic, "p") ? null : each.value.statistic
  extended_statistic  = startswith(each.value.statistic, "p") ? each.value.statistic : null
  period              = each.value.period
  evaluation_periods  = each.value.periods
  threshold           = each.value.threshold
  comparison_operator = each.value.comparison
  treat_missing_data  = each.value.missing
  alarm_actions       = local.alarm_actions
  ok_actions          = local.alarm_actions
}

resource "aws_cloudwatch_metric_alarm" "sum" {
  for_each            = local.sums
  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  evaluation_periods  = each.value.periods
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
  ok_actions          = local.alarm_actions

  metric_query {
    id          = "all"
    expression  = "SUM(METRICS())"
    label       = each.value.label
    return_data = true
  }
  dynamic "metric_query" {
    for_each = each.value.of
    content {
      id = "m${metric_query.key}"
      metric {
        namespace   = each.value.namespace
        metric_name = each.value.metric
        dimensions  = { (each.value.dimension) = metric_query.value }
        stat        = each.value.statistic
        period      = 300
      }
    }
  }
}
