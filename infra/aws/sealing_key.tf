# The key under which secret values of states are compared. CloudFormation has Secrets Manager make it up, so that its value is in no plan, in no state
# and on no machine that runs Terraform.

resource "aws_cloudformation_stack" "sealing_key" {
  name = "${var.name}-sealing-key"
  template_body = jsonencode({
    Resources = {
      SealingKey = {
        Type                = "AWS::SecretsManager::Secret"
        UpdateReplacePolicy = "Retain"
        DeletionPolicy      = "Delete"
        Properties = merge({
          Name                 = "${var.name}/sealing-key"
          Description          = "Key under which tfdrift compares secret values of states. Not to be rotated, since seals made under another key match no more."
          GenerateSecretString = { PasswordLength = 64, ExcludePunctuation = true }
        }, local.kms == null ? {} : { KmsKeyId = local.kms })
      }
    }
  })
}
