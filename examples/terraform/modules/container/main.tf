variable "name" {
  type = string
}

variable "replicas" {
  type = number
}

variable "network" {
  type        = any
  description = "All outputs of the network; this module takes what it needs."
}

variable "environment" {
  type    = map(string)
  default = {}
}

resource "terraform_data" "container" {
  input = {
    name        = var.name
    replicas    = var.replicas
    subnet_id   = var.network.subnet_ids[0]
    environment = var.environment
  }
}

output "url" {
  value = "https://${terraform_data.container.output.name}.example"
}
