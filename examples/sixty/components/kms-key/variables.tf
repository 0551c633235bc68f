variable "alias" {
  type = string
}

variable "rotation" {
  type    = bool
  default = true
}
