# The routes are not written here: they stand in the API's OpenAPI document, openapi/<nickname>/openapi.yaml, where
# each operation names its function by `x-lambda-nickname`.
resource "terraform_data" "api" {
  input = {
    api_id          = substr(sha1("${var.environment}/${var.nickname}"), 0, 10)
    stage_name      = var.stage_name
    certificate_arn = var.acm_certificate == null ? "" : var.acm_certificate.certificate_arn
    domain_name     = var.domain_name
  }
}
