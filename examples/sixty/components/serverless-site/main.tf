resource "terraform_data" "site" {
  input = {
    distribution_id = "E${upper(substr(sha1("${var.nickname}/${var.domain_name}"), 0, 12))}"
    origin          = "${var.s3_bucket.bucket_name}.s3.example"
    certificate_arn = var.acm_certificate.certificate_arn
    records         = [for name in concat([var.domain_name], var.aliases) : "${var.route53_zone.zone_id}/${name}"]
    api_parameter   = var.api_runtime_path
  }
}
