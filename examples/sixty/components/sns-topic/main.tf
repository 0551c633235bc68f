resource "terraform_data" "topic" {
  input = {
    topic_name = "${var.environment}-${var.nickname}"
    protocol   = var.subscription.protocol
    endpoint   = var.lambda == null ? try(var.subscription.address, "") : var.lambda.arn
  }
}
