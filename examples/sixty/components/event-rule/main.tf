resource "terraform_data" "rule" {
  input = {
    rule_name  = "${var.environment}-${var.nickname}"
    schedule   = var.config.schedule
    target_arn = var.lambda.arn
    payload    = try(jsonencode(var.config.target.input), "{}")
  }
}
