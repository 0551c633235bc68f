variable "nickname" {
  type = string
}

variable "domain_name" {
  type = string
}

variable "aliases" {
  type    = list(string)
  default = []
}

variable "api_runtime_path" {
  type        = string
  default     = ""
  description = "Where the site's script finds its backend: a parameter, and after the colon the key in it."
}

variable "s3_bucket" {
  type        = any
  description = "Runtime of the bucket that holds the pages."
}

variable "acm_certificate" {
  type        = any
  description = "Runtime of the certificate for the site's names."
}

variable "route53_zone" {
  type        = any
  description = "Runtime of the zone that gets the alias records."
}
