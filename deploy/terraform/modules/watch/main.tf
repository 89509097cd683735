# What AWS itself has to watch: costs, and the servers that it runs. Everything else is told by Diarist's own metrics.

resource "aws_sns_topic" "this" {
  name              = "${var.name}-alarms"
  kms_master_key_id = var.key_arn
}

resource "aws_sns_topic_subscription" "email" {
  for_each  = toset(var.budget.emails)
  topic_arn = aws_sns_topic.this.arn
  protocol  = "email"
  endpoint  = each.key
}

resource "aws_budgets_budget" "this" {
  name         = var.name
  budget_type  = "COST"
  limit_amount = tostring(var.budget.monthly_usd)
  limit_unit   = "USD"
  time_unit    = "MONTHLY"

  dynamic "notification" {
    for_each = [50, 80, 100]
    content {
      comparison_operator        = "GREATER_THAN"
      threshold                  = notification.value
      threshold_type             = "PERCENTAGE"
      notification_type          = "ACTUAL"
      subscriber_email_addresses = var.budget.emails
    }
  }
  notification {
    comparison_operator        = "GREATER_THAN"
    threshold                  = 100
    threshold_type             = "PERCENTAGE"
    notification_type          = "FORECASTED"
    subscriber_email_addresses = var.budget.emails
  }
}

resource "aws_ce_anomaly_monitor" "this" {
  name              = var.name
  monitor_type      = "DIMENSIONAL"
  monitor_dimension = "SERVICE"
}

resource "aws_ce_anomaly_subscription" "this" {
  name             = var.name
  frequency        = "DAILY"
  monitor_arn_list = [aws_ce_anomaly_monitor.this.arn]

  dynamic "subscriber" {
    for_each = toset(var.budget.emails)
    content {
      type    = "EMAIL"
      address = subscriber.value
    }
  }

  threshold_expression {
    dimension {
      key           = "ANOMALY_TOTAL_IMPACT_ABSOLUTE"
      match_options = ["GREATER_THAN_OR_EQUAL"]
      values        = [tostring(max(20, var.budget.monthly_usd / 20))]
    }
  }
}

locals {
  alarms = {
    database-disk   = { namespace = "AWS/RDS", metric = "FreeStorageSpace", below = 10 * 1024 * 1024 * 1024, by = { DBInstanceIdentifier = var.database_id } }
    database-memory = { namespace = "AWS/RDS", metric = "FreeableMemory", below = 256 * 1024 * 1024, by = { DBInstanceIdentifier = var.database_id } }
    redis-memory    = { namespace = "AWS/ElastiCache", metric = "DatabaseMemoryUsagePercentage", above = 80, by = { ReplicationGroupId = var.cache_id } }
    redis-evictions = { namespace = "AWS/ElastiCache", metric = "Evictions", above = 0, by = { ReplicationGroupId = var.cache_id } }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each            = local.alarms
  alarm_name          = "${var.name}-${each.key}"
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.by
  statistic           = "Average"
  period              = 300
  evaluation_periods  = 2
  comparison_operator = can(each.value.below) ? "LessThanThreshold" : "GreaterThanThreshold"
  threshold           = can(each.value.below) ? each.value.below : each.value.above
  alarm_actions       = [aws_sns_topic.this.arn]
  ok_actions          = [aws_sns_topic.this.arn]
}
