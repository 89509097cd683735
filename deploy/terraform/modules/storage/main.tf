# The bucket of recordings: encrypted, versioned, tidied by rules, seen by nobody; and where asked for, copied and distributed.

data "aws_caller_identity" "this" {}
data "aws_region" "here" {}

locals {
  # Names of buckets are the whole world's.
  bucket = "${var.name}-recordings-${data.aws_caller_identity.this.account_id}"
}

data "aws_iam_policy_document" "key" {
  # Roles of this account say themselves who may use it.
  statement {
    actions   = ["kms:*"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.this.account_id}:root"]
    }
  }
  # Alarms are sent to a topic that is encrypted with it.
  statement {
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = ["*"]
    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.this.account_id]
    }
  }
}

resource "aws_kms_key" "this" {
  description             = "${var.name}: recordings, database, secrets, alarms"
  policy                  = data.aws_iam_policy_document.key.json
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

resource "aws_kms_alias" "this" {
  name          = "alias/${var.name}"
  target_key_id = aws_kms_key.this.key_id
}

resource "aws_s3_bucket" "this" {
  bucket = local.bucket
}

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id
  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.this.arn
    }
  }
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = aws_s3_bucket.this.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  bucket = aws_s3_bucket.this.id
  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

data "aws_iam_policy_document" "bucket" {
  statement {
    sid       = "NothingWithoutTls"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.this.arn, "${aws_s3_bucket.this.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "this" {
  bucket     = aws_s3_bucket.this.id
  policy     = data.aws_iam_policy_document.bucket.json
  depends_on = [aws_s3_bucket_public_access_block.this]
}

# Diarist tags what it writes: `diarist` is original, chunk or upload. An upload that was acknowledged never expires.
resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    id     = "originals"
    status = "Enabled"
    filter {
      tag {
        key   = "diarist"
        value = "original"
      }
    }
    dynamic "transition" {
      for_each = var.lifecycle_of.infrequent_after_days > 0 ? [var.lifecycle_of.infrequent_after_days] : []
      content {
        days          = transition.value
        storage_class = "STANDARD_IA"
      }
    }
    dynamic "transition" {
      for_each = var.lifecycle_of.glacier_after_days > 0 ? [var.lifecycle_of.glacier_after_days] : []
      content {
        days = transition.value
        # Read at once, unlike the other Glaciers: every sentence can be played back.
        storage_class = "GLACIER_IR"
      }
    }
    dynamic "expiration" {
      for_each = var.lifecycle_of.expire_after_days > 0 ? [var.lifecycle_of.expire_after_days] : []
      content {
        days = expiration.value
      }
    }
    noncurrent_version_expiration {
      noncurrent_days = 30
    }
  }

  rule {
    id     = "chunks"
    status = var.lifecycle_of.chunks_expire_days > 0 ? "Enabled" : "Disabled"
    filter {
      tag {
        key   = "diarist"
        value = "chunk"
      }
    }
    expiration {
      days = max(1, var.lifecycle_of.chunks_expire_days)
    }
    noncurrent_version_expiration {
      noncurrent_days = 1
    }
  }

  rule {
    id     = "unfinished"
    status = "Enabled"
    filter {}
    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}
