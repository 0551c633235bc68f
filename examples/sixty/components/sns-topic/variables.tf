variable "nickname" {
  type = string
}

variable "environment" {
  type = string
}

variable "subscription" {
  type        = any
  description = "`protocol`, and either `address` or `lambda_nickname`."
}

variable "lambda" {
  type        = any
  default     = null
  description = "Runtime of the function named in `subscription`."
}
