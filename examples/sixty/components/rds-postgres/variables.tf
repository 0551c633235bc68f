variable "nickname" {
  type = string
}

variable "environment" {
  type = string
}

variable "config" {
  type        = any
  description = "The whole effective config; what is optional is read from it under try()."
}

variable "vpc" {
  type        = any
  description = "Runtime of the network the database stands in."
}

variable "kms_key" {
  type        = any
  description = "Runtime of the key that encrypts the storage."
}
