variable "name" {
  description = "Name of the rule."
  type        = string
}

variable "bus" {
  description = "Name of its bus."
  type        = string
}

variable "pattern" {
  description = "Which events it passes, as JSON."
  type        = string
}

variable "function" {
  description = "The function that hears them, as its module puts it out."
  type = object({
    function_name = string
    alias_arn     = string
    failed_arn    = string
  })
}
