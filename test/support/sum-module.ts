/** A module that works a sum out, so that a run costs next to nothing; a size of a hundred and more fails while it is planned. */
export function sumModule(given: string, total: string): string {
  return `variable "size" { type = number }
${given}resource "terraform_data" "this" {
  input = ${total}
  lifecycle {
    precondition {
      condition     = var.size < 100
      error_message = "too large"
    }
  }
}
output "total" { value = terraform_data.this.output }
`;
}
