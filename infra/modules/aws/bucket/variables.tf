variable "here" {
  description = "Where the deployment is."
  type = object({
    partition = string
    account   = string
    region    = string
  })
}

variable "name" {
  description = "Name of the bucket."
  type        = string
}

variable "days" {
  description = "How long objects are kept."
  type        = number
}

variable "versioned" {
  description = "Whether what is overwritten is kept for a day."
  type        = bool
}

variable "kms_key_arn" {
  description = "KMS key of your own; null: a key of S3."
  type        = string
}

variable "statements" {
  description = "What its policy says, besides that nothing goes unencrypted."
  type        = any
  default     = []
}
