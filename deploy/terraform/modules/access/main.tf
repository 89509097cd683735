# What pods may do, and the secret from which the chart takes its settings.

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [var.provider_arn]
    }
    condition {
      test     = "StringEquals"
      variable = "${var.issuer}:sub"
      values   = ["system:serviceaccount:${var.namespace}:${var.namespace}"]
    }
    condition {
      test     = "StringEquals"
      variable = "${var.issuer}:aud"
      values   = ["sts.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "this" {
  name               = "${var.name}-pods"
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

data "aws_iam_policy_document" "recordings" {
  statement {
    sid       = "Objects"
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:PutObjectTagging", "s3:GetObjectTagging", "s3:AbortMultipartUpload"]
    resources = ["${var.bucket_arn}/*"]
  }
  statement {
    sid       = "Bucket"
    actions   = ["s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:GetLifecycleConfiguration", "s3:PutLifecycleConfiguration"]
    resources = [var.bucket_arn]
  }
  statement {
    sid       = "Key"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.key_arn]
  }
}

resource "aws_iam_role_policy" "recordings" {
  name   = "recordings"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.recordings.json
}

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

# The External Secrets operator reads it, under a service account of its own.
data "aws_iam_policy_document" "secrets_assume" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [var.provider_arn]
    }
    condition {
      test     = "StringEquals"
      variable = "${var.issuer}:sub"
      values   = ["system:serviceaccount:external-secrets:external-secrets"]
    }
  }
}

resource "aws_iam_role" "secrets" {
  name               = "${var.name}-external-secrets"
  assume_role_policy = data.aws_iam_policy_document.secrets_assume.json
}

resource "aws_iam_role_policy" "secrets" {
  name = "settings"
  role = aws_iam_role.secrets.id
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
