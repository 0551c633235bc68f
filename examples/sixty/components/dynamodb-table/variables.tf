variable "nickname" {
  type = string
}

variable "environment" {
  type = string
}

variable "hash_key" {
  type = string
}

variable "kms_key" {
  type        = any
  description = "Runtime of the key that encrypts the table."
}
