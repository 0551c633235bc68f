variable "name" {
  type = string
}

resource "terraform_data" "queue" {
  input = var.name
}

output "arn" {
  value = "arn:aws:sqs:eu-west-1:000000000000:${terraform_data.queue.output}"
}
