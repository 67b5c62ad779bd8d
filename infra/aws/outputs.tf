output "dashboard_url" {
  description = "What happens, at a glance."
  value       = "https://${local.region}.console.aws.amazon.com/cloudwatch/home?region=${local.region}#dashboards/dashboard/${var.name}-${local.region}"
}

output "indexer_role_arn" {
  description = "Who reads the states; bucket and key policies of other accounts have to let it."
  value       = module.indexer.role_arn
}

output "bus_arn" {
  description = "Where events from other regions and accounts are forwarded to."
  value       = one(aws_cloudwatch_event_bus.forwarded[*].arn)
}

output "findings_bus_arn" {
  description = "Where the findings of all accounts are put."
  value       = one(aws_cloudwatch_event_bus.findings[*].arn)
}
