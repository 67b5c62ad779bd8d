output "role_arn" {
  description = "Role of the task."
  value       = aws_iam_role.task.arn
}

output "log_group" {
  description = "Where both containers log."
  value       = aws_cloudwatch_log_group.this.name
}
