output "role_arns" {
  description = "By the role of Diarist, and by the operator, that gets it."
  value       = { for name, role in aws_iam_role.this : name => role.arn }
}

output "roles" {
  description = "Roles of Diarist."
  value       = keys(local.roles)
}

output "settings_secret" {
  value = aws_secretsmanager_secret.settings.name
}
