resource "terraform_data" "bucket" {
  input = {
    bucket_name = "${var.bucket_prefix}-${var.environment}-${var.nickname}"
    versioning  = var.versioning
    tags        = var.tags
    kms_key_arn = var.kms_key.key_arn
  }
}
