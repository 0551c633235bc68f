resource "terraform_data" "queue" {
  input = {
    queue_name     = "${var.environment}-${var.nickname}"
    retention_days = var.retention_days
    redrive = var.sqs_queue == null ? null : {
      target_arn   = var.sqs_queue.queue_arn
      max_receives = try(var.redrive.max_receives, 3)
    }
  }
}
