variable "name" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}

resource "terraform_data" "cache" {
  input = {
    endpoint   = "${var.name}.cache.example:6379"
    subnet_ids = var.subnet_ids
  }
}

output "endpoint" {
  value = terraform_data.cache.output.endpoint
}
