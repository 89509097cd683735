output "id" {
  value = aws_db_instance.this.identifier
}

output "arn" {
  value = aws_db_instance.this.arn
}

output "host" {
  value = aws_db_instance.this.address
}

output "replica_host" {
  description = "Of the first replica; empty without any."
  value       = one(slice(aws_db_instance.replica[*].address, 0, min(1, var.settings.replicas)))
}

output "secret_arn" {
  value = one(aws_db_instance.this.master_user_secret[*].secret_arn)
}
