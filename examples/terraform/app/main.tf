terraform {
  backend "local" {
    path          = "../.state/app.tfstate"
    workspace_dir = "../.state/app"
  }
}

variable "environment" {
  type = string
}

variable "replicas" {
  type = number
}

data "terraform_remote_state" "upstream" {
  for_each = toset(["network", "database"])

  backend   = "local"
  workspace = terraform.workspace

  config = {
    path          = "../.state/${each.key}.tfstate"
    workspace_dir = "../.state/${each.key}"
  }
}

module "container" {
  source = "../modules/container"

  name     = "shop-${var.environment}"
  replicas = var.replicas
  network  = data.terraform_remote_state.upstream["network"].outputs

  environment = {
    DATABASE_URL = data.terraform_remote_state.upstream["database"].outputs.url
  }
}

output "url" {
  value = module.container.url
}
