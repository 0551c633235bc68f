variable "zone_name" {
  type = string
}

resource "terraform_data" "zone" {
  input = {
    zone_id = "Z${upper(substr(sha1(var.zone_name), 0, 12))}"
  }
}

output "zone_id" {
  value = terraform_data.zone.output.zone_id
}
