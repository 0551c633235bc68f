variable "nickname" {
  type = string
}

variable "environment" {
  type = string
}

variable "node_type" {
  type = string
}

variable "vpc" {
  type        = any
  description = "Runtime of the network the cache stands in."
}
