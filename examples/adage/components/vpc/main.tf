locals {
  cidr  = try(local.config.cidr, "10.0.0.0/16")
  zones = [for i in range(try(local.config.az_count, 2)) : substr("abcdef", i, 1)]
}

# Stands in for the network itself: an example must not need an account that may make one.
resource "terraform_data" "vpc" {
  input = {
    vpc_id             = "vpc-${substr(sha1("${var.iac_prefix}/${var.nickname}"), 0, 8)}"
    private_subnet_ids = [for zone in local.zones : "subnet-${substr(sha1("${local.cidr}/${zone}"), 0, 8)}"]
    default_sg_id      = "sg-${substr(sha1(var.nickname), 0, 8)}"
  }
}

resource "aws_ssm_parameter" "runtime" {
  name      = local.runtime_path
  type      = "String"
  overwrite = true

  value = jsonencode({
    vpc_id             = terraform_data.vpc.output.vpc_id
    cidr               = local.cidr
    private_subnet_ids = terraform_data.vpc.output.private_subnet_ids
    default_sg_id      = terraform_data.vpc.output.default_sg_id
  })
}
