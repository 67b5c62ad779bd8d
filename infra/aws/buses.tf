# Events from elsewhere: other regions of this account, and the accounts and regions where the states are. infra/aws-forwarding sends them.

locals {
  has_bus = length(var.forwarder_accounts) > 0
}

resource "aws_cloudwatch_event_bus" "forwarded" {
  count              = local.has_bus ? 1 : 0
  name               = var.name
  kms_key_identifier = local.kms
}

resource "aws_cloudwatch_event_bus_policy" "forwarded" {
  count          = local.has_bus ? 1 : 0
  event_bus_name = aws_cloudwatch_event_bus.forwarded[0].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "forwarders"
      Effect    = "Allow"
      Principal = { AWS = var.forwarder_accounts }
      Action    = "events:PutEvents"
      Resource  = "arn:${local.part}:events:${local.at}:event-bus/${var.name}"
    }]
  })
}

# One bus for the findings of all accounts: created in one of them, named as findings_bus_arn in the others.

resource "aws_cloudwatch_event_bus" "findings" {
  count              = var.findings_bus_organization_id == "" ? 0 : 1
  name               = "${var.name}-findings"
  kms_key_identifier = local.kms
}

resource "aws_cloudwatch_event_bus_policy" "findings" {
  count          = var.findings_bus_organization_id == "" ? 0 : 1
  event_bus_name = aws_cloudwatch_event_bus.findings[0].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "organization"
      Effect    = "Allow"
      Principal = "*"
      Action    = "events:PutEvents"
      Resource  = "arn:${local.part}:events:${local.at}:event-bus/${var.name}-findings"
      Condition = { StringEquals = { "aws:PrincipalOrgID" = var.findings_bus_organization_id } }
    }]
  })
}
