output "cluster_arn" {
  value = terraform_data.cluster.output.cluster_arn
}

output "security_group_id" {
  value = terraform_data.cluster.output.security_group_id
}

output "home_subnet_id" {
  value = terraform_data.cluster.output.home_subnet_id
}
