variable "nickname" {
  type = string
}

variable "port" {
  type    = number
  default = 5432
}

variable "storage_gb" {
  type = number
}

variable "network" {
  type = any
}

resource "terraform_data" "database" {
  input = {
    endpoint   = "${var.nickname}.${var.network.network_id}.db.example:${var.port}"
    storage_gb = var.storage_gb
    subnet_ids = var.network.subnet_ids
  }
}

output "endpoint" {
  value = terraform_data.database.output.endpoint
}

output "storage_gb" {
  value = terraform_data.database.output.storage_gb
}
