output "api_id" {
  value = terraform_data.api.output.api_id
}

output "endpoint" {
  value = var.domain_name == "" ? "https://${terraform_data.api.output.api_id}.execute-api.example/${terraform_data.api.output.stage_name}" : "https://${var.domain_name}"
}
