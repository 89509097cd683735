variable "name" {
  type = string
}

variable "namespace" {
  type = string
}

variable "cluster_name" {
  type = string
}

variable "issuer" {
  description = "Of the cluster's tokens, without https://."
  type        = string
}

variable "provider_arn" {
  type = string
}

variable "bucket_arn" {
  type = string
}

variable "key_arn" {
  type = string
}

variable "broker_url" {
  description = "With %s where the password goes."
  type        = string
}

variable "broker_password" {
  type      = string
  sensitive = true
}

variable "database_host" {
  type = string
}

variable "replica_host" {
  type     = string
  nullable = true
}

variable "database_secret" {
  type = string
}
