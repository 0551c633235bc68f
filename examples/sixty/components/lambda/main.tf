resource "terraform_data" "function" {
  input = {
    function_name = "${var.environment}-${var.nickname}"
    runtime       = var.runtime
    handler       = var.handler
    memory_size   = var.memory_size
    timeout       = var.timeout
    tags          = var.tags
    environment = merge(
      { for name, path in var.parameters : "${name}_PARAMETER" => path },
      var.s3_bucket == null ? {} : { BUCKET = var.s3_bucket.bucket_name },
    )
  }
}
