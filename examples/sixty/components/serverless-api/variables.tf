variable "nickname" {
  type = string
}

variable "environment" {
  type = string
}

variable "stage_name" {
  type    = string
  default = "v1"
}

variable "domain_name" {
  type        = string
  default     = ""
  description = "Custom domain; it needs a certificate."
}

variable "acm_certificate" {
  type        = any
  default     = null
  description = "Runtime of the certificate of the custom domain."
}
