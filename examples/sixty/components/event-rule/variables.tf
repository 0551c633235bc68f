variable "nickname" {
  type = string
}

variable "environment" {
  type = string
}

variable "config" {
  type        = any
  description = "`schedule`, and `target` with the function's nickname and its input."
}

variable "lambda" {
  type        = any
  description = "Runtime of the function named in `target`."
}
