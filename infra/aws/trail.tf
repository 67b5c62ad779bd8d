# A trail, where the account has none. Of its management events only writes are logged; the first copy of them costs nothing.

resource "aws_cloudtrail" "this" {
  count                         = var.create_trail ? 1 : 0
  name                          = var.name
  s3_bucket_name                = module.trail_logs[0].name
  is_multi_region_trail         = true
  include_global_service_events = true
  enable_log_file_validation    = true

  event_selector {
    read_write_type           = "WriteOnly"
    include_management_events = true
  }
}

locals {
  trail_arn  = "arn:${local.part}:cloudtrail:${local.at}:trail/${var.name}"
  trail_logs = "${var.name}-trail-${local.account}-${local.region}"
}

module "trail_logs" {
  here        = local.here
  source      = "../modules/aws/bucket"
  count       = var.create_trail ? 1 : 0
  name        = local.trail_logs
  days        = var.log_retention_days
  versioned   = false
  kms_key_arn = null
  statements = [
    {
      Sid       = "Acl"
      Effect    = "Allow"
      Principal = { Service = "cloudtrail.amazonaws.com" }
      Action    = "s3:GetBucketAcl"
      Resource  = "arn:${local.part}:s3:::${local.trail_logs}"
      Condition = { StringEquals = { "aws:SourceArn" = local.trail_arn } }
    },
    {
      Sid       = "Write"
      Effect    = "Allow"
      Principal = { Service = "cloudtrail.amazonaws.com" }
      Action    = "s3:PutObject"
      Resource  = "arn:${local.part}:s3:::${local.trail_logs}/AWSLogs/${local.account}/*"
      Condition = { StringEquals = { "aws:SourceArn" = local.trail_arn, "s3:x-amz-acl" = "bucket-owner-full-control" } }
    },
  ]
}
