variable "name" {
  type = string
}

variable "bucket" {
  description = "Name of the bucket of copies."
  type        = string
}

variable "database_arn" {
  type = string
}

variable "backup_days" {
  type = number
}
