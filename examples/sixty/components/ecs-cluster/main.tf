resource "terraform_data" "cluster" {
  input = {
    cluster_arn       = "arn:aws:ecs:eu-west-1:000000000000:cluster/${var.environment}-${var.nickname}"
    security_group_id = "sg-${substr(sha1("${var.vpc.vpc_id}/${var.nickname}"), 0, 8)}"
    capacity          = var.capacity

    # Instances start in the first zone; the others are for failover.
    home_subnet_id = var.vpc.private_subnet_ids[0]
  }
}
