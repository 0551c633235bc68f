locals {
  database_url = var.database == null ? "" : "postgres://${var.database.endpoint}/${var.database.database_name}"

  environment = merge(
    { for name, path in var.parameters : "${name}_PARAMETER" => path },
    { PORT = tostring(var.container_port) },
    local.database_url == "" ? {} : { DATABASE_URL = local.database_url },
  )
}

resource "terraform_data" "service" {
  input = {
    service_name      = "${var.environment}-${var.nickname}"
    cluster_arn       = var.cluster.cluster_arn
    security_group_id = var.cluster.security_group_id
    desired_count     = var.desired_count
    revision          = substr(sha1(jsonencode([var.image, local.environment])), 0, 8)
    url               = "https://${var.host}"
  }
}
