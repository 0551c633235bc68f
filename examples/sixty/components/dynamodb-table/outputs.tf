output "table_name" {
  value = terraform_data.table.output.table_name
}

output "table_arn" {
  value = "arn:aws:dynamodb:eu-west-1:000000000000:table/${terraform_data.table.output.table_name}"
}
