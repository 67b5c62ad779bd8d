# The same as the parameters of template.yaml, which are in Pascal case.

variable "name" {
  description = "What everything is named after. One for each bus that is forwarded to."
  type        = string
  default     = "tfdrift-forwarding"
}

variable "bus_arn" {
  description = "The bus of the stack, an output of it. This account has to be among the stack's forwarder accounts."
  type        = string
}

variable "state_buckets" {
  description = "Buckets of this account and region that states are in: their object events are forwarded. Their notifications to EventBridge have to be on."
  type        = list(string)
  default     = []
}

variable "changes" {
  description = "Which API calls of this region are forwarded: none, those of the global services (in us-east-1), or all."
  type        = string
  default     = "none"
  validation {
    condition     = contains(["none", "global", "all"], var.changes)
    error_message = "Write none, global or all."
  }
}
