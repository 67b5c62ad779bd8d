resource "aws_efs_file_system" "spool" {
  creation_token = var.name
  encrypted      = true
  tags           = { Name = "${var.name}-spool" }
}

resource "aws_efs_access_point" "spool" {
  file_system_id = aws_efs_file_system.spool.id
  posix_user {
    uid = 65532
    gid = 65532
  }
  root_directory {
    path = "/spool"
    creation_info {
      owner_uid   = 65532
      owner_gid   = 65532
      permissions = "0700"
    }
  }
}

resource "aws_efs_mount_target" "spool" {
  for_each        = toset(var.network.subnet_ids)
  file_system_id  = aws_efs_file_system.spool.id
  subnet_id       = each.value
  security_groups = [aws_security_group.spool.id]
}

# Nothing comes in from outside; out go the calls of AWS and the file system.
resource "aws_security_group" "task" {
  name_prefix = "${var.name}-"
  description = "Falco and the forwarder"
  vpc_id      = var.network.vpc_id
}

resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.task.id
  description       = "AWS, and the image registry"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_egress_rule" "spool" {
  security_group_id            = aws_security_group.task.id
  description                  = "the spool"
  ip_protocol                  = "tcp"
  from_port                    = 2049
  to_port                      = 2049
  referenced_security_group_id = aws_security_group.spool.id
}

resource "aws_security_group" "spool" {
  name_prefix = "${var.name}-spool-"
  description = "The forwarder's spool"
  vpc_id      = var.network.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "spool" {
  security_group_id            = aws_security_group.spool.id
  description                  = "the task"
  ip_protocol                  = "tcp"
  from_port                    = 2049
  to_port                      = 2049
  referenced_security_group_id = aws_security_group.task.id
}
