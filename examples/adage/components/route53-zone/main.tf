resource "aws_route53_zone" "zone" {
  name    = local.config.zone_name
  comment = try(local.config.comment, "made by the estate")
}

resource "aws_ssm_parameter" "runtime" {
  name      = local.runtime_path
  type      = "String"
  overwrite = true

  value = jsonencode({
    zone_id      = aws_route53_zone.zone.zone_id
    name_servers = aws_route53_zone.zone.name_servers
  })
}
