variable "nickname" {
  type = string
}

variable "environment" {
  type = string
}

variable "runtime" {
  type = string
}

variable "handler" {
  type    = string
  default = "main.handler"
}

variable "memory_size" {
  type    = number
  default = 128
}

variable "timeout" {
  type    = number
  default = 10
}

variable "tags" {
  type    = map(string)
  default = {}
}

variable "parameters" {
  type        = map(string)
  default     = {}
  description = "Parameter paths that the function reads when it starts, by the name of the environment variable."
}

variable "s3_bucket" {
  type        = any
  default     = null
  description = "Runtime of the bucket it may write to, for a function that has one."
}
