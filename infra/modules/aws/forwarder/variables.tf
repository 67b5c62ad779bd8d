variable "name" {
  description = "Name of what this module makes, and its prefix."
  type        = string
  default     = "tfdrift-forwarder"
}

variable "network" {
  description = "Where the task runs: subnets that reach the internet or VPC endpoints (events, sqs, s3, logs, image registry)."
  type        = object({ vpc_id = string, subnet_ids = list(string) })

  validation {
    condition     = length(var.network.subnet_ids) > 0
    error_message = "Give one subnet at least; the file system gets a mount target in each."
  }
}

variable "images" {
  description = "Images of Falco with the plugins cloudtrail and json, and of the forwarder for AWS."
  type        = object({ falco = string, forwarder = string })
}

variable "trail" {
  description = "What Falco's CloudTrail plugin reads: the queue that tells of new log files, and the bucket that holds them. kms_key_arn where they are encrypted with a key of yours."
  type        = object({ queue_arn = string, queue_name = string, bucket_arn = string, kms_key_arn = optional(string) })
}

variable "event_bus_arn" {
  description = "ARN of the bus that alerts are put onto."
  type        = string
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
  default     = 30
}
