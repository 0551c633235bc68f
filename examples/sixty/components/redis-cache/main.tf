resource "terraform_data" "cache" {
  input = {
    endpoint   = "${var.nickname}.${substr(sha1(var.vpc.vpc_id), 0, 6)}.cache.example:6379"
    node_type  = var.node_type
    subnet_ids = var.vpc.private_subnet_ids
  }
}
