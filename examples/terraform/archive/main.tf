# The bucket and key of the state come at `terraform init -backend-config=envs/<environment>.tfbackend`.
terraform {
  backend "s3" {
    region = "eu-west-1"
  }
}

variable "environment" {
  type = string
}

variable "keep_days" {
  type = number
}

resource "terraform_data" "bucket" {
  input = {
    bucket_name = "atlas-${var.environment}-archive"
    keep_days   = var.keep_days
  }
}

output "bucket_name" {
  value = terraform_data.bucket.output.bucket_name
}

output "keep_days" {
  value = terraform_data.bucket.output.keep_days
}
