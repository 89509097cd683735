variable "name" {
  type = string
}

variable "settings" {
  type = object({ node_type = string, replicas = number })
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
