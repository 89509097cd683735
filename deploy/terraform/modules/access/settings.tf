# The secret from which the chart takes its settings. The External Secrets operator reads it, under a service account of its own.

resource "aws_secretsmanager_secret" "settings" {
  name                    = "${var.name}/settings"
  description             = "Settings of Diarist that are secret, as the chart's pods get them"
  kms_key_id              = var.key_arn
  recovery_window_in_days = 30
}

# The database's password is AWS's own secret and changes: whoever runs the fleet makes a user for Diarist and puts its URL in here.
resource "aws_secretsmanager_secret_version" "settings" {
  secret_id = aws_secretsmanager_secret.settings.id
  secret_string = jsonencode({
    DIARIST_DATABASE__URL         = "postgresql://diarist_app:CHANGE-ME@${var.database_host}/diarist?sslmode=require"
    DIARIST_DATABASE__REPLICA_URL = var.replica_host == null ? "" : "postgresql://diarist_app:CHANGE-ME@${var.replica_host}/diarist?sslmode=require"
    DIARIST_BROKER__URL           = format(var.broker_url, var.broker_password)
  })

  lifecycle {
    ignore_changes = [secret_string]
  }
}

resource "aws_iam_role_policy" "secrets" {
  name = "settings"
  role = aws_iam_role.this["external-secrets"].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]
        Resource = [aws_secretsmanager_secret.settings.arn, var.database_secret]
      },
      { Effect = "Allow", Action = ["kms:Decrypt"], Resource = [var.key_arn] },
    ]
  })
}
