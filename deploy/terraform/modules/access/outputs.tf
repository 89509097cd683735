output "role_arn" {
  value = aws_iam_role.this.arn
}

output "settings_secret" {
  value = aws_secretsmanager_secret.settings.name
}
