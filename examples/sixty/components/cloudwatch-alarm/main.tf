resource "terraform_data" "alarm" {
  input = {
    alarm_name  = "${var.environment}-${var.target_type}-${var.nickname}"
    metric_name = var.target.metric_name
    threshold   = var.threshold
    actions     = [var.sns_topic.topic_arn]
  }
}
