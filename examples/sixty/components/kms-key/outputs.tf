output "key_id" {
  value = terraform_data.key.output.key_id
}

output "key_arn" {
  value = "arn:aws:kms:eu-west-1:000000000000:key/${terraform_data.key.output.key_id}"
}
