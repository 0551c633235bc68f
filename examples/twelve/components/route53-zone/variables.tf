variable "zone_name" {
  type = string
}
