output "arn" {
  value = "arn:aws:lambda:eu-west-1:000000000000:function:${terraform_data.function.output.function_name}"
}

output "function_name" {
  value = terraform_data.function.output.function_name
}
