# All of a fleet beside the programs themselves, which Helm brings: network, Kubernetes, PostgreSQL, Redis, buckets, and what watches them.

locals {
  name = "${var.name}-${var.environment}"
}

module "network" {
  source = "./modules/network"
  name   = local.name
  cidr   = var.cidr
  zones  = var.zones
}

module "storage" {
  source       = "./modules/storage"
  name         = local.name
  lifecycle_of = var.storage
  cdn          = var.cdn
  replicated   = var.second_region != ""
  copy         = one(module.second_region[*].copy)
}

module "cluster" {
  source             = "./modules/cluster"
  name               = local.name
  kubernetes_version = var.kubernetes_version
  subnet_ids         = module.network.private_subnet_ids
  public_api_cidrs   = var.public_api_cidrs
  admins             = var.cluster_admins
  node_groups        = var.node_groups
  key_arn            = module.storage.key_arn
}

module "database" {
  source       = "./modules/database"
  name         = local.name
  settings     = var.database
  vpc_id       = module.network.vpc_id
  subnet_ids   = module.network.data_subnet_ids
  client_group = module.cluster.security_group_id
  key_arn      = module.storage.key_arn
}

module "cache" {
  source       = "./modules/cache"
  name         = local.name
  settings     = var.cache
  vpc_id       = module.network.vpc_id
  subnet_ids   = module.network.data_subnet_ids
  client_group = module.cluster.security_group_id
  key_arn      = module.storage.key_arn
}

module "access" {
  source          = "./modules/access"
  name            = local.name
  namespace       = var.namespace
  cluster_name    = module.cluster.name
  issuer          = module.cluster.oidc_issuer
  provider_arn    = module.cluster.oidc_provider_arn
  bucket_arn      = module.storage.bucket_arn
  key_arn         = module.storage.key_arn
  broker_url      = module.cache.url
  broker_password = module.cache.password
  database_host   = module.database.host
  replica_host    = module.database.replica_host
  database_secret = module.database.secret_arn
}

module "watch" {
  source      = "./modules/watch"
  name        = local.name
  budget      = var.budget
  key_arn     = module.storage.key_arn
  database_id = module.database.id
  cache_id    = module.cache.id
}

module "second_region" {
  source       = "./modules/second_region"
  count        = var.second_region == "" ? 0 : 1
  name         = local.name
  bucket       = "${module.storage.bucket}-copy"
  database_arn = module.database.arn
  backup_days  = var.database.backup_days

  providers = {
    aws = aws.second_region
  }
}
