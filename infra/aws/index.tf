# The index: what states hold, by cloud object. Lost, it is made anew from the states.

resource "aws_dynamodb_table" "index" {
  name         = "${var.name}-index"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "pk"
  range_key    = "sk"

  attribute {
    name = "pk"
    type = "S"
  }
  attribute {
    name = "sk"
    type = "S"
  }

  dynamic "server_side_encryption" {
    for_each = local.kms == null ? [] : [local.kms]
    content {
      enabled     = true
      kms_key_arn = server_side_encryption.value
    }
  }
}
