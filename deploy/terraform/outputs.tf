output "cluster_name" {
  description = "For `aws eks update-kubeconfig --name`."
  value       = module.cluster.name
}

output "helm_values" {
  description = "What the chart has to be told: `terraform output -json helm_values > values-aws.json`."
  value = {
    storage = { url = "s3://${module.storage.bucket}/recordings", region = module.storage.region }
    externalSecret = {
      enabled = true
      store   = "aws-secrets-manager"
      key     = module.access.settings_secret
    }
    serviceAccount = { annotations = { "eks.amazonaws.com/role-arn" = module.access.role_arn } }
  }
}

output "bucket" {
  value = module.storage.bucket
}

output "database_host" {
  value = module.database.host
}

output "database_secret_arn" {
  description = "Where AWS keeps the name and password of PostgreSQL's owner, and changes the latter."
  value       = module.database.secret_arn
}
