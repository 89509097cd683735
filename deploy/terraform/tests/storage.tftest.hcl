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

variables {
  name         = "diarist-test"
  lifecycle_of = { infrequent_after_days = 30, glacier_after_days = 0, expire_after_days = 0, chunks_expire_days = 90 }
  cdn          = { enabled = false, host = "", origin = "", certificate_arn = "" }
  replicated   = false
  copy         = null
}

run "closed_encrypted_versioned" {
  command = apply
  module {
    source = "./modules/storage"
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
    condition = alltrue([
      for rule in aws_s3_bucket_lifecycle_configuration.this.rule :
      alltrue([for tag in rule.filter[0].tag : tag.key == "diarist"]) if rule.id != "unfinished"
    ])
    error_message = "Rules look for another tag than Diarist writes."
  }
  assert {
    condition     = length(aws_s3_bucket_replication_configuration.this) == 0
    error_message = "A copy that nobody asked for."
  }
}

run "copied" {
  command = apply
  module {
    source = "./modules/storage"
  }
  variables {
    replicated = true
    copy       = { bucket_arn = "arn:aws:s3:::recordings-copy", key_arn = "arn:aws:kms:eu-west-1:123456789012:key/2" }
  }

  assert {
    condition     = one(aws_s3_bucket_replication_configuration.this[0].rule).status == "Enabled"
    error_message = "Nothing is copied."
  }
}

run "colder_with_the_years" {
  command = apply
  module {
    source = "./modules/storage"
  }
  variables {
    lifecycle_of = { infrequent_after_days = 30, glacier_after_days = 180, expire_after_days = 3650, chunks_expire_days = 0 }
  }

  assert {
    condition = (
      toset([for it in aws_s3_bucket_lifecycle_configuration.this.rule[0].transition : it.storage_class]) == toset(["STANDARD_IA", "GLACIER_IR"])
      && aws_s3_bucket_lifecycle_configuration.this.rule[0].expiration[0].days == 3650
    )
    error_message = "Originals do not move on."
  }
  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this.rule[1].status == "Disabled"
    error_message = "Chunks expire though they should not."
  }
}

run "a_distribution" {
  command = apply
  module {
    source = "./modules/storage"
  }
  variables {
    cdn = { enabled = true, host = "diary.example.org", origin = "lb.example.org", certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/1" }
  }

  assert {
    condition     = aws_cloudfront_distribution.this[0].default_cache_behavior[0].viewer_protocol_policy == "redirect-to-https"
    error_message = "Somebody could listen in."
  }
  assert {
    condition     = [for it in aws_cloudfront_distribution.this[0].ordered_cache_behavior : it.path_pattern] == ["/v1/recordings/*/audio", "/static/*", "/docs/*"]
    error_message = "Downloads and the parts of pages."
  }
}
