resource "terraform_data" "key" {
  input = {
    key_id   = substr(sha1(var.alias), 0, 16)
    rotation = var.rotation
  }
}
