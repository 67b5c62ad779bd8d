variable "here" {
  description = "Where the deployment is."
  type = object({
    partition  = string
    account    = string
    region     = string
    dns_suffix = string
  })
}

variable "name" {
  description = "What the deployment is named after."
  type        = string
}

variable "function" {
  description = "Which function: detector, indexer, notifier."
  type        = string
}

variable "package" {
  description = "Path of its zip."
  type        = string
}

variable "memory_size" {
  description = "Memory in MB."
  type        = number
}

variable "timeout" {
  description = "How long an invocation may take, in seconds."
  type        = number
}

variable "reserved_concurrency" {
  description = "Concurrency reserved for it, and its most. 0: as much as the account has."
  type        = number
  default     = 0
}

variable "asynchronous" {
  description = "Whether it is invoked asynchronously; then what fails three times goes to its failed queue."
  type        = bool
  default     = true
}

variable "environment" {
  description = "Its environment variables."
  type        = map(string)
}

variable "statements" {
  description = "What it may do, besides writing its log and filling its failed queue."
  type = list(object({
    sid       = string
    actions   = list(string)
    resources = list(string)
    condition = optional(map(map(string)))
  }))
}

variable "kms_key_arn" {
  description = "KMS key of your own; empty: keys of AWS."
  type        = string
}

variable "log_retention_days" {
  description = "How long its log is kept."
  type        = number
}

variable "deployment" {
  description = "How a new version takes over: CodeDeploy's application and role, and the preference, such as Canary10Percent5Minutes."
  type = object({
    application = string
    role_arn    = string
    preference  = string
  })
}

variable "alarm_actions" {
  description = "Topics that its alarm is sent to."
  type        = list(string)
}
