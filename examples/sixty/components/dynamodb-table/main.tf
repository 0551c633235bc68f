resource "terraform_data" "table" {
  input = {
    table_name  = "${var.environment}-${var.nickname}"
    hash_key    = var.hash_key
    kms_key_arn = var.kms_key.key_arn
  }
}
