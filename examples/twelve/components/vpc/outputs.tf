output "vpc_id" {
  value = terraform_data.vpc.output.vpc_id
}

output "cidr" {
  value = terraform_data.vpc.output.cidr
}

output "private_subnet_ids" {
  value = terraform_data.vpc.output.private_subnet_ids
}

output "public_subnet_ids" {
  value = terraform_data.vpc.output.public_subnet_ids
}
