locals {
  env = read_terragrunt_config(find_in_parent_folders("env.hcl")).locals
}

terraform {
  source = "${dirname(find_in_parent_folders("root.hcl"))}//modules/database"
}

# Evaluated in the folder of the unit that includes this file: the network beside it.
dependency "network" {
  config_path = "../network"

  mock_outputs = {
    network_id = "net-mock"
    subnet_ids = ["subnet-mock"]
  }
  mock_outputs_allowed_terraform_commands = ["validate"]
}

inputs = {
  name       = "${local.env.name}-orders"
  network_id = dependency.network.outputs.network_id
  subnet_ids = dependency.network.outputs.subnet_ids
}
