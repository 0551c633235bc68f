output "topic_arn" {
  value = "arn:aws:sns:eu-west-1:000000000000:${terraform_data.topic.output.topic_name}"
}
