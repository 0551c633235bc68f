output "service_name" {
  value = terraform_data.service.output.service_name
}

output "url" {
  value = terraform_data.service.output.url
}

output "revision" {
  value = terraform_data.service.output.revision
}
