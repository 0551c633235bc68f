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
