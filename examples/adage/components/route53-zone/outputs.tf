output "zone_id" {
  value = aws_route53_zone.zone.zone_id
}
