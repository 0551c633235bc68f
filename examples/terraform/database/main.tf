terraform {
  backend "local" {
    path          = "../.state/database.tfstate"
    workspace_dir = "../.state/database"
  }
}

variable "environment" {
  type = string
}

variable "storage_gb" {
  type = number
}

data "terraform_remote_state" "network" {
  backend   = "local"
  workspace = terraform.workspace

  config = {
    path          = "../.state/network.tfstate"
    workspace_dir = "../.state/network"
  }
}

locals {
  network = data.terraform_remote_state.network.outputs
}

resource "terraform_data" "database" {
  input = {
    url        = "postgres://orders.${local.network.network_id}.db.example:5432/orders"
    storage_gb = var.storage_gb
    subnet_ids = local.network.subnet_ids
  }
}

output "url" {
  value = terraform_data.database.output.url
}

output "admin_password" {
  value     = "password-${sha1(var.environment)}"
  sensitive = true
}
