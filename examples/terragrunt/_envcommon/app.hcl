locals {
  env = read_terragrunt_config(find_in_parent_folders("env.hcl")).locals
}

terraform {
  source = "${dirname(find_in_parent_folders("root.hcl"))}//modules/app"
}

dependency "network" {
  config_path = "${get_terragrunt_dir()}/../network"
}

dependency "database" {
  config_path = "../database"
}

# Only where the environment has a cache: `dev` has none, and no folder for it.
dependency "cache" {
  config_path = "../cache"
  enabled     = local.env.cache
}

inputs = {
  name           = "${local.env.name}-shop"
  subnet_id      = dependency.network.outputs.subnet_ids[0]
  database_url   = dependency.database.outputs.url
  cache_endpoint = try(dependency.cache.outputs.endpoint, "")
}
