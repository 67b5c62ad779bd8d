# Falco and the forwarder side by side in one Fargate task: alerts go over the task's own loopback address, so there is neither token nor certificate. The
# spool lies on EFS, since a task's own disk goes with it.
terraform {
  required_version = ">= 1.9"
  required_providers {
    aws = { source = "hashicorp/aws", version = ">= 5.80" }
  }
}

data "aws_region" "here" {}

locals {
  falco_yaml = yamlencode({
    json_output                  = true
    json_include_output_property = false
    http_output                  = { enabled = true, url = "http://127.0.0.1:8080/falco", keep_alive = true }
    plugins = [
      { name = "cloudtrail", library_path = "libcloudtrail.so", init_config = { sqsDelete = true }, open_params = "sqs://${var.trail.queue_name}" },
      { name = "json", library_path = "libjson.so" },
    ]
    load_plugins = ["cloudtrail", "json"]
    rules_files  = ["/etc/falco/tfdrift_aws_rules.yaml"]
  })
  forwarder_yaml = yamlencode({
    falco     = { transport = "http" }
    forwarder = { listen = "127.0.0.1:8080", event_bus = var.event_bus_arn, sources = ["aws_cloudtrail"], spool = { path = "/spool/queue" } }
  })
  # The rules come with the image of Falco that you build: COPY infra/falco/tfdrift_aws_rules.yaml /etc/falco/.
}

resource "aws_ecs_cluster" "this" {
  name = var.name
}

resource "aws_ecs_task_definition" "this" {
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 512
  memory                   = 1024
  task_role_arn            = aws_iam_role.task.arn
  execution_role_arn       = aws_iam_role.execution.arn

  volume {
    name = "spool"
    efs_volume_configuration {
      file_system_id     = aws_efs_file_system.spool.id
      transit_encryption = "ENABLED"
      authorization_config {
        access_point_id = aws_efs_access_point.spool.id
        iam             = "ENABLED"
      }
    }
  }

  container_definitions = jsonencode([
    {
      name                   = "forwarder"
      image                  = var.images.forwarder
      essential              = true
      user                   = "65532:65532"
      readonlyRootFilesystem = true
      stopTimeout            = 40
      environment            = [{ name = "TFDRIFT_CONFIG", value = local.forwarder_yaml }, { name = "GOMEMLIMIT", value = "72MiB" }]
      healthCheck            = { command = ["CMD", "/forwarder", "--healthcheck"], interval = 10, timeout = 5, retries = 3, startPeriod = 30 }
      mountPoints            = [{ sourceVolume = "spool", containerPath = "/spool" }]
      logConfiguration       = local.logs["forwarder"]
    },
    {
      name             = "falco"
      image            = var.images.falco
      essential        = true
      command          = ["sh", "-c", "printf '%s' \"$FALCO_YAML\" > /etc/falco/falco.yaml && exec falco --disable-source syscall"]
      environment      = [{ name = "FALCO_YAML", value = local.falco_yaml }]
      dependsOn        = [{ containerName = "forwarder", condition = "HEALTHY" }]
      logConfiguration = local.logs["falco"]
    },
  ])
}

locals {
  logs = { for c in ["forwarder", "falco"] : c => {
    logDriver = "awslogs"
    options   = { "awslogs-group" = aws_cloudwatch_log_group.this.name, "awslogs-region" = data.aws_region.here.name, "awslogs-stream-prefix" = c }
  } }
}

resource "aws_ecs_service" "this" {
  name            = var.name
  cluster         = aws_ecs_cluster.this.id
  task_definition = aws_ecs_task_definition.this.arn
  launch_type     = "FARGATE"
  desired_count   = 1
  # One process at a time has the spool, and one Falco reads the queue: the old task ends before the new one begins. Meanwhile the queue waits.
  deployment_minimum_healthy_percent = 0
  deployment_maximum_percent         = 100

  network_configuration {
    subnets         = var.network.subnet_ids
    security_groups = [aws_security_group.task.id]
  }
  depends_on = [aws_efs_mount_target.spool, aws_iam_role_policy.task]
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/tfdrift/${var.name}"
  retention_in_days = var.log_retention_days
}
