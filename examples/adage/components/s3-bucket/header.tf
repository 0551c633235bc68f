# The same in every component: where the state is, who we are, what we were told, and where to say what came of it.

terraform {
  # Terragrunt fills in bucket, key and region; see terragrunt.hcl.
  backend "s3" {}
}

provider "aws" {
  region = var.region
}

variable "component_name" {
  type        = string
  description = "The component type, which is the folder under components/."
}

variable "nickname" {
  type        = string
  description = "Which instance of the type."
}

variable "iac_prefix" {
  type        = string
  default     = "/iac"
  description = "Where in Parameter Store the estate lives."
}

variable "region" {
  type    = string
  default = "eu-west-1"
}

data "aws_ssm_parameter" "config" {
  name = "${var.iac_prefix}/${var.component_name}/${var.nickname}/config"
}

locals {
  config       = try(nonsensitive(jsondecode(data.aws_ssm_parameter.config.value)), {})
  runtime_path = "${var.iac_prefix}/${var.component_name}/${var.nickname}/runtime"
}
