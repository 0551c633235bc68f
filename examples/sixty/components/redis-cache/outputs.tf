output "endpoint" {
  value = terraform_data.cache.output.endpoint
}

# Stands for a credential: it must never reach a runtime, a log or a graph.
output "auth_token" {
  value     = "token-${sha1("${var.environment}/${var.nickname}")}"
  sensitive = true
}
