include "root" {
  path = find_in_parent_folders("root.hcl")
}

locals {
  env = read_terragrunt_config(find_in_parent_folders("env.hcl")).locals
}

terraform {
  source = "../../../modules/cache"
}

dependency "network" {
  config_path = "../network"
}

inputs = {
  name       = "${local.env.name}-sessions"
  subnet_ids = dependency.network.outputs.subnet_ids
}
