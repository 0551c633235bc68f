variable "name" {
  type = string
}

variable "queue_arn" {
  type = string
}

variable "network_id" {
  type = string
}

resource "terraform_data" "worker" {
  input = {
    name       = var.name
    queue_arn  = var.queue_arn
    network_id = var.network_id
  }
}

output "name" {
  value = terraform_data.worker.output.name
}
