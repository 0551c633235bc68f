variable "domain_name" {
  type = string
}

variable "alternative_names" {
  type    = list(string)
  default = []
}

variable "route53_zone" {
  type        = any
  description = "Runtime of the zone in which the certificate is validated."
}
