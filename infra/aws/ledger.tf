# The ledger: findings, lock windows, events set aside, silences. Lost, open findings are forgotten; hence the recovery to any second of five weeks.

resource "aws_dynamodb_table" "ledger" {
  name                        = "${var.name}-ledger"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "pk"
  range_key                   = "sk"
  stream_enabled              = true
  stream_view_type            = "NEW_IMAGE"
  deletion_protection_enabled = var.deletion_protection

  dynamic "attribute" {
    for_each = ["pk", "sk", "of", "found"]
    content {
      name = attribute.value
      type = "S"
    }
  }

  local_secondary_index {
    name            = "of_state"
    range_key       = "of"
    projection_type = "KEYS_ONLY"
  }
  local_secondary_index {
    name            = "found"
    range_key       = "found"
    projection_type = "KEYS_ONLY"
  }

  ttl {
    enabled        = true
    attribute_name = "expires"
  }
  point_in_time_recovery {
    enabled = true
  }

  dynamic "server_side_encryption" {
    for_each = local.kms == null ? [] : [local.kms]
    content {
      enabled     = true
      kms_key_arn = server_side_encryption.value
    }
  }
}
