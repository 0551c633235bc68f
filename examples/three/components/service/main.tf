variable "nickname" {
  type = string
}

variable "image" {
  type = string
}

variable "database" {
  type = any
}

resource "terraform_data" "service" {
  input = {
    url          = "https://${var.nickname}.example"
    image        = var.image
    database_url = "postgres://${var.database.endpoint}/${var.nickname}"
  }
}

output "url" {
  value = terraform_data.service.output.url
}
