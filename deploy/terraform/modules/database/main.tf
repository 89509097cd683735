# PostgreSQL with a standby, replicas for reads, and recovery to any moment of the last days.

resource "aws_db_subnet_group" "this" {
  name       = var.name
  subnet_ids = var.subnet_ids
}

resource "aws_security_group" "this" {
  name        = "${var.name}-postgresql"
  description = "PostgreSQL, for pods"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = var.client_group
  description                  = "Pods"
  from_port                    = 5432
  to_port                      = 5432
  ip_protocol                  = "tcp"
}

resource "aws_db_parameter_group" "this" {
  name   = "${var.name}-postgres17"
  family = "postgres17"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
  parameter {
    name         = "shared_preload_libraries"
    value        = "pg_stat_statements"
    apply_method = "pending-reboot"
  }
  parameter {
    name  = "default_toast_compression"
    value = "lz4"
  }
  # What took longer, without its values: they may be what was said.
  parameter {
    name  = "log_min_duration_statement"
    value = "1000"
  }
  parameter {
    name  = "log_parameter_max_length"
    value = "0"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_db_instance" "this" {
  identifier     = var.name
  engine         = "postgres"
  engine_version = "17"
  instance_class = var.settings.instance_class
  db_name        = "diarist"
  username       = "diarist"
  # AWS makes the password, keeps it in Secrets Manager and changes it.
  manage_master_user_password   = true
  master_user_secret_kms_key_id = var.key_arn

  allocated_storage     = var.settings.storage_gb
  max_allocated_storage = var.settings.max_storage_gb
  storage_type          = "gp3"
  storage_encrypted     = true
  kms_key_id            = var.key_arn

  multi_az                  = var.settings.multi_az
  db_subnet_group_name      = aws_db_subnet_group.this.name
  vpc_security_group_ids    = [aws_security_group.this.id]
  publicly_accessible       = false
  parameter_group_name      = aws_db_parameter_group.this.name
  ca_cert_identifier        = "rds-ca-rsa2048-g1"
  backup_retention_period   = var.settings.backup_days
  backup_window             = "02:00-03:00"
  maintenance_window        = "sun:03:30-sun:04:30"
  copy_tags_to_snapshot     = true
  deletion_protection       = var.settings.deletion_protected
  skip_final_snapshot       = !var.settings.deletion_protected
  final_snapshot_identifier = var.settings.deletion_protected ? "${var.name}-last" : null

  # For people, who need no password then; Diarist has one.
  iam_database_authentication_enabled = true
  performance_insights_enabled        = true
  enabled_cloudwatch_logs_exports     = ["postgresql", "upgrade"]
  auto_minor_version_upgrade          = true
}

resource "aws_db_instance" "replica" {
  count                        = var.settings.replicas
  identifier                   = "${var.name}-replica-${count.index}"
  replicate_source_db          = aws_db_instance.this.identifier
  instance_class               = var.settings.instance_class
  storage_encrypted            = true
  publicly_accessible          = false
  vpc_security_group_ids       = [aws_security_group.this.id]
  parameter_group_name         = aws_db_parameter_group.this.name
  performance_insights_enabled = true
  auto_minor_version_upgrade   = true
  skip_final_snapshot          = true
  deletion_protection          = var.settings.deletion_protected
}
