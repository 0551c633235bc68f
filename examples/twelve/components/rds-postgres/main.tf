locals {
  port = try(var.config.port, 5432)
}

resource "terraform_data" "database" {
  input = {
    host          = "${var.nickname}.${substr(sha1(var.vpc.vpc_id), 0, 6)}.db.example"
    port          = local.port
    database_name = var.config.database_name
    secret_name   = "${var.environment}/rds-postgres/${var.nickname}"

    # These change the instance, and nothing that anybody reads.
    instance_class = var.config.instance_class
    storage_gb     = try(var.config.storage_gb, 20)
    subnet_ids     = var.vpc.private_subnet_ids
  }
}
