terraform {
  backend "local" {
    path          = "../.state/network.tfstate"
    workspace_dir = "../.state/network"
  }
}

variable "environment" {
  type = string
}

variable "cidr" {
  type = string
}

resource "terraform_data" "network" {
  input = {
    network_id = "net-${substr(sha1(var.environment), 0, 8)}"
    cidr       = var.cidr
    subnet_ids = [for i in range(2) : "subnet-${substr(sha1("${var.cidr}/${i}"), 0, 8)}"]
  }
}

output "network_id" {
  value = terraform_data.network.output.network_id
}

output "cidr" {
  value = terraform_data.network.output.cidr
}

output "subnet_ids" {
  value = terraform_data.network.output.subnet_ids
}
