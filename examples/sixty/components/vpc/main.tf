locals {
  zones = [for i in range(var.az_count) : substr("abcdef", i, 1)]
}

# Names that a cloud would hand out are derived from what they depend on: the network keeps its id when the
# address range changes, its subnets do not.
resource "terraform_data" "vpc" {
  input = {
    vpc_id             = "vpc-${substr(sha1("${var.environment}/${var.nickname}"), 0, 8)}"
    cidr               = var.cidr
    private_subnet_ids = [for zone in local.zones : "subnet-${substr(sha1("${var.cidr}/private/${zone}"), 0, 8)}"]
    public_subnet_ids  = [for zone in local.zones : "subnet-${substr(sha1("${var.cidr}/public/${zone}"), 0, 8)}"]
  }
}
