output "name" {
  description = "Name of the bucket, once it takes what its policy allows."
  value       = aws_s3_bucket_policy.this.bucket
}
