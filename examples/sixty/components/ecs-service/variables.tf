variable "nickname" {
  type = string
}

variable "environment" {
  type = string
}

variable "image" {
  type = string
}

variable "host" {
  type        = string
  description = "Public host name."
}

variable "desired_count" {
  type    = number
  default = 1
}

variable "container_port" {
  type    = number
  default = 8080
}

variable "parameters" {
  type        = map(string)
  default     = {}
  description = "Parameter paths that the container reads when it starts, by the name of the environment variable."
}

variable "cluster" {
  type        = any
  description = "Runtime of the cluster the service runs on."
}

variable "database" {
  type        = any
  default     = null
  description = "Runtime of the database, for a service that has one."
}

variable "cache" {
  type        = any
  default     = null
  description = "Runtime of the session cache, for a service that has one."
}

variable "database_runtime_path" {
  type        = string
  default     = ""
  description = "For a service that looks its database up by itself: the parameter that says where it is."
}

variable "identity_runtime_path" {
  type        = string
  default     = ""
  description = "The parameter of the identity provider, which somebody else runs."
}

variable "health_path" {
  type    = string
  default = "/health"
}
