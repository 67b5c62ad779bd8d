# A new version of a function gets a tenth of the invocations first, and is rolled back when its alarm is on.

resource "aws_codedeploy_app" "this" {
  name             = "${var.name}-${local.region}"
  compute_platform = "Lambda"
}

resource "aws_iam_role" "deployment" {
  name = "${var.name}-deployment-${local.region}"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "codedeploy.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy_attachment" "deployment" {
  role       = aws_iam_role.deployment.name
  policy_arn = "arn:${local.part}:iam::aws:policy/service-role/AWSCodeDeployRoleForLambda"
}

locals {
  deployment = {
    application = aws_codedeploy_app.this.name
    role_arn    = aws_iam_role.deployment.arn
    preference  = var.deployment_preference
  }
}
