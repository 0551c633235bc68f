data "aws_ssm_parameter" "vpc" {
  name = "${var.iac_prefix}/vpc/${local.config.vpc_nickname}/runtime"
}

# A service keeps its files in the bucket of its own name, unless it is told of another.
data "aws_ssm_parameter" "bucket" {
  count = local.wants_bucket ? 1 : 0
  name  = "${var.iac_prefix}/s3-bucket/${local.bucket_nickname}/runtime"
}

# What it calls: a map from a name to the component that answers.
data "aws_ssm_parameter" "upstream" {
  for_each = try(local.config.upstreams, {})
  name     = "${var.iac_prefix}/${each.value.type}/${each.value.nickname}/runtime"
}

locals {
  wants_bucket    = try(local.config.storage, false)
  bucket_nickname = try(local.config.bucket_nickname, var.nickname)

  vpc    = nonsensitive(jsondecode(data.aws_ssm_parameter.vpc.value))
  bucket = local.wants_bucket ? nonsensitive(jsondecode(data.aws_ssm_parameter.bucket[0].value)) : null

  environment = merge(
    { for name, parameter in data.aws_ssm_parameter.upstream : "${upper(name)}_URL" => nonsensitive(jsondecode(parameter.value)).url },
    local.bucket == null ? {} : { BUCKET = local.bucket.bucket_name },
  )
}

resource "terraform_data" "service" {
  input = {
    image              = local.config.image
    subnet_ids         = local.vpc.private_subnet_ids
    security_group_ids = [local.vpc.default_sg_id]
    environment        = local.environment
  }
}

resource "aws_ssm_parameter" "runtime" {
  name      = local.runtime_path
  type      = "String"
  overwrite = true

  value = jsonencode({
    url      = "https://${local.config.host}"
    revision = substr(sha1(jsonencode(terraform_data.service.output)), 0, 8)
  })
}
