variable "name" {
  description = "Name of what this module makes, and its prefix."
  type        = string
  default     = "tfdrift-forwarder"
}

variable "network" {
  description = "Where the instance runs. The subnetwork needs Private Google Access or a NAT."
  type        = object({ zone = string, subnetwork = string })
}

variable "images" {
  description = "Images of Falco with the plugin gcpaudit, and of the forwarder for Google Cloud."
  type        = object({ falco = string, forwarder = string })
}

variable "project" {
  description = "Project of the audit logs, the topic and the instance."
  type        = string
}

variable "audit_subscription" {
  description = "Pub/Sub subscription, by id, with the audit logs that Falco's plugin reads."
  type        = string
}

variable "topic" {
  description = "Pub/Sub topic, by id, that alerts are published to."
  type        = string
}
