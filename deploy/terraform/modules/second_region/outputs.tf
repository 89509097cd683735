output "copy" {
  description = "Where recordings are copied to."
  value       = { bucket_arn = aws_s3_bucket.this.arn, key_arn = aws_kms_key.this.arn }
  # What is copied before its versions are kept is refused.
  depends_on = [aws_s3_bucket_versioning.this]
}
