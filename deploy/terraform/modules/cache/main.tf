# Redis for bells, events and rates. Nothing is lost with it: the ledger is in PostgreSQL.

resource "aws_elasticache_subnet_group" "this" {
  name       = var.name
  subnet_ids = var.subnet_ids
}

resource "aws_security_group" "this" {
  name        = "${var.name}-redis"
  description = "Redis, for pods"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = var.client_group
  description                  = "Pods"
  from_port                    = 6379
  to_port                      = 6379
  ip_protocol                  = "tcp"
}

resource "aws_elasticache_parameter_group" "this" {
  name   = "${var.name}-redis7"
  family = "redis7"

  # Diarist refuses to start on a server that throws keys away.
  parameter {
    name  = "maxmemory-policy"
    value = "noeviction"
  }
}

data "aws_secretsmanager_random_password" "this" {
  password_length     = 48
  exclude_punctuation = true
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id       = var.name
  description                = "Diarist: broker and cache"
  engine                     = "redis"
  engine_version             = "7.1"
  node_type                  = var.settings.node_type
  num_cache_clusters         = 1 + var.settings.replicas
  automatic_failover_enabled = var.settings.replicas > 0
  multi_az_enabled           = var.settings.replicas > 0
  parameter_group_name       = aws_elasticache_parameter_group.this.name
  subnet_group_name          = aws_elasticache_subnet_group.this.name
  security_group_ids         = [aws_security_group.this.id]
  at_rest_encryption_enabled = true
  kms_key_id                 = var.key_arn
  transit_encryption_enabled = true
  auth_token                 = data.aws_secretsmanager_random_password.this.random_password
  snapshot_retention_limit   = 1
  auto_minor_version_upgrade = true

  lifecycle {
    # The data source makes another one each time it is read.
    ignore_changes = [auth_token]
  }
}
