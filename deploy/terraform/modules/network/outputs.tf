output "vpc_id" {
  value = aws_vpc.this.id
}

output "private_subnet_ids" {
  value = aws_subnet.private[*].id
}

output "data_cidrs" {
  description = "Where PostgreSQL and Redis are."
  value       = aws_subnet.data[*].cidr_block
}

output "data_subnet_ids" {
  value = aws_subnet.data[*].id
}
