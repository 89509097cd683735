variable "name" {
  type = string
}

variable "kubernetes_version" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}

variable "public_api_cidrs" {
  type = list(string)
}

variable "admins" {
  description = "ARNs of roles that may do everything in the cluster."
  type        = list(string)
}

variable "node_groups" {
  type = map(object({
    purpose        = string
    instance_types = list(string)
    capacity_type  = string
    min            = number
    max            = number
    disk_gb        = number
  }))
}

variable "key_arn" {
  type = string
}
