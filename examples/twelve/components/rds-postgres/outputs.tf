output "endpoint" {
  value = "${terraform_data.database.output.host}:${terraform_data.database.output.port}"
}

output "port" {
  value = terraform_data.database.output.port
}

output "database_name" {
  value = terraform_data.database.output.database_name
}

output "secret_name" {
  value = terraform_data.database.output.secret_name
}
