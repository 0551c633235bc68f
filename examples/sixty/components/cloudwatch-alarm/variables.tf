variable "nickname" {
  type = string
}

variable "environment" {
  type = string
}

variable "threshold" {
  type = number
}

variable "target_type" {
  type        = string
  description = "With `target_nickname`: what is watched."
}

variable "target" {
  type        = any
  description = "Runtime of what is watched; any type that publishes `metric_name`."
}

variable "sns_topic" {
  type        = any
  description = "Runtime of the topic that is told."
}
