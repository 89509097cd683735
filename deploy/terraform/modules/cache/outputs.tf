output "id" {
  value = aws_elasticache_replication_group.this.id
}

output "url" {
  description = "With a place for the password."
  value       = "rediss://:%s@${aws_elasticache_replication_group.this.primary_endpoint_address}:6379/0"
}

output "password" {
  value     = data.aws_secretsmanager_random_password.this.random_password
  sensitive = true
}
