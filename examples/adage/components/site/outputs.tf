output "runtime_path" {
  value = aws_ssm_parameter.runtime.name
}
