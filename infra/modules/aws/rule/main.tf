# A rule, the function that hears what it passes, and the permission to be invoked by it.

resource "aws_cloudwatch_event_rule" "this" {
  name           = var.name
  event_bus_name = var.bus
  event_pattern  = var.pattern
}

resource "aws_cloudwatch_event_target" "this" {
  rule           = aws_cloudwatch_event_rule.this.name
  event_bus_name = var.bus
  target_id      = var.function.function_name
  arn            = var.function.alias_arn

  dead_letter_config {
    arn = var.function.failed_arn
  }
}

resource "aws_lambda_permission" "this" {
  function_name = var.function.function_name
  qualifier     = "live"
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.this.arn
}
