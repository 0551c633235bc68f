resource "terraform_data" "zone" {
  input = {
    zone_id      = "Z${upper(substr(sha1(var.zone_name), 0, 12))}"
    zone_name    = trimsuffix(lower(var.zone_name), ".")
    name_servers = [for i in range(4) : "ns-${i}.dns.example"]
  }
}
