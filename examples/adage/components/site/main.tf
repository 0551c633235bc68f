locals {
  custom_domain = try(local.config.enable_custom_domain, false)
  domain_name   = try(local.config.domain_name, null)
  zone_name     = try(local.config.route53_zone_name, null)
}

# The zone is looked up in the account by its name; its component is not named anywhere.
data "aws_route53_zone" "zone" {
  count = local.custom_domain && local.zone_name != null ? 1 : 0
  name  = local.zone_name
}

data "aws_ssm_parameter" "backend" {
  name = "${var.iac_prefix}/service/${local.config.service_nickname}/runtime"
}

resource "aws_route53_record" "site" {
  count = length(data.aws_route53_zone.zone)

  zone_id = data.aws_route53_zone.zone[0].zone_id
  name    = local.domain_name
  type    = "CNAME"
  ttl     = 300
  records = ["${var.nickname}.sites.example"]
}

resource "aws_ssm_parameter" "runtime" {
  name      = local.runtime_path
  type      = "String"
  overwrite = true

  value = jsonencode({
    url     = local.custom_domain ? "https://${local.domain_name}" : "https://${var.nickname}.sites.example"
    backend = nonsensitive(jsondecode(data.aws_ssm_parameter.backend.value)).url
  })
}
