# What happens, at a glance. template.yaml has the same text.

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = "${var.name}-${local.region}"
  dashboard_body = templatefile("${path.module}/dashboard.json", {
    Name = var.name, Region = local.region, Account = local.account, Partition = local.part, Latency = var.latency_alarm_seconds
  })
}
