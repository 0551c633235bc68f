output "certificate_arn" {
  value = terraform_data.certificate.output.certificate_arn
}

output "validation_record" {
  value = terraform_data.certificate.output.validation_record
}
