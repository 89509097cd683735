output "name" {
  value = aws_eks_cluster.this.name
}

output "security_group_id" {
  description = "Of all machines and pods."
  value       = aws_eks_cluster.this.vpc_config[0].cluster_security_group_id
}

output "oidc_issuer" {
  value = trimprefix(aws_eks_cluster.this.identity[0].oidc[0].issuer, "https://")
}

output "oidc_provider_arn" {
  value = aws_iam_openid_connect_provider.this.arn
}

output "tainted" {
  description = "Groups of machines on which nothing is put but what tolerates it."
  value       = toset([for name, group in aws_eks_node_group.this : name if length(group.taint) > 0])
}
