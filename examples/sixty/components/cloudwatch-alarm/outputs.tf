output "alarm_arn" {
  value = "arn:aws:cloudwatch:eu-west-1:000000000000:alarm:${terraform_data.alarm.output.alarm_name}"
}
