output "url" {
  value = "https://${local.config.host}"
}
