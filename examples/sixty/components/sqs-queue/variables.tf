variable "nickname" {
  type = string
}

variable "environment" {
  type = string
}

variable "retention_days" {
  type    = number
  default = 4
}

variable "redrive" {
  type        = any
  default     = {}
  description = "`sqs_queue_nickname` names the queue for what could not be handled, `max_receives` says after how many tries."
}

variable "sqs_queue" {
  type        = any
  default     = null
  description = "Runtime of the queue named in `redrive`."
}
