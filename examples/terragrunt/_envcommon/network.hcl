locals {
  env = read_terragrunt_config(find_in_parent_folders("env.hcl")).locals
}

terraform {
  source = "${dirname(find_in_parent_folders("root.hcl"))}//modules/network"
}

inputs = {
  name = local.env.name
  cidr = local.env.cidr
}
