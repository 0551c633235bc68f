variable "name" {
  type = string
}

variable "network_id" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}

resource "terraform_data" "database" {
  input = {
    url        = "postgres://${var.name}.${var.network_id}.db.example:5432/${var.name}"
    subnet_ids = var.subnet_ids
  }
}

output "url" {
  value = terraform_data.database.output.url
}
