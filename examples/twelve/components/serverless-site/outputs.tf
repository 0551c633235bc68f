output "distribution_id" {
  value = terraform_data.site.output.distribution_id
}

output "url" {
  value = "https://${var.domain_name}"
}
