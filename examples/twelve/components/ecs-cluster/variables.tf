variable "nickname" {
  type = string
}

variable "environment" {
  type = string
}

variable "capacity" {
  type    = number
  default = 2
}

variable "vpc" {
  type        = any
  description = "Runtime of the network the cluster stands in."
}
