variable "nickname" {
  type = string
}

variable "environment" {
  type = string
}

variable "cidr" {
  type        = string
  description = "Address range of the whole network."
}

variable "az_count" {
  type    = number
  default = 2
}
