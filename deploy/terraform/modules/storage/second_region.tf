# A copy of every recording in another region, as soon as it is written.

resource "aws_kms_key" "second_region" {
  count                   = var.second_region ? 1 : 0
  provider                = aws.second_region
  description             = "${var.name}: copies of recordings"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

resource "aws_s3_bucket" "copy" {
  count    = var.second_region ? 1 : 0
  provider = aws.second_region
  bucket   = "${local.bucket}-copy"
}

resource "aws_s3_bucket_versioning" "copy" {
  count    = var.second_region ? 1 : 0
  provider = aws.second_region
  bucket   = aws_s3_bucket.copy[0].id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "copy" {
  count    = var.second_region ? 1 : 0
  provider = aws.second_region
  bucket   = aws_s3_bucket.copy[0].id
  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.second_region[0].arn
    }
  }
}

resource "aws_s3_bucket_public_access_block" "copy" {
  count                   = var.second_region ? 1 : 0
  provider                = aws.second_region
  bucket                  = aws_s3_bucket.copy[0].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_iam_role" "copy" {
  count = var.second_region ? 1 : 0
  name  = "${var.name}-copy"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "s3.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "copy" {
  count = var.second_region ? 1 : 0
  role  = aws_iam_role.copy[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["s3:GetReplicationConfiguration", "s3:ListBucket"], Resource = aws_s3_bucket.this.arn },
      {
        Effect   = "Allow"
        Action   = ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"]
        Resource = "${aws_s3_bucket.this.arn}/*"
      },
      {
        Effect   = "Allow"
        Action   = ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"]
        Resource = "${aws_s3_bucket.copy[0].arn}/*"
      },
      { Effect = "Allow", Action = ["kms:Decrypt"], Resource = aws_kms_key.this.arn },
      { Effect = "Allow", Action = ["kms:Encrypt"], Resource = aws_kms_key.second_region[0].arn },
    ]
  })
}

resource "aws_s3_bucket_replication_configuration" "this" {
  count  = var.second_region ? 1 : 0
  bucket = aws_s3_bucket.this.id
  role   = aws_iam_role.copy[0].arn

  rule {
    id     = "everything"
    status = "Enabled"
    filter {}
    # What is deleted here by mistake stays there.
    delete_marker_replication {
      status = "Disabled"
    }
    source_selection_criteria {
      sse_kms_encrypted_objects {
        status = "Enabled"
      }
    }
    destination {
      bucket        = aws_s3_bucket.copy[0].arn
      storage_class = "STANDARD_IA"
      encryption_configuration {
        replica_kms_key_id = aws_kms_key.second_region[0].arn
      }
    }
  }

  depends_on = [aws_s3_bucket_versioning.this, aws_s3_bucket_versioning.copy]
}
