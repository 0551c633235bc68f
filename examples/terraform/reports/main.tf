terraform {
  backend "s3" {
    region = "eu-west-1"
  }
}

variable "environment" {
  type = string
}

locals {
  state_bucket = "atlas-${var.environment}-state"
}

data "terraform_remote_state" "archive" {
  backend = "s3"

  config = {
    bucket = local.state_bucket
    key    = "archive/terraform.tfstate"
    region = "eu-west-1"
  }
}

resource "terraform_data" "report" {
  input = "s3://${data.terraform_remote_state.archive.outputs.bucket_name}/reports"
}

output "destination" {
  value = terraform_data.report.output
}
