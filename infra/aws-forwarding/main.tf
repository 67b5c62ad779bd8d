# Sends events to the bus of a tfdrift stack in another account or region. EventBridge and S3 tell of a change only where it happens: deploy this where
# the state buckets are, and in us-east-1 for the global services. template.yaml beside this says the same for CloudFormation.

data "aws_region" "here" {}

locals {
  global = ["cloudfront", "globalaccelerator", "iam", "organizations", "route53", "route53domains", "shield", "waf"]
  changes = {
    detail-type = ["AWS API Call via CloudTrail"]
    detail = merge(
      { readOnly = [false, { exists = false }], eventName = [{ anything-but = ["CreateLogStream"] }] },
      var.changes == "global" ? { eventSource = [for s in local.global : "${s}.amazonaws.com"] } : {},
    )
  }
  states = {
    source      = ["aws.s3"]
    detail-type = ["Object Created", "Object Deleted"]
    detail      = { bucket = { name = var.state_buckets } }
  }
  patterns = merge(
    var.changes == "none" ? {} : { changes = jsonencode(local.changes) },
    length(var.state_buckets) == 0 ? {} : { states = jsonencode(local.states) },
  )
}

resource "aws_cloudwatch_event_rule" "this" {
  for_each      = local.patterns
  name          = "${var.name}-${each.key}"
  event_pattern = each.value
}

resource "aws_cloudwatch_event_target" "this" {
  for_each  = local.patterns
  rule      = aws_cloudwatch_event_rule.this[each.key].name
  target_id = "bus"
  arn       = var.bus_arn
  role_arn  = aws_iam_role.this.arn
}

resource "aws_iam_role" "this" {
  name = "${var.name}-${data.aws_region.here.region}"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "events.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy" "this" {
  name = "forward"
  role = aws_iam_role.this.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = "Bus", Effect = "Allow", Action = ["events:PutEvents"], Resource = [var.bus_arn] }]
  })
}
