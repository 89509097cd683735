variable "name" {
  type = string
}

variable "budget" {
  type = object({ monthly_usd = number, emails = list(string) })
}

variable "key_arn" {
  type = string
}

variable "database_id" {
  type = string
}

variable "cache_id" {
  type = string
}
