output "bucket_name" {
  value = terraform_data.bucket.output.bucket_name
}
