output "queue_url" {
  value = "https://sqs.example/000000000000/${terraform_data.queue.output.queue_name}"
}

output "queue_arn" {
  value = "arn:aws:sqs:eu-west-1:000000000000:${terraform_data.queue.output.queue_name}"
}

output "metric_name" {
  value = "SQS/${terraform_data.queue.output.queue_name}/Age"
}
