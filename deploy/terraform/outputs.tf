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
    roles = {
      for role in module.access.roles :
      role => { serviceAccount = { annotations = { "eks.amazonaws.com/role-arn" = module.access.role_arns[role] } } }
    }
    networkPolicy = {
      destinations = {
        postgresql = { ports = [5432], to = [for cidr in module.network.data_cidrs : { ipBlock = { cidr = cidr } }] }
        redis      = { ports = [6379], to = [for cidr in module.network.data_cidrs : { ipBlock = { cidr = cidr } }] }
      }
    }
  }
}

output "operator_roles" {
  description = "For the service accounts of the External Secrets operator and of the cluster autoscaler."
  value       = { for name in ["external-secrets", "cluster-autoscaler"] : name => module.access.role_arns[name] }
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
