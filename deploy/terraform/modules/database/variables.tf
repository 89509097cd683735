variable "name" {
  type = string
}

variable "settings" {
  type = object({
    instance_class     = string
    storage_gb         = number
    max_storage_gb     = number
    backup_days        = number
    replicas           = number
    multi_az           = bool
    deletion_protected = bool
  })
}

variable "vpc_id" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}

variable "client_group" {
  description = "Security group of those who may connect."
  type        = string
}

variable "key_arn" {
  type = string
}
