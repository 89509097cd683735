# The bucket: closed, encrypted, versioned, and copied only where that is asked for.

mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_region" {
    defaults = { name = "eu-central-1" }
  }
  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-central-1:123456789012:key/1" }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::recordings" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/diarist" }
  }
}

mock_provider "aws" {
  alias = "second_region"

  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-central-1:123456789012:key/1" }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::recordings" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/diarist" }
  }
}

variables {
  name          = "diarist-test"
  lifecycle_of  = { infrequent_after_days = 30, glacier_after_days = 0, expire_after_days = 0, chunks_expire_days = 90 }
  cdn           = { enabled = false, host = "", origin = "", certificate_arn = "" }
  second_region = false
}

run "closed_encrypted_versioned" {
  command = apply
  module {
    source = "./modules/storage"
  }
  providers = {
    aws               = aws
    aws.second_region = aws.second_region
  }

  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.this.block_public_acls,
      aws_s3_bucket_public_access_block.this.block_public_policy,
      aws_s3_bucket_public_access_block.this.ignore_public_acls,
      aws_s3_bucket_public_access_block.this.restrict_public_buckets,
    ])
    error_message = "Somebody could open the bucket."
  }
  assert {
    condition     = aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled"
    error_message = "What is overwritten would be gone."
  }
  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).sse_algorithm == "aws:kms"
    error_message = "Not encrypted with our key."
  }
  assert {
    condition     = aws_kms_key.this.enable_key_rotation
    error_message = "The key stays the same for ever."
  }
  assert {
    condition     = length(aws_s3_bucket.copy) == 0
    error_message = "A copy that nobody asked for."
  }
}

run "a_second_region" {
  command = apply
  module {
    source = "./modules/storage"
  }
  providers = {
    aws               = aws
    aws.second_region = aws.second_region
  }
  variables {
    second_region = true
  }

  assert {
    condition     = aws_s3_bucket.copy[0].bucket == "diarist-test-recordings-123456789012-copy"
    error_message = "No copy."
  }
  assert {
    condition     = one(aws_s3_bucket_replication_configuration.this[0].rule).status == "Enabled"
    error_message = "Nothing is copied."
  }
}
