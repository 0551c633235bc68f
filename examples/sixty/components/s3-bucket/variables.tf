variable "nickname" {
  type = string
}

variable "environment" {
  type = string
}

variable "bucket_prefix" {
  type = string
}

variable "versioning" {
  type    = bool
  default = false
}

variable "tags" {
  type    = map(string)
  default = {}
}

variable "kms_key" {
  type        = any
  description = "Runtime of the key that encrypts the bucket."
}
