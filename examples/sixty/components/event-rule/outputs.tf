output "rule_arn" {
  value = "arn:aws:events:eu-west-1:000000000000:rule/${terraform_data.rule.output.rule_name}"
}
