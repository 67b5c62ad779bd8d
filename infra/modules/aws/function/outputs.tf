output "alias_arn" {
  description = "What rules, schedules and mappings invoke."
  value       = aws_lambda_alias.live.arn
}

output "function_name" {
  description = "Name of the function."
  value       = aws_lambda_function.this.function_name
}

output "failed_arn" {
  description = "The queue of what it failed at."
  value       = local.failed_arn
}

output "role_arn" {
  description = "Who it is."
  value       = aws_iam_role.this.arn
}
