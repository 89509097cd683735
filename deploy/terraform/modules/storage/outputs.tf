output "bucket" {
  value = aws_s3_bucket.this.bucket
}

output "bucket_arn" {
  value = aws_s3_bucket.this.arn
}

output "region" {
  value = data.aws_region.here.name
}

output "key_arn" {
  value = aws_kms_key.this.arn
}
