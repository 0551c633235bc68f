variable "project" {
  type = string
}

variable "name" {
  type = string
}

variable "cidr" {
  type = string
}

resource "terraform_data" "network" {
  input = {
    network_id = "net-${substr(sha1("${var.project}/${var.name}"), 0, 8)}"
    subnet_ids = [for i in range(2) : "subnet-${substr(sha1("${var.cidr}/${i}"), 0, 8)}"]
  }
}

output "network_id" {
  value = terraform_data.network.output.network_id
}

output "subnet_ids" {
  value = terraform_data.network.output.subnet_ids
}
