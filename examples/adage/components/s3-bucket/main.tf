resource "terraform_data" "bucket" {
  input = {
    bucket_name = local.config.bucket_name
    versioning  = try(local.config.versioning, false)
  }
}

resource "aws_ssm_parameter" "runtime" {
  name      = local.runtime_path
  type      = "String"
  overwrite = true

  value = jsonencode({
    bucket_name = terraform_data.bucket.output.bucket_name
    bucket_arn  = "arn:aws:s3:::${terraform_data.bucket.output.bucket_name}"
  })
}
