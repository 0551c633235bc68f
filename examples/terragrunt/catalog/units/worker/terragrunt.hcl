include "root" {
  path = find_in_parent_folders("root.hcl")
}

terraform {
  source = "${dirname(find_in_parent_folders("root.hcl"))}//modules/worker"
}

dependency "queue" {
  config_path = values.queue_path
}

dependency "network" {
  config_path = values.network_path
}

inputs = {
  name       = values.name
  queue_arn  = dependency.queue.outputs.arn
  network_id = dependency.network.outputs.network_id
}
