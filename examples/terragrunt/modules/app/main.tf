variable "name" {
  type = string
}

variable "subnet_id" {
  type = string
}

variable "database_url" {
  type = string
}

variable "cache_endpoint" {
  type    = string
  default = ""
}

variable "replicas" {
  type = number
}

resource "terraform_data" "app" {
  input = {
    name      = var.name
    subnet_id = var.subnet_id
    replicas  = var.replicas
    environment = {
      DATABASE_URL = var.database_url
      CACHE        = var.cache_endpoint
    }
  }
}

output "url" {
  value = "https://${terraform_data.app.output.name}.example"
}
