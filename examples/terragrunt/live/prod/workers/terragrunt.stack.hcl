unit "queue" {
  source = "../../../catalog/units/queue"
  path   = "queue"

  values = {
    name = "prod-jobs"
  }
}

# The paths are as seen from where the unit is generated: .terragrunt-stack/worker.
unit "worker" {
  source = "../../../catalog/units/worker"
  path   = "worker"

  values = {
    name         = "prod-worker"
    queue_path   = "../queue"
    network_path = "../../../network"
  }
}
