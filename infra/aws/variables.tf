# The same as the parameters of template.yaml, which are in Pascal case.

variable "name" {
  description = "What everything is named after."
  type        = string
  default     = "tfdrift"
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,23}$", var.name))
    error_message = "The name has lower-case letters, digits and dashes, at most 24, and begins with a letter."
  }
}

variable "config" {
  description = "The configuration, as YAML. Empty: all states in state_buckets are watched, all drift is reported."
  type        = string
  default     = ""
}

variable "state_buckets" {
  description = "Buckets that Terraform keeps its states in."
  type        = list(string)
  default     = []
}

variable "state_objects" {
  description = "What may be read of them: BUCKET/KEY, with wildcards, such as acme/prod/*. Empty: all objects."
  type        = list(string)
  default     = []
}

variable "state_kms_key_arns" {
  description = "KMS keys that states are encrypted with."
  type        = list(string)
  default     = []
}

variable "secret_arns" {
  description = "Secrets that the configuration refers to (..._from_aws_secret)."
  type        = list(string)
  default     = []
}

variable "secret_kms_key_arns" {
  description = "KMS keys that these secrets are encrypted with, where they are your own."
  type        = list(string)
  default     = []
}

variable "findings_bus_arn" {
  description = "Event bus that the notifier may put findings on (notifications.eventbridge), such as a central one."
  type        = string
  default     = ""
}

variable "findings_topic_arn" {
  description = "SNS topic that the notifier may publish findings to (notifications.sns)."
  type        = string
  default     = ""
}

variable "security_hub" {
  description = "Whether the notifier may import findings into Security Hub (notifications.security_hub)."
  type        = bool
  default     = false
}

variable "refresh_rate" {
  description = "How often all states are looked at although nothing said that they were written (refresh_interval)."
  type        = string
  default     = "1 hour"
  validation {
    condition     = can(regex("^([2-9]|[1-9][0-9]+) (minutes|hours|days)$|^1 (minute|hour|day)$", var.refresh_rate))
    error_message = "Write it as EventBridge does: 1 hour, 30 minutes."
  }
}

variable "kms_key_arn" {
  description = "KMS key of your own for tables, queues, logs, secret and backups. Its policy must let the services in that docs/aws.md lists. Empty: keys of AWS."
  type        = string
  default     = ""
}

variable "create_trail" {
  description = "Whether to create a trail that logs management events. Without any trail EventBridge tells nothing."
  type        = bool
  default     = false
}

variable "create_backup_bucket" {
  description = "Whether every version of a state is copied to a bucket of its own."
  type        = bool
  default     = false
}

variable "backup_days" {
  description = "How long these copies are kept."
  type        = number
  default     = 90
}

variable "forwarder_accounts" {
  description = "Accounts that forward events to this stack, from other regions (then this account) or where the states are: creates the bus NAME."
  type        = list(string)
  default     = []
}

variable "findings_bus_organization_id" {
  description = "Creates the bus NAME-findings, on which all accounts of this organization (o-...) may put findings."
  type        = string
  default     = ""
}

variable "alarm_email" {
  description = "Address that alarms are sent to."
  type        = string
  default     = ""
}

variable "alarm_topic_arn" {
  description = "SNS topic that alarms are sent to."
  type        = string
  default     = ""
}

variable "falco" {
  description = "Whether a forwarder relays Falco's alerts, so that its silence is an alarm."
  type        = bool
  default     = false
}

variable "latency_alarm_seconds" {
  description = "From a change to its finding, at the 95th percentile; more is an alarm."
  type        = number
  default     = 300
}

variable "stale_alarm_hours" {
  description = "Age of the stalest state's last look; more is an alarm."
  type        = number
  default     = 3
  validation {
    condition     = var.stale_alarm_hours >= 1 && var.stale_alarm_hours <= 168
    error_message = "An alarm looks back a week at most: 1 to 168 hours."
  }
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
  default     = 30
}

variable "log_level" {
  description = "The least important messages that are written."
  type        = string
  default     = "info"
}

variable "log_components" {
  description = "Components that are to say more: detector=debug,notifier"
  type        = string
  default     = ""
}

variable "memory_size" {
  description = "Memory of each function, in MB."
  type        = number
  default     = 256
}

variable "event_worker_count" {
  description = "Events judged at once: concurrency reserved for the detector (performance.event_worker_count). 0: as much as the account has."
  type        = number
  default     = 0
}

variable "state_parser_workers" {
  description = "States read at once: concurrency reserved for the indexer (performance.state_parser_workers). 0: as much as the account has."
  type        = number
  default     = 0
}

variable "notifier_workers" {
  description = "Batches of publications, and of deliveries, sent at once (performance.notifier_workers)."
  type        = number
  default     = 3
  validation {
    condition     = var.notifier_workers >= 2 && var.notifier_workers <= 10
    error_message = "Lambda takes 2 to 10."
  }
}

variable "deployment_preference" {
  description = "How fast a new version takes over."
  type        = string
  default     = "Canary10Percent5Minutes"
}

variable "deletion_protection" {
  description = "Whether the ledger's table is kept from being deleted."
  type        = bool
  default     = true
}
